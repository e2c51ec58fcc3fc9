"""The strip of days: from the ledger of a term to what a reader sees.

Plain Python. The drawing, the sentence and the table come from the same rows, so they can't disagree.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from escucha.kernel.words import _
from escucha.web.ui import spanish
from escucha.web.ui.spanish import short_date
from escucha.web.ui.strip_input import CLOSURE, COUNTED, PAUSED, RECEIVED, Row, Stage, Term
from escucha.web.ui.strip_words import Facts

__all__ = ["Row", "Stage", "Strip", "Term", "build"]

FOLDED_FROM = 2  # whole weeks in a row, all of them paused, closed or late, that are drawn as one line
SPOKEN = {"is-today", "is-edge", "is-promise", "is-legal", "is-done", "is-late", "is-now"}
OFF = {RECEIVED: "is-start", PAUSED: "is-pause", CLOSURE: "is-off is-closure"}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One day as drawn: its classes, the large number, the small one, and its sentence.

    A day with a reason is spoken: it is a button whose text is `tip`. A plain one is only read: `plain` and its number.
    """

    date: date
    css: str
    number: str
    day: str
    tip: str
    plain: str
    is_spoken: bool


@dataclass(frozen=True, kw_only=True)
class Week:
    label: str
    cells: Sequence[Cell] = ()
    fold: str = ""  # in place of the days, for weeks of pause
    css: str = ""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One line of the key: how it is drawn, and what it stands for."""

    css: str
    name: str
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the table: a day or a run of days, what it counts as, why, and by which norm."""

    days: str
    count: str
    why: str
    norm: str


@dataclass(frozen=True, kw_only=True)
class Strip:
    weeks: Sequence[Week]
    key: Sequence[Mark]
    table: Sequence[Line]
    sentence: str
    headline: str
    label: str
    is_open: bool  # the term is paused: nobody can say yet when it ends


def build(rows: Sequence[Row], term: Term) -> Strip:
    """The strip of a ledger's rows: weeks of days, key, table, and the sentence of when it is due."""
    days = term.all_rows(rows)
    facts = Facts(days=days, term=term)
    return Strip(
        weeks=list(_weeks(days, term, facts)),
        key=_key(days, facts),
        table=list(_table(days, facts)),
        sentence=facts.sentence(),
        headline=facts.headline(),
        label=_("Días del plazo, desde el {first}").format(first=spanish.long_date(days[0].date)) if days else "",
        is_open=term.is_paused,
    )


def _weeks(days: Sequence[Row], term: Term, facts: Facts) -> Iterator[Week]:
    weeks = [list(week) for _monday, week in groupby(days, key=lambda row: _monday_of(row.date))]
    for kind, run in groupby(weeks, key=lambda week: _same_all_week(week, term, facts)):
        held = list(run)
        if kind and len(held) >= FOLDED_FROM:
            yield Week(label=spanish.day_month(held[0][0].date), fold=facts.fold(held), css=kind)
            continue
        for week in held:
            yield Week(
                label=spanish.day_month(_monday_of(week[0].date)), cells=[_cell(row, term, facts) for row in week]
            )


def _cell(row: Row, term: Term, facts: Facts) -> Cell:
    marks = [*_band(row, term, facts), *_state(row, term), *_ends(row, term)]
    if row is facts.days[0] and row.date.weekday() in range(1, 7):
        marks.append(f"from-{row.date.weekday() + 1}")
    return Cell(
        date=row.date,
        css=" ".join(marks),
        number=facts.number(row),
        day=_day_label(row, term, marks),
        tip=facts.tip(row),
        plain=_("{day}: día").format(day=spanish.sentence(spanish.long_date(row.date))),
        is_spoken=row.reason != COUNTED or any(mark in SPOKEN for mark in marks),
    )


def _band(row: Row, term: Term, facts: Facts) -> list[str]:
    """Whose day it is: the band on top. It also runs over days that do not count."""
    if row.reason == RECEIVED or row.date < facts.first_day:
        return []
    if term.extended_from and row.date >= term.extended_from:
        return ["sx"]
    for place, stage in enumerate(term.stages):
        if row.date <= stage.due_on:
            return [f"s{place % 2 + 1}"]
    if term.promised_on and row.date <= term.promised_on:
        return ["s1"]
    return ["sl"] if term.legal_on and row.date <= term.legal_on else []


