"""The life of a term: what may happen to it, under which switches, and what is answered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from escucha.kernel.words import _
from escucha.kernel.worktime.days import DayRow


@dataclass(frozen=True, slots=True)
class CompletionRequested:
    """The person was asked to complete the petition."""

    on: date


@dataclass(frozen=True, slots=True)
class Completed:
    """The person completed the petition."""

    on: date


@dataclass(frozen=True, slots=True)
class Extended:
    """The person was told that the term is now `to_amount` in total."""

    to_amount: int
    told_at: datetime


Event = CompletionRequested | Completed | Extended


class RequestDay(StrEnum):
    """Whether the day of the request for completion is one of the days used."""

    CONSUMED = "consumed"
    NOT_CONSUMED = "not_consumed"


class Resume(StrEnum):
    """What runs after completion: what was left, or the whole term again."""

    REMAINING = "remaining"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class Cap:
    """The most a term may last in total: a factor of its amount, or its amount and some more."""

    factor: float | None = None
    plus: int | None = None

    def __post_init__(self) -> None:
        if (self.factor is None) == (self.plus is None):
            raise ValueError("factor, plus")

    def most(self, amount: int) -> int:
        """The largest total for a term of this amount."""
        return amount + self.plus if self.plus is not None else int(amount * Fraction(str(self.factor)))


DOUBLE = Cap(factor=2)


@dataclass(frozen=True, slots=True)
class Switches:
    """Where norms or bodies differ on what happens to a term. `extension_cap` None: it may not be extended."""

    request_day: RequestDay = RequestDay.CONSUMED
    resume: Resume = Resume.REMAINING
    completion_window: int = 10
    person_months: int = 1
    extension_cap: Cap | None = DOUBLE


DEFAULTS = Switches()


class StageDue(NamedTuple):
    """The end of one stage; nothing while the term is paused before it."""

    due_date: date | None
    due_at: datetime | None


class Refusal(NamedTuple):
    """An event that changed nothing, by its place in the list, and why."""

    event: int
    why: str


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A term with everything that happened to it, explained date by date."""

    effective_receipt: date
    due_date: date | None
    due_at: datetime | None
    counted_days: int | None
    stage_due: Sequence[StageDue]
    person_until: date | None
    paused_since: date | None
    ledger: Sequence[DayRow]
    refused: Sequence[Refusal]


class StagesTooLong(ValueError):
    """The stages of a promise add up to more than the term."""


WHY_REFUSED = {
    "by_instant": _("Un plazo en horas o minutos no se detiene."),
    "already_paused": _("El plazo ya está detenido."),
    "before_receipt": _("Es anterior a la recepción."),
    "late_request": _("El plazo ya había vencido ese día."),
    "outside_window": _("Se pidió completar después de los días hábiles que da la norma para hacerlo."),
    "not_paused": _("El plazo no estaba detenido: nadie había pedido completar."),
    "no_extension": _("Este plazo no admite prórroga."),
    "second_extension": _("El plazo ya se prorrogó una vez."),
    "late_extension": _("La prórroga se informó cuando el plazo ya había vencido."),
    "no_longer": _("La prórroga no alarga el plazo."),
    "over_cap": _("La prórroga supera el máximo que admite la norma."),
}


def in_order(events: Sequence[Event], day_of: Callable[[datetime], date]) -> list[tuple[int, Event]]:
    """Events by date, with their place in the list; those of one date keep the order in which they came."""

    def dated(numbered: tuple[int, Event]) -> date:
        event = numbered[1]
        return day_of(event.told_at) if isinstance(event, Extended) else event.on

    return sorted(enumerate(events), key=dated)
