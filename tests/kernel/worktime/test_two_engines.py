"""Counting and walking give the same answer, whole: dates, instants, stages, pauses, refusals and every row."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escucha.kernel.norms.pack import load_pack
from escucha.kernel.worktime.life import CompletionRequested
from escucha.kernel.worktime.reckoning import reckon
from escucha.kernel.worktime.steps import dawn, is_open
from escucha.kernel.worktime.terms import Term, Unit, due
from escucha.kernel.worktime.walking import walk
from tests.examples import many
from tests.kernel.worktime.arbitrary import DAYS, calendars, lives, moments, rules, switches, terms

SLOWLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=many(150))


def assert_same(calendar, life, rule, chosen):
    received_at, term, stages, events = life
    question = {"stages": stages, "events": events, "switches": chosen}
    counted = reckon(calendar, received_at, term, rule, **question)
    walked = walk(calendar, received_at, term, rule, **question)
    for field in type(counted).__slots__:
        assert getattr(counted, field) == getattr(walked, field), field


@pytest.mark.slow
@SLOWLY
@given(calendars(), lives(), rules, switches)
def test_days_and_months(calendar, life, rule, chosen):
    assert_same(calendar, life, rule, chosen)


@pytest.mark.slow
@settings(SLOWLY, max_examples=many(60))
@given(calendars(), lives((Unit.ELAPSED_HOURS, Unit.ELAPSED_MINUTES)), rules, switches)
def test_elapsed_time(calendar, life, rule, chosen):
    assert_same(calendar, life, rule, chosen)


@pytest.mark.slow
@settings(SLOWLY, max_examples=many(40))
@given(calendars(), lives((Unit.WORKING_MINUTES,)), rules, switches)
def test_working_minutes(calendar, life, rule, chosen):
    assert_same(calendar, life, rule, chosen)


@pytest.mark.slow
@SLOWLY
@given(calendars(), moments, terms(tuple(Unit)), rules)
def test_the_short_way_is_the_long_way_without_events(calendar, received_at, term, rule):
    found = reckon(calendar, received_at, term, rule)
    assert due(calendar, received_at, term, rule) == (found.effective_receipt, found.due_date, found.due_at)


@pytest.mark.slow
@SLOWLY
@given(calendars(), DAYS, st.integers(0, 60))
def test_days_are_counted_as_they_are_looked_at(calendar, day, number):
    assert calendar.is_business(day) == is_open(calendar, day)
    assert calendar.midnight_of(day) == dawn(calendar, day)
    later = calendar.nth_business_day(day, number + 1)
    assert calendar.business_days_between(day, later) == number + 1
    assert calendar.business_days_between(later, day) == -number - 1


def test_a_last_day_that_had_to_move_was_not_used_when_it_is_paused_on_a_day_off():
    """Found by the properties: one calendar day that falls on a Saturday, where the completion is asked for."""
    calendar = load_pack("co").calendar()
    received_at = datetime(2026, 3, 20, 15, tzinfo=UTC)
    question = {"events": [CompletionRequested(date(2026, 3, 21))]}
    one_day = Term(1, Unit.CALENDAR_DAYS)

    answers = [engine(calendar, received_at, one_day, **question) for engine in (reckon, walk)]

    assert [answer.counted_days for answer in answers] == [0, 0]
    assert answers[0].ledger == answers[1].ledger
