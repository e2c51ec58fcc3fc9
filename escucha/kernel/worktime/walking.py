"""A term walked day by day: the slow second opinion on `reckoning.reckon`.

It shares the words of a term with the counting engine and none of its arithmetic: dates are looked at one after the
other, midnights are found by asking the zone, working time passes minute by minute. Tests and `doctor` compare the two.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import gcd

from escucha.kernel.worktime.calendar import Calendar
from escucha.kernel.worktime.days import DayRow, Reason
from escucha.kernel.worktime.life import (
    DEFAULTS,
    WHY_REFUSED,
    Completed,
    CompletionRequested,
    Event,
    Extended,
    Reckoning,
    Refusal,
    RequestDay,
    Resume,
    StageDue,
    Switches,
)
from escucha.kernel.worktime.terms import CountFrom, ReceiptRule, Term, Unit

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


def walk(
    calendar: Calendar,
    received_at: datetime,
    term: Term,
    receipt_rule: ReceiptRule = ReceiptRule.CALENDAR_DATE,
    *,
    stages: Sequence[int] = (),
    events: Sequence[Event] = (),
    switches: Switches = DEFAULTS,
) -> Reckoning:
    """What `reckon` answers, found by walking. The term must end within the years of the calendar."""
    receipt = _receipt(calendar, received_at, receipt_rule)
    life = Walk(calendar, received_at, term, switches, receipt, term.amount)
    for day, place in sorted((_date_of(event, calendar), place) for place, event in enumerate(events)):
        _happen(life, events[place], place, day)
    end, rows = _end(life, life.amount, final=True), _rows(life)
    asked = [pause.requested_on for pause in life.pauses]
    again = _restart(life) or receipt
    counted = [row.n for row in rows if row.n is not None and row.date >= again]
    return Reckoning(
        effective_receipt=receipt,
        due_date=end.due_date,
        due_at=end.due_at,
        counted_days=_counted_days(life, counted),
        stage_due=[_end(life, sum(stages[: n + 1]), final=False) for n in range(len(stages))],
        person_until=_until_open(calendar, _plus_months(asked[-1], switches.person_months)) if asked else None,
        paused_since=asked[-1] if life.is_paused else None,
        ledger=rows,
        refused=sorted(life.refused),
    )


def is_open(calendar: Calendar, day: date) -> bool:
    """Whether the date is a business day, asked of the lists themselves."""
    return day.weekday() not in calendar.weekend and day not in calendar.off_days and day not in calendar.closures


def dawn(calendar: Calendar, day: date) -> datetime:
    """The first instant (UTC) of the date in the zone, looked for by quarters of an hour."""
    moment = datetime.combine(day, time(), UTC) - timedelta(hours=16)
    while moment.astimezone(calendar.zone).date() < day:
        moment += QUARTER
    return moment


def _dates_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += ONE_DAY


def _until_open(calendar: Calendar, day: date) -> date:
    return next(day for day in _dates_from(day) if is_open(calendar, day))


def _receipt(calendar: Calendar, received_at: datetime, rule: ReceiptRule) -> date:
    local = received_at.astimezone(calendar.zone)
    if rule == ReceiptRule.CALENDAR_DATE:
        return local.date()
    shifts = calendar.office_hours.get(local.weekday(), ())
    minute_begun = local.hour * 60 + local.minute + (1 if local.second else 0)
    if is_open(calendar, local.date()) and any(minute_begun <= closes for _opens, closes in shifts):
        return local.date()
    return _until_open(calendar, local.date() + ONE_DAY)


def _date_of(event: Event, calendar: Calendar) -> date:
    if isinstance(event, Extended):
        return event.told_at.astimezone(calendar.zone).date()
    return event.on


def _happen(life: Walk, event: Event, place: int, day: date) -> None:
    why = _objection(life, event, day)
    if why:
        life.refused.append(Refusal(place, WHY_REFUSED[why]))
    elif isinstance(event, CompletionRequested):
        life.pauses.append(Pause(day))
    elif isinstance(event, Completed):
        life.pauses[-1].completed_on = day
    else:
        life.amount, life.was_extended = event.to_amount, True


def _objection(life: Walk, event: Event, day: date) -> str:
    if isinstance(event, CompletionRequested):
        return _objection_to_pause(life, day)
    if isinstance(event, Completed):
        return "" if life.is_paused else "not_paused"
    return _objection_to_extend(life, event)


def _objection_to_pause(life: Walk, day: date) -> str:
    if life.term.unit.value.endswith(("hours", "minutes")):
        return "by_instant"
    if life.is_paused:
        return "already_paused"
    if day < life.received_at.astimezone(life.calendar.zone).date():
        return "before_receipt"
    last = _end(life, life.amount, final=True).due_date
    if last and last < day:
        return "late_request"
    window, passed = life.receipt, 0
    while passed < life.switches.completion_window and window < day:
        window += ONE_DAY
        passed += is_open(life.calendar, window)
    return "outside_window" if window < day else ""


def _objection_to_extend(life: Walk, event: Extended) -> str:
    cap = life.switches.extension_cap
    if cap is None or life.term.unit.value.startswith("elapsed"):
        return "no_extension"
    if life.was_extended:
        return "second_extension"
    if event.told_at < life.received_at:
        return "before_receipt"
    due_at = _end(life, life.amount, final=True).due_at
    if due_at and not event.told_at < due_at:
        return "late_extension"
    if event.to_amount <= life.amount:
        return "no_longer"
    return "over_cap" if event.to_amount > cap.most(life.term.amount) else ""


def _end(life: Walk, amount: int, *, final: bool) -> StageDue:
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
    day = _until_open(life.calendar, day) if moves else day
    return StageDue(day, dawn(life.calendar, day + ONE_DAY))


def _end_by_instant(life: Walk, amount: int) -> StageDue:
    moment = life.received_at.astimezone(UTC)
    if life.term.unit == Unit.WORKING_MINUTES:
        *_passed, moment = _working_steps(life, amount)
    else:
        for _unit in range(amount):
            moment += timedelta(hours=1) if life.term.unit == Unit.ELAPSED_HOURS else timedelta(minutes=1)
    return StageDue(moment.astimezone(life.calendar.zone).date(), moment)


def _working_steps(life: Walk, amount: int) -> Iterator[datetime]:
    """The end of each small step of working time, until the amount has passed."""
    moment, left = life.received_at.astimezone(UTC), amount * 60
    step = gcd(60, moment.second)
    while left:
        local = moment.astimezone(life.calendar.zone)
        moment += timedelta(seconds=step)
        if _is_working(life.calendar, local):
            left -= step
            yield moment


def _is_working(calendar: Calendar, local: datetime) -> bool:
    minute = local.hour * 60 + local.minute
    shifts = calendar.office_hours.get(local.weekday(), ())
    return is_open(calendar, local.date()) and any(opens <= minute < closes for opens, closes in shifts)


def _stopped(life: Walk, day: date) -> bool:
    """Whether a pause holds on the date. Months that run again are counted after the day on which they do."""
    consumed = life.switches.request_day == RequestDay.CONSUMED
    months_again = life.term.unit == Unit.CALENDAR_MONTHS and life.switches.resume == Resume.RESTART
    for pause in life.pauses:
        begun = pause.requested_on < day if consumed else pause.requested_on <= day
        if begun and pause.completed_on is None:
            return True
        if begun and pause.completed_on is not None:
            runs_again = _until_open(life.calendar, pause.completed_on + ONE_DAY)
            if day < runs_again or (months_again and day == runs_again):
                return True
    return False


def _counts(life: Walk, day: date) -> bool:
    """Whether the date is one of the term, before asking how many are still needed."""
    starts_today = life.term.count_from == CountFrom.SAME_DAY and life.term.unit != Unit.CALENDAR_MONTHS
    if day < life.receipt or (day == life.receipt and not starts_today) or _stopped(life, day):
        return False
    return is_open(life.calendar, day) if life.term.unit == Unit.BUSINESS_DAYS else True


def _restart(life: Walk) -> date | None:
    """The day from which the whole term runs again."""
    done = [pause.completed_on for pause in life.pauses if pause.completed_on]
    if life.switches.resume == Resume.REMAINING or not done:
        return None
    earliest = life.receipt
    if life.term.count_from == CountFrom.NEXT_DAY or life.term.unit == Unit.CALENDAR_MONTHS:
        earliest += ONE_DAY
    return max(_until_open(life.calendar, done[-1] + ONE_DAY), earliest)


def _wanted(life: Walk, amount: int) -> int:
    """How many days the amount is, months being counted on the calendar."""
    if life.term.unit != Unit.CALENDAR_MONTHS:
        return amount
    start = _restart(life) or life.receipt
    return sum(1 for _day in _between(start, _plus_months(start, amount)))


def _between(first: date, last: date) -> Iterator[date]:
    """Dates after the first, up to the last."""
    day = first
    while day < last:
        day += ONE_DAY
        yield day


def _last_day(life: Walk, amount: int) -> date | None:
    """The day on which the amount is complete; nothing if a pause without end comes first."""
    wanted, counted, restart = _wanted(life, amount), 0, _restart(life)
    months = life.term.unit == Unit.CALENDAR_MONTHS
    for day in _dates_from(restart + ONE_DAY if restart and months else restart or life.receipt):
        if life.is_paused and day > life.pauses[-1].requested_on:
            return None
        counted += _counts(life, day)
        if counted == wanted:
            return day
    return None


def _rows(life: Walk) -> list[DayRow]:
    arrived = life.received_at.astimezone(life.calendar.zone).date()
    last = _end(life, life.amount, final=True).due_date or max(life.pauses[-1].requested_on, life.receipt)
    if life.term.unit in (Unit.ELAPSED_HOURS, Unit.ELAPSED_MINUTES):
        norm = life.calendar.norms.elapsed
        rows = [DayRow(arrived, Reason.RECEIVED, None, norm), DayRow(last, Reason.COUNTED, life.amount, norm)]
        return rows if last > arrived else rows[:1]
    number = _minutes_by_date(life) if life.term.unit == Unit.WORKING_MINUTES else _numbers(life, last)
    return [_row(life, day, number(day)) for day in (arrived, *_between(arrived, last))]


def _minutes_by_date(life: Walk) -> Callable[[date], int | None]:
    passed: dict[date, int] = {}
    steps = list(_working_steps(life, life.amount))
    seconds = gcd(60, life.received_at.second)
    for count, moment in enumerate(steps, 1):
        passed[(moment - timedelta(seconds=1)).astimezone(life.calendar.zone).date()] = count * seconds // 60
    return passed.get


def _numbers(life: Walk, last: date) -> Callable[[date], int | None]:
    """The number of each date that counts. A last day that moves is counted where it lands."""
    numbers: dict[date, int] = {}
    wanted, counted, restart = _wanted(life, life.amount), 0, _restart(life)
    if restart and life.term.unit == Unit.CALENDAR_MONTHS:
        restart += ONE_DAY
    rolls = life.term.roll_last_day and life.term.unit != Unit.BUSINESS_DAYS
    for day in (life.receipt, *_between(life.receipt, last)):
        counted = 0 if day == restart else counted
        lands_later = rolls and counted == wanted - 1 and day < last and not is_open(life.calendar, day)
        if counted < wanted and _counts(life, day) and not lands_later:
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
    if not is_open(life.calendar, day) and not (pausable and _stopped(life, day)):
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


def _counted_days(life: Walk, numbers: list[int]) -> int | None:
    if life.term.unit not in (Unit.BUSINESS_DAYS, Unit.CALENDAR_DAYS):
        return None
    return (numbers[-1] if numbers else 0) if life.is_paused else life.amount


def _plus_months(day: date, months: int) -> date:
    first = day.replace(day=1)
    for _month in range(months):
        first = (first + timedelta(days=31)).replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - ONE_DAY
    return first.replace(day=min(day.day, last.day))
