"""What the strip asks of a calendar: the days after a term's end, and what its holidays are called."""

from collections.abc import Iterable
from datetime import date, timedelta

from escucha.kernel.worktime.calendar import Calendar
from escucha.kernel.worktime.days import DayRow, Reason


def rows_after(calendar: Calendar, last: date, until: date) -> list[DayRow]:
    """The rows after a term's last day up to `until`, business days counted from 1: how late it is."""
    rows, counted, day = [], 0, last + timedelta(days=1)
    while day <= until:
        if off := calendar.why_off(day):
            rows.append(DayRow(day, off[0], None, off[1]))
        else:
            counted += 1
            rows.append(DayRow(day, Reason.COUNTED, counted, calendar.norms.counted))
        day += timedelta(days=1)
    return rows


def names_of(calendar: Calendar, days: Iterable[date]) -> dict[date, str]:
    """What the holidays and civic days among some dates are called."""
    return {day: calendar.off_days[day].name for day in days if day in calendar.off_days}
