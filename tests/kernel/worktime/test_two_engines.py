"""Counting and walking give the same answer, whole: dates, instants, stages, pauses, refusals and every row."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escucha.kernel.worktime.reckoning import reckon
from escucha.kernel.worktime.steps import dawn, is_open
from escucha.kernel.worktime.terms import Unit, due
from escucha.kernel.worktime.walking import walk
from tests.kernel.worktime.arbitrary import DAYS, calendars, lives, moments, rules, switches, terms

SLOWLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=150)


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
@settings(SLOWLY, max_examples=60)
@given(calendars(), lives((Unit.ELAPSED_HOURS, Unit.ELAPSED_MINUTES)), rules, switches)
def test_elapsed_time(calendar, life, rule, chosen):
    assert_same(calendar, life, rule, chosen)


@pytest.mark.slow
@settings(SLOWLY, max_examples=40)
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
