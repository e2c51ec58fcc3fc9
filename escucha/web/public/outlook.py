"""What a person may expect: the law's last day and ours, drawn, before and after the kind of the case is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.policy import CasesPolicy, CaseType
from escucha.contexts.cases.rules.debts import (
    CENTRAL_ANSWER,
    LEGAL_TERM,
    UNIT_ANSWER,
    VITAL_TERM,
    Reckoned,
    debts_of_type,
)
from escucha.contexts.cases.rules.starting import came, start_of, would_come
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.norms.legal import UNIT_NAMES
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.words import Saying
from escucha.kernel.worktime.reckoning import reckon
from escucha.kernel.worktime.terms import BY_INSTANT
from escucha.web.ui import strip
from escucha.web.ui.debts import Line, line_of, strip_of, term_of
from escucha.web.ui.strip import Strip
from escucha.web.ui.strip_calendar import names_of
from escucha.web.ui.strip_hours import HourStrip, build_hours
from escucha.web.ui.strip_input import Stage

KEEPER = gettext_noop("Quien atiende el canal reservado")


class Expected(NamedTuple):
    """The end of a promise that holds if the case turns out to be of the kind its person chose."""

    due_on: date | None


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """The strip and its ends. `kind` is there while the promise depends on the kind that will be given.

    `starts` says from when the first of its terms counts, by the receipt rule.
    """

    strip: Strip | HourStrip
    in_hours: bool
    legal_on: date | None
    legal_at: datetime | None
    legal_norm: str
    legal_span: str
    starts: Saying
    promised_on: date | None = None
    promised_span: str = ""
    kind: CaseType | None = None
    vital: Line | None = None

    @property
    def answer_on(self) -> date | None:
        """The day to wait for: the promise, or the law's."""
        return self.promised_on or self.legal_on


def outlook(profile: Profile, kind: CaseType, *, received_at: datetime, now: datetime) -> Outlook:
    """What a case of a kind would owe if it were received at a moment."""
    owed = {one.kind: one for one in debts_of_type(kind, profile, received_at=received_at)}
    law = owed[LEGAL_TERM]
    ends = [(name, owed[key]) for key, name in stage_names(profile).items() if key in owed]
    by_instant = law.term.unit in BY_INSTANT
    last_days = [one.due.due_date for _name, one in ends if one.term.unit not in BY_INSTANT]
    return Outlook(
        strip=_hours(profile, law, now) if by_instant else _days(profile, law, ends, now),
        in_hours=by_instant,
        legal_on=law.due.due_date,
        legal_at=law.due.due_at,
        legal_norm=law.reckoning["norm"],
        legal_span=span(law.term.amount, law.term.unit.value),
        starts=would_come(start_of(law.term, profile, received_at=received_at)),
        promised_on=max(last_days, default=None),
        promised_span=span(kind.promised.amount, kind.promised.unit.value),
        kind=kind,
    )


def outlook_of(case: Case, profile: Profile, history: Sequence[Commitment], *, now: datetime) -> Outlook | None:
    """What a case owes, from everything that was ever owed about it; None where the law's term was let go.

    For its person it is answered when the answer left; that it arrived is another line of the story.
    """
    policy = profile.section(CasesPolicy)
    live = {owed.kind: owed for owed in history if owed.outcome not in ("annulled", "waived")}
    law = live.get(LEGAL_TERM)
    if law is None:
        return None
    guessed = None if case.case_type else policy.types.get(case.suggested_type or policy.general)
    kind = guessed or policy.type_of(case.case_type)
    ends = _expected(profile, guessed, law) if guessed else [*_owed(profile, live)]
    if case.reserved:  # its parts are all of who has the channel
        ends = [(_(KEEPER), max((end for _name, end in ends), key=lambda end: end.due_on or date.min))] if ends else []
    return Outlook(
        strip=strip_of(profile, law=law, promises=ends, now=now, settled_at=case.sent_at),
        in_hours=law.due_on is None,
        legal_on=law.due_on,
        legal_at=law.due_at,
        legal_norm=law.reckoning.get("norm", ""),
        legal_span=span(law.reckoning.get("amount", 0), law.unit),
        starts=came(start_of(term_of(live.get(VITAL_TERM, law)), profile, received_at=law.begins_at)),
        promised_on=max((end.due_on for _name, end in ends if end.due_on), default=None),
        promised_span=span(kind.promised.amount, kind.promised.unit.value) if kind else "",
        kind=guessed,
        vital=line_of(live[VITAL_TERM], _("Atención vital"), profile=profile, now=now) if VITAL_TERM in live else None,
    )


def stage_names(profile: Profile) -> dict[str, str]:
    """Who owes each part of a promise, as the organisation calls them."""
    central = next((unit.label for unit in profile.units.values() if unit.central), _("Nosotros"))
    return {UNIT_ANSWER: _("Área responsable"), CENTRAL_ANSWER: central}


def span(amount: int, unit: str) -> str:
    """`7 días hábiles`, `1 día hábil`, `72 horas`."""
    names = {key.value: name for key, name in UNIT_NAMES.items()}
    one = {"business_days": _("día hábil"), "calendar_days": _("día calendario"), "elapsed_hours": _("hora")}
    return f"{amount} {one.get(unit, names[unit]) if amount == 1 else names[unit]}"


def _owed(profile: Profile, live: dict[str, Commitment]) -> list[tuple[str, Expected]]:
    return [(name, Expected(live[key].due_on)) for key, name in stage_names(profile).items() if key in live]


def _expected(profile: Profile, kind: CaseType, law: Commitment) -> list[tuple[str, Expected]]:
    """The promises of a kind that nobody owes yet; those in hours have no day of the strip."""
    ahead = {one.kind: one for one in debts_of_type(kind, profile, received_at=law.begins_at)}
    days = {key: one.due.due_date for key, one in ahead.items() if one.term.unit not in BY_INSTANT}
    return [(name, Expected(days[key])) for key, name in stage_names(profile).items() if key in days]


def _days(profile: Profile, law: Reckoned, ends: Sequence[tuple[str, Reckoned]], now: datetime) -> Strip:
    rows = reckon(profile.calendar, law.counted_from, law.term, profile.office.receipt_rule).ledger
    stages = sorted((Stage(name, one.due.due_date) for name, one in ends), key=lambda stage: stage.due_on)
    return strip.build(
        rows,
        strip.Term(
            today=now.astimezone(profile.zone).date(),
            stages=stages,
            legal_on=law.due.due_date,
            legal_norm=law.reckoning["norm"],
            names=names_of(profile.calendar, [row.date for row in rows]),
        ),
    )


def _hours(profile: Profile, law: Reckoned, now: datetime) -> HourStrip:
    zone = profile.zone
    return build_hours(
        received_at=law.counted_from.astimezone(zone), due_at=law.due.due_at.astimezone(zone), now=now.astimezone(zone)
    )
