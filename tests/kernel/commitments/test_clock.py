"""The clock takes each step once, when its moment has come, and tells lateness once."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from escucha.kernel.commitments import ledger
from escucha.kernel.commitments.clock import tick
from escucha.kernel.commitments.ladder import LATE, Rung
from escucha.kernel.timeline.record import entries_about
from tests.kernel.commitments.making import (
    AFTER,
    CALENDAR,
    CASE,
    DUE,
    LEGAL,
    MONDAY,
    Office,
    an_office,
    local,
    taken,
    waiting,
)

pytestmark = pytest.mark.django_db
HALF = local(2026, 3, 9, 12)


@pytest.mark.requirement("MORE-04.2")
def test_takes_what_has_come_and_nothing_else(office: Office) -> None:
    owed = office.owe()
    assert tick(now=HALF - timedelta(seconds=1)) == 0
    assert tick(now=HALF) == 1
    assert tick(now=HALF) == 0
    assert taken(owed) == ["remind_owner"]
    assert office.told() == ["step_reached"]
    assert office.last_told() == {"kind": LEGAL, "commitment": owed.pk, "step": "remind_owner", "to": ""}


@pytest.mark.requirement("MORE-04.2")
def test_tells_lateness_once(office: Office) -> None:
    owed = office.owe()
    assert tick(now=DUE) == 3
    assert tick(now=DUE) == tick(now=DUE + timedelta(hours=1)) == 0
    owed.refresh_from_db()
    assert owed.late_at == DUE
    assert office.told() == ["step_reached", "step_reached", "commitment_late"]
    assert tick(now=AFTER) == 1
    assert office.last_told()["to"] == "directora"
    ledger.settle(org=office.org, kind=LEGAL, subject=CASE, by=office.by, now=AFTER)
    assert office.told().count("commitment_late") == 1


def test_who_acts_is_the_system(office: Office) -> None:
    office.owe()
    tick(now=HALF)
    (entry,) = entries_about(org=office.org, subject=CASE)
    assert (entry.actor_kind, entry.at) == ("system", HALF)


def test_what_was_settled_paused_or_let_go_is_left(office: Office) -> None:
    for number in range(3):
        office.owe(subject=f"case:{number}")
    said = {"org": office.org, "kind": LEGAL, "by": office.by, "now": MONDAY}
    ledger.settle(**said, subject="case:0")
    ledger.pause(**said, subject="case:1")
    ledger.annul(**said, subject="case:2", cause="reclassified")
    assert tick(now=AFTER) == 0


def test_after_an_extension_late_is_told_at_the_new_due_time(office: Office) -> None:
    owed = office.owe(rungs=[])
    tick(now=DUE)
    later = DUE + timedelta(days=5)
    ledger.extend(
        org=office.org, kind=LEGAL, subject=CASE, due_at=later, calendar=CALENDAR, by=office.by, now=DUE + timedelta(1)
    )
    assert waiting(owed) == {LATE: later}
    assert tick(now=later) == 1
    assert office.told() == ["commitment_late", "commitment_extended", "commitment_late"]


def test_two_steps_on_one_instant_are_two_entries_in_their_order(office: Office) -> None:
    office.owe(rungs=[Rung("first", spent=1), Rung("second", spent=1)])
    assert tick(now=DUE) == 3
    said = [entry.data.get("step") for entry in entries_about(org=office.org, subject=CASE)]
    assert said == ["first", "second", None]


def test_several_organisations_in_one_tick(office: Office) -> None:
    other = an_office("corrioverde")
    office.owe(), other.owe()
    assert tick(now=HALF) == 2
    assert office.told() == other.told() == ["step_reached"]


def test_takes_no_more_than_its_limit_and_the_earliest_first(office: Office) -> None:
    owed = office.owe()
    assert tick(now=AFTER, limit=1) == 1
    assert taken(owed) == ["remind_owner"]
    assert [tick(now=AFTER, limit=2) for _again in range(3)] == [2, 1, 0]


def test_statements_do_not_grow_with_the_steps(
    office: Office, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(50):
        office.owe(subject=f"case:{number}")
    with django_assert_num_queries(9):
        assert tick(now=AFTER) == 200


def test_nothing_to_take_costs_one_question(office: Office, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    office.owe()
    with django_assert_num_queries(3):
        assert tick(now=MONDAY) == 0
