"""Which channels are open now, and when each opens next, from the organisation's calendar."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from escucha.kernel.profiles.loader import Profile
from escucha.kernel.worktime.calendar import NeverOpen, OutsideYears, Shift
from escucha.web.ui import spanish

WHOLE_DAY = ((0, 1440),)


class Channel(NamedTuple):
    name: str
    about: str
    open: bool
    next: str
    shifts: Sequence[Shift]
    href: str = ""


def channels_of(profile: Profile, *, now: datetime) -> list[Channel]:
    """The form is always open; the telephone and the office follow the calendar's hours."""
    identity, calendar = profile.identity, profile.calendar
    here = now.astimezone(profile.zone)
    is_open, following = calendar.is_open_at(here), next_words(profile, now=now)
    today = calendar.office_hours.get(here.weekday(), ()) if calendar.is_business(here.date()) else ()
    always = _("Todos los días, a toda hora")
    found = [Channel(_("Formulario web"), _("Esta página"), True, always, WHOLE_DAY, reverse("public:filing"))]
    if identity.phone:
        found.append(Channel(_("Teléfono"), identity.phone, is_open, following, today))
    if identity.address:
        found.append(Channel(_("Oficina"), identity.address, is_open, following, today))
    if identity.email:
        late = _("Se recibe siempre; cuenta según el horario")
        found.append(Channel(_("Correo electrónico"), identity.email, True, late, WHOLE_DAY))
    return found


def next_words(profile: Profile, *, now: datetime) -> str:
    """`Cierra hoy a las 18:00`, `Abre mañana, martes, a las 7:30`; nothing where no hours are known."""
    calendar, here = profile.calendar, now.astimezone(profile.zone)
    try:
        for opens, closes in calendar.shifts_on(here.date()):
            if opens <= here < closes:
                return _("Cierra hoy a las {hour}").format(hour=spanish.clock(closes.astimezone(profile.zone)))
        opens = calendar.opens_next(here).astimezone(profile.zone)
    except (NeverOpen, OutsideYears):
        return ""
    return _("Abre {day} a las {hour}").format(day=_day(opens.date(), here.date()), hour=spanish.clock(opens))


def _day(day: date, today: date) -> str:
    if day == today:
        return _("hoy")
    if day == today + timedelta(days=1):
        return _("mañana, {day},").format(day=spanish.WEEKDAYS[day.weekday()])
    return _("el {day}").format(day=spanish.long_date(day))
