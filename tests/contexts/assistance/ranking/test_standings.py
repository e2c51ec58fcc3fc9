"""Counts that fade, and what to expect from them."""

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escucha.contexts.assistance.rules.standings import (
    HALF_LIFE_DAYS,
    USUAL,
    Band,
    Record,
    band_of,
    fading,
    recent_fading,
    shrunk,
    zone_of,
)
from tests.contexts.assistance.ranking.candidates import counts, fractions, records

days = st.floats(0, 1000)

pytestmark = pytest.mark.requirement("ASIS-06.2")


@given(days, days)
@pytest.mark.parametrize("left", [fading, recent_fading])
def test_fading_twice_is_fading_once_for_both_spans(left, first, second):
    assert left(first) * left(second) == pytest.approx(left(first + second))
    assert 0 < left(0) == 1


def test_what_is_left():
    assert fading(HALF_LIFE_DAYS) == 0.5
    assert recent_fading(1) == 0.93
    assert recent_fading(14) == pytest.approx(0.362, abs=0.001)
    assert fading(-1) == 1  # a clock that went back adds nothing


@given(counts, fractions, fractions)
def test_what_is_expected_lies_between_the_mean_and_what_was_seen(tried, seen, mean):
    expected = shrunk(tried * seen, tried, mean)
    assert min(seen, mean) - 1e-9 <= expected <= max(seen, mean) + 1e-9


def test_few_tries_say_little_and_many_nearly_all():
    assert shrunk(0, 1, 0.6) > 0.5
    assert shrunk(0, 200, 0.6) < 0.02


@pytest.mark.parametrize(
    ("hour", "band"),
    [(0, 3), (5, 3), (6, 0), (11, 0), (12, 1), (17, 1), (18, 2), (21, 2), (22, 3), (23, 3)],
)
def test_each_hour_is_of_a_part_of_the_day(hour, band):
    assert band_of(hour) is Band(band)


@given(st.lists(records(), max_size=6), st.lists(st.floats(1, 1000), max_size=6))
def test_the_means_of_a_zone_are_means(found, tariffs):
    zone = zone_of(found, tariffs)
    assert all(-1e-9 <= mean <= 1 + 1e-9 for mean in (zone.answers, zone.accepts, zone.on_time, zone.conforms))
    assert zone.fair_share * len(found) == pytest.approx(sum(one.recent for one in found))


def test_a_zone_where_nobody_has_worked_is_as_usual():
    assert astuple(zone_of([]))[:5] == pytest.approx(astuple(USUAL)[:5])
    assert (zone_of([]).tariff, zone_of([]).fair_share) == (None, 0)
    assert zone_of([Record()], [80.0, 100.0, 130.0]).tariff == 100.0


def test_a_zone_with_much_seen_is_what_was_seen():
    zone = zone_of([Record(asked=500, answered=300, accepted=90), Record(asked=500, answered=100, accepted=30)])
    assert zone.answers == pytest.approx(0.4, abs=0.01)
    assert zone.accepts == pytest.approx(0.3, abs=0.01)
