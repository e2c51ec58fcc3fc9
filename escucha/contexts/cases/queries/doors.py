"""The doors to cases. Each takes the organisation and who looks: what may not be seen is not found."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import CharField, Exists, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.policy import CasesPolicy
from escucha.kernel.orgs.models import Member, Organisation
from escucha.kernel.orgs.queries import central_units, profile_by_version, profile_of
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.facts import Actor

FULL = ("org", "person", "unit", "member__account", "profile_version")


class NoSuchCase(LookupError):
    """There is no such case, or not for who asks."""


def policy_of(org: Organisation, *, at: datetime) -> CasesPolicy:
    return profile_of(org, at=at).section(CasesPolicy)


def profile_of_case(case: Case) -> Profile:
    """The profile the case was born with: its promises and its calendar never change under it."""
    return profile_by_version(case.profile_version_id, org=case.org)


def visible_cases(*, org: Organisation, viewer: Actor) -> QuerySet[Case]:
    """What a viewer may see: everything, or what its unit or itself has in charge and what it filed itself.

    What no unit has yet is the central unit's.
    """
    found = Case.objects.filter(org=org)
    if viewer.everywhere and viewer.may("cases.see"):
        return found
    if not viewer.may("cases.see"):
        return found.none()
    ways = {"unit": viewer.unit_id, "member": viewer.member_id, "filed_by": viewer.member_id}
    own = [Q(**{way: key}) for way, key in ways.items() if key is not None]  # nobody's cases are not of who has no unit
    if viewer.unit_id is not None:
        own.append(Q(unit=None) & Q(Exists(central_units(org).filter(pk=viewer.unit_id))))
    return found.filter(reduce(or_, own)) if own else found.none()


def case_by_number(*, org: Organisation, viewer: Actor, number: str) -> Case:
    return the_one(visible_cases(org=org, viewer=viewer).filter(filing_number=number))


def cases_by_subject(*, org: Organisation, viewer: Actor, subjects: Collection[str]) -> Mapping[str, Case]:
    """The visible cases among some subjects, by subject, in one query."""
    ids = [int(subject.removeprefix("case:")) for subject in subjects if subject.startswith("case:")]
    found = visible_cases(org=org, viewer=viewer).filter(pk__in=ids).select_related("person", "unit")
    return {case.subject: case for case in found}


def case_for_change(*, org: Organisation, case_id: int, by: Actor) -> Case:
    """The case, locked until the transaction ends: decide about it and nobody moves it meanwhile.

    Raises NoSuchCase for staff who may not see it. Citizens and the product itself come by doors of their own.
    """
    found = visible_cases(org=org, viewer=by) if by.kind == "staff" else Case.objects.filter(org=org)
    return the_one(found.filter(pk=case_id).select_for_update(of=("self",)), *FULL)


def cases_of_member(*, org: Organisation, member: Member) -> Sequence[Case]:
    """The open cases a member has in charge, locked, in an order that no two takers can cross."""
    found = Case.objects.filter(org=org, member=member, closed_at=None).order_by("pk")
    return list(found.select_for_update(of=("self",)).select_related(*FULL).defer("profile_version__document"))


def case_by_id(*, org: Organisation, case_id: int) -> Case:
    """For acts of the product itself, which nobody looks at."""
    return the_one(Case.objects.filter(org=org, pk=case_id))


def subjects_seen(*, org: Organisation, viewer: Actor) -> QuerySet[Case, str]:
    """The subjects of the cases a viewer may see, for who lists what other rooms keep about them."""
    subject = Concat(Value("case:"), Cast("pk", CharField()))
    return visible_cases(org=org, viewer=viewer).values_list(subject, flat=True)


def has_cases(org: Organisation) -> bool:
    return Case.objects.filter(org=org).exists()


def the_one(found: QuerySet[Case], *related: str) -> Case:
    case = found.select_related(*(related or FULL)).defer("profile_version__document").first()
    if case is None:
        raise NoSuchCase
    return case
