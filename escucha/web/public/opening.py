"""What is said of the channels at a moment: open until when, closed until when, where each is and its usual week."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _
from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse

from escucha.contexts.messaging.policy.channels import (
    EMAIL,
    IN_PERSON,
    KINDS,
    LETTER,
    PHONE,
    VIRTUAL_BOX,
    WEB,
    Channel,
    ChannelsPolicy,
)
from escucha.contexts.messaging.rules.hours import (
    Days,
    closes_at,
    days_off_from,
    next_opening,
    open_at,
    shifts_on,
    week_table,
    why_off,
)
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.worktime.calendar import Shift
from escucha.web.ui import spanish

ON_FIRST_PAGE = 3
DAYS_AHEAD = 60


class WeekRow(NamedTuple):
    """Days with the same hours: in words, and in minutes for a drawing."""

    days: str
    hours: Sequence[str]
    shifts: Sequence[Shift]
    current: bool


class Shown(NamedTuple):
    """A channel as a page shows it. `until` is the next instant at which what it says is no longer so."""

    channel: Channel
    name: str
    about: str
    open: bool
    sentence: str  # `Abierto hasta las 12:00`
    next: str  # the same, beside the word that says whether it is open
    shifts: Sequence[Shift]  # today's
    week: Sequence[WeekRow]
    unit: str
    address: str
    phone: str
    phone_url: str
    short_code_url: str
    email: str
    url: str
    until: datetime | None


class DayOff(NamedTuple):
    when: str
    why: str


def channels_of(profile: Profile, *, now: datetime) -> list[Shown]:
    """Every channel open by policy, in the organisation's order."""
    channels = profile.section(ChannelsPolicy).channels.values()
    return [_shown(channel, profile, now) for channel in channels]


def nearest(channels: Sequence[Shown]) -> list[Shown]:
    """The few that the first page shows: the first that receive and have hours."""
    return [one for one in channels if one.channel.receives and not one.channel.by_notice][:ON_FIRST_PAGE]


def days_off(profile: Profile, *, now: datetime) -> list[DayOff]:
    """The coming days on which the office does not attend, each with its reason."""
    today = now.astimezone(profile.zone).date()
    found = days_off_from(profile.calendar, today, days=DAYS_AHEAD)
    return [DayOff(_span(one.first, one.last), one.why) for one in found]


def off_today(profile: Profile, *, now: datetime) -> str:
    """The holiday or act that closes today; nothing where none does."""
    return why_off(profile.calendar, now.astimezone(profile.zone).date()) or ""


def _shown(channel: Channel, profile: Profile, now: datetime) -> Shown:
    calendar, here = profile.calendar, now.astimezone(profile.zone)
    is_open = open_at(channel, now, calendar=calendar)
    closes, opens = closes_at(channel, now, calendar=calendar), next_opening(channel, now, calendar=calendar)
    until = closes if is_open else opens
    until = until.astimezone(profile.zone) if until else None
    shut_all_day = why_off(calendar, here.date()) is not None and not channel.holidays
    usual = None if shut_all_day else here.weekday()  # on a holiday no day of the usual week is today
    identity = profile.identity
    phone = channel.phone or (identity.phone if channel.kind == PHONE else "")
    address = channel.address or (identity.address if channel.kind in (IN_PERSON, LETTER) else "")
    email = channel.email or (identity.email if channel.kind == EMAIL else "")
    return Shown(
        channel=channel,
        name=channel.label,
        about=phone or channel.short_code or email or address or _(KINDS[channel.kind]),
        open=is_open,
        sentence=_sentence(channel, is_open, until, here),
        next=_next(channel, is_open, until, here),
        shifts=[_minutes(*one, profile) for one in shifts_on(channel, here.date(), calendar=calendar)],
        week=[] if channel.always else list(_week(week_table(channel, calendar=calendar), usual)),
        unit=profile.units[channel.unit].label if channel.unit in profile.units else "",
        address=address,
        phone=phone,
        phone_url=phone_url(phone, identity.country, channel.extension),
        short_code_url=f"tel:{quote(channel.short_code)}" if channel.short_code else "",
        email=email,
        url=channel.url or _own_page(channel),
        until=until,
    )


