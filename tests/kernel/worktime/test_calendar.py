"""Working time: exact, in zones where clocks jump, and never while closed."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escucha.kernel.worktime.calendar import Calendar, NeverOpen, OffDay, OutsideYears, Reason
from escucha.kernel.worktime.zones import UnknownZone, instant_of, readings, zone_named
from tests.kernel.worktime.arbitrary import calendars, moments

spans = st.integers(1, 100_000).map(lambda seconds: timedelta(seconds=seconds))
PATIENTLY = settings(deadline=None)
OFFICE = {day: ((480, 720), (840, 1020)) for day in range(5)}


@PATIENTLY
@given(calendars(), moments, spans)
def test_time_added_is_time_measured_back(calendar, start, span):
    assert calendar.between(start, calendar.add_time(start, span)) == span


@PATIENTLY
@given(calendars(), moments, spans, spans)
def test_adding_in_two_steps_is_adding_at_once(calendar, start, first, second):
    assert calendar.add_time(calendar.add_time(start, first), second) == calendar.add_time(start, first + second)


@PATIENTLY
@given(calendars(), moments)
def test_it_opens_next_where_it_is_open(calendar, start):
    opens = calendar.opens_next(start)
    assert opens >= start
    assert calendar.is_open_at(opens)
    assert calendar.is_open_on(calendar.day_of(opens))
    assert calendar.between(start, opens) == timedelta()


@pytest.mark.parametrize(
    "zone", ["America/Bogota", "America/Santiago", "Europe/Madrid", "America/Havana", "Africa/Cairo"]
)
def test_each_date_begins_where_the_one_before_ends(zone):
    calendar = Calendar(zone=ZoneInfo(zone), years=(2020, 2027))
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(2900)]
    for day, following in pairwise(days):
        begins, ends = calendar.midnight_of(day), calendar.midnight_after_date(day)
        assert calendar.day_of(begins) == day == calendar.day_of(ends - timedelta(seconds=1))
        assert calendar.day_of(ends) == following
        assert calendar.day_of(begins - timedelta(seconds=1)) == day - timedelta(days=1)


def test_a_midnight_that_does_not_exist_gives_way_to_the_first_moment_of_the_date():
    calendar = Calendar(zone=ZoneInfo("America/Santiago"))
    assert calendar.midnight_of(date(2022, 9, 11)) == datetime(2022, 9, 11, 4, tzinfo=UTC)
    assert calendar.day_of(datetime(2022, 9, 11, 4, tzinfo=UTC)) == date(2022, 9, 11)


def test_a_jump_that_starts_before_midnight_is_found_to_the_second():
    toronto = ZoneInfo("America/Toronto")  # on 30 March 1919 clocks went from 23:30 to 00:30
    found = instant_of(datetime(1919, 3, 31), toronto)
    assert found == datetime(1919, 3, 31, 4, 30, tzinfo=UTC)


def test_a_repeated_hour_has_two_readings_and_a_skipped_one_none():
    madrid = ZoneInfo("Europe/Madrid")
    assert len(readings(datetime(2026, 10, 25, 2, 30), madrid)) == 2
    assert readings(datetime(2026, 3, 29, 2, 30), madrid) == []
    assert readings(datetime(2026, 3, 29, 3, 30), madrid) == [datetime(2026, 3, 29, 1, 30, tzinfo=UTC)]


@pytest.mark.parametrize("name", ["", "Luna/Tranquilidad", "../etc/passwd", "America", "a\0b", "/etc/localtime"])
def test_an_odd_zone_is_unknown(name):
    with pytest.raises(UnknownZone):
        zone_named(name)


def test_working_time_ends_at_closing_not_at_the_next_opening():
    calendar = Calendar(zone=ZoneInfo("America/Bogota"), office_hours=OFFICE)
    monday = datetime(2026, 3, 2, 13, tzinfo=UTC)
    assert calendar.add_time(monday, timedelta(hours=7)) == datetime(2026, 3, 2, 22, tzinfo=UTC)
    assert calendar.opens_next(datetime(2026, 3, 2, 22, tzinfo=UTC)) == datetime(2026, 3, 3, 13, tzinfo=UTC)


def test_an_office_without_hours_never_opens():
    calendar = Calendar(zone=ZoneInfo("America/Bogota"))
    with pytest.raises(NeverOpen):
        calendar.add_time(datetime(2026, 3, 2, tzinfo=UTC), timedelta(hours=1))


def test_a_day_off_says_why():
    calendar = Calendar(
        zone=ZoneInfo("America/Bogota"),
        off_days={date(2026, 7, 20): OffDay("holiday", "Ley 51 de 1983, art. 1", "Independencia")},
        closures={date(2026, 7, 21): "Resolución 7", date(2026, 7, 25): "Resolución 7"},
    )
    assert calendar.why_off(date(2026, 7, 20)) == (Reason.HOLIDAY, "Ley 51 de 1983, art. 1")
    assert calendar.why_off(date(2026, 7, 21)) == (Reason.CLOSURE, "Resolución 7")
    assert calendar.why_off(date(2026, 7, 25)) == (Reason.SATURDAY, None)
    assert calendar.why_off(date(2026, 7, 22)) is None


def test_outside_its_years_it_says_so():
    calendar = Calendar(zone=ZoneInfo("America/Bogota"), years=(2026, 2026))
    for ask in (calendar.is_business, calendar.rolled, calendar.next_business_day):
        with pytest.raises(OutsideYears):
            ask(date(2027, 1, 1))
    with pytest.raises(OutsideYears):
        calendar.next_business_day(date(2026, 12, 31))
