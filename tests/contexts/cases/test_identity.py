"""Who asked not to be known is known to nobody but who says what for; and each time is written down."""

import pytest

from escucha.contexts.cases.models import Reveal
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.operations.reserving import reveal_identity
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.contexts.cases.queries.reserved import identity_shown, reveals_seen
from escucha.contexts.cases.rules.reserve import ANONYMOUS, MASKED, SHOWN_FOR, petitioner
from escucha.kernel.timeline.digests import digest_of
from tests.contexts.cases.seen import at, last_fact, own_verbs, told
from tests.make import a_case, a_house, a_routed_case

THEN = at("2026-03-04")
WHY = "Hay que llamar para entregar la respuesta."


@pytest.fixture
def case(cafetal):
    return a_case(cafetal, identity_reserved=True)


def asking(house, case, who="patricia", now=THEN, reason=WHY):
    return {"org": house.org, "case_id": case.pk, "reason": reason, "by": house.actor(who), "now": now}


@pytest.mark.parametrize(
    ("anonymous", "identity_reserved", "said"),
    [(False, False, "Ana"), (False, True, MASKED), (True, False, ANONYMOUS), (True, True, ANONYMOUS)],
)
def test_who_filed_is_said_to_all_in_the_same_words(anonymous, identity_reserved, said):
    assert petitioner(name="Ana", anonymous=anonymous, identity_reserved=identity_reserved) == said


class TestARevealedIdentity:
    def test_is_shown_to_who_asked_for_a_quarter_of_an_hour(self, cafetal, case):
        reveal = reveal_identity(**asking(cafetal, case))
        patricia, lucia = cafetal.actor("patricia"), cafetal.actor("lucia")
        assert identity_shown(case, viewer=patricia, now=THEN) == reveal
        assert identity_shown(case, viewer=patricia, now=THEN + SHOWN_FOR) is None
        assert identity_shown(case, viewer=lucia, now=THEN) is None

    def test_leaves_its_reason_in_a_row_and_its_digest_in_the_chain(self, cafetal, case):
        reveal = reveal_identity(**asking(cafetal, case))
        data, member = last_fact(case, "cases.identity_revealed")
        assert data == {"reveal": reveal.pk, "digest": digest_of(reveal.salt, WHY)}
        assert member == cafetal.members["patricia"].pk
        assert told(case) == [("acknowledged", "ana@example.org")]

    def test_asked_again_while_it_is_shown_is_as_once_and_later_is_another(self, cafetal, case):
        first, again = (reveal_identity(**asking(cafetal, case)) for _n in range(2))
        assert first == again and own_verbs(case).count("identity_revealed") == 1
        later = reveal_identity(**asking(cafetal, case, now=THEN + SHOWN_FOR))
        assert later != first and Reveal.objects.count() == 2

    def test_is_refused_without_a_reason_or_the_act_or_anything_to_show(self, cafetal, case):
        with pytest.raises(Refused, match="para qué"):
            reveal_identity(**asking(cafetal, case, reason="  "))
        with pytest.raises(Refused, match="no ve identidades"):
            reveal_identity(**asking(cafetal, case, "lucia"))
        with pytest.raises(Refused, match="no tiene una identidad"):
            reveal_identity(**asking(cafetal, a_routed_case(cafetal)))
        with pytest.raises(Refused, match="no tiene una identidad"):
            reveal_identity(**asking(cafetal, a_case(cafetal, anonymous=True, identity_reserved=True)))
        assert not Reveal.objects.exists()

    def test_of_a_reserved_case_is_for_who_handles_it(self, cafetal):
        case = a_case(cafetal, reserved=True)
        assert reveal_identity(**asking(cafetal, case, "gabriel"))
        with pytest.raises(NoSuchCase):
            reveal_identity(**asking(cafetal, case, "patricia"))

    def test_of_another_organisation_is_not_there(self, cafetal, case):
        with pytest.raises(NoSuchCase):
            reveal_identity(**asking(a_house("vidamar"), case, "marina"))


class TestTheListForControl:
    def test_has_every_reveal_of_the_cases_that_its_reader_sees(self, cafetal, case, django_assert_num_queries):
        kept = a_case(cafetal, reserved=True)
        one = reveal_identity(**asking(cafetal, case))
        other = reveal_identity(**asking(cafetal, kept, "gabriel"))
        with django_assert_num_queries(1):
            seen = reveals_seen(org=cafetal.org, viewer=cafetal.actor("gabriel"))
            assert [(reveal, about.filing_number) for reveal, about in seen] == [
                (other, kept.filing_number),
                (one, case.filing_number),
            ]
            assert seen[1][0].member.account.name == "Patricia Sanmiguel"
        seen = reveals_seen(org=cafetal.org, viewer=cafetal.actor("patricia"))
        assert [reveal for reveal, _about in seen] == [one]
        assert reveals_seen(org=cafetal.org, viewer=cafetal.actor("gabriel"), before=other.pk)[0][0] == one
