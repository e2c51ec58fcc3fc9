"""What the strip is drawn from: the rows of a ledger, and what is owed over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Protocol

from escucha.web.ui.spanish import BUSINESS

RECEIVED, COUNTED, PAUSED, CLOSURE = "received", "counted", "paused", "closure"


class Row(Protocol):
    """One day of a ledger: why it counts or not, as which number, by which norm."""

    @property
    def date(self) -> date: ...
    @property
    def reason(self) -> str: ...
    @property
    def n(self) -> int | None: ...
    @property
    def norm(self) -> str | None: ...


@dataclass(frozen=True)
class PausedDay:
    """A day of a pause that has no end yet."""

    date: date
    norm: str | None
    reason: str = PAUSED
    n: int | None = None


@dataclass(frozen=True)
class Stage:
    """One part of the promise: who has it, and its last day."""

    label: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class Term:
    """What is owed over the days of a ledger. `late` are the rows after its last day, up to today.

    `promise_on` is the own final day (the last stage's if not given), `legal_on` the law's with its norm;
    `extended_from` is the first day that the extension added; `settled_on` the day the debt was met; `names` are those
    of holidays and civic days. While it is paused the rows may end on the day of the request, and it is drawn to today.
    """

    today: date
    stages: Sequence[Stage] = ()
    promise_on: date | None = None
    legal_on: date | None = None
    legal_norm: str = ""
    extended_from: date | None = None
    settled_on: date | None = None
    paused_since: date | None = None
    late: Sequence[Row] = ()
    names: Mapping[date, str] = field(default_factory=dict)
    pause_norm: str = ""
    unit: str = BUSINESS

    @cached_property
    def promised_on(self) -> date | None:
        """The own final day; none where it is the law's own."""
        if not self.stages and self.promise_on == self.legal_on:
            return None
        return self.promise_on or (self.stages[-1].due_on if self.stages else None)

    @property
    def due_on(self) -> date | None:
        """The next end to watch: the promise while it can be kept, then the law."""
        promised = self.promised_on
        if promised and (self.legal_on is None or self.today <= promised):
            return promised
        return self.legal_on or promised

    @property
    def is_paused(self) -> bool:
        """Nobody can say yet when it ends."""
        return self.paused_since is not None and self.settled_on is None

    def is_known(self, day: date | None) -> bool:
        """Whether an end on this day still stands: a pause moves all that come after it began."""
        return day is not None and not (self.is_paused and self.paused_since is not None and day >= self.paused_since)

    def all_rows(self, rows: Sequence[Row]) -> list[Row]:
        """The rows of the ledger, those of being late, and those of a pause that still runs."""
        days = [*rows, *self.late]
        if not self.is_paused or not days:
            return days
        missing = (self.today - days[-1].date).days
        return days + [
            PausedDay(days[-1].date + timedelta(days=n + 1), self.pause_norm or None) for n in range(missing)
        ]
