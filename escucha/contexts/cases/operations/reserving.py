"""Closed doors: a case passes to the reserved channel, says whom it is about, shows what it keeps and to whom."""

import secrets
from datetime import datetime

from django.db import transaction

from escucha.contexts.cases.events import (
    AccusedLifted,
    AccusedNamed,
    CaseOpenedUp,
    CaseReserved,
    IdentityRevealed,
    OriginalRevealed,
)
from escucha.contexts.cases.models import Accused, Case, Remark, Reveal
from escucha.contexts.cases.operations.accusing import name_whom_it_says
from escucha.contexts.cases.operations.handling import keep_remark
from escucha.contexts.cases.operations.owing import hand_over, keep
from escucha.contexts.cases.operations.refusal import Refused, refuse_if, refuse_stranger, same_version
from escucha.contexts.cases.operations.releasing import let_go, release
from escucha.contexts.cases.queries.doors import case_for_change
from escucha.contexts.cases.queries.joined import merged_in
from escucha.contexts.cases.queries.reserved import accused_of, identity_shown, keepers_of
from escucha.contexts.cases.queries.words import papers_of, words_told_beside
from escucha.contexts.cases.rules.debts import UNIT_ANSWER
from escucha.contexts.cases.rules.reserve import (
    REVEALED_IDENTITY,
    REVEALED_ORIGINAL,
    SHOWN_FOR,
    Charge,
    blockers_to_accuse,
    blockers_to_open_original,
    blockers_to_open_up,
    blockers_to_put_in_reserve,
    blockers_to_reserve,
    blockers_to_reveal,
)
from escucha.contexts.cases.rules.standing import ENDED, State
from escucha.contexts.documents.operations.attaching import attach, detach, keep_back
from escucha.kernel.commitments import ledger
from escucha.kernel.composed import update
from escucha.kernel.orgs.models import Member, Organisation, Unit
from escucha.kernel.timeline.digests import digest_of
from escucha.kernel.timeline.facts import SYSTEM, Actor
from escucha.kernel.timeline.record import record
from escucha.kernel.words import Saying, _


@transaction.atomic
def reserve_case(*, org: Organisation, case_id: int, version: int | None = None, by: Actor, now: datetime) -> Case:
    """The case is from now on only of who has the reserved channel: no unit has it, and its person is kept."""
    case = case_for_change(org=org, case_id=case_id, by=by)
    same_version(case, version)
    refuse_if(blockers_to_reserve(by, reserved=case.reserved, ended=State(case.state) in ENDED))
    put_in_reserve(case, by=by, now=now)
    return case


def put_in_reserve(case: Case, *, by: Actor, now: datetime) -> None:
    """The case leaves its unit and every agenda, with what it owes; its due times stay as they are.

    Whom it names never sees it.
    """
    refuse_if(blockers_to_put_in_reserve(holds=bool(merged_in(case))))
    case.reserved, case.identity_reserved = True, case.identity_reserved or case.person is not None
    release(case, by=by, now=now)
    case.unit = None
    if case.state == State.ASSIGNED:
        case.state = State.CLASSIFIED
    ledger.place(org=case.org, subject=case.subject, turn=case.turn, reserved=True)
    hand_over(case, UNIT_ANSWER, by=by, now=now)
    keep(case, "reserved", "identity_reserved", "unit", "member", "state")
    record(CaseReserved(subject=case.subject), org=case.org, by=by, now=now)
    _take_along(case, by=by, now=now)
    keep_back(org=case.org, subject=case.subject, by=by, now=now)
    name_whom_it_says(org=case.org, case_id=case.pk, by=SYSTEM, now=now)


@transaction.atomic
def open_up_case(
    *, org: Organisation, case_id: int, reason: str, version: int | None = None, by: Actor, now: datetime
) -> Case:
    """The case is handled as any other from now on, and says why. Its person stays kept."""
    case = case_for_change(org=org, case_id=case_id, by=by)
    same_version(case, version)
    accused = bool(accused_of(case))
    refuse_if(blockers_to_open_up(by, reserved=case.reserved, accused=accused, reason=reason))
    case.reserved = False
    release(case, by=by, now=now)
    ledger.place(org=org, subject=case.subject, turn=case.turn, reserved=False)
    hand_over(case, UNIT_ANSWER, by=by, now=now)
    keep(case, "reserved", "member")
    remark, digest = keep_remark(case, Remark.Kind.NOTE, reason, by=by, now=now)
    record(CaseOpenedUp(subject=case.subject, remark=remark.pk, digest=digest), org=org, by=by, now=now)
    return case


