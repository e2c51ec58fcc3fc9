"""The doors to cases. Each takes the organisation and who looks: what may not be seen is not found."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache, reduce
from operator import or_
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from escucha.contexts.cases.models import Accused, Case
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.rules.reserve import RESERVED, leads
from escucha.kernel.composed import Blank, Composed
from escucha.kernel.orgs.models import Member, Organisation
from escucha.kernel.orgs.queries import central_units, profile_by_version, profile_in, profile_of
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.facts import Actor

SUBJECT = Concat(Value("case:"), Cast("pk", CharField()))
NONE = Q(pk__in=[])
ITS_UNIT, ITSELF = Blank("unit"), Blank("member")  # of a viewer
FULL = ("org", "person", "unit", "member__account", "profile_version")


class NoSuchCase(LookupError):
    """There is no such case, or not for who asks."""


def policy_of(org: Organisation, *, at: datetime) -> CasesPolicy:
    return profile_of(org, at=at).section(CasesPolicy)


def profile_of_case(case: Case) -> Profile:
    """The profile the case was born with: its promises and its calendar never change under it."""
    if "profile_version" in case._state.fields_cache:  # the door that found the case brought it
        return profile_in(case.profile_version, slug=case.org.slug)
    return profile_by_version(case.profile_version_id, org=case.org)


def visible_cases(*, org: Organisation, viewer: Actor) -> QuerySet[Case]:
    """What a viewer may open: what is listed to it and, for who has the reserved channel, the reserved cases."""
    if not viewer.may(RESERVED):
        return listed_cases(org=org, viewer=viewer)
    return Case.objects.filter(Q(_open_to(viewer, org), reserved=False) | _in_reserve(viewer), org=org)


def listed_cases(*, org: Organisation, viewer: Actor) -> QuerySet[Case]:
    """What is shown to a viewer in lists, counts, searches, files and statistics: never a reserved case.

    Of the rest: everything, or what its unit or itself has in charge and what it filed itself. What no unit has yet
    is the central unit's.
    """
    return Case.objects.filter(_open_to(viewer, org), org=org, reserved=False)


def reserved_cases(*, org: Organisation, viewer: Actor) -> QuerySet[Case]:
    """The reserved cases of who has their act, but those that are about it or about those it leads."""
    return Case.objects.filter(_in_reserve(viewer), org=org)


def _open_to(viewer: Actor, org: Organisation) -> Q:
    if not viewer.may("cases.see"):
        return NONE
    if viewer.everywhere:
        return Q()
    ways = {"unit": viewer.unit_id, "member": viewer.member_id, "filed_by": viewer.member_id}
    own = [Q(**{way: key}) for way, key in ways.items() if key is not None]  # nobody's cases are not of who has no unit
    if viewer.unit_id is not None:
        own.append(Q(unit=None) & Q(Exists(central_units(org).filter(pk=viewer.unit_id))))
    return reduce(or_, own) if own else NONE


def _in_reserve(viewer: Actor) -> Q:
    """The rule of `reserve.keeps`, asked of every case at once."""
    if not (viewer.may("cases.see") and viewer.may(RESERVED)):
        return NONE
    against = NONE if viewer.member_id is None else Q(member=viewer.member_id)
    if viewer.unit_id is not None:
        against |= Q(unit=viewer.unit_id)
    if leads(viewer) and viewer.everywhere:
        against = Q()
    elif leads(viewer) and viewer.unit_id is not None:
        against |= Q(member__unit=viewer.unit_id)
    charges = Accused.objects.filter(against, case=OuterRef("pk"), lifted_at=None)
    return Q(~Exists(charges), reserved=True)


def like(viewer: Actor) -> Actor:
    """The viewer with blanks for its own ids: a question is composed once for all who see by the same rules."""
    own: dict[str, Any] = {
        "unit_id": None if viewer.unit_id is None else ITS_UNIT,
        "member_id": None if viewer.member_id is None else ITSELF,
    }
    return replace(viewer, id="", **own)


def ids_of(viewer: Actor) -> Mapping[str, int | None]:
    """What stands in the blanks of `like`."""
    return {ITS_UNIT.name: viewer.unit_id, ITSELF.name: viewer.member_id}


def case_by_number(*, org: Organisation, viewer: Actor, number: str) -> Case:
    case = _by_number(like(viewer)).first(org=org.pk, number=number, **ids_of(viewer))
    if case is None:
        raise NoSuchCase
    case.org = org
    return case


@lru_cache(maxsize=64)
def _by_number(viewer: Actor) -> Composed[Case]:
    org: Any = Blank("org")
    related = [one for one in FULL if one != "org"]
    return Composed(
        lambda: (
            visible_cases(org=org, viewer=viewer)
            .filter(filing_number=Blank("number"))
            .select_related(*related)
            .defer("profile_version__document")
        )
    )


def cases_by_subject(
    *, org: Organisation, viewer: Actor, subjects: Collection[str], only: Sequence[str] = ()
) -> Mapping[str, Case]:
    """The visible cases among some subjects, by subject, in one query; with their person and unit.

    Who shows many and little of each says `only` which columns: of them and, as `person__name`, of their person.
    """
    ids = [int(subject.removeprefix("case:")) for subject in subjects if subject.startswith("case:")]
    if not ids:
        return {}
    found = _by_ids(like(viewer), tuple(only)).ask(org=org.pk, ids=ids, **ids_of(viewer))
    return {case.subject: case for case in found}


@lru_cache(maxsize=64)
def _by_ids(viewer: Actor, only: Sequence[str]) -> Composed[Case]:
    org: Any = Blank("org")

    def compose() -> QuerySet[Case]:
        found = visible_cases(org=org, viewer=viewer).extra(where=["cases_case.id = ANY(%s)"], params=[Blank("ids")])
        return found.select_related("person").only(*only) if only else found.select_related("person", "unit")

    return Composed(compose)


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


def open_cases_of(*, org: Organisation, person_id: int) -> Sequence[Case]:
    """The open cases of a person, locked, in an order that no two takers can cross. For the product itself."""
    found = Case.objects.filter(org=org, person=person_id, closed_at=None).order_by("pk")
    return list(found.select_for_update(of=("self",)))


def case_by_id(*, org: Organisation, case_id: int) -> Case:
    """For acts of the product itself, which nobody looks at."""
    return the_one(Case.objects.filter(org=org, pk=case_id))


def subjects_seen(*, org: Organisation, viewer: Actor) -> QuerySet[Case, str]:
    """The subjects of the cases a viewer may see, for who lists what other rooms keep about them."""
    return visible_cases(org=org, viewer=viewer).values_list(SUBJECT, flat=True)


def reserved_subjects(*, org: Organisation, viewer: Actor) -> QuerySet[Case, str] | None:
    """The subjects of the reserved cases a viewer may open, for the agendas; None for who has no part in any."""
    if not viewer.may(RESERVED):
        return None
    return reserved_cases(org=org, viewer=viewer).values_list(SUBJECT, flat=True)


def subjects_kept_from(*, org: Organisation, viewer: Actor) -> QuerySet[Case, str]:
    """The subjects of the reserved cases that a viewer may not open, for who lists what everybody else sees whole."""
    kept = Case.objects.filter(org=org, reserved=True)
    if viewer.may(RESERVED):
        kept = kept.exclude(pk__in=reserved_cases(org=org, viewer=viewer).values("pk"))
    return kept.values_list(SUBJECT, flat=True)


def numbers_kept_from(*, org: Organisation, viewer: Actor, numbers: Collection[str]) -> frozenset[str]:
    """Of some filing numbers, those of reserved cases that a viewer may not open: no page that it reads says them."""
    if not numbers:
        return frozenset()
    kept = Case.objects.filter(org=org, reserved=True, filing_number__in=numbers)
    seen = visible_cases(org=org, viewer=viewer).values("pk")
    return frozenset(kept.exclude(pk__in=seen).values_list("filing_number", flat=True))


def has_cases(org: Organisation) -> bool:
    return Case.objects.filter(org=org).exists()


def the_one(found: QuerySet[Case], *related: str) -> Case:
    case = found.select_related(*(related or FULL)).defer("profile_version__document").first()
    if case is None:
        raise NoSuchCase
    return case
