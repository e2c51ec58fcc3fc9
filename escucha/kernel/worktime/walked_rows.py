"""The ledger of a term as it is walked, row by row."""

from collections.abc import Callable
from datetime import date, timedelta
from math import gcd

from escucha.kernel.worktime.calendar import Calendar
from escucha.kernel.worktime.days import DayRow, Reason
from escucha.kernel.worktime.steps import (
    ONE_DAY,
    Walk,
    between,
    counts,
    end_of,
    is_open,
    restart_of,
    stopped,
    wanted_days,
    working_steps,
)
from escucha.kernel.worktime.terms import Unit


def walked_rows(life: Walk) -> list[DayRow]:
    """One row for each date, up to the last or to the request that paused the term."""
    arrived = life.received_at.astimezone(life.calendar.zone).date()
    last = end_of(life, life.amount, final=True).due_date or max(life.pauses[-1].requested_on, life.receipt)
    if life.term.unit in (Unit.ELAPSED_HOURS, Unit.ELAPSED_MINUTES):
        norm = life.calendar.norms.elapsed
        rows = [DayRow(arrived, Reason.RECEIVED, None, norm), DayRow(last, Reason.COUNTED, life.amount, norm)]
        return rows if last > arrived else rows[:1]
    number = _minutes_by_date(life) if life.term.unit == Unit.WORKING_MINUTES else _numbers(life, last)
    return [_row(life, day, number(day)) for day in (arrived, *between(arrived, last))]


def _minutes_by_date(life: Walk) -> Callable[[date], int | None]:
    passed: dict[date, int] = {}
    steps = list(working_steps(life, life.amount))
    seconds = gcd(60, life.received_at.second)
    for count, moment in enumerate(steps, 1):
        passed[(moment - timedelta(seconds=1)).astimezone(life.calendar.zone).date()] = count * seconds // 60
    return passed.get


def _numbers(life: Walk, last: date) -> Callable[[date], int | None]:
    """The number of each date that counts. A last day that moves is counted where it lands."""
    numbers: dict[date, int] = {}
    wanted, counted, restart = wanted_days(life, life.amount), 0, restart_of(life)
    if restart and life.term.unit == Unit.CALENDAR_MONTHS:
        restart += ONE_DAY
    rolls = life.term.roll_last_day and life.term.unit != Unit.BUSINESS_DAYS
    for day in (life.receipt, *between(life.receipt, last)):
        counted = 0 if day == restart else counted
        goes_on = day < last or life.is_paused
        lands_later = rolls and counted == wanted - 1 and goes_on and not is_open(life.calendar, day)
        if counted < wanted and counts(life, day) and not lands_later:
            counted += 1
            numbers[day] = counted
    return numbers.get


def _row(life: Walk, day: date, number: int | None) -> DayRow:
    norms = life.calendar.norms
    if number is not None:
        return DayRow(day, Reason.COUNTED, number, norms.counted)
    if day == life.receipt:
        return DayRow(day, Reason.RECEIVED, None, norms.received)
    pausable = life.term.unit in (Unit.CALENDAR_DAYS, Unit.CALENDAR_MONTHS) and day > life.receipt
    if not is_open(life.calendar, day) and not (pausable and stopped(life, day)):
        return _off(life.calendar, day)
    if day < life.receipt or life.term.unit == Unit.WORKING_MINUTES:
        return DayRow(day, Reason.OUTSIDE_HOURS, None, norms.outside_hours)
    return DayRow(day, Reason.PAUSED, None, norms.paused)


def _off(calendar: Calendar, day: date) -> DayRow:
    norms = calendar.norms
    if day.weekday() in calendar.weekend:
        reason = {5: Reason.SATURDAY, 6: Reason.SUNDAY}.get(day.weekday(), Reason.CLOSURE)
        return DayRow(day, reason, None, norms.weekend)
    if day in calendar.off_days:
        off = calendar.off_days[day]
        return DayRow(day, Reason.HOLIDAY if off.reason == "holiday" else Reason.CIVIC_DAY, None, off.norm)
    return DayRow(day, Reason.CLOSURE, None, calendar.closures[day] or norms.closure)
