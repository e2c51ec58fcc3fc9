"""How a provider has done with each service as the ranking weighs it: what it did lately, and the mean of the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import DurationField, ExpressionWrapper, F, FloatField, Func, Max, QuerySet, Sum, Value
from django.db.models.functions import Cast, Extract, Greatest

from escucha.contexts.assistance.models import Provider, Standing
from escucha.contexts.assistance.rules.fading import COUNTS
from escucha.contexts.assistance.rules.standings import Record, fading, recent_fading, shrunk, zone_of

DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Done:
    """What is expected of a provider with a service, each between 0 and 1, and out of how much that is known."""

    service: str
    record: Record
    answers: float
    accepts: float
    on_time: float
    conforms: float
    last_assigned_at: datetime | None


def record_of(provider: Provider, *, now: datetime) -> Sequence[Done]:
    """Of every hour, service by service: two statements. Nothing of a service for which it was never asked."""
    own = _faded(Standing.objects.filter(provider=provider), now=now)
    services = [service for service, _last, _record in own]
    everybody = Standing.objects.filter(org=provider.org_id, service__in=services)
    means = {service: zone_of([record]) for service, _last, record in _faded(everybody, now=now)}
    return [
        Done(
            service=service,
            record=record,
            answers=shrunk(record.answered, record.asked, means[service].answers),
            accepts=shrunk(record.accepted, record.answered, means[service].accepts),
            on_time=shrunk(record.on_time, record.jobs, means[service].on_time),
            conforms=shrunk(record.conforming, record.rated, means[service].conforms),
            last_assigned_at=last,
        )
        for service, last, record in own
    ]


def _faded(found: QuerySet[Standing], *, now: datetime) -> Sequence[tuple[str, datetime | None, Record]]:
    """The counts of each service as they weigh now."""
    left = {name: _left(recent_fading(1) if name == "recent" else fading(1), now=now) for name in COUNTS}
    sums = {f"{name}_now": Sum(F(name) * left[name], default=0.0) for name in COUNTS}
    rows = found.order_by("service").values("service").annotate(last=Max("last_assigned_at"), **sums)
    return [(service, last, Record(*counts)) for service, last, *counts in rows.values_list("service", "last", *sums)]


def _left(a_day: float, *, now: datetime) -> Func:
    """What is left now of what was counted: so much of it for each day."""
    since = ExpressionWrapper(Value(now) - F("faded_at"), output_field=DurationField())
    # Exact numbers would be raised to a power a hundred times slower.
    days = Greatest(Cast(Extract(since, "epoch"), FloatField()) / Value(DAY_SECONDS), Value(0.0))
    return Func(Value(a_day, output_field=FloatField()), days, function="power", output_field=FloatField())
