"""Two cases answered as one, one case answered as two; and back. Numbers stay for ever, and nothing owed gets later."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from escucha.contexts.cases import notices
from escucha.contexts.cases.events import CasesMerged, CaseSplit, CasesToldApart
from escucha.contexts.cases.models import Case, Join, NotTheSame
from escucha.contexts.cases.operations.filing import file_case
from escucha.contexts.cases.operations.owing import annul, keep, owe
from escucha.contexts.cases.operations.refusal import Refused, refuse_if, same_version
from escucha.contexts.cases.operations.separating import separate, tell_separated
from escucha.contexts.cases.queries.doors import NoSuchCase, case_for_change, profile_of_case
from escucha.contexts.cases.queries.holders import case_filed_with
from escucha.contexts.cases.queries.joined import debts_of, first_receipt, pair_for_change, side_of
from escucha.contexts.cases.queries.standing import standing_of
from escucha.contexts.cases.rules.debts import VITAL_TERM
from escucha.contexts.cases.rules.joining import (
    blockers_to_merge,
    blockers_to_split,
    blockers_to_tell_apart,
    blockers_to_undo,
)
from escucha.contexts.cases.rules.standing import UNANSWERED, State
from escucha.kernel.commitments.queries import owed_about
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.record import record
from escucha.kernel.words import Saying, _

MERGED, UNMERGED = "merged", "merge_undone"  # causes


@transaction.atomic
def merge_cases(
    *,
    org: Organisation,
    case_id: int,
    into_id: int,
    version: int | None = None,
    into_version: int | None = None,
    by: Actor,
    now: datetime,
) -> Case:
    """The case follows another of the same requester, which answers for both. What it owed is annulled.

    What the other owes counts from the first receipt of all that it answers for, and no term of law gets later. Both
    are locked in one order, so that two merges that cross are one. Returns the case that answers.
    """
    case, main = pair_for_change(org=org, one_id=case_id, other_id=into_id, by=by)
    same_version(case, version)
    same_version(main, into_version)
    refuse_if(blockers_to_merge(side_of(case), side_of(main), by))
    owed = [debt.kind for debt in owed_about(org=org, subject=case.subject)]
    before = {"state": case.state, "kind": case.case_type, "unit": case.unit_id, "member": case.member_id, "owed": owed}
    Join.objects.create(org=org, case=case, into=main, before=before, member_id=by.member_id, at=now)
    annul(case, cause=MERGED, by=by, now=now, kinds=owed)
    case.state, case.closed_at, case.merged_into = State.MERGED, now, main
    keep(case, "state", "closed_at", "merged_into")
    _reckon(main, cause=MERGED, also={VITAL_TERM}.intersection(owed), by=by, now=now)
    for told in (case, main):
        record(CasesMerged(subject=told.subject, **_both(case, main)), org=org, by=by, now=now)
    notices.tell_joined(case, main, now=now)
    return main


@transaction.atomic
def undo_merge(*, org: Organisation, case_id: int, version: int | None = None, by: Actor, now: datetime) -> Case:
    """The case is as it was before it followed another: its state, and what it owed, from its own receipt."""
    case, main = _joined_pair(org, case_id, by)
    same_version(case, version)
    refuse_if(blockers_to_undo(standing_of(case), by))
    separate(case, by=by, now=now)
    if main.state in UNANSWERED:
        _reckon(main, cause=UNMERGED, by=by, now=now)
    tell_separated(case, main, by=by, now=now)
    return case


@transaction.atomic
def split_case(
    *,
    org: Organisation,
    case_id: int,
    body: str,
    matter: str = "",
    filing_key: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Case:
    """A part of what was asked becomes a case with its own number, of the same person.

    It owes from the same moment, and at once if that one does. To undo it the new case is merged into the one it came
    out of. Sent twice it is one.
    """
    if filing_key and (twin := case_filed_with(org=org, filing_key=filing_key)):
        return twin
    case = case_for_change(org=org, case_id=case_id, by=by)
    same_version(case, version)
    refuse_if(blockers_to_split(standing_of(case), by, body=body))
    owed = {debt.kind for debt in owed_about(org=org, subject=case.subject)}
    made = file_case(
        org=org,
        channel=case.channel,
        body=body,
        matter=matter,
        person=case.person,
        anonymous=case.anonymous,
        identity_reserved=case.identity_reserved,
        reserved=case.reserved,
        requester_kind=case.requester_kind,
        site=case.site,
        place_code=case.place_code,
        filled_by="staff",
        received_at=first_receipt(case),
        emergency=VITAL_TERM in owed,
        received_unit=case.received_unit,
        split_from=case,
        filing_key=filing_key,
        by=by,
        now=now,
    )
    keep(case)
    parts: dict[str, Any] = {
        "case": made.pk,
        "out_of": case.pk,
        "number": made.filing_number,
        "out_of_number": case.filing_number,
    }
    for told in (case, made):
        record(CaseSplit(subject=told.subject, **parts), org=org, by=by, now=now)
    return made


@transaction.atomic
def tell_apart(*, org: Organisation, case_id: int, other_id: int, by: Actor, now: datetime) -> None:
    """Somebody looked at both: they are two, and neither is shown beside the other again. Twice is as once."""
    case, other = pair_for_change(org=org, one_id=case_id, other_id=other_id, by=by)
    if case.pk == other.pk:
        raise Refused([Saying(_("Escoja otro caso: es este mismo."))])
    refuse_if(blockers_to_tell_apart(standing_of(case), by))
    assert by.member_id is not None  # only members have acts
    one, two = sorted((case.pk, other.pk))
    said = {"org": org, "member_id": by.member_id, "at": now}
    _pair, is_new = NotTheSame.objects.get_or_create(one_id=one, other_id=two, defaults=said)
    if is_new:
        fact = CasesToldApart(subject=case.subject, other=other.pk, other_number=other.filing_number)
        record(fact, org=org, by=by, now=now)


def _joined_pair(org: Organisation, case_id: int, by: Actor) -> tuple[Case, Case]:
    """A case and the one it follows, locked; of one that follows none, twice itself."""
    followed = Case.objects.filter(org=org, pk=case_id).values_list("merged_into", flat=True).first()
    case, main = pair_for_change(org=org, one_id=case_id, other_id=followed or case_id, by=by)
    if case.merged_into_id != followed:
        raise NoSuchCase  # somebody separated it meanwhile and joined it to another
    return case, main


def _reckon(case: Case, *, cause: str, also: Collection[str] = (), by: Actor, now: datetime) -> None:
    """What the case still owes, by the receipts of all that it answers for now. What does not move stays as it is."""
    owed = {debt.kind: debt for debt in owed_about(org=case.org, subject=case.subject)}
    wanted = {debt.kind: debt for debt in debts_of(case)}
    moved = {
        kind for kind, debt in owed.items() if debt.due_at and kind in wanted and debt.due_at != wanted[kind].due.due_at
    }
    gone = {VITAL_TERM}.intersection(owed).difference(wanted)
    annul(case, cause=cause, by=by, now=now, kinds=sorted(moved | gone))
    again = [debt for kind, debt in wanted.items() if kind in moved or (kind in also and kind not in owed)]
    owe(case, profile_of_case(case), again, now=now)
    keep(case)


def _both(case: Case, main: Case) -> dict[str, Any]:
    return {"case": case.pk, "into": main.pk, "number": case.filing_number, "into_number": main.filing_number}
