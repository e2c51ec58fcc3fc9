"""The holidays of Colombia, by rule: equal to an independent library and to the law's own dates."""

from datetime import date

import holidays
import pytest

from escucha.kernel.norms.holidays import easter_sunday
from escucha.kernel.norms.pack import differences, load_pack
from escucha.kernel.worktime.days import Reason

PACK = load_pack("co")


@pytest.mark.parametrize("year", range(1984, 2101))
def test_they_equal_the_oracle(year):
    assert differences(PACK, holidays.country_holidays("CO", years=year)) == []


def test_a_wrong_oracle_is_found():
    wrong = dict.fromkeys(holidays.country_holidays("CO", years=2025), "") | {date(2025, 7, 14): "nadie"}
    del wrong[date(2025, 12, 25)]
    assert differences(PACK, wrong) == [date(2025, 7, 14), date(2025, 12, 25)]


@pytest.mark.parametrize(("year", "dates"), [(2024, 18), (2025, 17), (2026, 19), (2027, 19), (2028, 19), (2030, 18)])
def test_how_many_dates_a_year_has(year, dates):
    assert sum(day.year == year for day in PACK.off_days()) == dates


def test_the_holiday_of_july_begins_in_2026():
    days = PACK.off_days()
    second_week = {day.year for day in days if day.month == 7 and 9 <= day.day <= 15}
    assert second_week == set(range(2026, 2101))
    assert days[date(2026, 7, 13)].norm == "Ley 2578 de 2026, art. 6"


def test_two_holidays_on_one_day_are_named_together():
    shared = PACK.off_days()[date(2025, 6, 30)]
    assert shared.name == "Sagrado Corazón de Jesús; San Pedro y San Pablo"
    assert shared.norm == "Ley 51 de 1983, art. 1"


def test_civic_days_stop_only_the_national_executive():
    civic = PACK.calendar(["national", "national-executive"])
    ordinary = PACK.calendar()
    for day in (date(2024, 4, 19), date(2025, 3, 18), date(2026, 4, 17), date(2027, 4, 16)):
        assert ordinary.is_business(day)
        assert civic.why_off(day)[0] is Reason.CIVIC_DAY
    assert civic.is_business(date(2023, 4, 21))
    assert civic.is_business(date(2026, 3, 18))
    assert civic.why_off(date(2026, 4, 17))[1] == "Decreto 500 de 2024, art. 1"


def test_a_holiday_wins_over_a_civic_day():
    good_friday = PACK.calendar(["national-executive", "national"]).why_off(date(2025, 4, 18))
    assert good_friday == (Reason.HOLIDAY, "Ley 51 de 1983, art. 1")


@pytest.mark.parametrize(
    "day", [date(1984, 4, 22), date(2000, 4, 23), date(2026, 4, 5), date(2038, 4, 25), date(2100, 3, 28)]
)
def test_easter(day):
    assert easter_sunday(day.year) == day
