"""Each verb of the ledger: the row, its steps, its fact, and what a second call changes (nothing)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from escucha.kernel.commitments import ledger
from escucha.kernel.commitments.ladder import LATE, Rung
from escucha.kernel.commitments.ledger import Owner
from escucha.kernel.commitments.models import Commitment, Outcome, Step
from escucha.kernel.commitments.queries import history_about, owed_about, owed_of_kind
from tests.kernel.commitments.making import (
    AFTER,
    CALENDAR,
    CASE,
    DUE,
    LADDER,
    LEGAL,
    MONDAY,
    TARGET,
    Office,
    local,
    taken,
    waiting,
)

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=2)
NEW_DUE = local(2026, 3, 25)
EARLIER = MONDAY - timedelta(days=5)


def said(office: Office, **more: Any) -> dict[str, Any]:
    return {"org": office.org, "kind": LEGAL, "subject": CASE, "by": office.by, "now": LATER} | more


def take(owed: Commitment, *names: str) -> None:
    Step.objects.filter(commitment=owed, name__in=names).update(taken_at=LATER)


class TestOwing:
    def test_keeps_what_explains_it_again(self, office: Office) -> None:
        owed = office.owe()
        owed.refresh_from_db()
        assert (owed.due_at, owed.due_on, owed.attempt, owed.outcome) == (DUE, date(2026, 3, 16), 1, "")
        assert (owed.born_at, owed.counted_from, owed.visible_at) == (MONDAY, MONDAY, MONDAY)
        assert owed.plan_version == office.version
        assert owed.reckoning["norm"] == "Ley 1755 de 2015, art. 14"
        assert [Rung(**rung) for rung in owed.rungs] == list(LADDER)
        assert office.told() == []

    def test_plans_its_steps_and_its_due_time(self, office: Office) -> None:
        owed = office.owe()
        assert waiting(owed) == {
            "remind_owner": local(2026, 3, 9, 12),
            "tell_supervisor": local(2026, 3, 13, 16, 12),
            LATE: DUE,
            "tell_director": local(2026, 3, 18, 8, 48),
        }
        assert set(owed.steps.values_list("name", "told")) >= {("tell_supervisor", "jefe"), ("remind_owner", "")}

    def test_owed_again_while_open_it_is_the_same_debt(self, office: Office) -> None:
        first = office.owe()
        assert office.owe(due_at=NEW_DUE) == first
        assert Step.objects.count() == 4

    def test_owed_again_once_settled_it_is_the_next_attempt(self, office: Office) -> None:
        office.owe()
        ledger.settle(**said(office))
        again = office.owe(now=LATER, rungs=[Rung("remind_owner", spent=0)])
        assert again.attempt == 2
        assert waiting(again) == {"remind_owner": LATER, LATE: DUE}
        assert [owed.attempt for owed in history_about(org=office.org, subject=CASE)] == [1, 2]

    def test_what_fell_before_it_was_owed_falls_at_once(self, office: Office) -> None:
        owed = office.owe(now=AFTER)
        assert waiting(owed) == dict.fromkeys(("remind_owner", "tell_supervisor", "tell_director", LATE), AFTER)

    def test_several_debts_take_as_many_statements_as_one(
        self, office: Office, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        debts = [office.debt(LEGAL), office.debt(TARGET), office.debt("cases.central_target")]
        with django_assert_num_queries(2):  # one that reads and one that writes
            owed = ledger.owe_all(
                org=office.org, subject=CASE, debts=debts, version=office.version, calendar=CALENDAR, now=MONDAY
            )
        assert [one.kind for one in owed] == [debt.kind for debt in debts]
        assert Step.objects.count() == 12

    def test_what_a_subject_begins_with_is_one_statement(
        self, office: Office, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        debts = [office.debt(LEGAL), office.debt(TARGET)]
        with django_assert_num_queries(1):
            owed = ledger.owe_first(
                org=office.org, subject=CASE, debts=debts, version=office.version, calendar=CALENDAR, now=MONDAY
            )
        assert list(history_about(org=office.org, subject=CASE)) == owed
        assert waiting(owed[0]) == waiting(office.owe(LEGAL, subject="case:2"))

    def test_every_column_is_kept_as_it_was_said(self, office: Office) -> None:
        owner = Owner(unit=office.unit, role="jefe", member=office.bruno)
        said = {"owner": owner, "turn": 0, "reserved": True, "visible_at": LATER, "reckoning": {"raro": 'a"{\\,ñ'}}
        owed = ledger.owe(
            org=office.org,
            subject=CASE,
            debt=office.debt(LEGAL, **said),
            version=office.version,
            calendar=CALENDAR,
            now=MONDAY,
        )
        names = [column.attname for column in Commitment._meta.concrete_fields]
        assert Commitment.objects.values(*names).get() == {name: getattr(owed, name) for name in names}

    def test_another_organisation_owes_its_own(self, office: Office) -> None:
        from tests.kernel.commitments.making import an_office

        other = an_office("corrioverde")
        office.owe(), other.owe()
        ledger.settle(**said(office))
        assert [owed.org for owed in owed_about(org=other.org, subject=CASE)] == [other.org]
        assert owed_about(org=office.org, subject=CASE) == []


class TestSettling:
    @pytest.mark.parametrize(
        ("at", "outcome"),
        [(DUE - timedelta(seconds=1), Outcome.MET), (DUE, Outcome.MET_LATE), (AFTER, Outcome.MET_LATE)],
    )
    def test_is_late_from_the_due_time_on(self, office: Office, at: Any, outcome: str) -> None:
        owed = office.owe()
        ledger.settle(**said(office, at=at, now=AFTER))
        owed.refresh_from_db()
        assert (owed.outcome, owed.settled_at) == (outcome, at)
        assert waiting(owed) == {}
        assert office.last_told()["late"] == (outcome == Outcome.MET_LATE)

    def test_late_before_any_clock_saw_it_is_told_as_late_too(self, office: Office) -> None:
        owed = office.owe()
        ledger.settle(**said(office, now=AFTER))
        owed.refresh_from_db()
        assert owed.late_at == AFTER
        assert office.told() == ["commitment_late", "commitment_met"]

    def test_twice_changes_nothing(self, office: Office) -> None:
        owed = office.owe()
        ledger.settle(**said(office))
        assert ledger.settle(**said(office, now=AFTER)) is None
        owed.refresh_from_db()
        assert (owed.settled_at, office.told()) == (LATER, ["commitment_met"])

    def test_leaves_the_other_debt_of_the_subject(self, office: Office) -> None:
        office.owe(), office.owe(TARGET)
        ledger.settle(**said(office, kind=TARGET))
        assert [owed.kind for owed in owed_about(org=office.org, subject=CASE)] == [LEGAL]
        assert owed_of_kind(org=office.org, subject=CASE, kind=TARGET) is None

    def test_a_paused_debt_is_met_on_time(self, office: Office) -> None:
        owed = office.owe()
        ledger.pause(**said(office))
        ledger.settle(**said(office, now=AFTER))
        owed.refresh_from_db()
        assert owed.outcome == Outcome.MET


class TestLettingGo:
    @pytest.mark.parametrize(
        ("verb", "outcome", "told"),
        [
            (ledger.annul, Outcome.ANNULLED, "commitment_annulled"),
            (ledger.waive, Outcome.WAIVED, "commitment_waived"),
        ],
    )
    def test_ends_with_its_cause(
        self, office: Office, verb: Callable[..., Commitment | None], outcome: str, told: str
    ) -> None:
        owed = office.owe()
        verb(**said(office, cause="reclassified"))
        assert verb(**said(office, cause="again")) is None
        owed.refresh_from_db()
        assert (owed.outcome, owed.cause, owed.settled_at) == (outcome, "reclassified", LATER)
        assert waiting(owed) == {}
        assert office.told() == [told]
        assert office.last_told() == {"kind": LEGAL, "commitment": owed.pk, "cause": "reclassified"}


class TestPausingAndResuming:
    def test_a_pause_lifts_what_waits(self, office: Office) -> None:
        owed = office.owe()
        ledger.pause(**said(office, event={"completion_requested": {"on": "2026-03-04"}}))
        ledger.pause(**said(office, now=AFTER))
        owed.refresh_from_db()
        assert (owed.paused_at, owed.due_at, owed.due_on) == (LATER, None, None)
        assert waiting(owed) == {}
        assert owed.reckoning["events"] == [{"completion_requested": {"on": "2026-03-04"}}]
        assert owed.reckoning["amount"] == 10
        assert office.told() == ["commitment_paused"]

    def test_resumed_the_ladder_goes_on_where_it_stood(self, office: Office) -> None:
        # Two and a half days (20 h) ran; 44 h more make 64: half is 12 h after resuming, and the first is not repeated.
        owed = office.owe(rungs=[Rung("at_once", spent=0), *LADDER])
        take(owed, "at_once")
        ledger.pause(**said(office, at=local(2026, 3, 4, 12)))
        resumed = local(2026, 3, 9, 8)
        due_at = local(2026, 3, 16, 12)
        for _again in range(2):
            ledger.resume(**said(office, due_at=due_at, at=resumed, calendar=CALENDAR, now=resumed))
        owed.refresh_from_db()
        assert (owed.paused_at, owed.due_at, owed.spent_seconds) == (None, due_at, 20 * 3600)
        steps = waiting(owed)
        assert steps["remind_owner"] == local(2026, 3, 10, 12)
        assert steps[LATE] == due_at
        assert "at_once" not in steps
        assert taken(owed) == ["at_once"]
        assert office.told() == ["commitment_paused", "commitment_resumed"]

    def test_a_restarted_term_has_all_its_time_again(self, office: Office) -> None:
        owed = office.owe()
        ledger.pause(**said(office))
        now = local(2026, 3, 9, 8)
        ledger.resume(**said(office, due_at=local(2026, 3, 11), restart=True, calendar=CALENDAR, now=now))
        owed.refresh_from_db()
        assert (owed.spent_seconds, owed.running_since) == (0, now)
        assert waiting(owed)["remind_owner"] == local(2026, 3, 9, 17)

    def test_what_is_not_paused_is_not_resumed(self, office: Office) -> None:
        owed = office.owe()
        ledger.resume(**said(office, due_at=NEW_DUE, calendar=CALENDAR))
        owed.refresh_from_db()
        assert (owed.due_at, office.told()) == (DUE, [])


class TestExtending:
    def test_plans_again_what_was_not_taken(self, office: Office) -> None:
        owed = office.owe()
        take(owed, "remind_owner")
        for _again in range(2):
            ledger.extend(
                **said(office, due_at=NEW_DUE, due_on=date(2026, 3, 24), event={"extended": 15}, calendar=CALENDAR)
            )
        owed.refresh_from_db()
        assert (owed.due_at, owed.due_on, owed.extended_at) == (NEW_DUE, date(2026, 3, 24), LATER)
        assert set(waiting(owed)) == {"tell_supervisor", "tell_director", LATE}
        assert min(waiting(owed).values()) > local(2026, 3, 19)
        assert owed.reckoning["events"] == [{"extended": 15}]
        assert office.told() == ["commitment_extended"]
        assert office.last_told()["due_at"] == NEW_DUE.isoformat()

    def test_a_debt_recorded_late_may_be_late_again(self, office: Office) -> None:
        owed = office.owe()
        take(owed, LATE)
        Commitment.objects.filter(pk=owed.pk).update(late_at=DUE)
        ledger.extend(**said(office, due_at=NEW_DUE, calendar=CALENDAR, now=AFTER))
        owed.refresh_from_db()
        assert owed.late_at is None
        assert waiting(owed)[LATE] == NEW_DUE

    def test_a_paused_debt_is_not_extended(self, office: Office) -> None:
        owed = office.owe()
        ledger.pause(**said(office))
        ledger.extend(**said(office, due_at=NEW_DUE, calendar=CALENDAR))
        owed.refresh_from_db()
        assert owed.due_at is None

    @pytest.mark.requirement("MORE-01.1")
    def test_reckoned_again_it_says_old_new_and_why(self, office: Office) -> None:
        owed = office.owe()
        ledger.reckon_again(
            **said(office, due_at=NEW_DUE, reckoning={"calendar": "co-2"}, cause="holiday_declared", calendar=CALENDAR)
        )
        owed.refresh_from_db()
        assert (owed.due_at, owed.extended_at) == (NEW_DUE, None)
        assert owed.reckoning == {"calendar": "co-2", "events": []}
        assert office.last_told() == {
            "kind": LEGAL,
            "commitment": owed.pk,
            "was": DUE.isoformat(),
            "due_at": NEW_DUE.isoformat(),
            "cause": "holiday_declared",
        }

    def test_reckoned_again_from_another_receipt_its_steps_are_those_of_that_receipt(self, office: Office) -> None:
        rungs = [Rung("half", spent=0.5)]
        owed = office.owe(rungs=rungs)
        other = office.owe(kind="other", counted_from=EARLIER, due_at=NEW_DUE, rungs=rungs)
        again = said(office, due_at=NEW_DUE, reckoning={"received_at": EARLIER.isoformat()}, cause="receipt")
        for _again in range(2):
            ledger.reckon_again(**again, calendar=CALENDAR)
        owed.refresh_from_db()
        assert (owed.begins_at, owed.running_since, owed.counted_from) == (EARLIER, EARLIER, MONDAY)
        assert owed.runs_as_reckoned
        assert waiting(owed) == waiting(other)
        assert office.told() == ["commitment_reckoned_again"]

    def test_reckoned_again_from_another_receipt_what_had_stopped_runs_since_it_resumed(self, office: Office) -> None:
        owed = office.owe()
        ledger.pause(**said(office))
        ledger.resume(**said(office, due_at=NEW_DUE, calendar=CALENDAR, now=AFTER))
        inputs = {"received_at": EARLIER.isoformat()}
        ledger.reckon_again(**said(office, due_at=DUE, reckoning=inputs, cause="receipt", calendar=CALENDAR))
        owed.refresh_from_db()
        assert (owed.begins_at, owed.running_since) == (EARLIER, AFTER)
        assert not owed.runs_as_reckoned


class TestHandingOver:
    def test_never_restarts_the_clock(self, office: Office) -> None:
        owed = office.owe()
        steps = waiting(owed)
        to = ledger.Owner(unit=office.central, role="coordinadora")
        for _again in range(2):
            ledger.hand_over(**said(office, owner=to))
        owed.refresh_from_db()
        assert (owed.owner_unit, owed.owner_role, owed.owner_member) == (office.central, "coordinadora", None)
        assert (owed.due_at, owed.counted_from, owed.running_since) == (DUE, MONDAY, MONDAY)
        assert waiting(owed) == steps
        assert office.told() == ["commitment_handed_over"]
        assert office.last_told()["from_unit"] == office.unit.pk

    def test_to_a_member(self, office: Office) -> None:
        office.owe()
        ledger.hand_over(**said(office, owner=ledger.Owner(unit=office.unit, member=office.carla)))
        assert owed_about(org=office.org, subject=CASE)[0].owner_member == office.carla


VERBS: dict[str, tuple[Callable[..., Any], dict[str, Any], int]] = {
    "settle": (ledger.settle, {}, 4),
    "annul": (ledger.annul, {"cause": "x"}, 4),
    "waive": (ledger.waive, {"cause": "x"}, 4),
    "pause": (ledger.pause, {}, 7),
    "extend": (ledger.extend, {"due_at": NEW_DUE, "calendar": CALENDAR}, 9),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_takes_a_bounded_number_of_statements(
    office: Office, verb: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    office.owe(rungs=[Rung(f"step_{n}", spent=n / 20) for n in range(20)])
    call, more, statements = VERBS[verb]
    with django_assert_num_queries(statements):  # two of them the savepoint, two the timeline
        call(**said(office, **more))


@pytest.mark.parametrize("verb", [ledger.settle, ledger.pause])
def test_where_nothing_is_owed_nothing_happens(office: Office, verb: Callable[..., Any]) -> None:
    assert verb(**said(office)) is None
    assert office.told() == []


@pytest.mark.parametrize(
    "broken",
    [
        {"outcome": "met"},
        {"settled_at": MONDAY},
        {"due_at": None},
        {"paused_at": MONDAY},
        {"outcome": "waived", "settled_at": MONDAY},
        {"attempt": 0},
    ],
    ids=str,
)
def test_the_database_refuses_what_cannot_be(office: Office, broken: dict[str, Any]) -> None:
    owed = office.owe()
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.filter(pk=owed.pk).update(**broken)


def test_the_database_refuses_a_second_open_debt(office: Office) -> None:
    owed = office.owe()
    owed.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        owed.save(force_insert=True)
