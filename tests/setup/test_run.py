"""`escucha run`, whole: from an empty folder to a page that answers, stopped, and started again with its data."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from escucha.console import embedded
from tests.setup.processes import children_of, lives, soon

ESCUCHA = Path(sys.executable).with_name("escucha")
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "ESCUCHA_"))}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return CLEAN | {"ESCUCHA_VAR": str(tmp_path / "var"), "ESCUCHA_PORT": str(port), "ESCUCHA_SAMPLE": "0"}


@contextmanager
def running(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [ESCUCHA, "run"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said = []
    with process:
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                break
        else:
            pytest.fail("".join(said))
        yield process
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            assert process.wait(15) == 0


@pytest.mark.long
class TestRun:
    def test_answers_and_keeps_its_data_from_one_run_to_the_next(self, environment):
        with running(environment):
            assert _status(environment) < 500
            with _owner(environment) as owner:
                owner.execute("CREATE TABLE kept AS SELECT 1 AS number")

        begun = time.monotonic()
        with running(environment):
            assert time.monotonic() - begun < 20
            with _owner(environment) as owner:
                assert owner.execute("SELECT number FROM kept").fetchall() == [(1,)]

    def test_twice_at_once_says_so(self, environment):
        with running(environment):
            second = subprocess.run([ESCUCHA, "run"], env=environment, capture_output=True, text=True, check=False)

        assert second.returncode == 1
        assert f"ya está funcionando en http://localhost:{environment['ESCUCHA_PORT']}/" in second.stderr

    def test_leaves_no_process_when_killed(self, environment):
        with running(environment) as process:
            below = children_of(process.pid)
            process.kill()
            process.wait()

        assert len(below) == 4  # database, pages, live pages, worker
        assert soon(lambda: not [pid for pid in below if lives(pid)])


def _status(environment: dict[str, str]) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", int(environment["ESCUCHA_PORT"]))) as asking:
        asking.request("GET", "/", headers={"Host": "localhost"})
        return asking.getresponse().status


def _owner(environment: dict[str, str]) -> psycopg.Connection:
    return psycopg.connect(
        host=str(embedded.socket_dir(Path(environment["ESCUCHA_VAR"]))),
        port=embedded.PORT,
        user=embedded.OWNER,
        dbname=embedded.DATABASE,
    )