def _own_page(channel: Channel) -> str:
    """Where our own form of a channel is, if it has one."""
    pages = {WEB: "public:filing", VIRTUAL_BOX: "public:box"}
    return reverse(pages[channel.kind]) if channel.kind in pages and channel.receives else ""


def phone_url(phone: str, country: str, extension: str = "") -> str:
    """`tel:+576010000011`: what a telephone dials from anywhere."""
    if not phone:
        return ""
    try:
        digits = format_number(parse(phone, country.upper()), PhoneNumberFormat.E164)
    except NumberParseException:
        digits = "".join(sign for sign in phone if sign.isdigit())
    return f"tel:{digits};ext={extension}" if extension else f"tel:{digits}"


def _sentence(channel: Channel, is_open: bool, until: datetime | None, here: datetime) -> str:
    if channel.by_notice:
        return _("Abre cuando se anuncia")
    if until is None:
        return _("Abierto a toda hora") if is_open else _("Cerrado")
    if not is_open:
        return _("Cerrado; abre {when}").format(when=_moment(until, here))
    if _is_midnight(until, here):
        return _("Abierto hasta la medianoche")
    when = _clock(until) if until.date() == here.date() else _moment(until, here)
    return _("Abierto hasta {when}").format(when=when)


def _next(channel: Channel, is_open: bool, until: datetime | None, here: datetime) -> str:
    if channel.by_notice:
        return _("Se anuncia antes")
    if until is None:
        return _("Todos los días, a toda hora") if is_open else ""
    if not is_open:
        return _("Abre {when}").format(when=_moment(until, here))
    if _is_midnight(until, here):
        return _("Cierra a la medianoche")
    return _("Cierra {when}").format(when=_moment(until, here))


def _moment(moment: datetime, here: datetime) -> str:
    """`hoy a las 13:30`, `mañana, martes, a las 7:30`, `el lunes 23 de noviembre a las 7:30`."""
    day, today, clock = moment.date(), here.date(), _clock(moment)
    if day == today:
        return _("hoy a {clock}").format(clock=clock)
    if day == today + timedelta(days=1):
        said = _("mañana, {day},").format(day=spanish.WEEKDAYS[day.weekday()])
    else:
        said = _("el {day}").format(day=spanish.long_date(day, year=day.year != today.year))
    return _("{day} a {clock}").format(day=said, clock=clock)


def _clock(moment: datetime) -> str:
    hour = _("la {hour}") if moment.hour == 1 else _("las {hour}")
    return hour.format(hour=spanish.clock(moment))


def _is_midnight(moment: datetime, here: datetime) -> bool:
    """Whether it is the end of today, which nobody calls tomorrow."""
    return moment.date() == here.date() + timedelta(days=1) and moment.hour == moment.minute == 0


def _week(table: Sequence[Days], today: int | None) -> Iterator[WeekRow]:
    if not any(run.shifts for run in table):
        return
    for run in table:
        hours = [_hours(shift) for shift in run.shifts]
        current = today is not None and run.first <= today <= run.last
        yield WeekRow(_days(run.first, run.last), hours, run.shifts, current)


def _days(first: int, last: int) -> str:
    if last - first == 6:
        return _("Todos los días")
    names = [spanish.WEEKDAYS[day] for day in (first, last)]
    if first == last:
        return spanish.sentence(names[0])
    join = _("{first} y {last}") if last - first == 1 else _("{first} a {last}")
    return spanish.sentence(join.format(first=names[0], last=names[1]))


def _hours(shift: Shift) -> str:
    if shift == (0, 1440):
        return _("las 24 horas")
    opens, closes = (f"{minutes // 60}:{minutes % 60:02}" for minutes in shift)
    return _("{opens} a {closes}").format(opens=opens, closes=closes)


def _minutes(opens: datetime, closes: datetime, profile: Profile) -> Shift:
    first, last = opens.astimezone(profile.zone), closes.astimezone(profile.zone)
    end = 1440 if last.date() != first.date() else last.hour * 60 + last.minute
    return first.hour * 60 + first.minute, end


def _span(first: date, last: date) -> str:
    if first == last:
        return spanish.sentence(spanish.long_date(first, year=True))
    said = _("Del {first} al {last}")
    return said.format(first=spanish.long_date(first), last=spanish.long_date(last, year=True))