def _state(row: Row, term: Term) -> list[str]:
    if row.date == term.settled_on:
        return ["is-done"]
    marks = [_counted_state(row, term)] if row.reason == COUNTED else [OFF.get(row.reason, "is-off")]
    if row.date == term.today and not term.settled_on:
        marks.append("is-now" if row.reason == RECEIVED else "is-today")
    return [mark for mark in marks if mark]


def _counted_state(row: Row, term: Term) -> str:
    limit = term.promised_on or term.legal_on
    ended = term.settled_on or term.today
    if limit and limit < row.date <= ended:
        return "is-late"
    return "is-past" if row.date < ended else ""


def _ends(row: Row, term: Term) -> list[str]:
    if not term.is_known(row.date):
        return []
    marks = ["is-edge" for stage in term.stages if row.date == stage.due_on != term.promised_on]
    if row.date == term.legal_on:
        marks.append("is-legal")
    elif row.date == term.promised_on:
        marks.append("is-promise")
    return marks[-1:]


def _day_label(row: Row, term: Term, marks: Sequence[str]) -> str:
    if "is-done" in marks:
        return f"✓ {row.date.day}"
    if row.date == term.today and not term.settled_on:
        return _("hoy")
    if "is-legal" in marks:
        return f"§ {row.date.day}"
    return str(row.date.day) if row.date.weekday() < 5 or row.reason in (COUNTED, RECEIVED) else ""


def _key(days: Sequence[Row], facts: Facts) -> list[Mark]:
    term = facts.term
    marks = [
        Mark(css=f"s{place % 2 + 1}", name=stage.label, about=facts.stage(place))
        for place, stage in enumerate(term.stages)
    ]
    if not term.stages and term.promised_on:
        marks.append(Mark(css="s1", name=_("Nuestro compromiso"), about=facts.until(term.promised_on)))
    if term.legal_on:
        marks.append(Mark(css="sl", name=_("Plazo de ley"), about=facts.until(term.legal_on)))
    if term.extended_from:
        marks.append(
            Mark(css="sx", name=_("Ampliación"), about=_("desde el {day}").format(day=short_date(term.extended_from)))
        )
    reasons = {row.reason for row in days}
    marks += [Mark(css="is-off", name=_("No cuenta"))] if reasons - {RECEIVED, COUNTED, PAUSED, CLOSURE} else []
    marks += [Mark(css="is-off is-closure", name=_("Suspensión de términos"))] if CLOSURE in reasons else []
    marks += [Mark(css="is-pause", name=_("En pausa"))] if PAUSED in reasons else []
    return marks


def _table(days: Sequence[Row], facts: Facts) -> Iterator[Line]:
    def alike(row: Row) -> tuple[str, str, str]:
        own = str(row.date) if row.reason in (COUNTED, RECEIVED) or facts.ends(row) else ""
        return own, facts.line(row), row.norm or ""

    for (_own, why, norm), run in groupby(days, key=alike):
        held = list(run)
        first, last = short_date(held[0].date), short_date(held[-1].date)
        yield Line(
            days=first if len(held) == 1 else _("{first} a {last}").format(first=first, last=last),
            count=facts.number(held[0]) or "—",
            why=spanish.sentence(why),
            norm=norm if facts.shows_norm(held[0]) else "",
        )


def _same_all_week(week: Sequence[Row], term: Term, facts: Facts) -> str:
    """How a week is drawn that is all pause, closure or lateness, with neither today nor an end in it; else nothing."""
    if len(week) < 7 or any(row.date in (term.today, term.settled_on) or _ends(row, term) for row in week):
        return ""
    if facts.last_end and week[0].date > facts.last_end and not term.is_paused:
        return "is-late"
    reason = week[0].reason
    return OFF[reason] if reason in (PAUSED, CLOSURE) and all(row.reason == reason for row in week) else ""


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
