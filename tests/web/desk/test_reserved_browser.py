"""The pages of closed doors in a real browser: no fault of accessibility at both widths, with everything open."""

from datetime import timedelta

import pytest
from django.utils import timezone

from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.reserving import name_accused, reveal_identity
from escucha.contexts.people.operations.marking import mark_group
from tests.browser import faults_at_both_widths
from tests.make import a_case, a_routed_case, let_time_pass

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.requirement("MORE-06.1", "MORE-06.2")
def test_closed_doors_are_for_everybody(request, cafetal):
    ago = timezone.now() - timedelta(days=1)
    visit, by = request.getfixturevalue("desk_page"), {"org": cafetal.org, "by": cafetal.actor("gabriel"), "now": ago}
    case = a_case(cafetal, now=ago, reserved=True, matter="Cobran por reservar la piscina")
    classify_case(case_id=case.pk, case_type="queja", **by)
    name_accused(case_id=case.pk, member=cafetal.members["dario"], **by)
    name_accused(case_id=case.pk, unit=cafetal.unit("recreacion"), **by)
    kept = a_routed_case(cafetal, now=ago, identity_reserved=True)
    late = timezone.now()
    reveal = {"org": cafetal.org, "case_id": kept.pk, "by": cafetal.actor("patricia"), "now": late}
    reveal_identity(reason="Hay que llamar para entregar la respuesta", **reveal)
    marked = a_case(cafetal, now=ago)
    mark = {"group": "older_adult", "channel": "phone", "by": cafetal.actor("lucia"), "now": ago}
    mark_group(org=cafetal.org, person_id=marked.person_id, **mark)
    let_time_pass(late)
    found = {}
    for who, path in [
        ("gabriel", "reservados/"),
        ("gabriel", "reservados/?vista=cerrados"),
        ("gabriel", "reservados/?vista=identidades"),
        ("gabriel", f"casos/{case.filing_number}/"),
        ("gabriel", ""),
        ("patricia", f"casos/{kept.filing_number}/"),
        ("lucia", f"casos/{kept.filing_number}/"),
        ("lucia", ""),
        ("lucia", "casos/"),
    ]:
        page = visit(who, path)
        page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        found[who, path] = faults_at_both_widths(page)
    assert {where: faults for where, faults in found.items() if faults} == {}
