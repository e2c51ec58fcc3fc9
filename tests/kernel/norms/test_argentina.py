"""The pack of Argentina: its days equal an independent library but where we know why not, and it has no terms."""

from datetime import date, datetime, timedelta

import holidays
import pytest

from escucha.kernel.norms.holidays import near_monday
from escucha.kernel.norms.pack import BrokenPack, NoLegalTerm, differences, load_pack, read_pack
from escucha.kernel.worktime.days import Reason

PACK = load_pack("ar")
YEARS = range(2011, 2036)
# The library has the non-working days, which are a layer of their own here, among the holidays.
NON_WORKING = {day for day in PACK.off_days(("non-working",)) if day not in PACK.off_days()}
MOVED_IN_2025 = {date(2025, 10, 10), date(2025, 10, 12)}  # a resolution of September moved it; the library has it not
NOT_READ = {date(2026, 11, 9)}  # by a decree that we could not read: the pack says so


@pytest.mark.parametrize("year", YEARS)
def test_the_holidays_equal_the_oracle(year):
    found = set(differences(PACK, holidays.country_holidays("AR", years=year)))
    known = {day for day in NON_WORKING | MOVED_IN_2025 | NOT_READ if day.year == year}
    assert found == known


def test_what_the_oracle_has_more_is_non_working_and_no_holiday():
    day = date(2025, 4, 17)
    assert PACK.calendar().is_business(day)
    assert PACK.calendar(["national", "non-working"]).why_off(day) == (Reason.CIVIC_DAY, "Ley 27.399, art. 3")
    both = PACK.off_days(("non-working",)).keys() & PACK.off_days().keys()
    assert {one for one in both if one.year in YEARS} == {date(2015, 4, 2), date(2016, 3, 24), date(2026, 4, 2)}


@pytest.mark.parametrize(
    ("year", "observed"),
    [
        (2022, date(2022, 8, 15)),  # a Wednesday
        (2023, date(2023, 8, 21)),  # a Thursday
        (2024, date(2024, 8, 17)),  # a Saturday
        (2025, date(2025, 8, 17)),  # a Sunday
        (2026, date(2026, 8, 17)),  # a Monday
        (2027, date(2027, 8, 16)),  # a Tuesday
        (2029, date(2029, 8, 20)),  # a Friday
    ],
)
def test_the_move_of_the_law(year, observed):
    assert near_monday(month=8, day=17)(year) == observed
    assert observed in PACK.off_days()


@pytest.mark.parametrize("year", range(2018, 2101))
def test_a_day_moves_to_a_monday_or_stays_on_its_weekend(year):
    for month, day in [(6, 17), (8, 17), (10, 12), (11, 20)]:
        moved = near_monday(month=month, day=day)(year)
        assert abs(moved - date(year, month, day)) <= timedelta(days=4)
        assert moved.weekday() in {0, 5, 6}


@pytest.mark.parametrize("year", [2022, 2033, 2039])
def test_two_days_of_june_do_not_fall_on_one(year):
    days = PACK.off_days()
    assert date(year, 6, 17).weekday() == 4
    assert "Güemes" in days[date(year, 6, 17)].name
    assert days[date(year, 6, 20)].name == "Paso a la Inmortalidad del General Manuel Belgrano"


@pytest.mark.parametrize(
    ("day", "norm"),
    [
        (date(2025, 10, 10), "Jefatura de Gabinete, Resolución 139/2025"),
        (date(2020, 3, 31), "Decreto 297/2020"),
        (date(2023, 6, 19), "Decreto 764/2022"),
        (date(2026, 6, 15), "Ley 27.399, arts. 1 y 6; Decreto 789/2021"),
        (date(2026, 12, 8), "Ley 27.399, art. 1"),
    ],
)
def test_each_day_has_its_norm(day, norm):
    assert PACK.off_days()[day].norm == norm


def test_it_is_told_in_its_own_time():
    assert PACK.zone.key == "America/Argentina/Buenos_Aires"
    assert datetime(2026, 3, 2, 8, tzinfo=PACK.zone).utcoffset() == timedelta(hours=-3)
    assert PACK.calendar().why_off(date(2026, 7, 9))[0] is Reason.HOLIDAY


def test_it_has_no_terms_and_says_so():
    assert PACK.terms == {}
    assert PACK.risks("petition") == ()
    with pytest.raises(NoLegalTerm, match="petition"):
        PACK.legal_term("petition", on=date(2026, 3, 2))


def test_a_weekday_that_does_not_exist_breaks_the_pack():
    source = b"""
country = "ar"
name = "A"
zone = "America/Argentina/Buenos_Aires"
first_year = 2020
last_year = 2030
[counting]
[layers.national]
reason = "holiday"
days = [{ name = "X", rule = "near_monday", month = 6, day = 17, stays = ["%s"], norm = "Y" }]
"""
    assert read_pack(source % b"fri").off_days()
    with pytest.raises(BrokenPack):
        read_pack(source % b"vie")
