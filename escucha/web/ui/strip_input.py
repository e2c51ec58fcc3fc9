"""What the strip is drawn from: the rows of a ledger, and what is owed over them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
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
class Stage:
    """One part of the promise: who has it, and its last day."""

    label: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class Term:
    """What is owed over the days of a ledger. `late` are the rows after its last day, up to today.

    `promise_on` is the own final day (the last stage's if not given), `legal_on` the law's with its norm;
    `extended_from` is the first day that the extension added; `settled_on` the day the debt was met.
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
    unit: str = BUSINESS

    @property
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
