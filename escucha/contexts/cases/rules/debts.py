"""What a case owes: the promise of the unit, that of the central office, and the legal term, each reckoned on its own.

Time lost or gained in a stage never moves the final date: every debt is counted from the same receipt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from escucha.contexts.cases.policy import CasesPolicy, CaseType
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.words import _
from escucha.kernel.worktime.terms import Due, Term, Unit, due

CLASSIFICATION = "cases.classification"
UNIT_ANSWER = "cases.unit_answer"
CENTRAL_ANSWER = "cases.central_answer"
LEGAL_TERM = "cases.legal_term"
VITAL_TERM = "cases.vital_term"
NOTICE_PERIOD = "cases.notice_period"

DEBT_NAMES: Mapping[str, str] = {
    CLASSIFICATION: _("Clasificar"),
    UNIT_ANSWER: _("Respuesta de la dependencia"),
    CENTRAL_ANSWER: _("Nuestro compromiso"),
    LEGAL_TERM: _("Plazo de ley"),
    VITAL_TERM: _("Atención vital"),
    NOTICE_PERIOD: _("Plazo del aviso"),
}
UNCLASSIFIED = (CLASSIFICATION, LEGAL_TERM, VITAL_TERM)
PROMISES = (UNIT_ANSWER, CENTRAL_ANSWER)
AFTER_NOTICE = timedelta(days=1)
LONGEST_AGO = timedelta(days=2 * 365)  # what was received before is a mistyped date


@dataclass(frozen=True)
class Reckoned:
    """A due time reckoned for a case, with everything needed to reckon it again. `by` is unit or central."""

    kind: str
    by: str
    term: Term
    counted_from: datetime
    due: Due
    reckoning: Mapping[str, Any]


def debts_when_filed(
    policy: CasesPolicy, profile: Profile, *, received_at: datetime, filed_at: datetime, emergency: bool
) -> Sequence[Reckoned]:
    """What is owed before the kind is known: the general term, in an emergency the vital one, and the kind itself."""
    found = [
        _legal(policy.types[policy.general], profile, received_at, LEGAL_TERM),
        _promise(profile, CLASSIFICATION, "central", Term(policy.classification_days, Unit.BUSINESS_DAYS), filed_at),
    ]
    if emergency and policy.vital:
        found.append(_legal(policy.types[policy.vital], profile, received_at, VITAL_TERM))
    return found


def debts_of_type(case_type: CaseType, profile: Profile, *, received_at: datetime) -> Sequence[Reckoned]:
    """The three debts of a kind, side by side, from the original receipt."""
    whole = case_type.promised
    sums = list(accumulate(stage.days or stage.hours for stage in case_type.promise))
    ends = {stage.by: amount for stage, amount in zip(case_type.promise, sums, strict=True)}
    kinds = {"unit": UNIT_ANSWER, "central": CENTRAL_ANSWER}
    promises = [_promise(profile, kinds[by], by, Term(amount, whole.unit), received_at) for by, amount in ends.items()]
    return [*promises, _legal(case_type, profile, received_at, LEGAL_TERM)]


def debts_once_answered(
    case_type: CaseType, profile: Profile, *, received_at: datetime, returned: bool
) -> Sequence[Reckoned]:
    """The debts of a kind set after the unit answered: its part is done or, `returned`, has its second chance."""
    rest = [one for one in debts_of_type(case_type, profile, received_at=received_at) if one.kind != UNIT_ANSWER]
    return [debt_after_rejection(case_type, profile, received_at=received_at), *rest] if returned else rest


def debt_after_rejection(case_type: CaseType, profile: Profile, *, received_at: datetime) -> Reckoned:
    """The unit's second chance: to the end of the business day before the final date, never later.

    A promise in hours has no day before: the unit may use what is left of it, to the final instant.
    """
    debts = debts_of_type(case_type, profile, received_at=received_at)
    final = max((one for one in debts if one.kind in PROMISES), key=lambda one: one.term.amount)
    if final.term.unit is not Unit.BUSINESS_DAYS:
        return replace(final, kind=UNIT_ANSWER, by="unit")
    calendar = profile.calendar
    before = calendar.business[calendar.before[calendar.place(final.due.due_date.toordinal())] - 1]
    last = final.due.due_date.fromordinal(before)
    again = Due(final.due.effective_receipt, last, calendar.midnight_after_date(last))
    return replace(final, kind=UNIT_ANSWER, by="unit", due=again)


def debt_of_notice(profile: Profile, *, days: int, published_at: datetime) -> Reckoned:
    """How long a notice stays published; the person counts as notified when it ends.

    Nobody owes that its days pass. What is owed is that the case be notified then: within AFTER_NOTICE of their end.
    """
    return _promise(profile, NOTICE_PERIOD, "central", Term(days, Unit.BUSINESS_DAYS), published_at)


def _legal(case_type: CaseType, profile: Profile, received_at: datetime, kind: str) -> Reckoned:
    on = received_at.astimezone(profile.zone).date()
    law = profile.pack.legal_term(case_type.canonical, on=on, risk=case_type.risk or None, bound=profile.identity.bound)
    reckoned = due(profile.calendar, received_at, law.term, profile.office.receipt_rule)
    return Reckoned(kind, "central", law.term, received_at, reckoned, _inputs(profile, law.term, received_at, law.norm))


def _promise(profile: Profile, kind: str, by: str, term: Term, counted_from: datetime) -> Reckoned:
    reckoned = due(profile.calendar, counted_from, term, profile.office.receipt_rule)
    return Reckoned(kind, by, term, counted_from, reckoned, _inputs(profile, term, counted_from, ""))


def _inputs(profile: Profile, term: Term, counted_from: datetime, norm: str) -> Mapping[str, Any]:
    """What the reckoning was made with, kept beside the debt so that anyone can make it again."""
    return {
        "amount": term.amount,
        "unit": term.unit.value,
        "count_from": term.count_from.value,
        "roll_last_day": term.roll_last_day,
        "receipt_rule": profile.office.receipt_rule.value,
        "received_at": counted_from.isoformat(),
        "layers": list(profile.office.layers),
        "norm": norm,
        "norms_version": profile.pack.version,
        "profile": profile.digest,
    }
