"""Cases that were put together: which one answers, which ones follow it, and what all of them owe."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from escucha.contexts.cases.models import Case, Join
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import FULL, NoSuchCase, case_for_change, profile_of_case, visible_cases
from escucha.contexts.cases.queries.receiving import receipts_of
from escucha.contexts.cases.queries.standing import standing_of
from escucha.contexts.cases.queries.written import latest_answer
from escucha.contexts.cases.rules.debts import (
    LEGAL_TERM,
    VITAL_TERM,
    Reckoned,
    debts_of_type,
    debts_once_answered,
    debts_when_filed,
)
from escucha.contexts.cases.rules.joining import Side
from escucha.contexts.cases.rules.likeness import Told, is_same_person
from escucha.contexts.cases.rules.searching import contact_keys
from escucha.contexts.cases.rules.standing import State
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor

BY_LAW = (LEGAL_TERM, VITAL_TERM)


def main_of(case: Case) -> Case:
    """The case that answers for this one: the one it follows, or itself."""
    if case.merged_into_id is None:
        return case
    return Case.objects.select_related(*FULL).defer("profile_version__document").get(pk=case.merged_into_id)


def merged_in(case: Case) -> Sequence[Case]:
    """The cases that follow this one now, the first received first."""
    found = Case.objects.filter(org=case.org_id, merged_into=case).select_related("org")
    return list(found.order_by("received_at", "pk"))


def around(case: Case) -> tuple[Sequence[Case], Sequence[Case]]:
    """The cases that follow this one now, and those that were split from it, in the order of their numbers."""
    found = Case.objects.filter(Q(merged_into=case) | Q(split_from=case), org=case.org_id).order_by("pk")
    cases = list(found.only("filing_number", "matter", "body", "merged_into", "split_from", "org"))
    merged = [one for one in cases if one.merged_into_id == case.pk]
    return merged, [one for one in cases if one.split_from_id == case.pk]


def join_of(case: Case) -> Join | None:
    """The merge by which a case follows another now."""
    return Join.objects.filter(case=case, undone_at=None).first()


def pair_for_change(*, org: Organisation, one_id: int, other_id: int, by: Actor) -> tuple[Case, Case]:
    """Two cases, locked in an order that no two takers can cross. Raises NoSuchCase unless the taker may see both."""
    found = visible_cases(org=org, viewer=by) if by.kind == "staff" else Case.objects.filter(org=org)
    locked = found.filter(pk__in={one_id, other_id}).order_by("pk").select_for_update(of=("self",))
    cases = {case.pk: case for case in locked.select_related(*FULL).defer("profile_version__document")}
    if one_id not in cases or other_id not in cases:
        raise NoSuchCase
    return cases[one_id], cases[other_id]


def family_for_change(*, org: Organisation, case_id: int, by: Actor) -> tuple[Case, Sequence[Case]]:
    """A case and those that follow it, locked in the order in which any two are. Only the case has to be seen."""
    followers = Case.objects.filter(org=org, merged_into=case_id)
    ids = {case_id, *followers.values_list("pk", flat=True)}
    locked = Case.objects.filter(org=org, pk__in=ids).order_by("pk").select_for_update(of=("self",))
    known = list(locked.select_related(*FULL).defer("profile_version__document"))
    case = case_for_change(org=org, case_id=case_id, by=by)
    if followers.exclude(pk__in=ids).exists():
        raise NoSuchCase  # somebody joined another to it meanwhile
    return case, [one for one in known if one.merged_into_id == case_id]


def side_of(case: Case) -> Side:
    """A case, as the rules of joining ask it."""
    return Side(
        case_id=case.pk,
        standing=standing_of(case),
        told=told_by(case),
        kept=case.reserved or case.identity_reserved,
        holds=Case.objects.filter(org=case.org_id, merged_into=case).count(),
        split_from=case.split_from_id,
    )


def told_by(case: Case) -> Told:
    """What a case tells and whose it is, as far as both may be compared with others."""
    person = None if case.reserved or case.identity_reserved else case.person
    contacts = () if person is None else contact_keys(
        document_kind=person.document_kind,
        document_number=person.document_number,
        email=person.email,
        phones=[person.phone, person.other_phone],
    )  # fmt: skip
    return Told(
        text=f"{case.matter} {case.body}",
        received_at=case.received_at,
        person_id=person.pk if person else None,
        contacts=frozenset(contacts),
    )


def may_read_answer(case: Case, main: Case) -> bool:
    """Whether who follows a case reads what the one that it follows was answered: its own, or of the same person.

    Who only left the same telephone or e-mail may be anybody, and staff took both for one: the answer is read with the
    number of the other.
    """
    parts = (main.pk == case.split_from_id, case.pk == main.split_from_id)
    return case.pk == main.pk or any(parts) or is_same_person(told_by(case), told_by(main))


def first_receipt(case: Case) -> datetime:
    """When the first of a case and those that follow it was received: what the case owes counts from there."""
    return min(receipts_of([case, *merged_in(case)]).values())


def debts_of(case: Case) -> Sequence[Reckoned]:
    """All that a case owes as it stands, of itself and of those that follow it: the earliest term of law of them all.

    What it owed and met already is among it: the caller knows which of it is still owed.
    """
    following = merged_in(case)
    receipts = receipts_of([case, *following])
    earliest = {debt.kind: debt for debt in _own_debts(case, received_at=min(receipts.values()))}
    for one in following:
        for debt in _own_debts(one, received_at=receipts[one.pk]):
            known = earliest.get(debt.kind)
            if debt.kind in BY_LAW and (known is None or debt.due.due_at < known.due.due_at):
                earliest[debt.kind] = debt
    return list(earliest.values())


def _own_debts(case: Case, *, received_at: datetime) -> Sequence[Reckoned]:
    profile = profile_of_case(case)
    policy = profile.section(CasesPolicy)
    kind = policy.type_of(case.case_type)
    if kind is None:
        emergency = case.emergency and not case.case_type
        return debts_when_filed(policy, profile, received_at=received_at, filed_at=case.filed_at, emergency=emergency)
    if latest_answer(case) is None:
        return debts_of_type(kind, profile, received_at=received_at)
    returned = case.state not in (State.ANSWERED, State.APPROVED)
    return debts_once_answered(kind, profile, received_at=received_at, returned=returned)
