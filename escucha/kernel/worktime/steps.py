"""A term walked one day, or one minute, at a time: the slow second opinion, its steps.

It shares the words of a term with the counting engine and none of its arithmetic: dates are looked at one after the
other, midnights are found by asking the zone, working time passes minute by minute.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import gcd

from escucha.kernel.worktime.calendar import Calendar
from escucha.kernel.worktime.life import Refusal, RequestDay, Resume, StageDue, Switches
from escucha.kernel.worktime.terms import CountFrom, Term, Unit

ONE_DAY, QUARTER = timedelta(days=1), timedelta(minutes=15)


@dataclass
class Pause:
    """A stretch without counting: from the request to the day of completion, or without end."""

    requested_on: date
    completed_on: date | None = None


@dataclass
class Walk:
    """A term on its way."""

    calendar: Calendar
    received_at: datetime
    term: Term
    switches: Switches
    receipt: date
    amount: int
    pauses: list[Pause] = field(default_factory=list)
    was_extended: bool = False
    refused: list[Refusal] = field(default_factory=list)

    @property
    def is_paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].completed_on is None


def end_of(life: Walk, amount: int, *, final: bool) -> StageDue:
    """Where the amount ends; nothing while the term, or the stage, is paused before it."""
    if life.term.unit.value.endswith(("hours", "minutes")):
        return _end_by_instant(life, amount)
    day = _last_day(life, amount)
    done = life.pauses[-1].completed_on if life.pauses else None
    if final and life.is_paused:
        return StageDue(None, None)
    moves = life.term.roll_last_day and life.term.unit != Unit.BUSINESS_DAYS
    if final and day and done and life.switches.resume == Resume.REMAINING and day <= life.pauses[-1].requested_on:
        day, moves = done, moves or life.term.unit == Unit.BUSINESS_DAYS
    if day is None:
        return StageDue(None, None)
    day = until_open(life.calendar, day) if moves else day
    return StageDue(day, dawn(life.calendar, day + ONE_DAY))


def is_open(calendar: Calendar, day: date) -> bool:
    """Whether the date is a business day, asked of the lists themselves."""
    return day.weekday() not in calendar.weekend and day not in calendar.off_days and day not in calendar.closures


def dawn(calendar: Calendar, day: date) -> datetime:
    """The first instant (UTC) of the date in the zone, looked for by quarters of an hour."""
    moment = datetime.combine(day, time(), UTC) - timedelta(hours=16)
    while moment.astimezone(calendar.zone).date() < day:
        moment += QUARTER
    return moment


def dates_from(day: date) -> Iterator[date]:
    """The date and all that follow."""
    while True:
        yield day
        day += ONE_DAY


def until_open(calendar: Calendar, day: date) -> date:
    """The date itself if it is a business day, or the next one."""
    return next(day for day in dates_from(day) if is_open(calendar, day))


def between(first: date, last: date) -> Iterator[date]:
    """Dates after the first, up to the last."""
    day = first
    while day < last:
        day += ONE_DAY
        yield day


def stopped(life: Walk, day: date) -> bool:
    """Whether a pause holds on the date. Months that run again are counted after the day on which they do."""
    consumed = life.switches.request_day == RequestDay.CONSUMED
    months_again = life.term.unit == Unit.CALENDAR_MONTHS and life.switches.resume == Resume.RESTART
    for pause in life.pauses:
        begun = pause.requested_on < day if consumed else pause.requested_on <= day
        if begun and pause.completed_on is None:
            return True
        if begun and pause.completed_on is not None:
            runs_again = until_open(life.calendar, pause.completed_on + ONE_DAY)
            if day < runs_again or (months_again and day == runs_again):
                return True
    return False


def counts(life: Walk, day: date) -> bool:
    """Whether the date is one of the term, before asking how many are still needed."""
    starts_today = life.term.count_from == CountFrom.SAME_DAY and life.term.unit != Unit.CALENDAR_MONTHS
    if day < life.receipt or (day == life.receipt and not starts_today) or stopped(life, day):
        return False
    return is_open(life.calendar, day) if life.term.unit == Unit.BUSINESS_DAYS else True


def restart_of(life: Walk) -> date | None:
    """The day from which the whole term runs again."""
    done = [pause.completed_on for pause in life.pauses if pause.completed_on]
    if life.switches.resume == Resume.REMAINING or not done:
        return None
    earliest = life.receipt
    if life.term.count_from == CountFrom.NEXT_DAY or life.term.unit == Unit.CALENDAR_MONTHS:
        earliest += ONE_DAY
    return max(until_open(life.calendar, done[-1] + ONE_DAY), earliest)


def wanted_days(life: Walk, amount: int) -> int:
    """How many days the amount is, months being counted on the calendar."""
    if life.term.unit != Unit.CALENDAR_MONTHS:
        return amount
    start = restart_of(life) or life.receipt
    return sum(1 for _day in between(start, plus_months(start, amount)))


def _last_day(life: Walk, amount: int) -> date | None:
    """The day on which the amount is complete; nothing if a pause without end comes first."""
    wanted, counted, restart = wanted_days(life, amount), 0, restart_of(life)
    months = life.term.unit == Unit.CALENDAR_MONTHS
    for day in dates_from(restart + ONE_DAY if restart and months else restart or life.receipt):
        if life.is_paused and day > life.pauses[-1].requested_on:
            return None
        counted += counts(life, day)
        if counted == wanted:
            return day
    return None


def _end_by_instant(life: Walk, amount: int) -> StageDue:
    moment = life.received_at.astimezone(UTC)
    if life.term.unit == Unit.WORKING_MINUTES:
        *_passed, moment = working_steps(life, amount)
    else:
        for _unit in range(amount):
            moment += timedelta(hours=1) if life.term.unit == Unit.ELAPSED_HOURS else timedelta(minutes=1)
    return StageDue(moment.astimezone(life.calendar.zone).date(), moment)


def working_steps(life: Walk, amount: int) -> Iterator[datetime]:
    """The end of each small step of working time, until the amount has passed."""
    moment, left = life.received_at.astimezone(UTC), amount * 60
    step = gcd(60, moment.second)
    while left:
        local = moment.astimezone(life.calendar.zone)
        if not is_open(life.calendar, local.date()):
            moment = dawn(life.calendar, local.date() + ONE_DAY)
            continue
        moment += timedelta(seconds=step)
        if _is_working(life.calendar, local):
            left -= step
            yield moment


def _is_working(calendar: Calendar, local: datetime) -> bool:
    minute = local.hour * 60 + local.minute
    shifts = calendar.office_hours.get(local.weekday(), ())
    return any(opens <= minute < closes for opens, closes in shifts)


def plus_months(day: date, months: int) -> date:
    """The same day number so many months later, or that month's last day."""
    first = day.replace(day=1)
    for _month in range(months):
        first = (first + timedelta(days=31)).replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - ONE_DAY
    return first.replace(day=min(day.day, last.day))
