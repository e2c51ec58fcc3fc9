"""The counts of a provider at a moment: what was counted weighs less as the days go by."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from escucha.contexts.assistance.rules.standings import Band, Record, fading, recent_fading

OF_THE_BAND = ("asked", "answered", "accepted")
OF_ALL_HOURS = ("jobs", "on_time", "rated", "conforming", "completed", "cost", "recent")
COUNTS = (*OF_THE_BAND, *OF_ALL_HOURS)
DAY = timedelta(days=1)


class Kept(NamedTuple):
    """The counts of one part of the day, as of the moment to which they were faded."""

    band: int
    faded_at: datetime
    counts: tuple[float, ...]  # in the order of COUNTS


def faded(counts: Mapping[str, float], *, since: datetime, now: datetime) -> dict[str, float]:
    """What is left now of what was counted until `since`. Nothing grows by looking back."""
    days = (now - since) / DAY
    left, left_recent = fading(days), recent_fading(days)
    return {name: count * (left_recent if name == "recent" else left) for name, count in counts.items()}


def record_of(kept: Iterable[Kept], *, band: Band, now: datetime) -> Record:
    """The record of a provider now: how it answers at this part of the day, and the rest at every hour."""
    total = dict.fromkeys(COUNTS, 0.0)
    for one in kept:
        days = (now - one.faded_at) / DAY
        left, left_recent = fading(days), recent_fading(days)
        for name, count in zip(COUNTS, one.counts, strict=True):
            if count and (one.band == band or name not in OF_THE_BAND):
                total[name] += count * (left_recent if name == "recent" else left)
    return Record(**total)
