"""A term walked day by day: the slow second opinion on `reckoning.reckon`. Tests hold the two equal."""

from collections.abc import Sequence
from datetime import date, datetime

from escucha.kernel.worktime.calendar import Calendar
from escucha.kernel.worktime.life import (
    DEFAULTS,
    WHY_REFUSED,
    Completed,
    CompletionRequested,
    Event,
    Extended,
    Reckoning,
    Refusal,
    Switches,
)
from escucha.kernel.worktime.steps import ONE_DAY, Pause, Walk, end_of, is_open, plus_months, restart_of, until_open
from escucha.kernel.worktime.terms import ReceiptRule, Term, Unit
from escucha.kernel.worktime.walked_rows import walked_rows


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
    end, rows = end_of(life, life.amount, final=True), walked_rows(life)
    asked = [pause.requested_on for pause in life.pauses]
    again = restart_of(life) or receipt
    counted = [row.n for row in rows if row.n is not None and row.date >= again]
    return Reckoning(
        effective_receipt=receipt,
        due_date=end.due_date,
        due_at=end.due_at,
        counted_days=_counted_days(life, counted),
        stage_due=[end_of(life, sum(stages[: n + 1]), final=False) for n in range(len(stages))],
        person_until=until_open(calendar, plus_months(asked[-1], switches.person_months)) if asked else None,
        paused_since=asked[-1] if life.is_paused else None,
        ledger=rows,
        refused=sorted(life.refused),
    )


def _receipt(calendar: Calendar, received_at: datetime, rule: ReceiptRule) -> date:
    local = received_at.astimezone(calendar.zone)
    if rule == ReceiptRule.CALENDAR_DATE:
        return local.date()
    shifts = calendar.office_hours.get(local.weekday(), ())
    minute_begun = local.hour * 60 + local.minute + (1 if local.second else 0)
    if is_open(calendar, local.date()) and any(minute_begun <= closes for _opens, closes in shifts):
        return local.date()
    return until_open(calendar, local.date() + ONE_DAY)


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
    last = end_of(life, life.amount, final=True).due_date
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
    due_at = end_of(life, life.amount, final=True).due_at
    if due_at and not event.told_at < due_at:
        return "late_extension"
    if event.to_amount <= life.amount:
        return "no_longer"
    return "over_cap" if event.to_amount > cap.most(life.term.amount) else ""


def _counted_days(life: Walk, numbers: list[int]) -> int | None:
    if life.term.unit not in (Unit.BUSINESS_DAYS, Unit.CALENDAR_DAYS):
        return None
    return (numbers[-1] if numbers else 0) if life.is_paused else life.amount
