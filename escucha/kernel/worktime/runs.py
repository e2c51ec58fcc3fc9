"""How a term's time runs: by days, in runs between pauses, or through to an instant."""

from datetime import date, datetime

from escucha.kernel.worktime.calendar import Calendar, OutsideYears
from escucha.kernel.worktime.life import RequestDay, Resume, StageDue, Switches
from escucha.kernel.worktime.terms import CountFrom, Term, Unit, due_by_instant, months_later, outside

NOT_YET = StageDue(None, None)


class InstantClock:
    """Hours and minutes: they end at an instant and nothing pauses them."""

    def __init__(self, calendar: Calendar, received_at: datetime, unit: Unit) -> None:
        self._calendar, self._received_at, self._unit = calendar, received_at, unit
        self._passed, self._reached = 0, received_at  # by the last stage

    def due(self, amount: int) -> StageDue:
        """Where the amount ends. Raises OutsideYears and NeverOpen."""
        return StageDue(*due_by_instant(self._calendar, self._received_at, amount, self._unit))

    def stage(self, amount: int) -> StageDue:
        """The end of the first part of the term; stages are asked in their order, each going on where one ended."""
        last, ends = due_by_instant(self._calendar, self._reached, amount - self._passed, self._unit)
        self._passed, self._reached = amount, ends
        return StageDue(last, ends)


class DayClock:
    """Days and months. Each run is a stretch of ordinals that count: from the start, or a resumption, to a pause."""

    def __init__(self, calendar: Calendar, term: Term, receipt: date, switches: Switches) -> None:
        self.calendar, self._term, self._switches = calendar, term, switches
        self.business = term.unit is Unit.BUSINESS_DAYS
        self.months = term.unit is Unit.CALENDAR_MONTHS
        self._anchor = receipt  # months are counted from it
        same_day = term.count_from is CountFrom.SAME_DAY and not self.months
        self._start = receipt.toordinal() + (not same_day)
        self.rolls = not self.business and term.roll_last_day
        self._closed: list[tuple[int, int]] = []
        self._voided: list[tuple[int, int]] = []  # runs that a restart made void
        self.open: int | None = self._start  # where the running stretch began
        self.restarted_at: int | None = None
        self._completed_on: date | None = None

    def due(self, amount: int) -> StageDue:
        """The end of the whole term; nothing while it is paused. Raises OutsideYears."""
        if self.open is None:
            return NOT_YET
        last = self._nth(self.days_in(amount))
        if self._completed_on and last is not None and last < self.open:
            # Every day was used before the pause: what is left is the day of completion.
            return self._ending(self._completed_on, roll=self.business or self._term.roll_last_day)
        return self._end(last)

    def stage(self, amount: int) -> StageDue:
        """The end of the first part of the term; a pause after it does not move it."""
        return self._end(self._nth(self.days_in(amount)))

    def days_in(self, amount: int) -> int:
        """How many days the amount is."""
        if not self.months:
            return amount
        try:
            return (months_later(self._anchor, amount) - self._anchor).days
        except OverflowError:
            raise outside(self.calendar) from None

    def pause(self, on: date) -> None:
        """The day of the request is the last one used, or the first one not used."""
        assert self.open is not None
        last = on.toordinal() - (self._switches.request_day is RequestDay.NOT_CONSUMED)
        self._closed.append((self.open, last))
        self.open = None

    def resume(self, on: date) -> None:
        """From the first business day after completion: what was left, or the whole term."""
        resumes = max(self.calendar.next_business_day(on).toordinal(), self._start)
        if self._switches.resume is Resume.RESTART:
            self._anchor = date.fromordinal(resumes)
            self.restarted_at = resumes = resumes + self.months
            self._voided, self._closed = [*self._voided, *self._closed], []
        else:
            self._completed_on = on
        self.open = resumes

    def is_running(self, ordinal: int) -> bool:
        """Whether no pause holds on that date."""
        running = self.open is not None and ordinal >= self.open
        return running or any(first <= ordinal <= last for first, last in (*self._voided, *self._closed))

    def counts(self, ordinal: int, *, moved: bool) -> bool:
        """Whether the date is one of the term; a last day that must be `moved` counts only if it is a business day."""
        if not self.is_running(ordinal):
            return False
        return self.calendar.is_business(date.fromordinal(ordinal)) if self.business or moved else True

    def count(self, first: int, last: int) -> int:
        """Days of the term's kind among the ordinals, both included."""
        return self.calendar.count(first, last) if self.business else max(0, last - first + 1)

    def used(self) -> int:
        """Days counted before the pause."""
        return sum(self.count(first, last) for first, last in self._closed)

    def _nth(self, number: int) -> int | None:
        """The ordinal of the n-th day that counts; nothing if the term is paused before it."""
        for first, last in self._closed:
            inside = self.count(first, last)
            if number <= inside:
                return self._nth_from(first, number)
            number -= inside
        return None if self.open is None else self._nth_from(self.open, number)

    def _nth_from(self, first: int, number: int) -> int:
        return self.calendar.nth_from(first, number) if self.business else first + number - 1

    def _end(self, last: int | None) -> StageDue:
        if last is None:
            return NOT_YET
        self.calendar.place(last)
        return self._ending(date.fromordinal(last), roll=self.rolls)

    def _ending(self, day: date, *, roll: bool) -> StageDue:
        last = self.calendar.rolled(day) if roll else day
        return StageDue(last, self.calendar.midnight_after_date(last))


def person_limit(calendar: Calendar, requested_on: date, months: int) -> date:
    """Until when the person may complete: so many months after the request, moved to a business day.

    Raises OutsideYears.
    """
    try:
        return calendar.rolled(months_later(requested_on, months))
    except (OverflowError, OutsideYears):
        raise outside(calendar, by="person_months") from None
