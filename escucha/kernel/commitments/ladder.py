"""The steps that remind and escalate while something is owed. Plain Python.

A ladder runs in the unit of its own term: working time for terms in days, months or working minutes, elapsed time
for hours and minutes. A step whose moment has gone by when it is planned falls at once: none is lost in silence.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from escucha.kernel.worktime.calendar import Calendar
from escucha.kernel.worktime.terms import ELAPSED, Unit

LATE = "late"  # the step every debt has at its due time; no rung may take its name
NONE = timedelta()


@dataclass(frozen=True)
class Rung:
    """One step of a ladder, placed in one of three ways, and the role that is told (empty: whoever owes it).

    `spent` is a share of the term's time (0 as it is owed, 1 at the due time, above 1 late); `minutes_before` and
    `minutes_after` count from the due time, in the time of the term.
    """

    step: str
    spent: float | None = None
    minutes_before: int | None = None
    minutes_after: float | None = None
    to: str = ""

    def __post_init__(self) -> None:
        places = [place for place in (self.spent, self.minutes_before, self.minutes_after) if place is not None]
        if len(places) != 1:
            raise ValueError(f"rung {self.step!r} says one of spent, minutes_before, minutes_after")
        if places[0] < 0:
            raise ValueError(f"rung {self.step!r} counts from zero")
        if self.step in ("", LATE):
            raise ValueError(f"a rung cannot be called {self.step!r}")

    @property
    def at_due(self) -> bool:
        return self.spent == 1 or self.minutes_before == 0 or self.minutes_after == 0

    @property
    def after_due(self) -> bool:
        return self.minutes_after is not None or (self.spent is not None and self.spent > 1)

    def from_due(self, whole: timedelta) -> timedelta:
        """How far from the due time the rung stands in a term that lasts `whole`; below zero is before it."""
        if self.spent is not None:
            return timedelta(seconds=int((whole * self.spent).total_seconds())) - whole
        return timedelta(minutes=self.minutes_after or -(self.minutes_before or 0))

    def plain(self) -> Mapping[str, Any]:
        """The rung as plain values, as it is kept with its debt: `Rung(**rung.plain()) == rung`."""
        return {name: value for name, value in vars(self).items() if value not in (None, "")}


def ladder_of(raw: Iterable[Mapping[str, Any]]) -> tuple[Rung, ...]:
    """The ladder that a profile writes. Raises ValueError where a rung is odd or a name is said twice."""
    rungs = tuple(Rung(**rung) for rung in raw)
    if len({rung.step for rung in rungs}) < len(rungs):
        raise ValueError("two rungs of a ladder share a name")
    return rungs


class Planned(NamedTuple):
    """A step with its moment. `to` is the role told."""

    at: datetime
    step: str
    to: str


class Pace(Protocol):
    """Time as a term counts it."""

    def between(self, start: datetime, end: datetime) -> timedelta: ...
    def add_time(self, start: datetime, span: timedelta) -> datetime: ...


class Elapsed:
    """Time that runs through nights and holidays."""

    def between(self, start: datetime, end: datetime) -> timedelta:
        return max(end - start, NONE)

    def add_time(self, start: datetime, span: timedelta) -> datetime:
        return start + span


def pace_of(unit: Unit, *, calendar: Calendar) -> Pace:
    """How the steps of a term in this unit count their time."""
    return Elapsed() if unit in ELAPSED else calendar


def plan(
    rungs: Sequence[Rung],
    *,
    owed_at: datetime,
    due_at: datetime,
    calendar: Calendar,
    unit: Unit,
    spent: timedelta = NONE,
    now: datetime | None = None,
) -> list[Planned]:
    """The steps of a ladder in the order of their moments; at one instant, in the order of the ladder.

    `owed_at` is when the time runs from and `spent` what had run before (a debt that was paused). No step falls
    before `now`.
    """
    pace = pace_of(unit, calendar=calendar)
    left = pace.between(owed_at, due_at)

    def moment(rung: Rung) -> datetime:
        if rung.at_due:
            return due_at
        away = rung.from_due(spent + left)
        if rung.after_due:
            return pace.add_time(due_at, away) if away > NONE else due_at
        return min(pace.add_time(owed_at, left + away), due_at) if left + away > NONE else min(owed_at, due_at)

    planned = [Planned(max(moment(rung), now or owed_at), rung.step, rung.to) for rung in rungs]
    return sorted(planned, key=lambda step: step.at)
