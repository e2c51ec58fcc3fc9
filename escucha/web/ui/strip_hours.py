"""The strip of hours, for terms that run from instant to instant: nights and holidays count, so nothing is hatched.

Plain Python. One row a local date, one cell an hour; a term too long for cells of one hour is told by its ends alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from escucha.kernel.words import _
from escucha.web.ui import spanish

HOUR = timedelta(hours=1)
LONGEST = timedelta(days=6)  # more rows than that are read as a date, not as hours
NIGHT = frozenset({0, 1, 2, 3, 4, 5, 18, 19, 20, 21, 22, 23})


@dataclass(frozen=True, kw_only=True)
class Hour:
    css: str
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class HourDay:
    label: str
    hours: Sequence[Hour]


@dataclass(frozen=True, kw_only=True)
class HourStrip:
    days: Sequence[HourDay]
    sentence: str
    received: str
    due: str
    now: str
    settled: str
    is_late: bool


def build_hours(
    *, received_at: datetime, due_at: datetime, now: datetime, settled_at: datetime | None = None
) -> HourStrip:
    """The strip of a term in hours. All moments in the zone of the organisation; `due_at` is the exclusive end."""
    ended = settled_at or now
    last = max(due_at, ended) if max(due_at, ended) - received_at <= LONGEST else due_at
    days = (last.date() - received_at.date()).days
    is_short = last - received_at <= LONGEST
    return HourStrip(
        days=[
            _day(
                received_at + timedelta(days=place),
                received_at=received_at,
                due_at=due_at,
                now=now,
                settled_at=settled_at,
            )
            for place in range(days + 1)
        ]
        if is_short
        else [],
        sentence=_sentence(due_at=due_at, now=now, settled_at=settled_at),
        received=_instant(received_at),
        due=_instant(due_at),
        now=_instant(now),
        settled=_instant(settled_at) if settled_at else "",
        is_late=ended >= due_at,
    )


def _day(
    moment: datetime, *, received_at: datetime, due_at: datetime, now: datetime, settled_at: datetime | None
) -> HourDay:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    starts = [midnight + HOUR * place for place in range(24)]
    hours = [
        Hour(
            css=_state(start, received_at=received_at, due_at=due_at, now=now, settled_at=settled_at),
            number=_number(start, received_at=received_at, due_at=due_at),
        )
        for start in starts
    ]
    return HourDay(label=f"{spanish.WEEKDAYS[midnight.weekday()][:3]} {midnight.day}", hours=hours)


def _state(
    start: datetime, *, received_at: datetime, due_at: datetime, now: datetime, settled_at: datetime | None
) -> str:
    end, ended = start + HOUR, settled_at or now
    if end <= received_at or (start >= due_at and start > ended):
        return ""
    marks = ["is-night"] if start.hour in NIGHT else []
    if start >= due_at:
        marks.append("is-late")
    else:
        marks.append("is-past" if end <= ended else "is-next")
    marks += ["is-start"] if start <= received_at < end else []
    marks += ["is-end"] if start < due_at <= end else []
    if start <= ended < end:
        marks.append("is-done" if settled_at else "is-now")
    return " ".join(marks)


def _number(start: datetime, *, received_at: datetime, due_at: datetime) -> str:
    """Which hour of the term ends in this cell: said each sixth hour, and at the end."""
    hour = int((start + HOUR - received_at) / HOUR)
    whole = int((due_at - received_at) / HOUR)
    if start < due_at <= start + HOUR:
        return str(whole)
    return str(hour) if 0 < hour < whole - 1 and hour % 6 == 0 else ""


def _sentence(*, due_at: datetime, now: datetime, settled_at: datetime | None) -> str:
    if settled_at:
        said = _("Se respondió el {instant}").format(instant=_instant(settled_at))
        if settled_at < due_at:
            return _("{said}, a tiempo.").format(said=said)
        return _("{said}, {span} tarde.").format(said=said, span=spanish.span(settled_at - due_at))
    day = {0: _("hoy"), 1: _("mañana"), -1: _("ayer")}.get((due_at.date() - now.date()).days)
    when = (
        _("{day} a las {clock}").format(day=day, clock=spanish.clock(due_at))
        if day
        else _("el {instant}").format(instant=_instant(due_at))
    )
    if now < due_at:
        return _("Vence {when}, en {span}.").format(when=when, span=spanish.span(due_at - now))
    return _("Venció {when}, hace {span}.").format(when=when, span=spanish.span(now - due_at))


def _instant(moment: datetime) -> str:
    return _("{day} a las {clock}").format(day=spanish.long_date(moment.date()), clock=spanish.clock(moment))
