"""How a provider has done: counted in the act, fading with the days, read as of now."""

from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escucha.contexts.assistance.models import Assignment, Standing
from escucha.contexts.assistance.operations.standing import (
    arrived_on_time,
    remember_arrival,
    remember_asked,
    remember_conformity,
    remember_cost,
    remember_failure,
    remember_finish,
    remember_sent,
)
from escucha.contexts.assistance.rules.assignments import Asked
from escucha.contexts.assistance.rules.fading import COUNTS, faded
from escucha.contexts.assistance.rules.stages import Conformity
from escucha.contexts.assistance.rules.standings import HALF_LIFE_DAYS, RECENT_PER_DAY, Band, Record
from tests.assisting import accepted
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import a_provider, assign, roster

NOON = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
days = st.floats(0, 400, allow_nan=False)


@given(days, days)
def test_fading_twice_is_fading_once_for_both_spans(first, second):
    counts = dict.fromkeys(COUNTS, 5.0)
    between = NOON + timedelta(days=first)
    after = between + timedelta(days=second)
    twice = faded(faded(counts, since=NOON, now=between), since=between, now=after)
    assert twice == pytest.approx(faded(counts, since=NOON, now=after))


def test_a_count_halves_and_what_is_recent_fades_within_two_weeks():
    left = faded({"asked": 8.0, "recent": 1.0}, since=NOON, now=NOON + timedelta(days=HALF_LIFE_DAYS))
    assert left["asked"] == pytest.approx(4.0)
    assert left["recent"] == pytest.approx(RECENT_PER_DAY**HALF_LIFE_DAYS)
    assert faded({"asked": 8.0}, since=NOON, now=NOON - timedelta(days=3)) == {"asked": 8.0}


def test_the_counts_are_those_of_a_record_in_its_order():
    assert [one.name for one in fields(Record)] == list(COUNTS)


def test_what_is_read_is_faded_to_now_and_answers_are_of_the_part_of_the_day(quetzal):
    """The same that the rule says, reckoned by the database: of 40 days of mornings, and of one night yesterday."""
    provider, assistance = a_provider(quetzal), accepted(quetzal)
    for day in range(0, 40, 4):
        remember_asked(assistance, provider, Asked.ACCEPTED, now=TUESDAY - timedelta(days=40 - day))
        remember_sent(assistance, provider, now=TUESDAY - timedelta(days=40 - day))
    remember_asked(assistance, provider, Asked.NO_ANSWER, now=TUESDAY - timedelta(hours=14))
    remember_sent(assistance, provider, now=TUESDAY - timedelta(hours=14))

    [ranked] = roster(quetzal, assistance).ranked.values()

    record, expected = ranked.candidate.record, dict.fromkeys(COUNTS, 0.0)
    for kept in Standing.objects.all():
        left = faded({name: getattr(kept, name) for name in COUNTS}, since=kept.faded_at, now=TUESDAY)
        for name, count in left.items():
            expected[name] += count if kept.band == Band.MORNING or name == "recent" else 0.0
    assert asdict(record) == pytest.approx(expected)
    assert record.asked == record.accepted > 5
    assert ranked.candidate.last_assigned_at == TUESDAY - timedelta(hours=14)


@pytest.fixture
def work(quetzal):
    provider = a_provider(quetzal)
    assign(quetzal, accepted(quetzal), provider, eta_at=TUESDAY + timedelta(minutes=30))
    return Assignment.objects.select_related("assistance__org", "provider").get()


def counts():
    kept = Standing.objects.get()
    return {name: getattr(kept, name) for name in COUNTS if getattr(kept, name)}


GIVEN = {"asked": 1, "answered": 1, "accepted": 1, "recent": 1}


@pytest.mark.parametrize(("minutes", "on_time"), [(30, True), (31, False)])
def test_an_emergency_is_on_time_by_the_hour_of_its_provider(work, minutes, on_time):
    work.arrived_at = TUESDAY + timedelta(minutes=minutes)
    assert arrived_on_time(work) is on_time
    remember_arrival(work, now=TUESDAY)
    assert counts() == GIVEN | {"jobs": 1} | ({"on_time": 1} if on_time else {})


def test_a_work_is_counted_once_however_it_ends(work):
    work.arrived_at = TUESDAY
    remember_arrival(work, now=TUESDAY)
    remember_failure(work, now=TUESDAY)
    assert counts() == GIVEN | {"jobs": 1, "on_time": 1}
    remember_finish(work, now=TUESDAY)
    assert counts() == GIVEN | {"jobs": 1, "on_time": 1, "completed": 1}


def test_who_solved_it_by_telephone_did_not_have_to_arrive(work):
    remember_finish(work, now=TUESDAY)
    assert counts() == GIVEN | {"jobs": 1, "on_time": 1, "completed": 1}


def test_what_the_affiliate_said_and_what_it_cost(work):
    for said in Conformity:
        remember_conformity(work, said, now=TUESDAY)
    remember_cost(work, Decimal("85000"), now=TUESDAY)
    remember_cost(work, Decimal("-5000"), now=TUESDAY)
    assert counts() == GIVEN | {"rated": 2, "conforming": 1, "cost": 80000}


def test_what_is_added_later_finds_the_rest_faded(work):
    later = TUESDAY + timedelta(days=HALF_LIFE_DAYS)
    remember_asked(work.assistance, work.provider, Asked.NO_ANSWER, now=later)
    assert counts()["asked"] == pytest.approx(1.5)
    assert counts()["answered"] == pytest.approx(0.5)


def test_each_part_of_the_day_has_its_counts(work):
    remember_sent(work.assistance, work.provider, now=TUESDAY + timedelta(hours=14))  # midnight in the place
    remember_asked(work.assistance, work.provider, Asked.SKIPPED, now=TUESDAY + timedelta(hours=4))
    assert sorted(Standing.objects.values_list("band", flat=True)) == [Band.MORNING, Band.NIGHT]
