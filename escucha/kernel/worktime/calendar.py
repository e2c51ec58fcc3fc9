"""Calendar: which days and hours count in a place, counted by prefix sums.

Every answer is exact: a span of working time added to a moment is the span measured back.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, compress
from types import MappingProxyType
from zoneinfo import ZoneInfo

from escucha.kernel.words import _
from escucha.kernel.worktime.days import CountingNorms, DayRow, OffDay, Reason
from escucha.kernel.worktime.zones import instant_of, midnights_of

SATURDAY, SUNDAY = 5, 6
DAY_MINUTES = 1440
Shift = tuple[int, int]  # minutes after midnight, of opening and closing
Week = Mapping[int, tuple[Shift, ...]]  # 0 is Monday


NO_NORMS = CountingNorms()


class NeverOpen(ValueError):
    """The calendar has no working time where some was needed."""


class OutsideYears(ValueError):
    """A date falls outside the years that the calendar knows; `by` names what takes it there, by its key."""

    def __init__(self, message: str, by: str = "term") -> None:
        super().__init__(message)
        self.by = by


class Calendar:
    """The business days and office hours of one zone, for a range of years. Build it once, ask it often."""

    def __init__(
        self,
        *,
        zone: ZoneInfo,
        weekend: Collection[int] = (SATURDAY, SUNDAY),
        off_days: Mapping[date, OffDay] = MappingProxyType({}),
        closures: Mapping[date, str | None] = MappingProxyType({}),
        office_hours: Week = MappingProxyType({}),
        years: tuple[int, int] = (1984, 2100),
        norms: CountingNorms = NO_NORMS,
        version: str = "",
    ) -> None:
        self.zone = zone
        self.weekend = frozenset(weekend)
        self.off_days = off_days
        self.closures = closures
        self.office_hours: Week = {day: tuple(sorted(shifts)) for day, shifts in office_hours.items()}
        self.years = years
        self.norms = norms
        self.version = version
        self.first, self.last = date(years[0], 1, 1), date(years[1], 12, 31)
        self.base = self.first.toordinal()
        self.size = self.last.toordinal() - self.base + 1
        flags = self._flags()
        self.flags = bytes(flags)
        self.before: list[int] = list(accumulate(flags, initial=0))  # business days before each day of the range
        self.business: list[int] = list(compress(range(self.base, self.base + self.size), flags))
        self.midnights = midnights_of(zone, self.first, self.last)
        self._off_rows: dict[int, DayRow] = {}
        self._shifts: dict[int, list[tuple[datetime, datetime]]] = {}
        self._closing = {day: shifts[-1][1] for day, shifts in self.office_hours.items() if shifts}

    def day_of(self, moment: datetime) -> date:
        """The local date of an aware moment."""
        return moment.astimezone(self.zone).date()

    def is_business(self, day: date) -> bool:
        """Whether the date is no weekend, holiday or closure. Raises OutsideYears."""
        return bool(self.flags[self.place(day.toordinal())])

    def is_open_on(self, day: date) -> bool:
        """Whether it is a business day with office hours."""
        return self.is_business(day) and bool(self.office_hours.get(day.weekday()))

    def last_closing(self, day: date) -> int | None:
        """Minutes after midnight of the day's last closing; nothing where the weekday has no hours."""
        return self._closing.get(day.weekday())

    def why_off(self, day: date) -> tuple[Reason, str | None] | None:
        """Why the date is no business day and by which norm; nothing if it is one."""
        if day.weekday() in self.weekend:
            named = {SATURDAY: Reason.SATURDAY, SUNDAY: Reason.SUNDAY}
            return named.get(day.weekday(), Reason.CLOSURE), self.norms.weekend
        if off := self.off_days.get(day):
            return Reason(off.reason), off.norm
        if day in self.closures:
            return Reason.CLOSURE, self.closures[day] or self.norms.closure
        return None

    def off_row(self, ordinal: int) -> DayRow:
        """The row of a date that is no business day, kept once written."""
        row = self._off_rows.get(ordinal)
        if row is None:
            day = date.fromordinal(ordinal)
            reason, norm = self.why_off(day) or (Reason.OUTSIDE_HOURS, self.norms.outside_hours)
            row = self._off_rows[ordinal] = DayRow(day, reason, None, norm)
        return row

    def place(self, ordinal: int) -> int:
        """Where a date stands in the range. Raises OutsideYears."""
        place = ordinal - self.base
        if 0 <= place < self.size:
            return place
        raise OutsideYears(_("La fecha está fuera de los años %d a %d del calendario.") % self.years)

    def count(self, first: int, last: int) -> int:
        """Business days among the ordinals `first` to `last`, both included."""
        if last < first:
            return 0
        return self.before[self.place(last) + 1] - self.before[self.place(first)]

    def nth_from(self, first: int, number: int) -> int:
        """The ordinal of the n-th business day on or after `first`. Raises OutsideYears."""
        return self._business_at(self.before[self.place(first)] + number - 1)

    def nth_business_day(self, day: date, number: int) -> date:
        """The n-th business day after the date."""
        return date.fromordinal(self._business_at(self.before[self.place(day.toordinal()) + 1] + number - 1))

    def next_business_day(self, day: date) -> date:
        """The first business day after the date."""
        return self.nth_business_day(day, 1)

    def rolled(self, day: date) -> date:
        """The date itself if it is a business day, or the next one."""
        return date.fromordinal(self.nth_from(day.toordinal(), 1))

    def business_days_between(self, first: date, last: date) -> int:
        """Business days after `first`, up to `last` included; negative when `last` is the earlier."""
        if last < first:
            return -self.count(last.toordinal() + 1, first.toordinal())
        return self.count(first.toordinal() + 1, last.toordinal())

    def midnight_of(self, day: date) -> datetime:
        """The instant (UTC) at which the date begins; where midnight is skipped, the first that follows."""
        return self.midnights.of(day.toordinal())

    def midnight_after_date(self, day: date) -> datetime:
        """The instant (UTC) at which the date is over."""
        return self.midnights.of(day.toordinal() + 1)

    def opens_next(self, moment: datetime) -> datetime:
        """The moment itself inside office hours, or the next opening. Raises NeverOpen."""
        for opens, _closes in self._shifts_from(moment):
            return opens
        raise NeverOpen(_("No hay horario de atención después de ese momento."))

    def is_open_at(self, moment: datetime) -> bool:
        """Whether the office is open: opening included, closing not."""
        try:
            return self.opens_next(moment) == moment
        except NeverOpen:
            return False

    def add_time(self, start: datetime, span: timedelta) -> datetime:
        """The moment (UTC) when `span` of working time has passed since `start`. Raises NeverOpen.

        The end may be a closing: eight hours of an eight-hour day end as it closes.
        """
        left = span
        for opens, closes in self._shifts_from(start):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise NeverOpen(_("El calendario no tiene tanto tiempo de atención."))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time that passes from `start` to `end`."""
        total = timedelta()
        for opens, closes in self._shifts_from(start):
            if opens >= end:
                break
            total += min(closes, end) - opens
        return total

    def shifts_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """Openings and closings of the date as instants (UTC); none unless it is a business day."""
        if not self.is_business(day):
            return []
        shifts = self.office_hours.get(day.weekday(), ())
        spans = [(self._at(day, opens), self._at(day, closes)) for opens, closes in shifts]
        return [(opens, closes) for opens, closes in spans if closes > opens]

    def _at(self, day: date, minutes: int) -> datetime:
        if minutes == DAY_MINUTES:
            return self.midnight_after_date(day)
        return instant_of(datetime.combine(day, time(minutes // 60, minutes % 60)), self.zone)

    def _shifts_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        if not any(self.office_hours.values()):
            return
        begins = start.astimezone(UTC)
        today = self.day_of(start).toordinal()
        self.place(today)
        for place in range(bisect_left(self.business, today), len(self.business)):
            for opens, closes in self._shifts_of(self.business[place]):
                if closes > begins:
                    yield max(opens, begins), closes

    def _shifts_of(self, ordinal: int) -> list[tuple[datetime, datetime]]:
        """The shifts of a date, kept once found."""
        shifts = self._shifts.get(ordinal)
        if shifts is None:
            shifts = self._shifts[ordinal] = self.shifts_on(date.fromordinal(ordinal))
        return shifts

    def _business_at(self, index: int) -> int:
        if 0 <= index < len(self.business):
            return self.business[index]
        raise OutsideYears(_("El plazo sale de los años %d a %d del calendario.") % self.years)

    def _flags(self) -> bytearray:
        start = self.first.weekday()
        week = bytes((start + shift) % 7 not in self.weekend for shift in range(7))
        flags = bytearray(week * (self.size // 7 + 1))[: self.size]
        for day in (*self.off_days, *self.closures):
            place = day.toordinal() - self.base
            if 0 <= place < self.size:
                flags[place] = 0
        return flags
