"""The ledger of a term: one row for each date, saying why it counts or not and by which norm."""

from datetime import date, datetime, timedelta

from escucha.kernel.worktime.calendar import Calendar
from escucha.kernel.worktime.days import DayRow, Reason
from escucha.kernel.worktime.runs import DayClock

_COUNTED, _from_ordinal = Reason.COUNTED, date.fromordinal


def plain_rows(calendar: Calendar, received_on: date, receipt: date, first: int, last: int) -> list[DayRow]:
    """Rows of business days that nothing paused, counted from the ordinal `first` to `last`."""
    rows, begins = _before(calendar, received_on, receipt), receipt.toordinal()
    norm, flags, base, n = calendar.norms.counted, calendar.flags, calendar.base, 0
    if first > begins or not flags[begins - base]:
        rows.append(_received(calendar, receipt))
        begins += 1
    for ordinal in range(begins, last + 1):
        if flags[ordinal - base]:
            n += 1
            rows.append(DayRow(_from_ordinal(ordinal), _COUNTED, n, norm))
        else:
            rows.append(calendar.off_row(ordinal))
    return rows


def run_rows(clock: DayClock, received_on: date, receipt: date, whole: int, last: date) -> list[DayRow]:
    """Rows of any term of days or months, up to its last date, or to the request that paused it.

    A last day that is moved counts where it lands; the dates passed over say why they could not be the last.
    """
    rows, n, ends = _before(clock.calendar, received_on, receipt), 0, last.toordinal()
    for ordinal in range(receipt.toordinal(), ends + 1):
        if ordinal == clock.restarted_at:
            n = 0
        moved = clock.rolls and n == whole - 1 and (ordinal < ends or clock.open is None)
        if n < whole and clock.counts(ordinal, moved=moved):
            n += 1
            rows.append(DayRow(_from_ordinal(ordinal), _COUNTED, n, clock.calendar.norms.counted))
        elif ordinal == receipt.toordinal():
            rows.append(_received(clock.calendar, receipt))
        else:
            rows.append(_stopped(clock, ordinal))
    return rows


def elapsed_rows(calendar: Calendar, received_on: date, last: date, amount: int) -> list[DayRow]:
    """First and last date of a term of hours or minutes."""
    rows = [DayRow(received_on, Reason.RECEIVED, None, calendar.norms.elapsed)]
    if last > received_on:
        rows.append(DayRow(last, Reason.COUNTED, amount, calendar.norms.elapsed))
    return rows


def working_rows(calendar: Calendar, received_at: datetime, receipt: date, due_at: datetime) -> list[DayRow]:
    """Rows of working minutes: `n` is how many whole ones have passed when the date ends."""
    rows: list[DayRow] = []
    day, last, total = calendar.day_of(received_at), calendar.day_of(due_at), timedelta()
    while day <= last:
        shifts = calendar.shifts_on(day)
        worked = sum((_overlap(shift, received_at, due_at) for shift in shifts), timedelta())
        total += worked
        if worked:
            rows.append(DayRow(day, Reason.COUNTED, int(total.total_seconds()) // 60, calendar.norms.counted))
        else:
            rows.append(_received(calendar, day) if day == receipt else calendar.off_row(day.toordinal()))
        day += timedelta(days=1)
    return rows


def _overlap(shift: tuple[datetime, datetime], starts: datetime, ends: datetime) -> timedelta:
    return max(min(shift[1], ends) - max(shift[0], starts), timedelta())


def _before(calendar: Calendar, received_on: date, receipt: date) -> list[DayRow]:
    """Dates between arrival and the date that counts as receipt."""
    return [calendar.off_row(ordinal) for ordinal in range(received_on.toordinal(), receipt.toordinal())]


def _received(calendar: Calendar, day: date) -> DayRow:
    return DayRow(day, Reason.RECEIVED, None, calendar.norms.received)


def _stopped(clock: DayClock, ordinal: int) -> DayRow:
    off = not clock.calendar.is_business(_from_ordinal(ordinal))
    if off and (clock.business or clock.is_running(ordinal)):
        return clock.calendar.off_row(ordinal)
    return DayRow(_from_ordinal(ordinal), Reason.PAUSED, None, clock.calendar.norms.paused)
