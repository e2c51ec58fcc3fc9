"""Reads the values of a question, one by one, and says in words what is wrong with the one that is wrong."""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from escucha.kernel.norms.holidays import WEEKDAYS
from escucha.kernel.words import _
from escucha.kernel.worktime.calendar import DAY_MINUTES, Shift, Week
from escucha.kernel.worktime.zones import UnknownZone, readings, zone_named

DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ]((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)([Zz]|[+-]\d{2}:?\d{2})?", re.ASCII
)
HOUR = re.compile(r"(?:([01]\d|2[0-3]):([0-5]\d))|24:00", re.ASCII)


SHOWN, LONGEST_ACT = 60, 500  # characters


class QuestionError(ValueError):
    """A question that cannot be answered: which key is wrong, and what to do."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key, self.message = shortened(key), message


def shortened(said: str) -> str:
    """What somebody wrote, as it is repeated to them: 60 characters at most."""
    return said if len(said) <= SHOWN else f"{said[: SHOWN - 1]}…"


def known(raw: Mapping[str, Any], keys: Collection[str]) -> None:
    """Refuse any key that the format does not have."""
    for key in raw:
        if key not in keys:
            raise QuestionError(key, _("No existe la clave «%s». Revise cómo está escrita.") % shortened(key))


def required(raw: Mapping[str, Any], key: str) -> Any:
    """The value of a key that must be there."""
    if raw.get(key) is None:
        raise QuestionError(key, _("Falta «%s».") % key)
    return raw[key]


def mapping(value: Any, key: str) -> Mapping[str, Any]:
    """A JSON object."""
    if not isinstance(value, dict):
        raise QuestionError(key, _("«%s» debe ser un objeto.") % key)
    return value


def items(value: Any, key: str) -> list[Any]:
    """A JSON list."""
    if not isinstance(value, list):
        raise QuestionError(key, _("«%s» debe ser una lista.") % key)
    return value


def text(value: Any, key: str) -> str:
    """Some text."""
    if not isinstance(value, str) or not value.strip():
        raise QuestionError(key, _("«%s» debe ser un texto y no puede estar vacío.") % key)
    return value


def whole(value: Any, key: str, least: int = 1) -> int:
    """A whole number, not below `least`."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise QuestionError(
            key, _("«%(key)s» debe ser un número entero desde %(least)d.") % {"key": key, "least": least}
        )
    return value


