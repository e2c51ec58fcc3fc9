"""How near something owed is to failing, said before it fails; and whether who goes would arrive too late."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from escucha.contexts.assistance.rules.travel import Place, road_minutes
from escucha.kernel.words import _

HALF, MOST = 0.5, 0.75  # of the time that was given
NEAR = timedelta(hours=1)


class Risk(IntEnum):
    """The worst of several is the highest."""

    NONE = 0
    SOON = 1
    AT_RISK = 2
    OVERDUE = 3


RISK_NAMES: Mapping[Risk, str] = {
    Risk.NONE: "",
    Risk.SOON: _("Por vencer"),
    Risk.AT_RISK: _("En riesgo"),
    Risk.OVERDUE: _("Vencido"),
}


class Span(NamedTuple):
    """The time that something owed was given."""

    counted_from: datetime
    due_at: datetime


class Way(NamedTuple):
    """What is known of who goes and has not arrived: the hour it said, or when it left and from where to where."""

    eta_at: datetime | None = None
    left_at: datetime | None = None
    here: Place | None = None
    there: Place | None = None


def spent(span: Span, now: datetime) -> float:
    """The share of its time that has gone by: 1 or more once it is overdue. Due as it is born, it was given none."""
    whole = span.due_at - span.counted_from
    share = (now - span.counted_from) / whole if whole > timedelta() else 0.0
    return max(1.0, share) if now >= span.due_at else share


def risk_of(span: Span, now: datetime) -> Risk:
    share = spent(span, now)
    if share >= 1:
        return Risk.OVERDUE
    if share >= MOST:
        return Risk.AT_RISK
    return Risk.SOON if share >= HALF else Risk.NONE


def is_near(span: Span, now: datetime) -> bool:
    """Whether it is time to have it at hand: it is due within the hour, or its alerts have begun."""
    return span.due_at - now <= NEAR or risk_of(span, now) is not Risk.NONE


def worst(spans: Iterable[Span], *, late: bool, now: datetime) -> Risk:
    """Of everything owed; `late`: who goes would arrive too late, which is a risk whatever is owed."""
    found = max((risk_of(one, now) for one in spans), default=Risk.NONE)
    return max(found, Risk.AT_RISK) if late else found


def arrival(way: Way, *, hour: int, now: datetime) -> datetime | None:
    """When who goes is expected: at the hour it said, or by how long the way takes; never before now.

    `hour`: that of the place, which says how fast one drives there.
    """
    said = way.eta_at
    if said is None and way.left_at and way.here and way.there:
        said = way.left_at + timedelta(minutes=road_minutes(way.here, way.there, hour=hour))
    return said and max(said, now)


def would_be_late(way: Way, *, until: datetime | None, hour: int, now: datetime) -> bool:
    """Whether it is expected after the end of the agreed window. Without a window there is nothing to miss."""
    expected = arrival(way, hour=hour, now=now)
    return until is not None and expected is not None and expected > until
