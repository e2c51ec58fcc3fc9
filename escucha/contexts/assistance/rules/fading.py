"""The counts of a provider at a moment: what was counted weighs less as the days go by."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from escucha.contexts.assistance.rules.standings import fading, recent_fading

OF_THE_BAND = ("asked", "answered", "accepted")
OF_ALL_HOURS = ("jobs", "on_time", "rated", "conforming", "completed", "cost", "recent")
COUNTS = (*OF_THE_BAND, *OF_ALL_HOURS)  # as a record has them
DAY = timedelta(days=1)


def faded(counts: Mapping[str, float], *, since: datetime, now: datetime) -> dict[str, float]:
    """What is left now of what was counted until `since`. Nothing grows by looking back."""
    days = (now - since) / DAY
    left, left_recent = fading(days), recent_fading(days)
    return {name: count * (left_recent if name == "recent" else left) for name, count in counts.items()}
