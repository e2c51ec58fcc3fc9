"""A case on its way: to a unit, back from it, to a person, with notes."""

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from escucha.contexts.cases import notices
from escucha.contexts.cases.events import (
    CaseAssigned,
    CaseReturned,
    CaseRouted,
    CaseWithdrawn,
    NoteWritten,
    WithdrawalRecorded,
)
from escucha.contexts.cases.models import Case, Draft, Remark
from escucha.contexts.cases.operations.owing import entrust, hand_over, keep, waive
from escucha.contexts.cases.operations.refusal import refuse_if, refuse_stranger, same_version
from escucha.contexts.cases.operations.separating import separate, tell_separated
from escucha.contexts.cases.queries.doors import case_for_change, cases_of_member
from escucha.contexts.cases.queries.joined import family_for_change
from escucha.contexts.cases.queries.reserved import keepers_of
from escucha.contexts.cases.queries.standing import standing_of
from escucha.contexts.cases.rules.debts import UNIT_ANSWER
from escucha.contexts.cases.rules.standing import (
    State,
    blockers_to_answer,
    blockers_to_assign,
    blockers_to_note,
    blockers_to_return,
    blockers_to_route,
    blockers_to_withdraw,
    units_at_work,
)
from escucha.kernel.orgs.models import Member, Organisation, Unit
from escucha.kernel.timeline.digests import digest_of
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.record import record


@transaction.atomic
def route_case(
    *, org: Organisation, case_id: int, unit: Unit, version: int | None = None, by: Actor, now: datetime
) -> Case:
    """The case goes to a unit, which owes its part from now on. The clock runs on."""
    case = case_for_change(org=org, case_id=case_id, by=by)
    same_version(case, version)
    refuse_stranger(unit, org=org)
    refuse_if(blockers_to_route(standing_of(case), by, unit_id=unit.pk))
    before, case.unit, case.member, case.state = case.unit_id, unit, None, State.ASSIGNED
    hand_over(case, UNIT_ANSWER, by=by, now=now)
    keep(case, "unit", "member", "state")
    record(CaseRouted(subject=case.subject, unit=unit.pk, before=before), org=org, by=by, now=now)
    notices.tell_unit(case, notices.ASSIGNED, now=now)
    return case


@transaction.atomic
def return_case(
    *, org: Organisation, case_id: int, reason: str, version: int | None = None, by: Actor, now: datetime
) -> Case:
    """The unit says why the case is not its own; it waits again for a unit, with the clock running."""
    case = case_for_change(org=org, case_id=case_id, by=by)
    same_version(case, version)
    refuse_if(blockers_to_return(standing_of(case), by, reason=reason))
    unit, case.unit, case.member, case.state = case.unit_id, None, None, State.CLASSIFIED
    assert unit is not None
    hand_over(case, UNIT_ANSWER, by=by, now=now)
    keep(case, "unit", "member", "state")
    remark, digest = keep_remark(case, Remark.Kind.RETURN, reason, by=by, now=now)
    record(CaseReturned(subject=case.subject, unit=unit, remark=remark.pk, digest=digest), org=org, by=by, now=now)
    return case


@transaction.atomic
def assign_case(
    *, org: Organisation, case_id: int, member: Member | None, version: int | None = None, by: Actor, now: datetime
) -> Case:
    """A member of the unit takes charge of the case, or nobody in particular does. The case stays where it is."""
    case = case_for_change(org=org, case_id=case_id, by=by)
    same_version(case, version)
    standing = standing_of(case)
    outside = member is not None and not _works_on(member, case, units_at_work(standing), now=now)
    refuse_if(blockers_to_assign(standing, by, outside=outside))
    before, case.member = case.member, member
    if before and before.unit_id:
        entrust(case, None, unit_id=before.unit_id, by=by, now=now)
    if member and member.unit_id:
        entrust(case, member, unit_id=member.unit_id, by=by, now=now)
    keep(case, "member")
    record(CaseAssigned(subject=case.subject, member=member.pk if member else None), org=org, by=by, now=now)
    if member and member.unit and member.pk != by.member_id:
        notices.tell_member(case, member, notices.ASSIGNED, {"unit": member.unit.label}, now=now)
    return case


@transaction.atomic
def write_note(*, org: Organisation, case_id: int, body: str, by: Actor, now: datetime) -> Remark:
    """A note for colleagues. It never reaches the person."""
    case = case_for_change(org=org, case_id=case_id, by=by)
    refuse_if(blockers_to_note(standing_of(case), by, body=body))
    remark, digest = keep_remark(case, Remark.Kind.NOTE, body, by=by, now=now)
    record(NoteWritten(subject=case.subject, remark=remark.pk, digest=digest), org=org, by=by, now=now)
    return remark


@transaction.atomic
def keep_draft(*, org: Organisation, case_id: int, body: str, by: Actor, now: datetime) -> None:
    """What a member has written so far, kept while it may answer. Of its own and nobody else's."""
    case = case_for_change(org=org, case_id=case_id, by=by)
    refuse_if(blockers_to_answer(standing_of(case), by))
    assert by.member_id is not None  # only members have acts
    values = {"org": org, "body": body, "saved_at": now}
    Draft.objects.update_or_create(case=case, member_id=by.member_id, defaults=values)


@transaction.atomic
def withdraw_case(
    *, org: Organisation, case_id: int, reason: str = "", version: int | None = None, by: Actor, now: datetime
) -> Case:
    """The person no longer wants an answer (CPACA art. 18): what was owed to it is let go.

    Where staff writes it down it says why, and the person is told: it may say that it is not so. What followed the
    case was not withdrawn: it stands on its own again.
    """
    case, following = family_for_change(org=org, case_id=case_id, by=by)
    same_version(case, version)
    refuse_if(blockers_to_withdraw(standing_of(case), by, reason=reason))
    for one in following:
        separate(one, by=by, now=now)
        tell_separated(one, case, by=by, now=now)
    waive(case, cause="withdrawn", by=by, now=now)
    case.state, case.closed_at = State.WITHDRAWN, now
    keep(case, "state", "closed_at")
    if by.kind != "staff":
        record(CaseWithdrawn(subject=case.subject), org=org, by=by, now=now)
        return case
    remark, digest = keep_remark(case, Remark.Kind.WITHDRAWAL, reason, by=by, now=now)
    record(WithdrawalRecorded(subject=case.subject, remark=remark.pk, digest=digest), org=org, by=by, now=now)
    notices.confirm_withdrawal(case, now=now)
    return case


@transaction.atomic
def release_cases(*, org: Organisation, member: Member, by: Actor, now: datetime) -> int:
    """Who leaves has no case in charge any more: its unit has them. Returns how many there were."""
    released = cases_of_member(org=org, member=member)
    for case in released:
        case.member = None
        keep(case, "member")
        record(CaseAssigned(subject=case.subject, member=None), org=org, by=by, now=now)
    return len(released)


def _works_on(member: Member, case: Case, units: Collection[int], *, now: datetime) -> bool:
    if case.reserved:
        return member in keepers_of(case, now=now)
    return member.active and member.org_id == case.org_id and member.unit_id in units


def keep_remark(case: Case, kind: Remark.Kind, body: str, *, by: Actor, now: datetime) -> tuple[Remark, str]:
    """What was said, as a row that may be erased, and its salted digest, which stays in the chain."""
    salt = secrets.token_hex(16)
    remark = Remark.objects.create(
        org=case.org, case=case, kind=kind, body=body.strip(), salt=salt, member_id=by.member_id, at=now
    )
    return remark, digest_of(salt, remark.body)
