"""What each may open, for every sort of viewer: the question to the database says what the rule says of each case."""

from functools import partial
from itertools import product

import pytest

from escucha.contexts.cases.models import Accused, Case
from escucha.contexts.cases.operations.handling import assign_case
from escucha.contexts.cases.queries.doors import (
    NoSuchCase,
    case_by_number,
    case_for_change,
    listed_cases,
    reserved_cases,
    reserved_subjects,
    subjects_kept_from,
    subjects_seen,
    visible_cases,
)
from escucha.contexts.cases.queries.reserved import charges_of
from escucha.contexts.cases.rules.reserve import keeps
from escucha.kernel.timeline.facts import Actor
from tests.cast import TUESDAY
from tests.make import a_case, a_house, a_routed_case

pytestmark = pytest.mark.django_db
ACTS = [
    frozenset(f"cases.{act}" for act in acts.split())
    for acts in ("", "see", "reserved", "see reserved", "see reserved assign", "see assign")
]


@pytest.fixture
def cases(cafetal):
    """One of each sort: whose nobody is, of two units, in charge of somebody, filed by somebody; and four reserved."""
    case = a_routed_case(cafetal)
    assign = {"org": cafetal.org, "by": cafetal.actor("elsa"), "now": TUESDAY}
    assign_case(case_id=case.pk, member=cafetal.members["dario"], **assign)
    a_case(cafetal), a_routed_case(cafetal, unit="vivienda"), a_case(cafetal, by=cafetal.actor("dario"))
    reserved = [a_case(cafetal, reserved=True) for _each in range(4)]
    dario = cafetal.members["dario"]
    charges = ({"member": dario}, {"unit": dario.unit}, {"member": cafetal.members["vera"]})
    for one, charge in zip(reserved, charges, strict=False):
        Accused.objects.create(org=cafetal.org, case=one, at=TUESDAY, **charge)
    Accused.objects.create(org=cafetal.org, case=reserved[3], member=dario, at=TUESDAY, lifted_at=TUESDAY)
    a_case(a_house("vidamar")), a_case(a_house("arrayanes"), reserved=True)
    return list(Case.objects.filter(org=cafetal.org).order_by("pk"))


def viewers(house):
    units = [None, *(house.unit(key).pk for key in ("recreacion", "vivienda", "atencion"))]
    members = [None, house.members["dario"].pk, house.members["gabriel"].pk]
    for acts, everywhere, unit, member in product(ACTS, (True, False), units, members):
        yield Actor("staff", acts=acts, everywhere=everywhere, unit_id=unit, member_id=member)


def is_open_to(case, viewer, central):
    if not viewer.may("cases.see"):
        return False
    ids = {(case.unit_id, viewer.unit_id), (case.member_id, viewer.member_id), (case.filed_by_id, viewer.member_id)}
    own = any(one == other and one is not None for one, other in ids)
    return viewer.everywhere or own or (case.unit_id is None and viewer.unit_id == central)


def test_each_opens_lists_and_is_kept_from_what_the_rules_say(cafetal, cases):
    central, seen_by_some = cafetal.unit("atencion").pk, set()
    charges = {case.pk: charges_of(case) for case in cases}
    for viewer in viewers(cafetal):
        listed = {case for case in cases if not case.reserved and is_open_to(case, viewer, central)}
        kept = {case for case in cases if case.reserved and keeps(viewer, charges[case.pk])}
        door = {"org": cafetal.org, "viewer": viewer}
        assert set(listed_cases(**door)) == listed, viewer
        assert set(reserved_cases(**door)) == kept, viewer
        assert set(visible_cases(**door)) == listed | kept, viewer
        assert set(subjects_seen(**door)) == {case.subject for case in listed | kept}, viewer
        away = {case.subject for case in cases if case.reserved and case not in kept}
        assert set(subjects_kept_from(**door)) == away, viewer
        own = reserved_subjects(**door)
        assert own is None or set(own) == {case.subject for case in kept}, viewer
        seen_by_some |= listed | kept
    assert seen_by_some == set(cases)


@pytest.mark.parametrize("acts", ACTS[1:5], ids=lambda acts: " ".join(sorted(acts)))
def test_one_by_one_too(cafetal, cases, acts):
    for viewer in (one for one in viewers(cafetal) if one.acts == acts and one.member_id):
        seen = set(visible_cases(org=cafetal.org, viewer=viewer))
        for case in cases:
            by_number = partial(case_by_number, viewer=viewer, number=case.filing_number)
            for door in (by_number, partial(case_for_change, by=viewer, case_id=case.pk)):
                if case in seen:
                    assert door(org=cafetal.org) == case
                else:
                    with pytest.raises(NoSuchCase):
                        door(org=cafetal.org)
