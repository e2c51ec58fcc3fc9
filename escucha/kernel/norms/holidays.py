"""Days on which the law stops work, by rule: fixed, moved to a Monday, counted from Easter, n-th weekday of a month."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from escucha.kernel.worktime.days import OffDay

WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
MONDAY = 0
TO_NEAR_MONDAY = (0, -1, -2, 4, 3, 0, 0)  # days, from each weekday


@dataclass(frozen=True)
class HolidayRule:
    """One day of the year by rule, the norm that orders it, and the years of its validity."""

    name: str
    norm: str
    on: Callable[[int], date]
    first_year: int | None = None
    last_year: int | None = None

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> "HolidayRule":
        """From a line of the pack. Raises KeyError or TypeError where it is incomplete or has something else."""
        line = dict(raw)
        name, norm, first, last = line.pop("name"), line.pop("norm"), line.pop("from", None), line.pop("to", None)
        return cls(name, norm, RULES[line.pop("rule")](**line), first, last)

    def holds_in(self, year: int) -> bool:
        """Whether the rule is in force in the year."""
        return (self.first_year or year) <= year <= (self.last_year or year)


def fixed(*, month: int, day: int) -> Callable[[int], date]:
    """That date, never moved."""
    return lambda year: date(year, month, day)


def monday(*, month: int, day: int) -> Callable[[int], date]:
    """That date if it is a Monday, or the next Monday."""
    return lambda year: _on_or_after(date(year, month, day), MONDAY)


def near_monday(*, month: int, day: int, stays: Collection[str] = ()) -> Callable[[int], date]:
    """The Monday before that date if it is a Tuesday or a Wednesday, the next if it is a Thursday or a Friday.

    Otherwise that date, and also on the weekdays on which it stays.
    """
    kept = frozenset(WEEKDAYS[name] for name in stays)

    def on(year: int) -> date:
        found = date(year, month, day)
        return found if found.weekday() in kept else found + timedelta(days=TO_NEAR_MONDAY[found.weekday()])

    return on


def easter(*, offset: int) -> Callable[[int], date]:
    """So many days from Easter Sunday."""
    return lambda year: easter_sunday(year) + timedelta(days=offset)


def weekday(*, month: int, weekday: str, number: int) -> Callable[[int], date]:
    """The n-th such weekday of the month."""
    return lambda year: _on_or_after(date(year, month, 1), WEEKDAYS[weekday]) + timedelta(weeks=number - 1)


RULES: Mapping[str, Callable[..., Callable[[int], date]]] = {
    "fixed": fixed,
    "monday": monday,
    "near_monday": near_monday,
    "easter": easter,
    "weekday": weekday,
}


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus, as Meeus gives it)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leaps, rest = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    step = (32 + 2 * rest + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (golden + 11 * moon + 22 * step) // 451
    month, day = divmod(moon + step - 7 * late + 114, 31)
    return date(year, month, day + 1)


def off_days(
    rules: Iterable[HolidayRule], reason: Literal["holiday", "civic_day"], years: Iterable[int]
) -> dict[date, OffDay]:
    """Every date stopped by the rules; two on one date are named together."""
    found: dict[date, OffDay] = {}
    for day, rule in _occurrences(list(rules), years):
        before = found.get(day)
        found[day] = _joined(before, rule) if before else OffDay(reason, rule.norm, rule.name)
    return found


def _occurrences(rules: list[HolidayRule], years: Iterable[int]) -> Iterator[tuple[date, HolidayRule]]:
    for year in years:
        for rule in rules:
            if rule.holds_in(year):
                yield rule.on(year), rule


def _joined(before: OffDay, rule: HolidayRule) -> OffDay:
    norm = before.norm if before.norm == rule.norm else f"{before.norm}; {rule.norm}"
    return OffDay(before.reason, norm, f"{before.name}; {rule.name}")


def _on_or_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)
