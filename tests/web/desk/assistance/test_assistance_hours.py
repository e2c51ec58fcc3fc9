"""Hours as a coordinator types them: by the clock of the place, whatever that clock did that night."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from escucha.web.desk.assistance.hours import Hour, instant
from escucha.web.ui.money import Money

BOGOTA, SANTIAGO = ZoneInfo("America/Bogota"), ZoneInfo("America/Santiago")
NOON = datetime(2026, 3, 3, 12, 0, 20, tzinfo=BOGOTA)


def typed(hour, *, near=NOON, zone=BOGOTA, day=None, known=()):
    return instant(time.fromisoformat(hour), day=day, near=near, zone=zone, known=known).astimezone(zone)


@pytest.mark.requirement("ASIS-08.5")
class TestAnHourWithoutItsDay:
    def test_is_the_nearest_one(self):
        assert typed("13:30") == datetime(2026, 3, 3, 13, 30, tzinfo=BOGOTA)
        assert typed("9:15".zfill(5)) == datetime(2026, 3, 3, 9, 15, tzinfo=BOGOTA)
        night = datetime(2026, 3, 4, 0, 5, tzinfo=BOGOTA)
        assert typed("23:58", near=night) == datetime(2026, 3, 3, 23, 58, tzinfo=BOGOTA)
        assert typed("00:20", near=night - timedelta(minutes=20)) == datetime(2026, 3, 4, 0, 20, tzinfo=BOGOTA)

    def test_within_the_minute_of_now_it_is_now(self):
        assert typed("12:00") == NOON

    def test_within_the_minute_of_something_known_it_is_that(self):
        arrived = datetime(2026, 3, 3, 11, 40, 35, tzinfo=BOGOTA)
        assert typed("11:40", known=[arrived]) == arrived
        assert typed("11:41", known=[arrived]) == datetime(2026, 3, 3, 11, 41, tzinfo=BOGOTA)

    def test_a_day_says_another(self):
        assert typed("08:00", day=date(2026, 3, 9)) == datetime(2026, 3, 9, 8, 0, tzinfo=BOGOTA)


class TestWhereTheClockChanges:
    def test_an_hour_that_was_skipped_is_not_taken(self):
        near = datetime(2026, 9, 6, 3, 0, tzinfo=SANTIAGO)  # from 24:00 to 01:00 that night
        with pytest.raises(ValidationError):
            typed("00:30", near=near, zone=SANTIAGO, day=date(2026, 9, 6))

    def test_an_hour_that_came_twice_is_the_nearest(self):
        first = datetime(2026, 4, 5, 2, 20, tzinfo=UTC)  # 23:20 of the summer; an hour later it is 23:20 again
        assert instant(time(23, 30), day=None, near=first, zone=SANTIAGO) == first + timedelta(minutes=10)
        second = first + timedelta(hours=1)
        assert instant(time(23, 30), day=None, near=second, zone=SANTIAGO) == second + timedelta(minutes=10)


def test_hours_are_typed_in_several_ways():
    for said in ("15:30", "1530", "15.30"):
        assert Hour().clean(said) == time(15, 30)
    with pytest.raises(ValidationError):
        Hour().clean("a las tres")


def test_money_is_typed_as_people_write_it():
    field = Money(required=False)
    said = {"80.000": 80_000, "80000": 80_000, "$ 1.250,50": Decimal("1250.50"), "12.5": Decimal("12.5"), "0": 0}
    assert {text: field.clean(text) for text in said} == said
    assert field.clean("") is None
    assert field.prepare_value(Decimal("80000.00")) == "80.000"
    with pytest.raises(ValidationError):
        field.clean("1-2-3")
