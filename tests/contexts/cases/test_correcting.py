"""The data of who asked are put right from its case; its answer goes where it is reached, and nowhere else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from escucha.contexts.cases.models import Answer, SearchWord
from escucha.contexts.cases.operations.correcting import correct_petitioner, find_by_person
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.handling import route_case
from escucha.contexts.cases.operations.reaching import open_answer
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.operations.reserving import reserve_case, reveal_identity
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.contexts.cases.queries.holders import case_by_receipt
from escucha.contexts.cases.queries.search import search_cases
from escucha.contexts.cases.rules.correcting import ANONYMOUS, KEPT, NOBODY, letter_missed
from escucha.contexts.cases.rules.standing import State
from escucha.contexts.messaging.models import Message
from escucha.contexts.messaging.operations.delivering import LEASE
from escucha.contexts.messaging.queries import failed_messages, messages_about
from escucha.contexts.people.models import Correction, Person
from tests.cast import ANA, TUESDAY
from tests.contexts.cases.seen import last_fact, own_verbs, picture, told, verbs
from tests.contexts.cases.test_races import at_once
from tests.make import a_case, a_sent_case, as_run_role, let_time_pass

pytestmark = pytest.mark.django_db
LATER = TUESDAY + timedelta(days=3)
WRONG = ANA | {"email": "ama@example.org"}
SENT, BOTH = ["send_again"], ["send_again", "renew_keys"]
WHY = "Llamó: el correo se escribió mal."


def correcting(house, case, *, who="lucia", by=None, now=LATER, reason=WHY, seen=None, again=(), **said):
    """`again` are the boxes that are marked."""
    return correct_petitioner(
        org=house.org,
        case_id=case.pk,
        said=said or {"email": "ana@example.org"},
        reason=reason,
        seen=seen,
        send_again="send_again" in again,
        renew_keys="renew_keys" in again,
        by=by or house.actor(who),
        now=now,
    )


def found(house, typed, who="lucia"):
    return len(search_cases(org=house.org, viewer=house.actor(who), typed=typed, series="PQR", year=2026).cases)


class TestFromItsCase:
    def test_is_told_in_its_story_with_ids_only(self, cafetal):
        case = a_case(cafetal, person=WRONG)
        version = case.version
        correction = correcting(cafetal, case)
        case.refresh_from_db()
        assert (case.person.email, case.version) == ("ana@example.org", version + 1)
        data, member = last_fact(case, "cases.person_put_right")
        assert data == {"correction": correction.pk, "corrected": "email"}
        assert member == cafetal.members["lucia"].pk
        assert (correction.about, correction.at, correction.reason) == (case.subject, LATER, WHY)

    def test_writes_with_the_rights_of_the_running_product(self, cafetal):
        case = a_sent_case(cafetal, person=WRONG)
        with as_run_role():
            correcting(cafetal, case, again=SENT, name="Ana Berrío", email="ana@example.org")
            let_time_pass(LATER)
        assert own_verbs(case)[-2:] == ["person_put_right", "letter_sent_again"]

    @pytest.mark.parametrize(
        ("changes", "who", "why"),
        [
            ({"person": None, "anonymous": True}, "patricia", ANONYMOUS),
            ({"person": None, "identity_reserved": True}, "patricia", NOBODY),
            ({"identity_reserved": True}, "patricia", KEPT),
            ({}, "dario", None),
        ],
    )
    def test_is_refused_where_nobody_is_known_or_it_is_kept(self, cafetal, changes, who, why):
        case = a_case(cafetal, **changes)
        if who == "dario":
            with pytest.raises(NoSuchCase):
                correcting(cafetal, case, who=who)
        else:
            before = picture(case)
            with pytest.raises(Refused) as no:
                correcting(cafetal, case, who=who, name="Otra")
            assert [one.text for one in no.value.blockers] == [why] and picture(case) == before
        assert not Correction.objects.exists()

    def test_of_who_asked_not_to_be_known_is_for_who_said_what_for(self, cafetal):
        case = a_case(cafetal, person=WRONG, identity_reserved=True)
        shown = {"org": cafetal.org, "case_id": case.pk, "by": cafetal.actor("patricia")}
        reveal_identity(reason="Devolvió el correo.", now=LATER, **shown)
        correcting(cafetal, case, who="patricia")
        assert found(cafetal, "ana@example.org", "patricia") == found(cafetal, "Berrío", "patricia") == 0

    def test_who_may_not_correct_is_told_so(self, cafetal):
        case = a_case(cafetal, person=WRONG)
        by = {"org": cafetal.org, "case_id": case.pk, "unit": cafetal.unit("recreacion"), "now": LATER}
        case.refresh_from_db()
        classify_case(case_type="queja", by=cafetal.actor("lucia"), **by)
        with pytest.raises(Refused, match="Su rol no corrige"):
            correcting(cafetal, case, who="dario")


class TestOfWhoLeftNothing:
    def test_what_it_says_later_is_known_searched_and_written_to(self, cafetal):
        case = a_case(cafetal, person=None)
        with as_run_role():
            correction = correcting(cafetal, case, again=SENT, name="Ana Berrío", email="ana@example.org", seen=0)
        case.refresh_from_db()
        assert (case.person.name, case.person.email, case.person.known_since) == (
            "Ana Berrío",
            "ana@example.org",
            LATER,
        )
        assert correction.before == {"name": "", "email": ""} and correction.reason == WHY
        assert told(case) == [("acknowledged", "ana@example.org")]
        assert found(cafetal, "ana@example.org") == found(cafetal, "Berrío") == 1
        assert own_verbs(case) == ["case_filed", "person_put_right", "letter_sent_again"]

    def test_is_no_row_where_it_says_nothing(self, cafetal):
        case, many = a_case(cafetal, person=None), Person.objects.count()
        for said in ({"name": " "}, {"name": "Ana", "reason": ""}):
            with pytest.raises(Refused):
                correcting(cafetal, case, **said)
        assert Person.objects.count() == many

    @pytest.mark.slow
    @pytest.mark.django_db(transaction=True)
    def test_of_two_at_once_who_came_second_is_told(self, real_cafetal):
        case = a_case(real_cafetal, person=None)
        results = at_once(*(lambda name=name: correcting(real_cafetal, case, seen=0, name=name) for name in ("A", "B")))
        assert sorted(type(one).__name__ for one in results) == ["Correction", "Refused"]
        assert Person.objects.count() == 1


class TestInHerOtherCases:
    def test_it_is_told_and_searched_by_what_is_right(self, cafetal):
        one, other = a_case(cafetal, person=WRONG), a_case(cafetal, person=WRONG)
        assert one.person_id == other.person_id
        correction = correcting(cafetal, one, email="ana@example.org", name="Ana Lucía Barreto")
        assert (found(cafetal, "ana@example.org"), found(cafetal, "ama@example.org")) == (1, 1)
        let_time_pass(LATER)
        assert (found(cafetal, "ana@example.org"), found(cafetal, "ama@example.org")) == (2, 0)
        assert (found(cafetal, "Barreto"), found(cafetal, "Berrío")) == (2, 0)
        data, _member = last_fact(other, "cases.person_put_right_elsewhere")
        assert data == {"correction": correction.pk, "corrected": "name,email"}
        assert own_verbs(one)[-1] == "person_put_right"

    def test_twice_is_as_once(self, cafetal):
        case = a_case(cafetal, person=WRONG)
        correcting(cafetal, case, name="Ana Lucía Barreto")
        let_time_pass(LATER)
        seen = dict(SearchWord.objects.values_list("word", "seen"))
        find_by_person(org=cafetal.org, person_id=case.person_id)
        assert dict(SearchWord.objects.values_list("word", "seen")) == seen and seen["barreto"] == 1

    def test_nothing_tells_which_others_keep_who_she_is(self, cafetal):
        """An entry of the same minute would say that both are of the same person."""
        open_case = a_case(cafetal, person=WRONG)
        masked = a_case(cafetal, person=WRONG, identity_reserved=True)
        closed = a_case(cafetal, person=WRONG)
        reserve_case(org=cafetal.org, case_id=closed.pk, by=cafetal.actor("lucia"), now=TUESDAY)
        before = [own_verbs(case) for case in (masked, closed)]
        correcting(cafetal, open_case, name="Ana Lucía Barreto")
        let_time_pass(LATER)
        assert [own_verbs(case) for case in (masked, closed)] == before
        assert found(cafetal, "Barreto", "patricia") == 1

    def test_nor_one_that_keeps_her_in_those_that_do_not(self, cafetal):
        open_case = a_case(cafetal, person=WRONG)
        masked = a_case(cafetal, person=WRONG, identity_reserved=True)
        shown = {"org": cafetal.org, "case_id": masked.pk, "by": cafetal.actor("patricia")}
        reveal_identity(reason="Devolvió el correo.", now=LATER, **shown)
        correcting(cafetal, masked, who="patricia")
        let_time_pass(LATER)
        assert own_verbs(open_case) == ["case_filed"] and own_verbs(masked)[-1] == "person_put_right"
        assert found(cafetal, "ana@example.org") == 1


@pytest.mark.requirement("EPS-05.1", "EPS-05.2")
class TestWhatSheWaitsFor:
    def test_the_answer_goes_again_where_she_is_reached(self, cafetal):
        case = a_sent_case(cafetal, person=WRONG)
        let_time_pass(LATER)
        correcting(cafetal, case, again=SENT)
        assert told(case, "answer_ready") == [("answer_ready", "ama@example.org"), ("answer_ready", "ana@example.org")]
        assert last_fact(case, "cases.letter_sent_again")[0] == {"letter": "answer_ready"}

    def test_before_the_answer_the_receipt_does_with_the_day_that_is_owed_now(self, cafetal):
        case = a_case(cafetal, person=WRONG)
        correcting(cafetal, case, again=SENT)
        first, again = messages_about(org=cafetal.org, subject=case.subject)
        assert (first.to, again.to) == ("ama@example.org", "ana@example.org")
        assert again.body == first.body
        assert last_fact(case, "cases.letter_sent_again")[0] == {"letter": "acknowledged"}

    def test_by_text_where_only_the_mobile_is_known(self, cafetal):
        case = a_sent_case(cafetal, person=WRONG)
        correcting(cafetal, case, again=SENT, email="", phone="300 000 0007")
        assert told(case)[-1] == ("answer_ready.sms", "+573000000007")

    @pytest.mark.parametrize("said", [{"email": "", "phone": "601 000 0001"}, {"name": "Ana Berrío"}])
    def test_nothing_leaves_where_nobody_takes_it_nor_for_what_is_no_address(self, cafetal, said):
        case = a_case(cafetal, person=WRONG)
        many = len(told(case))
        correcting(cafetal, case, again=SENT, **said)
        assert len(told(case)) == many and "letter_sent_again" not in own_verbs(case)

    @pytest.mark.parametrize(
        ("state", "reserved", "letter"),
        [
            (State.FILED, False, "acknowledged"),
            (State.APPROVED, False, "acknowledged"),
            (State.SENT, False, "answer_ready"),
            (State.SENT, True, ""),
            (State.FILED, True, ""),
            (State.NOTIFIED, False, ""),
            (State.CLOSED, False, ""),
            (State.MERGED, False, ""),
        ],
    )
    def test_is_told_by_how_the_case_stands(self, state, reserved, letter):
        assert letter_missed(state=state, reserved=reserved) == letter

    def test_what_waits_to_leave_for_the_wrong_address_does_not_leave(self, cafetal):
        case, other = a_case(cafetal, person=WRONG), a_case(cafetal, person=WRONG, now=TUESDAY + timedelta(minutes=5))
        correcting(cafetal, case, now=TUESDAY + timedelta(minutes=10))
        [held] = messages_about(org=cafetal.org, subject=case.subject)
        assert (held.state, held.error, held.next_try_at) == ("failed", "address_corrected", None)
        assert "messaging.message_failed" in verbs(case)
        assert failed_messages(org=cafetal.org, since=TUESDAY) == 0  # nothing is wrong with the mail
        [waits] = messages_about(org=cafetal.org, subject=other.subject)
        assert waits.state == "queued"  # it is corrected from its own case

    def test_what_a_worker_has_in_its_hands_is_left_to_it(self, cafetal):
        case = a_case(cafetal, person=WRONG)
        in_hand = Message.objects.filter(subject=case.subject)
        in_hand.update(attempts=1, next_try_at=LATER + LEASE)
        correcting(cafetal, case)
        assert in_hand.get().state == "queued"


class TestWhatSomebodyElseWasSent:
    """Who has an address with one letter changed reads what came to it: it must open nothing afterwards."""

    def test_opens_nothing_once_the_keys_are_others(self, cafetal):
        case = a_sent_case(cafetal, person=WRONG)
        token = Answer.objects.get(case=case).link_token
        keys = (case.receipt_code, case.contact_code)
        with as_run_role():
            correcting(cafetal, case, again=BOTH)
        case.refresh_from_db()
        assert not {case.receipt_code, case.contact_code} & {*keys}
        with pytest.raises(NoSuchCase):
            open_answer(org=cafetal.org, token=token, now=LATER)
        with pytest.raises(NoSuchCase):
            case_by_receipt(org=cafetal.org, code=keys[0])
        case.refresh_from_db()
        assert case.state == "sent" and own_verbs(case)[-2:] == ["keys_renewed", "letter_sent_again"]
        now = Answer.objects.get(case=case).link_token
        assert now in messages_about(org=cafetal.org, subject=case.subject)[-1].body
        assert open_answer(org=cafetal.org, token=now, now=LATER).state == "notified"

    def test_the_receipt_that_goes_again_has_the_new_ones(self, cafetal):
        case = a_case(cafetal, person=WRONG)
        correcting(cafetal, case, again=BOTH)
        case.refresh_from_db()
        body = messages_about(org=cafetal.org, subject=case.subject)[-1].body
        assert case.contact_code in body and case.receipt_code in body

    def test_stays_where_no_letter_brings_the_new_ones(self, cafetal):
        """Who reports in reserve has nothing but its code."""
        asked = a_case(cafetal, person=WRONG)
        reserved = a_case(cafetal, person=WRONG)
        reserve_case(org=cafetal.org, case_id=reserved.pk, by=cafetal.actor("lucia"), now=TUESDAY)
        keeper = replace(cafetal.actor("gabriel"), acts=cafetal.actor("gabriel").acts | {"people.correct"})
        shown = {"org": cafetal.org, "case_id": reserved.pk, "reason": "Devolvió el correo.", "now": LATER}
        reveal_identity(by=keeper, **shown)
        correcting(cafetal, reserved, by=keeper, again=BOTH)
        correcting(cafetal, asked, email="ana.b@example.org", again=["renew_keys"])
        for case in (asked, reserved):
            before = (case.receipt_code, case.contact_code, case.verify_code)
            case.refresh_from_db()
            assert (case.receipt_code, case.contact_code, case.verify_code) == before
            assert own_verbs(case)[-1] == "person_put_right"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_from_two_cases_of_hers_one_follows_the_other(self, real_cafetal):
        cases = [a_case(real_cafetal, person=WRONG) for _one in range(2)]

        def act(case, name):
            return lambda: correcting(real_cafetal, case, name=name)

        results = at_once(act(cases[0], "Ana Uno"), act(cases[1], "Ana Dos"))
        first, second = sorted(results, key=lambda one: one.pk)
        assert second.before == first.after
        let_time_pass(LATER)
        assert found(real_cafetal, second.after["name"]) == 2

    def test_while_the_case_passes_to_a_unit_both_are_done(self, real_cafetal):
        case = a_case(real_cafetal, person=WRONG)
        there = {"org": real_cafetal.org, "case_id": case.pk, "by": real_cafetal.actor("lucia"), "now": LATER}
        classify_case(case_type="queja", **there)
        results = at_once(
            lambda: correcting(real_cafetal, case, name="Ana Uno"),
            lambda: route_case(unit=real_cafetal.unit("recreacion"), **there),
        )
        assert not [one for one in results if isinstance(one, Exception)]
        let_time_pass(LATER)
        assert found(real_cafetal, "Ana Uno", "dario") == 1
