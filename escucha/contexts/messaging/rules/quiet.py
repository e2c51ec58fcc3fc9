"""The hours of the night in which no telephone should ring for us."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from escucha.kernel.worktime.zones import instant_of

DAY = timedelta(days=1)


def after_quiet(moment: datetime, *, quiet_from: time, quiet_until: time, zone: ZoneInfo) -> datetime:
    """The moment itself, or the end of the quiet hours it falls in. Equal ends are no quiet hours."""
    local = moment.astimezone(zone)
    if not _within(local.time(), quiet_from, quiet_until):
        return moment
    ends_today = local.time() < quiet_until
    day = local.date() if ends_today else local.date() + DAY
    return instant_of(datetime.combine(day, quiet_until), zone).astimezone(UTC)


def next_morning(moment: datetime, *, quiet_until: time, zone: ZoneInfo) -> datetime:
    """When texts leave again the day after."""
    day = moment.astimezone(zone).date() + DAY
    return instant_of(datetime.combine(day, quiet_until), zone).astimezone(UTC)


def _within(clock: time, start: time, end: time) -> bool:
    return start <= clock < end if start <= end else clock >= start or clock < end
