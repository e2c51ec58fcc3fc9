"""What somebody who left had in charge is told to who is there."""

from datetime import timedelta

import pytest

from escucha.contexts.cases.operations.answering import answer_case, check_answer
from escucha.contexts.cases.operations.handling import assign_case
from escucha.contexts.messaging.models import Message
from escucha.kernel.commitments.queries import agenda
from escucha.kernel.orgs.models import Member
from tests.cast import TUESDAY
from tests.make import ALL_MET, a_routed_case

pytestmark = pytest.mark.django_db


def test_a_returned_answer_of_who_left_is_told_to_the_unit(cafetal):
    case = a_routed_case(cafetal)
    here = {"org": cafetal.org, "case_id": case.pk}
    assign_case(member=cafetal.members["dario"], by=cafetal.actor("elsa"), now=TUESDAY + timedelta(hours=2), **here)
    answer_case(body="Ya", by=cafetal.actor("dario"), now=TUESDAY + timedelta(hours=3), **here)
    Member.objects.filter(pk=cafetal.members["dario"].pk).update(active=False)
    check_answer(
        verdicts=ALL_MET | {"clarity": False},
        reason="no se entiende",
        by=cafetal.actor("lucia"),
        now=TUESDAY + timedelta(hours=4),
        **here,
    )
    told = set(Message.objects.filter(template="answer_returned").values_list("to", flat=True))
    assert told == {"elsa@cafetal.example.org"}
    assert agenda(org=cafetal.org, viewer=cafetal.actor("elsa"), scope="mine", now=TUESDAY + timedelta(hours=5))
