"""From when a case's term counts, given the moment it arrived and the receipt rule; and how that is said."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from escucha.kernel.profiles.loader import Profile
from escucha.kernel.words import Saying, _
from escucha.kernel.worktime.calendar import Calendar
from escucha.kernel.worktime.terms import BY_INSTANT, CountFrom, Term, Unit, effective_receipt
from escucha.kernel.worktime.words import long_day

LAST_SECOND = timedelta(seconds=1)  # the closing belongs to the day, to the second


class Arrival(StrEnum):
    """How it came: in office hours; out of them and received that same day, or on a later one; counted by the hour."""

    IN_HOURS = "in_hours"
    SAME_DAY = "same_day"
    LATER_DAY = "later_day"
    AT_ONCE = "at_once"


class Start(NamedTuple):
    """The date that counts as that of receipt and the first one that the term counts."""

    arrival: Arrival
    received_on: date
    counts_on: date


CAME: Mapping[Arrival, str] = {
    Arrival.IN_HOURS: _("Llegó en horario de atención: el plazo empieza a contar el {day}."),
    Arrival.SAME_DAY: _(
        "Llegó fuera del horario de atención y quedó recibida ese mismo día: el plazo empieza a contar el {day}."
    ),
    Arrival.LATER_DAY: _(
        "Llegó fuera del horario de atención: se tiene por recibida el {received} y el plazo empieza a contar el {day}."
    ),
    Arrival.AT_ONCE: _("El plazo se cuenta por horas, de día y de noche, y corre desde el momento en que llegó."),
}
WOULD_COME: Mapping[Arrival, str] = {
    Arrival.IN_HOURS: _("Lo que envíe ahora llega en horario de atención: el plazo empieza a contar el {day}."),
    Arrival.SAME_DAY: _(
        "Ahora no es horario de atención. Lo que envíe se recibe y tiene número enseguida, con fecha de hoy:"
        " el plazo empieza a contar el {day}."
    ),
    Arrival.LATER_DAY: _(
        "Ahora no es horario de atención. Lo que envíe se recibe y tiene número enseguida; se tiene por recibido"
        " el {received} y el plazo empieza a contar el {day}."
    ),
    Arrival.AT_ONCE: _("El plazo se cuenta por horas, de día y de noche, y corre desde que usted la envía."),
}


def start_of(term: Term, profile: Profile, *, received_at: datetime) -> Start:
    """From when a term counts for what arrived at a moment, by the organisation's receipt rule."""
    calendar = profile.calendar
    arrived_on = calendar.day_of(received_at)
    received_on = effective_receipt(calendar, received_at, profile.office.receipt_rule)
    if term.unit in BY_INSTANT:
        return Start(Arrival.AT_ONCE, received_on, arrived_on)
    if received_on != arrived_on:
        arrival = Arrival.LATER_DAY
    else:
        arrival = Arrival.IN_HOURS if in_office_hours(calendar, received_at) else Arrival.SAME_DAY
    return Start(arrival, received_on, _first_day(calendar, received_on, term))


def in_office_hours(calendar: Calendar, moment: datetime) -> bool:
    """Whether the office attends at a moment, its last second included."""
    shifts = calendar.shifts_on(calendar.day_of(moment))
    return any(opens <= moment < closes + LAST_SECOND for opens, closes in shifts)


def came(start: Start) -> Saying:
    """What is told to who already sent it."""
    return _said(CAME, start)


def would_come(start: Start) -> Saying:
    """What is told to who is about to send it."""
    return _said(WOULD_COME, start)


def _first_day(calendar: Calendar, received_on: date, term: Term) -> date:
    following = term.count_from is CountFrom.NEXT_DAY
    if term.unit is Unit.BUSINESS_DAYS:
        return calendar.next_business_day(received_on) if following else calendar.rolled(received_on)
    return received_on + timedelta(days=following)


def _said(texts: Mapping[Arrival, str], start: Start) -> Saying:
    return Saying(texts[start.arrival], {"received": long_day(start.received_on), "day": long_day(start.counts_on)})
