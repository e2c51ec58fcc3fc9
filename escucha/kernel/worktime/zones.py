"""Wall clocks and instants: the exact instant of a local time, also where clocks jump."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

SECOND = timedelta(seconds=1)


class UnknownZone(ValueError):
    """No zone of the IANA database has this name."""


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone. Raises UnknownZone, whatever the odd name."""
    try:
        if name not in _names():
            raise UnknownZone(name)
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UnknownZone(name) from error


@cache
def _names() -> frozenset[str]:
    # The folder of the database also holds files that are no place, and what each machine calls its own time.
    return frozenset(available_timezones() - {"Factory", "localtime"})


def readings(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """The instants (UTC) at which clocks of the zone show `wall`: none in a jump, two when an hour is repeated."""
    both = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(at for at in both if at.astimezone(zone).replace(tzinfo=None, fold=0) == wall)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) at which clocks of the zone show `wall` or later."""
    exact = readings(wall, zone)
    return exact[0] if exact else _jump_over(wall, zone)


def _jump_over(wall: datetime, zone: ZoneInfo) -> datetime:
    before, after = sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    seconds = int((after - before) / SECOND)
    low, high = 0, seconds
    while low < high:
        middle = (low + high) // 2
        if (before + middle * SECOND).astimezone(zone).replace(tzinfo=None) >= wall:
            high = middle
        else:
            low = middle + 1
    return before + low * SECOND


class Midnights:
    """The instant at which each date of a zone begins, found when first asked for and kept."""

    def __init__(self, zone: ZoneInfo, first: date, last: date) -> None:
        self._zone = zone
        self._base = first.toordinal()
        self._found: list[datetime | None] = [None] * (last.toordinal() - self._base + 2)

    def of(self, ordinal: int) -> datetime:
        """The first instant (UTC) of the date with this ordinal."""
        place = ordinal - self._base
        if not 0 <= place < len(self._found):
            return self._look_up(ordinal)
        return self._found[place] or self._keep(place, ordinal)

    def _keep(self, place: int, ordinal: int) -> datetime:
        found = self._found[place] = self._look_up(ordinal)
        return found

    def _look_up(self, ordinal: int) -> datetime:
        return instant_of(datetime.combine(date.fromordinal(ordinal), time()), self._zone)


@lru_cache(maxsize=64)
def midnights_of(zone: ZoneInfo, first: date, last: date) -> Midnights:
    """The table of midnights, shared by all calendars of a zone."""
    return Midnights(zone, first, last)
