"""One agenda of everything owed, by due time: who sees what, page by page, with a pinned number of statements."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from escucha.kernel.commitments import ledger
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.commitments.queries import Place, agenda, agenda_load, overdue_count, paused
from escucha.kernel.timeline.facts import CITIZEN, Actor
from tests.examples import many
from tests.kernel.commitments.making import AFTER, CALENDAR, CASE, DUE, LEGAL, MONDAY, Office, an_office, local

pytestmark = pytest.mark.django_db


@pytest.fixture
def several(office: Office) -> Office:
    """Ten debts, each owed by somebody else, due a day after the one before."""
    owners = {
        "bruno": ledger.Owner(unit=office.unit, member=office.bruno),
        "carla": ledger.Owner(unit=office.unit, member=office.carla),
        "unit": ledger.Owner(unit=office.unit),
        "analysts": ledger.Owner(unit=office.unit, role="analista"),
        "heads": ledger.Owner(unit=office.unit, role="jefe"),
        "central": ledger.Owner(unit=office.central),
    }
    for days, (who, owner) in enumerate(owners.items()):
        office.owe(subject=f"case:{who}", owner=owner, due_at=DUE + timedelta(days=days))
    office.owe(subject="case:hidden", owner=owners["bruno"], visible_at=AFTER)
    office.owe(subject="case:paused", owner=owners["bruno"])
    ledger.pause(org=office.org, kind=LEGAL, subject="case:paused", by=office.by, now=MONDAY)
    office.owe(subject="case:met", owner=owners["bruno"])
    ledger.settle(org=office.org, kind=LEGAL, subject="case:met", by=office.by, now=MONDAY)
    an_office("corrioverde").owe(subject="case:elsewhere")
    return office


def names(found: Sequence[Commitment]) -> list[str]:
    return [owed.subject.removeprefix("case:") for owed in found]


@pytest.mark.requirement("MORE-04.1")
class TestWhoSeesWhat:
    def test_mine_is_what_i_owe_and_what_my_unit_owes_without_naming_anybody(self, several: Office) -> None:
        bruno, carla = several.actor(several.bruno), several.actor(several.carla)
        assert names(agenda(org=several.org, viewer=bruno, now=MONDAY)) == ["bruno", "unit", "analysts"]
        assert names(agenda(org=several.org, viewer=carla, now=MONDAY)) == ["carla", "unit", "heads"]

    def test_team_is_what_my_unit_owes(self, several: Office) -> None:
        found = agenda(org=several.org, viewer=several.actor(several.carla), scope="team", now=MONDAY)
        assert names(found) == ["bruno", "carla", "unit", "analysts", "heads"]

    def test_all_only_answers_who_sees_everything(self, several: Office) -> None:
        bruno = several.actor(several.bruno)
        everywhere = several.actor(several.bruno, everywhere=True)
        assert agenda(org=several.org, viewer=bruno, scope="all", now=MONDAY) == []
        found = agenda(org=several.org, viewer=everywhere, scope="all", now=MONDAY)
        assert names(found) == ["bruno", "carla", "unit", "analysts", "heads", "central"]

    @pytest.mark.parametrize("scope", ["mine", "team", "all"])
    @pytest.mark.parametrize("viewer", [CITIZEN, Actor("staff", member_id=0)], ids=["citizen", "without unit"])
    def test_who_is_of_no_unit_finds_and_counts_nothing(self, several: Office, scope: str, viewer: Actor) -> None:
        said = {"org": several.org, "viewer": viewer, "scope": scope, "now": AFTER}
        assert agenda(**said) == paused(**said) == []
        assert overdue_count(**said) == 0
        assert not any(agenda_load(**said, from_day=date(2026, 3, 16), calendar=CALENDAR).values())

    def test_what_is_not_visible_yet_comes_when_it_is(self, several: Office) -> None:
        found = agenda(org=several.org, viewer=several.actor(several.bruno), now=AFTER)
        assert names(found) == ["bruno", "hidden", "unit", "analysts"]

    def test_what_is_paused_is_shown_apart(self, several: Office) -> None:
        said = {"org": several.org, "now": MONDAY}
        (found,) = paused(**said, viewer=several.actor(several.bruno))
        assert names([found]) == ["paused"]
        assert paused(**said, viewer=several.actor(several.bruno), after=found.pk) == []
        assert paused(**said, viewer=several.actor(several.carla)) == []
        assert names(paused(**said, viewer=several.actor(several.carla), scope="team")) == ["paused"]


class TestPages:
    @pytest.mark.parametrize("scope", ["mine", "team", "all"])
    def test_page_by_page_it_is_the_whole_each_once(self, several: Office, scope: str) -> None:
        viewer = several.actor(several.bruno, everywhere=True)
        for number in range(7):  # many debts of one day share their due time
            several.owe(subject=f"case:same-{number}", turn=number % 2)
        said = {"org": several.org, "viewer": viewer, "scope": scope, "now": MONDAY}
        whole = agenda(**said)
        pages: list[Commitment] = []
        while page := agenda(**said, after=_place(pages), limit=2):
            pages += page
        assert pages == whole
        places = [(owed.due_at, owed.turn, owed.pk) for owed in whole]
        assert places == sorted(places)

    def test_ends_before_an_instant(self, several: Office) -> None:
        viewer = several.actor(several.bruno)
        found = agenda(org=several.org, viewer=viewer, until=DUE + timedelta(days=2), now=MONDAY)
        assert names(found) == ["bruno"]

    def test_one_statement_with_everything_a_line_shows(
        self, several: Office, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(1):
            found = agenda(org=several.org, viewer=several.actor(several.bruno), now=MONDAY)
            assert [owed.owner_unit.label for owed in found] == ["Aportes"] * 3
            assert found[0].owner_member is not None
            assert found[0].owner_member.account.name == "Bruno"


@pytest.mark.requirement("CAJA-03.3")
class TestTurns:
    def test_of_two_due_at_once_the_lower_turn_goes_first(self, office: Office) -> None:
        office.owe(subject="case:first")
        office.owe(subject="case:preferential", turn=0)
        said = {"org": office.org, "viewer": office.actor(office.bruno), "now": MONDAY}
        assert names(agenda(**said)) == ["preferential", "first"]

    def test_the_order_of_the_law_is_never_broken(self, office: Office) -> None:
        office.owe(subject="case:sooner", due_at=DUE - timedelta(microseconds=1), due_on=None)
        office.owe(subject="case:preferential", turn=0)
        assert names(agenda(org=office.org, viewer=office.actor(office.bruno), now=MONDAY)) == [
            "sooner",
            "preferential",
        ]

    def test_everything_about_a_subject_is_moved_together_and_its_time_is_not(self, office: Office) -> None:
        office.owe(subject="case:first")
        later = office.owe()
        ledger.place(org=office.org, subject=later.subject, turn=0, reserved=False)
        (preferential, first) = agenda(org=office.org, viewer=office.actor(office.bruno), now=MONDAY)
        assert (preferential.subject, preferential.due_at, first.subject) == (later.subject, later.due_at, "case:first")


class TestWhatIsReserved:
    """A reserved debt is on no agenda, in no count, whoever looks; unless its subject is named to be seen."""

    @pytest.mark.parametrize("scope", ["mine", "team", "all"])
    def test_is_found_and_counted_by_nobody(self, office: Office, scope: str) -> None:
        office.owe(owner=ledger.Owner(unit=office.unit, member=office.bruno), reserved=True)
        office.owe(subject="case:paused", reserved=True)
        ledger.pause(org=office.org, kind=LEGAL, subject="case:paused", by=office.by, now=MONDAY)
        viewer = office.actor(office.bruno, everywhere=True)
        said = {"org": office.org, "viewer": viewer, "scope": scope, "now": AFTER}
        assert agenda(**said) == paused(**said) == []
        assert overdue_count(**said) == 0
        assert not any(agenda_load(**said, from_day=date(2026, 3, 16), calendar=CALENDAR).values())

    @pytest.mark.parametrize(("scope", "found"), [("mine", 1), ("team", 0), ("all", 1)])
    def test_is_found_by_who_is_let_see_its_subject(self, office: Office, scope: str, found: int) -> None:
        office.owe(owner=ledger.Owner(unit=office.central), reserved=True)
        office.owe(subject="case:other", owner=ledger.Owner(unit=office.central), reserved=True)
        let_see = Commitment.objects.filter(subject=CASE).values_list("subject", flat=True)
        said = {
            "org": office.org,
            "viewer": office.actor(office.bruno),
            "scope": scope,
            "reserved": let_see,
            "now": AFTER,
        }
        assert names(agenda(**said)) == ["1"] * found
        assert overdue_count(**said) == found
        assert sum(agenda_load(**said, from_day=date(2026, 3, 16), calendar=CALENDAR).values()) == found

    def test_can_become_reserved_and_open_again(self, office: Office) -> None:
        owed = office.owe()
        said = {"org": office.org, "viewer": office.actor(office.bruno), "now": MONDAY}
        ledger.place(org=office.org, subject=owed.subject, turn=1, reserved=True)
        assert agenda(**said) == []
        ledger.place(org=office.org, subject=owed.subject, turn=1, reserved=False)
        assert agenda(**said) == [owed]


class TestCounts:
    def test_a_debt_due_at_midnight_weighs_on_the_day_that_ends(self, several: Office) -> None:
        several.owe(subject="case:noon", due_at=local(2026, 3, 17, 12), due_on=None)
        viewer = several.actor(several.bruno, everywhere=True)
        load = agenda_load(
            org=several.org,
            viewer=viewer,
            scope="all",
            from_day=date(2026, 3, 16),
            days=4,
            calendar=CALENDAR,
            now=MONDAY,
        )
        assert list(load.values()) == [1, 2, 1, 1]  # noon and the midnight after it are the 17th

    def test_overdue_is_counted_up_to_a_cap(self, several: Office) -> None:
        said = {"org": several.org, "viewer": several.actor(several.bruno)}
        assert overdue_count(**said, now=DUE - timedelta(seconds=1)) == 0
        assert overdue_count(**said, now=DUE) == 1
        assert overdue_count(**said, now=DUE + timedelta(days=30)) == 4
        assert overdue_count(**said, now=DUE + timedelta(days=30), cap=2) == 3

    def test_one_statement_each(self, several: Office, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        said = {"org": several.org, "viewer": several.actor(several.bruno), "now": AFTER}
        with django_assert_num_queries(2):
            overdue_count(**said)
            agenda_load(**said, from_day=date(2026, 3, 16), calendar=CALENDAR)


owners = st.tuples(st.booleans(), st.sampled_from([None, "bruno", "carla"]), st.sampled_from(["", "analista", "jefe"]))


@pytest.mark.requirement("MORE-04.1")
@settings(max_examples=many(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(debts=st.lists(st.tuples(owners, st.integers(-3, 3)), max_size=12))
def test_the_counts_are_those_of_the_agenda(
    office: Office, debts: list[tuple[tuple[bool, str | None, str], int]]
) -> None:
    Commitment.objects.all().delete()
    for number, ((central, member, role), days) in enumerate(debts):
        owner = ledger.Owner(
            unit=office.central if central else office.unit,
            role=role,
            member=getattr(office, member) if member else None,
        )
        office.owe(subject=f"case:{number}", owner=owner, due_at=DUE + timedelta(days=days))
    for scope in ("mine", "team", "all"):
        said = {"org": office.org, "viewer": office.actor(office.bruno, everywhere=True), "scope": scope, "now": DUE}
        whole = agenda(**said)
        assert len({owed.pk for owed in whole}) == len(whole)
        assert overdue_count(**said) == len([owed for owed in whole if owed.due_at <= DUE])
        load = agenda_load(**said, from_day=date(2026, 3, 10), days=14, calendar=CALENDAR)
        assert sum(load.values()) == len(whole)


def _place(pages: Sequence[Commitment]) -> Place | None:
    return (pages[-1].due_at, pages[-1].turn, pages[-1].pk) if pages and pages[-1].due_at else None


@pytest.fixture
def many_debts(several: Office) -> Office:
    """The same debts over and over, of other cases: what PostgreSQL knows of the table is that it is large."""
    columns = [field.column for field in Commitment._meta.concrete_fields if field.column != "id"]
    names = ", ".join(columns)
    copied = ", ".join("'case:' || 1000000 + one.id * 1000 + n" if name == "subject" else name for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO commitments_commitment ({names}) SELECT {copied}"
            " FROM commitments_commitment one, generate_series(1, 400) AS n"
        )
        cursor.execute("ANALYZE commitments_commitment")
    return several


@pytest.mark.parametrize("scope", ["mine", "team", "all"])
def test_a_page_begins_at_its_place_in_an_index(many_debts: Office, scope: str) -> None:
    """Each way of owing starts at the place in its own index."""
    several = many_debts
    viewer = several.actor(several.bruno, everywhere=True)
    let_see = Commitment.objects.filter(subject=CASE).values_list("subject", flat=True)
    with CaptureQueriesContext(connection) as seen:
        agenda(org=several.org, viewer=viewer, scope=scope, after=(MONDAY, 1, 1), reserved=let_see, now=MONDAY)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN (COSTS OFF) {seen[-1]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    wanted = {"mine": {"open_of_member", "open_of_role"}, "team": {"open_of_unit"}, "all": {"open_of_everyone"}}[scope]
    if scope != "team":
        wanted |= {"open_in_reserve"}
    used = set(re.findall(r"using (open_\w+)", plan))
    assert used == wanted, plan
    assert plan.count("ROW(") >= len(used)


@pytest.mark.parametrize("scope", ["mine", "team", "all"])
def test_what_is_due_is_counted_from_an_index_alone(many_debts: Office, scope: str) -> None:
    """However many debts there are: none of their rows is read."""
    several = many_debts
    viewer = several.actor(several.bruno, everywhere=True)
    said: dict[str, Any] = {"org": several.org, "viewer": viewer, "scope": scope, "now": AFTER}
    with CaptureQueriesContext(connection) as seen:
        overdue_count(**said)
        agenda_load(**said, from_day=date(2026, 3, 16), calendar=CALENDAR)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        for asked in seen:
            cursor.execute(f"EXPLAIN (COSTS OFF) {asked['sql']}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            scans = re.findall(r"(\S+ \S*) ?Scan using (open_\w+)", plan)
            assert scans and all(kind == "Index Only" for kind, _index in scans), plan
