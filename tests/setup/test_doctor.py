"""The doctor: each fault is found and said, nothing is changed, and it works without its database."""

import io
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from escucha.console import database_health, health
from escucha.console.health import GIGABYTE, Level
from escucha.contexts.messaging.models import Message
from escucha.kernel.timeline import relay
from escucha.kernel.timeline.anchors import key_at, take_anchor
from escucha.kernel.timeline.models import Entry, Errand
from tests.cast import TUESDAY
from tests.make import House, a_case

COMMAND = Path(sys.executable).with_name("escucha")
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def sealed(settings: Settings, tmp_path: Path) -> Path:
    settings.ANCHOR_KEY, settings.ANCHORS, settings.VAR = tmp_path / "anchor.key", tmp_path / "anchors", tmp_path
    return tmp_path


def kept_by_a_safe_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cluster of the tests trades safety for speed."""
    monkeypatch.setattr(database_health, "KEEPS_ALL", ("array_nulls",))


def doctor() -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("doctor", stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


def level_of(said: str, words: str) -> str:
    return next(line[:4].strip() for line in said.splitlines() if words in line)


class TestNorms:
    def test_the_pack_of_the_house_is_that_of_the_library(self) -> None:
        assert health.norms_finding("co").level == Level.WELL

    def test_a_day_more_is_wrong_and_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        wrong = {date(2026, 3, 4): "x"}
        monkeypatch.setattr(health, "_oracle", lambda pack: dict.fromkeys(pack.off_days(("national",))) | wrong)
        level, words = health.norms_finding("co")
        assert level == Level.WRONG
        assert "2026-03-04" in words

    def test_without_the_library_it_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "holidays", None)
        level, words = health.norms_finding("co")
        assert level == Level.CARE
        assert "no está instalada" in words


class TestKeyAndSeals:
    def test_a_key_that_others_may_read_is_wrong(self, tmp_path: Path) -> None:
        path = tmp_path / "anchor.key"
        assert health.key_finding(path).level == Level.CARE
        key_at(path)
        assert health.key_finding(path).level == Level.WELL
        for mode in (0o640, 0o604, 0o620):
            path.chmod(mode)
            level, words = health.key_finding(path)
            assert level == Level.WRONG
            assert f"chmod 600 {path}" in words

    def test_a_broken_key_is_wrong(self, tmp_path: Path) -> None:
        path = tmp_path / "anchor.key"
        path.write_text("no es una llave")
        assert health.key_finding(path).level == Level.WRONG
        assert health.key_finding(tmp_path).level == Level.WRONG

    def test_the_age_of_the_last_seal(self, tmp_path: Path) -> None:
        today = date(2026, 7, 10)
        assert health.seal_finding(tmp_path / "none", today=today).level == Level.CARE
        for name in ("2026-07-01", "2026-07-08", "otra-cosa"):
            (tmp_path / f"{name}.json").touch()
        level, words = health.seal_finding(tmp_path, today=today)
        assert level == Level.WRONG
        assert "2026-07-08" in words and "2 días" in words
        (tmp_path / "2026-07-09.json").touch()
        assert health.seal_finding(tmp_path, today=today).level == Level.WELL


class TestMachine:
    @pytest.mark.parametrize(
        ("free", "level"), [(0.2, Level.WRONG), (1.0, Level.CARE), (4.9, Level.CARE), (5.0, Level.WELL)]
    )
    def test_space(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: float, level: Level) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(free=int(free * GIGABYTE)))
        assert health.space_finding(tmp_path / "not" / "yet").level == level

    def test_mail(self) -> None:
        assert health.mail_finding("correo.example.org").level == Level.WELL
        level, words = health.mail_finding("")
        assert level == Level.CARE
        assert "ESCUCHA_SMTP" in words

    @pytest.mark.parametrize("address", ["unix:/nowhere/clamd.ctl", "tcp://localhost:1"])
    def test_a_scanner_that_does_not_answer(self, settings: Settings, address: str) -> None:
        settings.CLAMD = address
        found = [one for one in health.machine_findings(now=TUESDAY) if "ClamAV" in one.words]
        assert [(one.level, address in one.words) for one in found] == [(Level.WRONG, True)]

    def test_a_scanner_that_nobody_configured_is_not_looked_for(self, settings: Settings) -> None:
        settings.CLAMD = ""
        assert not [one for one in health.machine_findings(now=TUESDAY) if "ClamAV" in one.words]

    def test_the_server_in_front(self, settings: Settings) -> None:
        settings.BEHIND_TLS, settings.PROXIES = True, []
        found = list(health.machine_findings(now=NOW))
        assert [one.level for one in found if "ESCUCHA_PROXIES" in one.words] == [Level.WRONG]
        assert health.proxies_finding(["10.0.0.1/32"]) == (
            Level.WELL,
            "Solo se cree a los servidores de adelante: 10.0.0.1/32.",
        )


@pytest.mark.django_db
class TestDatabase:
    def test_a_house_in_order(self, cafetal: House, sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        kept_by_a_safe_server(monkeypatch)
        a_case(cafetal)
        take_anchor(now=datetime.now(UTC))
        status, said = doctor()
        assert status == 0, said
        assert "mal " not in said
        assert level_of(said, "PostgreSQL") == "OK"
        assert said.splitlines()[-1].startswith("Nada está mal")

    def test_a_server_that_may_forget_is_wrong(self, sealed: Path) -> None:
        status, said = doctor()
        assert status == 1
        assert level_of(said, "fsync, synchronous_commit, full_page_writes") == "mal"

    @pytest.mark.parametrize(
        "right",
        [
            "UPDATE ON timeline_entry",
            "DELETE ON timeline_entry",
            "TRUNCATE ON timeline_entry",
            "DELETE ON timeline_anchor",
            "UPDATE (at) ON timeline_entry",
            "UPDATE ON orgs_profileversion",
            "INSERT ON orgs_organisation",
            "DELETE ON cases_case",
            "UPDATE (body) ON cases_answer",
            "UPDATE ON cases_case",
            "UPDATE (until) ON cases_notice",
        ],
    )
    def test_a_right_too_many_is_wrong_and_named(self, right: str) -> None:
        assert database_health.rights_finding().level == Level.WELL
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT {right} TO escucha_run")
        level, words = database_health.rights_finding()
        assert level == Level.WRONG
        assert right.split()[0] in words and right.split()[-1] in words

    def test_a_role_with_powers_is_wrong(self, settings: Settings) -> None:
        settings.RUN_ROLE = "escucha_owner"
        assert database_health.rights_finding().level == Level.WRONG
        settings.RUN_ROLE = "nadie"
        assert "Falta el rol nadie" in database_health.rights_finding().words

    def test_whoever_signs_in_as_the_owner_is_told(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        assert "repita sin ESCUCHA_DB_ROLE" in database_health.sign_in_finding().words
        monkeypatch.setenv("ESCUCHA_DB_ROLE", "run")
        for sample, level in ((True, Level.CARE), (False, Level.WRONG)):
            settings.SAMPLE = sample
            found = database_health.sign_in_finding()
            assert (found.level, "escucha_owner" in found.words) == (level, True)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL SESSION AUTHORIZATION escucha_run")
            assert database_health.sign_in_finding().level == Level.WELL
            cursor.execute("RESET SESSION AUTHORIZATION; GRANT escucha_owner TO escucha_run")
            cursor.execute("SET LOCAL SESSION AUTHORIZATION escucha_run")
            assert database_health.sign_in_finding().level == Level.WRONG
            cursor.execute("RESET SESSION AUTHORIZATION")

    def test_a_log_that_quotes_people(self) -> None:
        assert database_health.log_finding().level == Level.WELL
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL log_min_error_statement = error; SET LOCAL log_error_verbosity = 'default'")
        level, words = database_health.log_finding()
        assert level == Level.CARE
        assert "log_min_error_statement = panic, log_error_verbosity = terse." in words

    def test_pending_migrations_are_wrong(self) -> None:
        assert database_health.migrations_finding().level == Level.WELL
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'cases'")
        level, words = database_health.migrations_finding()
        assert level == Level.WRONG
        assert "escucha prepare" in words

    def test_an_empty_database_is_told_part_by_part(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA empty; SET LOCAL search_path TO empty")
        findings = list(database_health.database_findings(clock=lambda: datetime.now(UTC)))
        assert [finding.level for finding in findings if "encargos" in finding.words] == [Level.WRONG]
        assert len(findings) == 11

    @pytest.mark.parametrize(("seconds", "level"), [(0, Level.WELL), (-3, Level.CARE), (60, Level.WRONG)])
    def test_clocks_apart(self, seconds: int, level: Level) -> None:
        ahead = timedelta(seconds=seconds)
        assert database_health.clock_finding(lambda: datetime.now(UTC) + ahead).level == level

    def test_an_errand_that_failed_three_times(self, cafetal: House, monkeypatch: pytest.MonkeyPatch) -> None:
        def fall(fact: Any, /, **_: Any) -> None:
            raise RuntimeError

        a_case(cafetal)
        entry = Entry.objects.filter(org=cafetal.org).earliest("id")
        Errand.objects.create(org=cafetal.org, entry=entry, reaction="cases.case_filed>fall", next_try_at=TUESDAY)
        for turn in range(3):
            assert database_health.errands_finding().level == Level.WELL
            relay.run_errands(now=TUESDAY + timedelta(hours=turn + 1))
        level, words = database_health.errands_finding()
        assert level == Level.WRONG
        assert "cases.case_filed>fall" in words

    def test_messages_given_up_lately(self, cafetal: House) -> None:
        a_case(cafetal)
        assert database_health.messages_finding(since=TUESDAY).level == Level.WELL
        Message.objects.filter(org=cafetal.org).update(state=Message.State.FAILED, next_try_at=None)
        assert database_health.messages_finding(since=TUESDAY).level == Level.CARE
        assert database_health.messages_finding(since=TUESDAY + timedelta(days=1)).level == Level.WELL

    def test_an_old_server_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(database_health, "OLDEST_VERSION", 99)
        assert database_health.version_finding().level == Level.WRONG


@pytest.mark.slow
def test_it_works_without_its_database(tmp_path: Path) -> None:
    nowhere = dict.fromkeys(("DATABASE_URL", "DATABASE_OWNER_URL"), "postgresql://nobody@127.0.0.1:1/none")
    env = os.environ | nowhere | {"ESCUCHA_VAR": str(tmp_path)}
    ran = subprocess.run([COMMAND, "doctor"], capture_output=True, text=True, env=env, check=False)
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert level_of(ran.stdout, "La base de datos no responde") == "mal"
    assert level_of(ran.stdout, "Normas de Colombia") in {"OK", "ojo"}


def test_every_line_begins_with_how_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("escucha.console.management.commands.doctor.database_findings", lambda **_: [])
    _status, said = doctor()
    assert {line[:4].strip() for line in said.splitlines()[:-1]} <= set(Level)
