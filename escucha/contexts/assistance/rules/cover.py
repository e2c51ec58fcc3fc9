"""What a plan still gives: its limits, the events used of each, and until when a work is guaranteed.

Plain days of the place of service. An event is of the day on which it was accepted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from escucha.contexts.assistance.policy import Coverage, Period, Plan
from escucha.contexts.assistance.rules.stages import Category, Stage
from escucha.kernel.words import Saying, _

NEVER_GIVEN = frozenset({Stage.CANCELLED_AT_ONCE, Stage.CANCELLED_LATER, Stage.PROVIDER_CANCELLED})
SPENDING = frozenset({Category.COVERAGE, Category.REFUND})  # a guarantee, a courtesy or a connection takes nothing
LEAP_DAY = (2, 29)


@dataclass(frozen=True)
class Event:
    """An accepted assistance. `charged`: somebody bears a cost of it, if only of the visit."""

    service: str
    on: date
    category: str
    stage: str
    charged: bool = False


@dataclass(frozen=True)
class Covered:
    """What a plan gives of one service today. No limit is None. `first_on` and `last_on` bound its period."""

    service: str
    active: bool
    max_amount: Decimal | None
    max_events: int | None
    period: Period
    group: str
    used: int  # by all the services of its group, within the period
    first_on: date | None
    last_on: date | None

    @property
    def left(self) -> int | None:
        """How many events are left; none below zero, where a limit was passed on somebody's order."""
        return None if self.max_events is None else max(self.max_events - self.used, 0)

    @property
    def gives(self) -> bool:
        return self.active and self.left != 0

    @property
    def amount(self) -> Decimal | None:
        """Up to how much the plan bears of the next event; None is without limit."""
        return self.max_amount if self.gives else Decimal(0)


def spends(event: Event, *, visit_counts: bool) -> bool:
    """Whether it takes one from what is left. A cancelled one does if its visit was charged and the plan says so."""
    if event.category not in SPENDING:
        return False
    return event.stage not in NEVER_GIVEN or (visit_counts and event.charged)


def cover_today(plan: Plan, events: Iterable[Event], *, since_on: date | None, today: date) -> Sequence[Covered]:
    """Every coverage of a plan, in its order."""
    spent = [one for one in events if spends(one, visit_counts=plan.visit_counts)]
    return [_covered(plan, coverage, spent, since_on, today) for coverage in plan.coverages]


def _covered(plan: Plan, coverage: Coverage, spent: Sequence[Event], since_on: date | None, today: date) -> Covered:
    first_on, last_on = period_around(today, coverage.period, since_on=since_on)
    sharing = {one.service for one in plan.coverages if coverage.group and one.group == coverage.group}
    services = sharing | {coverage.service}
    used = sum(
        event.service in services and (first_on or event.on) <= event.on <= (last_on or event.on) for event in spent
    )
    return Covered(
        service=coverage.service,
        active=coverage.active,
        max_amount=coverage.max_amount,
        max_events=coverage.max_events,
        period=coverage.period,
        group=coverage.group,
        used=used,
        first_on=first_on,
        last_on=last_on,
    )


def period_around(today: date, period: Period, *, since_on: date | None) -> tuple[date | None, date | None]:
    """The first and the last day of the period that holds a day.

    A year goes from the anniversary of the plan to the eve of the next one; with no such day known, it is the
    calendar's. Who began on 29 February begins its common years on 1 March.
    """
    if period == Period.EVER:
        return None, None
    if period == Period.MONTH:
        first = today.replace(day=1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    begins = since_on or date(today.year, 1, 1)
    this_year = anniversary(begins, today.year)
    first = this_year if this_year <= today else anniversary(begins, today.year - 1)
    return first, anniversary(begins, first.year + 1) - timedelta(days=1)


def anniversary(begins: date, year: int) -> date:
    if (begins.month, begins.day) == LEAP_DAY and not _leaps(year):
        return date(year, 3, 1)
    return begins.replace(year=year)


def _leaps(year: int) -> bool:
    return date(year, 3, 1) - date(year, 2, 28) > timedelta(days=1)


def earliest_needed(plan: Plan, *, since_on: date | None, today: date) -> date | None:
    """From which day on events matter to some limit of a plan; None is from the first one on."""
    limited = [one.period for one in plan.coverages if one.max_events is not None]
    firsts = [period_around(today, one, since_on=since_on)[0] for one in limited]
    return None if None in firsts else min((one for one in firsts if one), default=today)


def blockers_to_guarantee(
    *, same_service: bool, same_person: bool, finished_on: date | None, stage: str, days: int, today: date
) -> Sequence[Saying]:
    """Why a work is not done again under the guarantee of another. The last day still counts."""
    if not (same_service and same_person):
        return [Saying(_("La garantía es del mismo servicio y del mismo afiliado. Busque la asistencia de entonces."))]
    if finished_on is None or stage in NEVER_GIVEN:
        return [Saying(_("Esa asistencia no terminó en un trabajo que se pueda garantizar."))]
    if today > finished_on + timedelta(days=days):
        return [Saying(_("La garantía de ese trabajo ya venció. Ábrala en cobertura o en conexión."))]
    return []
