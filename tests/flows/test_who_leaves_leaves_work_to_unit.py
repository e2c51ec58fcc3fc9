"""Who leaves has nothing in charge any more, and its unit finds all of it in its agenda."""

from datetime import timedelta

import pytest

from escucha.contexts.cases.operations.handling import assign_case
from escucha.contexts.cases.rules.debts import UNIT_ANSWER
from escucha.flows.who_leaves_leaves_work_to_unit import leave
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.commitments.queries import agenda
from escucha.kernel.orgs.models import Member
from escucha.kernel.orgs.queries import member_at
from escucha.kernel.timeline.facts import SYSTEM
from tests.cast import TUESDAY
from tests.contexts.cases.seen import due_days, last_fact, owed
from tests.make import a_routed_case

pytestmark = pytest.mark.django_db
LATER = TUESDAY + timedelta(hours=3)


def test_its_open_cases_are_its_unit_s(cafetal):
    case, dario = a_routed_case(cafetal), cafetal.members["dario"]
    here = {"org": cafetal.org, "by": cafetal.actor("elsa"), "now": TUESDAY + timedelta(hours=2)}
    assign_case(case_id=case.pk, member=dario, **here)
    owes = due_days(case)
    leave(org=cafetal.org, member=dario, by=SYSTEM, now=LATER)

    case.refresh_from_db()
    assert (case.member, case.unit.key, due_days(case)) == (None, "recreacion", owes)
    assert owed(case)[UNIT_ANSWER].owner_member is None
    assert not Commitment.objects.filter(owner_member=dario, settled_at=None).exists()
    assert last_fact(case, "cases.case_assigned")[0] == {"member": None}
    elsas = agenda(org=cafetal.org, viewer=cafetal.actor("elsa"), scope="mine", now=LATER)
    assert case.subject in {debt.subject for debt in elsas}
    assert member_at(org=cafetal.org, account=dario.account) is None


def test_twice_changes_nothing_more(cafetal):
    dario = cafetal.members["dario"]
    for _time in range(2):
        leave(org=cafetal.org, member=dario, by=SYSTEM, now=LATER)
    assert not Member.objects.get(pk=dario.pk).active


def test_nobody_leaves_another_organisation(cafetal, vidamar):
    with pytest.raises(Member.DoesNotExist):
        leave(org=vidamar.org, member=cafetal.members["dario"], by=SYSTEM, now=LATER)
    assert Member.objects.get(pk=cafetal.members["dario"].pk).active
