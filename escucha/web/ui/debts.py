"""From what is owed to what is drawn: the strip, the margin's lines, the words of when something is due."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from escucha.kernel.commitments.models import Commitment
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.words import _
from escucha.kernel.worktime.days import DayRow
from escucha.kernel.worktime.reckoning import reckon
from escucha.kernel.worktime.terms import BY_INSTANT, CountFrom, ReceiptRule, Term, Unit
from escucha.web.ui import spanish, strip
from escucha.web.ui.strip import Stage, Strip
from escucha.web.ui.strip_calendar import names_of, rows_after
from escucha.web.ui.strip_hours import HourStrip, build_hours
from escucha.web.ui.strip_mini import Mini, mini_of_counts

INSTANT = timedelta(microseconds=1)
ENDED = {
    "met": _("Se cumplió el {day}, a tiempo."),
    "met_late": _("Se cumplió el {day}, tarde."),
    "waived": _("Se dispensó el {day}."),
    "annulled": _("Quedó sin efecto el {day}."),
}


class HasLastDay(Protocol):
    """A debt, or one that is only expected: the strip asks no more of a promise than its end."""

    @property
    def due_on(self) -> date | None: ...


class Line(NamedTuple):
    """A debt in the margin of its thing."""

    name: str
    due: str
    text: str
    norm: str
    late: bool
    state: str


def strip_of(
    profile: Profile,
    *,
    law: Commitment,
    promises: Sequence[tuple[str, HasLastDay]],
    now: datetime,
    settled_at: datetime | None = None,
) -> Strip | HourStrip:
    """The strip of a legal term with the promises inside it; of hours where the law counts hours.

    `promises` are the owner's name and its debt, in the order of their ends. `now` may carry any zone.
    """
    here = now.astimezone(profile.zone)
    if Unit(law.unit) in BY_INSTANT and law.due_at is not None:
        return build_hours(
            received_at=law.begins_at.astimezone(profile.zone),
            due_at=law.due_at.astimezone(profile.zone),
            now=here,
            settled_at=settled_at and settled_at.astimezone(profile.zone),
        )
    return strip.build(ledger_of(profile, law), _term(profile, law, promises, here, settled_at))


def mini_of_debt(owed: Commitment, *, profile: Profile, now: datetime) -> Mini | None:
    """The days of one debt as a drawing one line high, counted without reckoning it again; None for terms in hours."""
    if owed.due_on is None:
        return None
    calendar, today = profile.calendar, now.astimezone(profile.zone).date()
    begins = owed.begins_at.astimezone(profile.zone).date()
    return mini_of_counts(
        total=max(calendar.business_days_between(begins, owed.due_on), 1),
        spent=calendar.business_days_between(begins, min(today, owed.due_on)) if today > begins else 0,
        late=calendar.business_days_between(owed.due_on, today) if today > owed.due_on else 0,
    )


def line_of(owed: Commitment, name: str, *, profile: Profile, now: datetime) -> Line:
    """One debt in words: its name, its day, how far away it is, and its norm."""
    late = owed.is_open and owed.due_at is not None and now >= owed.due_at
    return Line(
        name=name,
        due=due_words(owed, profile=profile),
        text=far_words(owed, profile=profile, now=now),
        norm=owed.reckoning.get("norm", ""),
        late=late or owed.outcome == "met_late",
        state=_state(owed),
    )


def due_words(owed: Commitment, *, profile: Profile) -> str:
    """`jue 16 abr`, with the hour for terms that are no days."""
    if owed.due_at is None:
        return _("en pausa")
    last = (owed.due_at - INSTANT).astimezone(profile.zone)
    if owed.due_on:
        return spanish.short_date(owed.due_on)
    return f"{spanish.short_date(last.date())}, {spanish.clock(owed.due_at.astimezone(profile.zone))}"


def far_words(owed: Commitment, *, profile: Profile, now: datetime) -> str:
    """`Vence en 3 días hábiles`, `Venció hace 2 h`, `Se cumplió el mar 14 abr, a tiempo`."""
    if owed.settled_at is not None:
        return _settled_words(owed, profile)
    if owed.due_at is None:
        return _("En pausa: no corre hasta que la persona complete.")
    verb = _("Vence") if now < owed.due_at else _("Venció")
    if owed.due_on is None:
        return f"{verb} {spanish.relative(owed.due_at.astimezone(profile.zone), now.astimezone(profile.zone))}."
    return f"{verb} {spanish.in_days(_days_to(owed.due_on, profile=profile, now=now))}."


def left_words(owed: Commitment, *, profile: Profile, now: datetime) -> str:
    """How far away a due time is, for a narrow column: `en 3 días hábiles`, `hoy`, `en 48 min`."""
    if owed.due_at is None:
        return _("en pausa")
    if owed.due_on is None:
        return (_("en {span}") if owed.due_at > now else _("hace {span}")).format(span=spanish.span(owed.due_at - now))
    return spanish.in_days(_days_to(owed.due_on, profile=profile, now=now))


def _days_to(due_on: date, *, profile: Profile, now: datetime) -> int:
    """Business days to a last day, today left out; below zero once it is past."""
    today = now.astimezone(profile.zone).date()
    days = profile.calendar.business_days_between(min(today, due_on), max(today, due_on))
    return days if due_on >= today else -max(days, 1)


def _settled_words(owed: Commitment, profile: Profile) -> str:
    assert owed.settled_at is not None
    day = spanish.short_date(owed.settled_at.astimezone(profile.zone).date())
    return ENDED[owed.outcome].format(day=day)


def _state(owed: Commitment) -> str:
    if owed.is_open:
        return ""
    return {"met": _("cumplido"), "met_late": _("tarde")}.get(owed.outcome, _("sin efecto"))


def ledger_of(profile: Profile, law: Commitment) -> Sequence[DayRow]:
    """The account of a debt day by day, reckoned again from the inputs that were kept with it."""
    rule = ReceiptRule(law.reckoning["receipt_rule"])
    return reckon(profile.calendar, law.begins_at, term_of(law), rule).ledger


def term_of(owed: Commitment) -> Term:
    """The term that a debt was reckoned with."""
    inputs = owed.reckoning
    return Term(
        inputs["amount"], Unit(inputs["unit"]), CountFrom(inputs["count_from"]), roll_last_day=inputs["roll_last_day"]
    )


def _term(
    profile: Profile,
    law: Commitment,
    promises: Sequence[tuple[str, HasLastDay]],
    here: datetime,
    settled_at: datetime | None,
) -> strip.Term:
    ends = [(label, owed.due_on) for label, owed in promises if owed.due_on]
    today = here.date()
    is_over = settled_at is not None or law.due_on is None or law.due_on >= today
    late = [] if is_over or law.due_on is None else rows_after(profile.calendar, law.due_on, today)
    first = law.begins_at.astimezone(profile.zone).date()
    days = [first + timedelta(days=n) for n in range((max(today, law.due_on or today) - first).days + 1)]
    return strip.Term(
        today=today,
        stages=[Stage(label, due_on) for label, due_on in sorted(ends, key=lambda end: end[1])],
        legal_on=law.due_on,
        legal_norm=law.reckoning.get("norm", ""),
        settled_on=settled_at.astimezone(profile.zone).date() if settled_at else None,
        paused_since=law.paused_at.astimezone(profile.zone).date() if law.paused_at else None,
        late=late,
        names=names_of(profile.calendar, days),
    )