@transaction.atomic
def name_accused(
    *,
    org: Organisation,
    case_id: int,
    member: Member | None = None,
    unit: Unit | None = None,
    by: Actor,
    now: datetime,
) -> Accused:
    """A member or a unit the case is about: from now on neither sees it, nor does who leads them. Twice is as once."""
    case = case_for_change(org=org, case_id=case_id, by=by)
    if (member is None) == (unit is None):
        raise Refused([Saying(_("Escoja a una persona o a una dependencia."))])
    _refuse_strangers(member, unit, org)
    if known := _accused_now(case, member, unit):
        return known
    charge = Charge(member.pk, member.unit_id) if member else Charge(None, unit.pk if unit else None)
    left = len(keepers_of(case, now=now, also=[charge]))
    refuse_if(blockers_to_accuse(by, reserved=case.reserved, left=left))
    accused, made = Accused.objects.get_or_create(case=case, member=member, unit=unit, defaults={"org": org, "at": now})
    if not made:  # only that: `update_or_create` would write when it was first said, which nobody may change
        accused.lifted_at = None
        update(accused, "lifted_at")
    let_go(case, by=by, now=now)
    record(AccusedNamed(subject=case.subject, accused=accused.pk), org=org, by=by, now=now)
    return accused


def name_same_accused(case: Case, *, of: Case, by: Actor, now: datetime) -> None:
    """What came out of a reserved case is about whom that one is about: a part of it is no other door."""
    for known in accused_of(of):
        accused = Accused.objects.create(org=case.org, case=case, member=known.member, unit=known.unit, at=now)
        record(AccusedNamed(subject=case.subject, accused=accused.pk), org=case.org, by=by, now=now)


@transaction.atomic
def lift_accused(*, org: Organisation, case_id: int, accused_id: int, by: Actor, now: datetime) -> None:
    """The case is no longer about somebody that was named. Twice is as once."""
    case = case_for_change(org=org, case_id=case_id, by=by)
    refuse_if(blockers_to_accuse(by, reserved=case.reserved))
    if Accused.objects.filter(case=case, pk=accused_id, lifted_at=None).update(lifted_at=now):
        record(AccusedLifted(subject=case.subject, accused=accused_id), org=org, by=by, now=now)


@transaction.atomic
def reveal_identity(*, org: Organisation, case_id: int, reason: str, by: Actor, now: datetime) -> Reveal:
    """Who filed is shown to who asks, for SHOWN_FOR and to nobody else. What for is written down, each time anew."""
    case = case_for_change(org=org, case_id=case_id, by=by)
    kept = case.identity_reserved and case.person is not None
    refuse_if(blockers_to_reveal(by, kept=kept, reserved=case.reserved, reason=reason))
    if shown := identity_shown(case, viewer=by, now=now):
        return shown
    reveal, digest = _revealed(case, REVEALED_IDENTITY, reason, by=by, now=now, until=now + SHOWN_FOR)
    record(IdentityRevealed(subject=case.subject, reveal=reveal.pk, digest=digest), org=org, by=by, now=now)
    return reveal


@transaction.atomic
def reveal_original(
    *, org: Organisation, case_id: int, attachment_id: int, number: int, reason: str, by: Actor, now: datetime
) -> Reveal:
    """What for the original of a reserved attachment is opened is written down, each time anew."""
    case = case_for_change(org=org, case_id=case_id, by=by)
    refuse_if(blockers_to_open_original(by, reserved=case.reserved, reason=reason))
    reveal, digest = _revealed(case, REVEALED_ORIGINAL, reason, by=by, now=now, until=now)
    fact = OriginalRevealed(
        subject=case.subject, reveal=reveal.pk, attachment=attachment_id, number=number, digest=digest
    )
    record(fact, org=org, by=by, now=now)
    return reveal


def _take_along(case: Case, *, by: Actor, now: datetime) -> None:
    """What came for the case while it followed another, and stands beside that one, stands beside its own."""
    for word in words_told_beside(case):
        for paper in papers_of(word):
            attach(org=case.org, file=paper.file, subject=case.subject, kind=paper.kind, by=by, now=now)
            detach(org=case.org, attachment_id=paper.pk, subject=word.case.subject, by=by, now=now)


def _revealed(case: Case, what: str, reason: str, *, by: Actor, now: datetime, until: datetime) -> tuple[Reveal, str]:
    """The row, with the digest of its reason."""
    assert by.member_id is not None  # only members have acts
    reveal = Reveal.objects.create(
        org=case.org,
        case=case,
        member_id=by.member_id,
        what=what,
        reason=reason.strip(),
        salt=secrets.token_hex(16),
        at=now,
        until=until,
    )
    return reveal, digest_of(reveal.salt, reveal.reason)


def _refuse_strangers(member: Member | None, unit: Unit | None, org: Organisation) -> None:
    if unit is not None:
        refuse_stranger(unit, org=org)
    if member is not None and member.org_id != org.pk:
        raise Refused([Saying(_("Esa persona no trabaja en esta organización."))])


def _accused_now(case: Case, member: Member | None, unit: Unit | None) -> Accused | None:
    return next((one for one in accused_of(case) if (one.member, one.unit) == (member, unit)), None)
