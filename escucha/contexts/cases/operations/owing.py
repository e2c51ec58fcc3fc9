"""From what the rules reckon to what the ledger keeps, and the case's copy of its earliest due time."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.indexing import index_case, index_holder
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import profile_of_case
from escucha.contexts.cases.rules.debts import (
    AFTER_NOTICE,
    CLASSIFICATION,
    NOTICE_PERIOD,
    PROMISES,
    UNCLASSIFIED,
    Reckoned,
)
from escucha.kernel.commitments import ledger
from escucha.kernel.commitments.ladder import Rung
from escucha.kernel.commitments.ledger import Debt, Owner
from escucha.kernel.commitments.queries import owed_about
from escucha.kernel.orgs.models import Member
from escucha.kernel.orgs.models import Unit as Dependency
from escucha.kernel.orgs.queries import central_unit
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.worktime.terms import BY_INSTANT, Unit

NOTICE_ENDS = Rung(step="notice_ends", minutes_before=AFTER_NOTICE // timedelta(minutes=1))
ENTRUSTED = (CLASSIFICATION, *PROMISES)
TOLD, HELD = {"reserved", "identity_reserved", "person"}, {"unit", "member"}  # what changes how a case is found


def owe(case: Case, profile: Profile, reckoned: Sequence[Reckoned], *, now: datetime) -> None:
    """Owe what was reckoned: the unit's part to the unit that has the case, the rest to the central office."""
    _owe_all(case, profile, _debts(case, profile, reckoned, central_unit(case.org)), now)


def owe_first(
    case: Case, profile: Profile, reckoned: Sequence[Reckoned], *, central: Dependency, now: datetime
) -> None:
    """What a case owes from its filing on, which nothing precedes."""
    ledger.owe_first(
        org=case.org,
        subject=case.subject,
        debts=_debts(case, profile, reckoned, central),
        version=case.profile_version,
        calendar=profile.calendar,
        now=now,
    )


def owe_notice(case: Case, profile: Profile, period: Reckoned, *, now: datetime) -> None:
    """The days of a notice, as a step that falls at their end. Nobody's work, so in no agenda before."""
    ends = period.due.due_at
    debt = Debt(
        kind=NOTICE_PERIOD,
        owner=Owner(unit=central_unit(case.org)),
        counted_from=period.counted_from,
        due_at=ends + AFTER_NOTICE,
        unit=Unit.ELAPSED_MINUTES,  # the step falls at the very instant, which is a midnight
        rungs=(NOTICE_ENDS,),
        reckoning=period.reckoning,
        visible_at=ends,
        turn=case.turn,
        reserved=case.reserved,
    )
    _owe_all(case, profile, [debt], now)


def _owe_all(case: Case, profile: Profile, debts: Sequence[Debt], now: datetime) -> None:
    ledger.owe_all(
        org=case.org,
        subject=case.subject,
        debts=debts,
        version=case.profile_version,
        calendar=profile.calendar,
        now=now,
    )


def count_again(case: Case, reckoned: Sequence[Reckoned], *, cause: str, by: Actor, now: datetime) -> None:
    """What is still owed ends when it was reckoned now. What was paused or extended keeps the time it was given."""
    calendar, moved = profile_of_case(case).calendar, False
    owed = {one.kind: one for one in owed_about(org=case.org, subject=case.subject) if one.runs_as_reckoned}
    for debt in reckoned:
        known = owed.get(debt.kind)
        if known is None or (known.due_at, known.begins_at) == (debt.due.due_at, debt.counted_from):
            continue
        moved = True
        ledger.reckon_again(
            org=case.org,
            kind=debt.kind,
            subject=case.subject,
            due_at=debt.due.due_at,
            due_on=_last_day(debt),
            reckoning=debt.reckoning,
            cause=cause,
            calendar=calendar,
            by=by,
            now=now,
        )
    if moved:
        keep(case)


def settle(case: Case, *kinds: str, by: Actor, now: datetime, at: datetime | None = None) -> None:
    ledger.settle_all(org=case.org, kinds=kinds, subject=case.subject, at=at, by=by, now=now)


def annul(case: Case, *, cause: str, by: Actor, now: datetime, kinds: Sequence[str] = PROMISES + UNCLASSIFIED) -> None:
    ledger.annul_all(org=case.org, kinds=kinds, subject=case.subject, cause=cause, by=by, now=now)


def waive(case: Case, *, cause: str, by: Actor, now: datetime) -> None:
    for kind in PROMISES + UNCLASSIFIED:
        ledger.waive(org=case.org, kind=kind, subject=case.subject, cause=cause, by=by, now=now)


def hand_over(case: Case, kind: str, *, by: Actor, now: datetime) -> None:
    """The unit (and the member, if one has it) that now has the case owes the debt; its time runs on."""
    owner = Owner(unit=case.unit or central_unit(case.org), member=case.member)
    ledger.hand_over(org=case.org, kind=kind, subject=case.subject, owner=owner, by=by, now=now)


def entrust(case: Case, member: Member | None, *, unit_id: int, by: Actor, now: datetime) -> None:
    """What a unit has to do next about the case, one of its members owes; or nobody in particular."""
    for owed in owed_about(org=case.org, subject=case.subject):
        if owed.kind in ENTRUSTED and owed.owner_unit_id == unit_id:
            owner = Owner(unit=owed.owner_unit, member=member)
            ledger.hand_over(org=case.org, kind=owed.kind, subject=case.subject, owner=owner, by=by, now=now)


def copy_due(case: Case) -> None:
    """The earliest due time of what the case still owes; what it owed last, once it owes nothing."""
    owed = [debt.due_at for debt in owed_about(org=case.org, subject=case.subject) if debt.due_at]
    if owed:
        case.due_at = min(owed)


def keep(case: Case, *fields: str) -> None:
    """Save what a verb changed; the version tells every open page that it is out of date."""
    copy_due(case)
    case.version += 1
    case.save(update_fields=[*fields, "due_at", "version"])
    if TOLD.intersection(fields):
        index_case(case, case.person)
    elif HELD.intersection(fields):
        index_holder(case)


def _debts(case: Case, profile: Profile, reckoned: Sequence[Reckoned], central: Dependency) -> Sequence[Debt]:
    ladder = profile.section(CasesPolicy).ladder
    return [_debt(case, one, _owner(case, one, central), ladder) for one in reckoned]


def _owner(case: Case, reckoned: Reckoned, central: Dependency) -> Owner:
    if reckoned.by == "unit" and case.unit is not None:
        return Owner(unit=case.unit, member=case.member)
    return Owner(unit=central)


def _debt(case: Case, reckoned: Reckoned, owner: Owner, ladder: Sequence[Rung]) -> Debt:
    return Debt(
        kind=reckoned.kind,
        owner=owner,
        counted_from=reckoned.counted_from,
        due_at=reckoned.due.due_at,
        due_on=_last_day(reckoned),
        unit=reckoned.term.unit,
        rungs=ladder,
        reckoning=reckoned.reckoning,
        turn=case.turn,
        reserved=case.reserved,
    )


def _last_day(reckoned: Reckoned) -> date | None:
    return reckoned.due.due_date if reckoned.term.unit not in BY_INSTANT else None
