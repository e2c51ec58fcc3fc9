"""How dates, hours, spans and numbers are said in Spanish.

Plain Python. Every date carries its day of the week; a number keeps its digits in groups that can be read aloud.
"""

import re
from datetime import date, datetime, timedelta

from escucha.kernel.words import _

WEEKDAYS = (_("lunes"), _("martes"), _("miércoles"), _("jueves"), _("viernes"), _("sábado"), _("domingo"))
MONTHS = (
    _("enero"),
    _("febrero"),
    _("marzo"),
    _("abril"),
    _("mayo"),
    _("junio"),
    _("julio"),
    _("agosto"),
    _("septiembre"),
    _("octubre"),
    _("noviembre"),
    _("diciembre"),
)
DIGITS = (
    *(_("cero"), _("uno"), _("dos"), _("tres"), _("cuatro"), _("cinco"), _("seis"), _("siete"), _("ocho")),
    *(_("nueve"), _("diez"), _("once"), _("doce"), _("trece"), _("catorce"), _("quince"), _("dieciséis")),
    *(_("diecisiete"), _("dieciocho"), _("diecinueve"), _("veinte"), _("veintiuno"), _("veintidós")),
    *(_("veintitrés"), _("veinticuatro"), _("veinticinco"), _("veintiséis"), _("veintisiete")),
    *(_("veintiocho"), _("veintinueve")),
)
TENS = (_("treinta"), _("cuarenta"), _("cincuenta"), _("sesenta"), _("setenta"), _("ochenta"), _("noventa"))
BUSINESS, CALENDAR = "business", "calendar"
UNITS = {BUSINESS: (_("día hábil"), _("días hábiles")), CALENDAR: (_("día"), _("días"))}


def long_date(day: date, *, year: bool = False) -> str:
    """`jueves 16 de abril`, with ` de 2026` when the year is asked for."""
    text = _("{weekday} {day} de {month}").format(
        weekday=WEEKDAYS[day.weekday()], day=day.day, month=MONTHS[day.month - 1]
    )
    return _("{date} de {year}").format(date=text, year=day.year) if year else text


def short_date(day: date, *, year: bool = False) -> str:
    """`jue 16 abr`, with the year when it is asked for."""
    text = f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]}"
    return f"{text} {day.year}" if year else text


def day_month(day: date) -> str:
    """`16 abr`."""
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def clock(moment: datetime) -> str:
    """`10:12`, in the zone the moment carries."""
    return f"{moment.hour}:{moment.minute:02}"


def counted(number: int, one: str, many: str) -> str:
    """`1 día`, `3 días`: a number with its noun."""
    return f"{points(number)} {one if number == 1 else many}"


def in_days(number: int, unit: str = BUSINESS) -> str:
    """`en 3 días hábiles`, `hoy`, `hace 1 día hábil`."""
    if number == 0:
        return _("hoy")
    return _("en {span}" if number > 0 else "hace {span}").format(span=counted(abs(number), *UNITS[unit]))


def span(length: timedelta) -> str:
    """A length in its two largest units: `3 días y 4 h`, `1 h 48 min`, `18 min`, `menos de un minuto`."""
    minutes = int(abs(length).total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        text = counted(days, _("día"), _("días"))
        return _("{days} y {hours} h").format(days=text, hours=hours) if hours else text
    if hours:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{rest} min" if rest else _("menos de un minuto")


def relative(moment: datetime, now: datetime) -> str:
    """`en 18 min`, `hace 2 h`, `ayer, 15:30`, `mañana, 8:00`, else the short date with its hour."""
    near = abs(moment - now) < timedelta(hours=6)
    local = moment.astimezone(now.tzinfo)
    apart = (local.date() - now.date()).days
    if near and apart == 0:
        return _("en {span}" if moment > now else "hace {span}").format(span=span(moment - now))
    names = {0: _("hoy"), 1: _("mañana"), -1: _("ayer")}
    day = names.get(apart) or short_date(local.date(), year=local.year != now.year)
    return f"{day}, {clock(local)}"


def points(number: int) -> str:
    """`185.000`: thousands apart by points."""
    return f"{number:,}".replace(",", ".")


def groups(filing_number: str) -> list[str]:
    """A filing number in the groups in which it is dictated: `PQR-2026-004817` is `PQR 2026 004 817`."""
    parts: list[str] = []
    for part in re.split(r"[-\s/]+", filing_number.strip()):
        if part.isdigit() and len(part) > 4:
            head = len(part) % 3
            parts += [part[:head]] if head else []
            parts += [part[place : place + 3] for place in range(head, len(part), 3)]
        elif part:
            parts.append(part)
    return parts


def spoken(filing_number: str, check: str = "") -> str:
    """A filing number as it is read aloud: letters apart, the year as a year, the rest digit by digit.

    `PQR-2026-001234` with its check digit 3: `P Q R, dos mil veintiséis, cero cero uno, dos tres cuatro; dígito de
    control tres`.
    """
    first, *rest = groups(filing_number)
    year = _year_aloud(int(rest[0])) if rest else ""
    serial = [" ".join(DIGITS[int(digit)] for digit in group) for group in rest[1:]]
    said = ", ".join(filter(None, (" ".join(first), year, *serial)))
    return _("{number}; dígito de control {check}").format(number=said, check=DIGITS[int(check)]) if check else said


def _year_aloud(year: int) -> str:
    """Of this century: `dos mil veintiséis`."""
    under = year % 100
    if under < 30:
        return _("dos mil {rest}").format(rest=DIGITS[under]) if under else _("dos mil")
    tens, ones = TENS[under // 10 - 3], under % 10
    return _("dos mil {rest}").format(rest=_("{tens} y {ones}").format(tens=tens, ones=DIGITS[ones]) if ones else tens)


def sentence(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]