def flag(value: Any, key: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise QuestionError(key, _("«%s» debe ser true o false.") % key)
    return value


def choice[Choice: StrEnum](value: Any, key: str, kind: type[Choice]) -> Choice:
    """One of the values of a list."""
    try:
        return kind(text(value, key))
    except ValueError:
        options = ", ".join(kind)
        raise QuestionError(
            key, _("«%(key)s» debe ser uno de estos: %(options)s.") % {"key": key, "options": options}
        ) from None


def day(value: Any, key: str) -> date:
    """A date, YYYY-MM-DD."""
    if isinstance(value, str) and DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise QuestionError(key, _("La fecha de «%s» no existe.") % key) from None
    raise QuestionError(key, _("«%s» debe ser una fecha AAAA-MM-DD.") % key)


def moment(value: Any, key: str, zone: ZoneInfo) -> datetime:
    """An instant: with offset or Z, or as the clocks of the zone showed it, exactly once."""
    parts = MOMENT.fullmatch(value) if isinstance(value, str) else None
    if parts is None:
        raise QuestionError(key, _("«%s» debe ser un momento, como 2026-03-02T10:00:00-05:00.") % key)
    written, clock, offset = parts.groups()
    try:
        read = datetime.fromisoformat(f"{day(written, key)}T{clock}{(offset or '').upper()}")
        return read if read.tzinfo else _only_reading(read, key, zone)
    except (ValueError, OverflowError) as error:
        if isinstance(error, QuestionError):
            raise
        raise QuestionError(key, _("El momento de «%s» no existe.") % key) from None


def place(value: Any, key: str) -> ZoneInfo:
    """A zone of the IANA database."""
    try:
        return zone_named(text(value, key))
    except UnknownZone:
        raise QuestionError(key, _("No existe la zona horaria «%s».") % shortened(value)) from None


def weekday(value: Any, key: str) -> int:
    """A weekday by its three letters; 0 is Monday."""
    if not isinstance(value, str) or value not in WEEKDAYS:
        options = ", ".join(WEEKDAYS)
        raise QuestionError(key, _("«%(key)s»: use %(options)s.") % {"key": key, "options": options})
    return WEEKDAYS[value]


def week(value: Any, key: str) -> Week:
    """Office hours: shifts of each weekday, in order and without overlaps."""
    read = mapping(value, key)
    return {weekday(name, key): _shifts(shifts, key) for name, shifts in read.items()}


def closed_days(value: Any, key: str, years: tuple[int, int]) -> dict[date, str | None]:
    """Dates closed, in order, with the act that orders it where it is given. The first act that names a date stays."""
    ranges = [_closure(closure, key) for closure in items(value, key)]
    if any(first.year < years[0] or last.year > years[1] for first, last, _act in ranges):
        raise QuestionError(key, outside_years(years))
    if not ranges:
        return {}
    ranges.sort(key=lambda closed: closed[2] is None)
    base = min(first for first, _last, _act in ranges).toordinal()
    days = max(last for _first, last, _act in ranges).toordinal() - base + 1
    found: list[str | None] = [None] * days
    # Where to look for the next date that no range has taken: each date is taken once, however many ranges cover it.
    free = list(range(days + 1))
    for first, last, act in ranges:
        place, end = _next_free(free, first.toordinal() - base), last.toordinal() - base
        while place <= end:
            found[place], free[place] = act, place + 1
            place = _next_free(free, place + 1)
    return {date.fromordinal(base + place): found[place] for place in range(days) if free[place] != place}


def outside_years(years: tuple[int, int]) -> str:
    """The sentence for a date that the pack does not cover."""
    return _("La fecha está fuera de los años que conoce el calendario: %d a %d.") % years


def _next_free(free: list[int], place: int) -> int:
    while free[place] != place:
        free[place] = place = free[free[place]]
    return place


def _only_reading(wall: datetime, key: str, zone: ZoneInfo) -> datetime:
    found = readings(wall, zone)
    if not found:
        raise QuestionError(
            key, _("Esa hora no existió en la zona: los relojes la saltaron. Escríbala con su desfase.")
        )
    if len(found) > 1:
        raise QuestionError(key, _("Esa hora ocurrió dos veces en la zona. Escríbala con su desfase, como -04:00."))
    return found[0]


def _closure(value: Any, key: str) -> tuple[date, date, str | None]:
    if not isinstance(value, dict):
        single = day(value, key)
        return single, single, None
    known(value, {"from", "to", "act"})
    first, last = day(required(value, "from"), "from"), day(required(value, "to"), "to")
    if last < first:
        raise QuestionError(key, _("Un cierre termina antes de empezar: revise «from» y «to»."))
    act = value.get("act")
    return first, last, None if act is None else _act(act)


def _act(value: Any) -> str:
    # It is repeated in the row of every date that it closes.
    if len(text(value, "act")) > LONGEST_ACT:
        raise QuestionError("act", _("«act» admite hasta %d caracteres.") % LONGEST_ACT)
    return str(value)


def _shifts(value: Any, key: str) -> tuple[Shift, ...]:
    shifts = tuple(sorted(_shift(shift, key) for shift in items(value, key)))
    if any(later[0] < earlier[1] for earlier, later in zip(shifts, shifts[1:], strict=False)):
        raise QuestionError(key, _("Hay turnos que se cruzan en un mismo día."))
    return shifts


def _shift(value: Any, key: str) -> Shift:
    if not isinstance(value, list) or len(value) != 2:
        raise QuestionError(key, _('Cada turno tiene una hora de apertura y una de cierre: ["08:00", "17:00"].'))
    opens, closes = (_minutes(hour, key) for hour in value)
    if closes <= opens:
        raise QuestionError(key, _("Un turno cierra antes de abrir."))
    return opens, closes


def _minutes(value: Any, key: str) -> int:
    found = HOUR.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise QuestionError(key, _("Las horas se escriben HH:MM, de 00:00 a 24:00."))
    return int(found[1]) * 60 + int(found[2]) if found[1] else DAY_MINUTES
