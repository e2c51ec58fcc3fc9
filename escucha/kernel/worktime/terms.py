"""A term as data, and the moment when it ends.

`due` is the short way, for a term without events; `reckoning.reckon` follows a term through its life.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from escucha.kernel.words import _
from escucha.kernel.worktime.calendar import Calendar, NeverOpen, OutsideYears

_from_ordinal = date.fromordinal


class Unit(StrEnum):
    """What a term counts."""

    BUSINESS_DAYS = "business_days"
    CALENDAR_DAYS = "calendar_days"
    CALENDAR_MONTHS = "calendar_months"
    ELAPSED_HOURS = "elapsed_hours"
    ELAPSED_MINUTES = "elapsed_minutes"
    WORKING_MINUTES = "working_minutes"


class ReceiptRule(StrEnum):
    """Which date counts as that of receipt."""

    CALENDAR_DATE = "calendar_date"
    OFFICE_HOURS_ROLL = "office_hours_roll"


class CountFrom(StrEnum):
    """Where day 1 stands."""

    NEXT_DAY = "next_day"
    SAME_DAY = "same_day"


ELAPSED = frozenset({Unit.ELAPSED_HOURS, Unit.ELAPSED_MINUTES})
BY_INSTANT = ELAPSED | {Unit.WORKING_MINUTES}
_BUSINESS_DAYS, _NEXT_DAY, _CALENDAR_DATE = Unit.BUSINESS_DAYS, CountFrom.NEXT_DAY, ReceiptRule.CALENDAR_DATE


@dataclass(frozen=True, slots=True)
class Term:
    """So many of a unit, counted from the day after receipt or from receipt itself."""

    amount: int
    unit: Unit
    count_from: CountFrom = CountFrom.NEXT_DAY
    roll_last_day: bool = True


class Due(NamedTuple):
    """When a term ends: `due_at` is the first instant (UTC) at which it is over."""

    effective_receipt: date
    due_date: date
    due_at: datetime


def due(calendar: Calendar, received_at: datetime, term: Term, receipt_rule: ReceiptRule = _CALENDAR_DATE) -> Due:
    """The end of a term that nothing paused or extended.

    `received_at` is aware. Raises OutsideYears and, for terms or receipts by office hours, NeverOpen.
    """
    local = received_at.astimezone(calendar.zone)
    if receipt_rule is _CALENDAR_DATE:
        receipt = local.date()
    else:
        receipt = effective_receipt(calendar, received_at, receipt_rule)
    if term.unit is not _BUSINESS_DAYS:
        return _other_due(calendar, received_at, term, receipt)
    place = receipt.toordinal() - calendar.base
    if not 0 <= place < calendar.size:
        calendar.place(receipt.toordinal())
    index = calendar.before[place + 1 if term.count_from is _NEXT_DAY else place] + term.amount - 1
    try:
        last = calendar.business[index]
    except IndexError:
        raise outside(calendar) from None
    return Due(receipt, _from_ordinal(last), calendar.midnights.of(last + 1))


def effective_receipt(calendar: Calendar, received_at: datetime, rule: ReceiptRule) -> date:
    """The date that counts as that of receipt: the local date, or the next business day when it came too late.

    The closing belongs to the day, to the second (Ley 1437 de 2011, art. 54, as bodies publish it).
    """
    local = received_at.astimezone(calendar.zone)
    day = local.date()
    calendar.place(day.toordinal())
    if rule is _CALENDAR_DATE:
        return day
    if not any(calendar.office_hours.values()):
        raise NeverOpen(_("Falta el horario de atención."))
    closing = calendar.last_closing(day)
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    if calendar.is_business(day) and closing is not None and seconds <= closing * 60:
        return day
    return calendar.next_business_day(day)


def due_by_instant(calendar: Calendar, received_at: datetime, amount: int, unit: Unit) -> tuple[date, datetime]:
    """Local date and instant (UTC) at which hours or minutes end. Raises NeverOpen and OutsideYears."""
    try:
        span = timedelta(hours=amount) if unit is Unit.ELAPSED_HOURS else timedelta(minutes=amount)
        ends = received_at.astimezone(UTC) + span if unit in ELAPSED else calendar.add_time(received_at, span)
        last = calendar.day_of(ends)
    except OverflowError:
        raise outside(calendar) from None
    calendar.place(last.toordinal())
    return last, ends


def months_later(day: date, months: int) -> date:
    """The same day number so many months later, or that month's last day. Raises OverflowError past year 9999."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    if year > 9998:
        raise OverflowError(year)
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day.day, (following - timedelta(days=1)).day))


def outside(calendar: Calendar, by: str = "term") -> OutsideYears:
    """The refusal of a term that leaves the years of the calendar; `by` names what made it do so."""
    return OutsideYears(_("El plazo sale de los años %d a %d del calendario.") % calendar.years, by)


def _other_due(calendar: Calendar, received_at: datetime, term: Term, receipt: date) -> Due:
    if term.unit in BY_INSTANT:
        calendar.place(receipt.toordinal())
        return Due(receipt, *due_by_instant(calendar, received_at, term.amount, term.unit))
    try:
        if term.unit is Unit.CALENDAR_MONTHS:
            last = months_later(receipt, term.amount)
        else:
            last = receipt + timedelta(days=term.amount - (term.count_from is CountFrom.SAME_DAY))
    except OverflowError:
        raise outside(calendar) from None
    calendar.place(last.toordinal())
    last = calendar.rolled(last) if term.roll_last_day else last
    return Due(receipt, last, calendar.midnight_after_date(last))
