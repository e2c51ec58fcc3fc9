"""How long things took, for who answers for them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Aggregate, Count, DurationField, F, Max

from escucha.contexts.cases.queries.doors import listed_cases
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor


class HandOver(NamedTuple):
    """How long a unit took to hand over what it received: elapsed time, nights and holidays included."""

    unit_id: int
    unit: str
    cases: int
    median: timedelta
    worst: timedelta

    @property
    def median_hours(self) -> float:
        return self.median / timedelta(hours=1)

    @property
    def worst_hours(self) -> float:
        return self.worst / timedelta(hours=1)


class Median(Aggregate):
    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def hand_over_times(*, org: Organisation, viewer: Actor, since: datetime, until: datetime) -> Sequence[HandOver]:
    """How long areas took to hand over what they received, of the cases filed from `since` to before `until`.

    By receiving unit, the slowest first. What User Attention received itself was never handed over.
    """
    found = listed_cases(org=org, viewer=viewer).filter(filed_at__gte=since, filed_at__lt=until)
    found = found.filter(received_unit__central=False).annotate(took=F("filed_at") - F("received_at"))
    by_unit = found.values("received_unit_id", "received_unit__label")
    rows = by_unit.annotate(cases=Count("pk"), median=Median("took"), worst=Max("took")).order_by(
        "-worst", "received_unit__label"
    )
    return [
        HandOver(row["received_unit_id"], row["received_unit__label"], row["cases"], row["median"], row["worst"])
        for row in rows
    ]
