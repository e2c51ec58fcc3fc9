"""What is said of one date: why it counts or not, and by which norm."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, NamedTuple


class Reason(StrEnum):
    """Why a date of a term counts or not."""

    RECEIVED = "received"
    COUNTED = "counted"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    HOLIDAY = "holiday"
    CIVIC_DAY = "civic_day"
    CLOSURE = "closure"
    PAUSED = "paused"
    OUTSIDE_HOURS = "outside_hours"


@dataclass(frozen=True)
class OffDay:
    """A date on which the law stops work: why, by which norm, under which name."""

    reason: Literal["holiday", "civic_day"]
    norm: str
    name: str


@dataclass(frozen=True)
class CountingNorms:
    """The norm that a day's row names, by reason. A country pack fills it."""

    received: str | None = None
    counted: str | None = None
    weekend: str | None = None
    closure: str | None = None
    paused: str | None = None
    outside_hours: str | None = None
    elapsed: str | None = None


class DayRow(NamedTuple):
    """One date of a term: why it counts or not, as which one, and the norm."""

    date: date
    reason: Reason
    n: int | None
    norm: str | None
