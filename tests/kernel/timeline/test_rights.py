"""The database itself keeps the bitácora: nobody changes it, and the run-time role owns nothing."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from escucha.console.kept_rights import CHANGING, OWNERS, WRITTEN_ONCE
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.anchors import take_anchor
from escucha.kernel.timeline.facts import SYSTEM
from escucha.kernel.timeline.models import Errand
from escucha.kernel.timeline.record import entries_about, record
from escucha.kernel.timeline.sql import RIGHTS, RIGHTS_BACK, TRIGGERS, TRIGGERS_BACK
from escucha.kernel.timeline.verify import chain_verdict
from tests.kernel.timeline.saying import CASE, NOON, Spoken, behind_the_back, last, say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]

KEPT = ("timeline_entry", "timeline_anchor", "timeline_anchoredhead")
CHANGES = (
    "UPDATE {} SET id = id WHERE id < 0",
    "UPDATE {} SET id = id + 1000",
    "DELETE FROM {}",
    "TRUNCATE {} CASCADE",
)
OWNERS_ONLY = (
    "ALTER TABLE {} DISABLE TRIGGER ALL",
    "ALTER TABLE {} DISABLE TRIGGER kept",
    "ALTER TABLE {} ADD COLUMN more int",
    "DROP TRIGGER kept ON {}",
    "DROP TABLE {} CASCADE",
    "ALTER TABLE {} OWNER TO escucha_run",
)


def refused(statement: str) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(caught.value)


def may(right: str, table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('escucha_run', %s, %s)", [table, right])
        return bool(cursor.fetchone()[0])


@pytest.fixture
def kept(org: Organisation) -> Organisation:
    say(org, 1, 2)
    take_anchor(now=NOON)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return org


@pytest.fixture
def as_run(kept: Organisation) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE escucha_run")
        yield
        cursor.execute("RESET ROLE")


@pytest.mark.requirement("MORE-03.2", "ASIS-13.3")
@pytest.mark.parametrize("table", KEPT)
@pytest.mark.parametrize("change", CHANGES)
def test_the_owner_is_refused_any_change(kept: Organisation, table: str, change: str) -> None:
    assert "La bitácora no se cambia ni se borra" in refused(change.format(table))


@pytest.mark.requirement("MORE-03.2", "ASIS-13.3")
@pytest.mark.parametrize("table", KEPT)
@pytest.mark.parametrize("change", CHANGES + OWNERS_ONLY)
def test_the_run_time_role_is_refused_any_change(as_run: None, table: str, change: str) -> None:
    said = refused(change.format(table))
    assert "permission denied" in said or "must be owner" in said


@pytest.mark.requirement("MORE-03.2")
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM timeline_head",
        "TRUNCATE timeline_head",
        "SET session_replication_role = replica",
        "DROP FUNCTION timeline_is_kept() CASCADE",
        "CREATE OR REPLACE FUNCTION timeline_is_kept() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TABLE public.mine (id int)",
        "UPDATE django_migrations SET app = 'x'",
    ],
)
def test_the_run_time_role_is_refused_ways_around(as_run: None, statement: str) -> None:
    said = refused(statement)
    assert "permission denied" in said or "must be owner" in said


@pytest.mark.parametrize("table", KEPT)
def test_the_run_time_role_gives_itself_nothing(as_run: None, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT UPDATE, DELETE, TRUNCATE ON {table} TO escucha_run")  # a warning, and nothing given
    assert not any(may(right, table) for right in ("UPDATE", "DELETE", "TRUNCATE"))


def test_the_run_time_role_does_its_work(as_run: None, org: Organisation) -> None:
    record(Spoken(subject=CASE), org=org, by=SYSTEM, now=NOON)
    [entry] = last(org)
    assert entry.number == 3
    Errand.objects.create(org=org, entry=entry, reaction="x", next_try_at=NOON)
    Errand.objects.update(done_at=NOON)
    assert take_anchor(now=NOON.replace(day=3)).count == 1
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert chain_verdict(org=org, subject=CASE).ok


def test_the_run_time_role_may_write_every_other_table() -> None:
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - {"django_migrations"}
    assert tables > set(KEPT)
    unchanged = {*KEPT, *OWNERS, *WRITTEN_ONCE, *CHANGING}
    for table in tables:
        expected = {"SELECT"} | (set() if table in OWNERS else {"INSERT"})
        expected |= set() if table in unchanged else {"UPDATE", "DELETE"}
        expected -= {"DELETE"} if table == "timeline_head" else set()
        assert {r for r in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE") if may(r, table)} == expected, table


def test_a_table_made_later_is_for_the_run_time_role_too() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE later (id bigint GENERATED BY DEFAULT AS IDENTITY)")
        cursor.execute("SET ROLE escucha_run")
        cursor.execute("INSERT INTO later DEFAULT VALUES; UPDATE later SET id = 5; DELETE FROM later")
        cursor.execute("SELECT nextval(pg_get_serial_sequence('later', 'id'))")
        cursor.execute("RESET ROLE")
        assert not may("TRUNCATE", "later")


def test_a_table_made_before_is_for_the_run_time_role_too() -> None:
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS_BACK)
        cursor.execute("CREATE TABLE earlier (id int)")
        assert not may("SELECT", "earlier")
        cursor.execute(RIGHTS)
    assert may("DELETE", "earlier")
    assert not may("UPDATE", "timeline_entry")


def test_the_migration_goes_back_and_forth(kept: Organisation) -> None:
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS_BACK)
        cursor.execute(TRIGGERS_BACK)
        cursor.execute("UPDATE timeline_entry SET id = id")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert not may("SELECT", "timeline_entry")
        cursor.execute(TRIGGERS)
        cursor.execute(RIGHTS)
    assert "no se cambia" in refused("DELETE FROM timeline_entry")


@pytest.mark.parametrize(
    ("role", "said"),
    [("escucha_run", "no puede actuar como escucha_run"), ("escucha_absent", "Falta el rol escucha_absent")],
)
def test_who_cannot_make_the_role_is_told_what_to_ask_for(role: str, said: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE weak; SET LOCAL SESSION AUTHORIZATION weak")
    told = refused(RIGHTS.replace("escucha_run", role))
    assert said in told
    assert f"GRANT {role} TO weak;" in told
    assert (f"CREATE ROLE {role} NOLOGIN; GRANT" in told) == (role == "escucha_absent")


def test_a_run_time_role_that_may_too_much_is_refused() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE escucha_greedy CREATEROLE")
    assert "más permisos de los debidos" in refused(RIGHTS.replace("escucha_run", "escucha_greedy"))


def test_an_owner_who_is_no_superuser_makes_the_role_and_acts_as_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE keeper CREATEROLE; SET LOCAL SESSION AUTHORIZATION keeper")
        cursor.execute(RIGHTS.split("ALTER DEFAULT")[0].replace("escucha_run", "escucha_fresh"))
        cursor.execute("SET LOCAL ROLE escucha_fresh")
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("escucha_fresh",)


def test_only_a_superuser_who_says_so_gets_past(kept: Organisation) -> None:
    behind_the_back("UPDATE timeline_entry SET verb = 'x' WHERE number = 1")
    assert entries_about(org=kept, subject=CASE)[0].verb == "x"
    assert chain_verdict(org=kept, subject=CASE).broken_at == 1
