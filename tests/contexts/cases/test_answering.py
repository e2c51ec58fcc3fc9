"""The answer: handed in, checked, sent back or sent."""

import pytest

from escucha.contexts.cases.operations.answering import answer_case, check_answer, send_answer
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.handling import assign_case
from escucha.contexts.cases.operations.refusal import Overtaken, Refused
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.contexts.cases.queries.written import answers_of, latest_answer, remarks_of
from escucha.contexts.cases.rules.debts import CENTRAL_ANSWER, LEGAL_TERM, UNIT_ANSWER
from escucha.contexts.messaging.queries import messages_about
from escucha.kernel.timeline.digests import digest_of
from tests.cast import ANA
from tests.contexts.cases.seen import at, due_days, ended, last_fact, owed, picture, told, verbs
from tests.make import ALL_MET, a_case, a_routed_case, an_answered_case, let_time_pass


def acting(house, case, who, when="2026-03-05"):
    return {"org": house.org, "case_id": case.pk, "by": house.actor(who), "now": at(when)}


class TestAnswering:
    def test_meets_the_unit_s_part_and_neither_the_promise_nor_the_law(self, cafetal):
        case = a_routed_case(cafetal)
        answer = answer_case(body="  Le devolvemos su dinero. ", **acting(cafetal, case, "dario"))

        case.refresh_from_db()
        assert case.state == "answered"
        assert ended(case)[UNIT_ANSWER, 1] == "met"
        assert set(owed(case)) == {CENTRAL_ANSWER, LEGAL_TERM}
        assert case.due_at == owed(case)[CENTRAL_ANSWER].due_at
        data, member = last_fact(case, "cases.case_answered")
        assert data == {"answer": answer.pk, "digest": digest_of(answer.salt, answer.body), "at_once": False}
        assert member == cafetal.members["dario"].pk
        assert told(case, "answer_ready") == []

    @pytest.mark.parametrize(("who", "body"), [("dario", "\n "), ("vera", "Ya"), ("bruno", "Ya"), ("lucia", "Ya")])
    def test_refused_changes_nothing(self, cafetal, who, body):
        case = a_routed_case(cafetal)
        before = picture(case)

        with pytest.raises((Refused, NoSuchCase)):
            answer_case(body=body, **acting(cafetal, case, who))
        assert picture(case) == before
        assert answers_of(case) == []

    def test_late_is_met_late(self, cafetal):
        case = a_routed_case(cafetal)
        answer_case(body="Tarde", **acting(cafetal, case, "dario", "2026-03-11"))
        assert ended(case)[UNIT_ANSWER, 1] == "met_late"
        assert due_days(case)[CENTRAL_ANSWER] == "2026-03-12"

    def test_on_an_old_page_is_overtaken(self, cafetal):
        case = a_routed_case(cafetal)
        with pytest.raises(Overtaken):
            answer_case(body="Ya", version=case.version - 1, **acting(cafetal, case, "dario"))
        with pytest.raises(NoSuchCase):  # no unit has it yet
            answer_case(body="Ya", **acting(cafetal, _classified(cafetal), "dario"))


def _classified(house):
    case = a_case(house)
    return classify_case(case_type="queja", **acting(house, case, "lucia", "2026-03-03"))


class TestChecking:
    @pytest.mark.requirement("CAJA-07.2")
    def test_keeps_each_verdict_and_who_gave_it(self, cafetal):
        case = an_answered_case(cafetal)
        answer = check_answer(verdicts=ALL_MET, **acting(cafetal, case, "patricia"))

        case.refresh_from_db()
        answer.refresh_from_db()
        assert case.state == "approved"
        assert (answer.verdicts, answer.passed, answer.checked_at) == (ALL_MET, True, at("2026-03-05"))
        assert answer.checked_by == cafetal.members["patricia"]
        data, member = last_fact(case, "cases.answer_approved")
        assert (data["answer"], member) == (answer.pk, cafetal.members["patricia"].pk)
        assert told(case, "answer_ready") == []

    @pytest.mark.requirement("CAJA-07.3")
    def test_one_that_fails_goes_back_with_the_reason_and_the_unit_owes_again(self, cafetal):
        case = an_answered_case(cafetal)
        verdicts = ALL_MET | {"precision": False}
        check_answer(verdicts=verdicts, reason="Falta la fecha del reintegro", **acting(cafetal, case, "lucia"))

        case.refresh_from_db()
        assert (case.state, case.unit.key) == ("assigned", "recreacion")
        data, _member = last_fact(case, "cases.answer_rejected")
        remark = remarks_of(case)[data["remark"]]
        assert (data["failed"], remark.kind, remark.body) == ("precision", "rejection", "Falta la fecha del reintegro")
        assert data["digest"] == digest_of(remark.salt, remark.body)
        again = owed(case)[UNIT_ANSWER]
        assert (again.attempt, again.due_on.isoformat(), again.owner_unit.key) == (2, "2026-03-11", "recreacion")
        assert due_days(case)[CENTRAL_ANSWER] == "2026-03-12"
        assert told(case, "answer_returned") == [
            ("answer_returned", "dario@cafetal.example.org"),
            ("answer_returned", "elsa@cafetal.example.org"),
        ]

    def test_one_that_fails_goes_back_to_who_had_it_and_not_to_who_checked_it(self, cafetal):
        case = a_routed_case(cafetal)
        assign_case(member=cafetal.members["dario"], **acting(cafetal, case, "elsa"))
        answer_case(body="Ya", **acting(cafetal, case, "dario"))
        failed = {"verdicts": ALL_MET | {"quality": False}, "reason": "Falta"}
        check_answer(**failed, **acting(cafetal, case, "lucia"))
        assert owed(case)[UNIT_ANSWER].owner_member == cafetal.members["dario"]
        assert told(case, "answer_returned") == [("answer_returned", "dario@cafetal.example.org")]

        answer_case(body="Ya sí", **acting(cafetal, case, "dario"))
        assign_case(member=cafetal.members["lucia"], **acting(cafetal, case, "patricia"))
        check_answer(**failed, **acting(cafetal, case, "lucia"))
        assert (owed(case)[UNIT_ANSWER].owner_member, owed(case)[UNIT_ANSWER].owner_unit.key) == (None, "recreacion")

    def test_back_after_its_day_is_owed_by_that_day_and_is_late_at_once(self, cafetal):
        case = an_answered_case(cafetal)
        now = acting(cafetal, case, "lucia", "2026-03-16")
        check_answer(verdicts=ALL_MET | {"quality": False}, reason="Falta", **now)
        let_time_pass(at("2026-03-16", 11))
        let_time_pass(at("2026-03-16", 12))

        again = owed(case)[UNIT_ANSWER]
        assert (again.due_on.isoformat(), again.late_at) == ("2026-03-11", at("2026-03-16", 11))
        late = [verb for verb in verbs(case) if verb == "commitments.commitment_late"]
        assert len(late) == 2  # the second chance, and the promise

    @pytest.mark.parametrize(
        ("who", "said"),
        [
            ("dario", {"verdicts": ALL_MET}),
            ("lucia", {"verdicts": {}}),
            ("lucia", {"verdicts": ALL_MET | {"clarity": False}}),
            ("lucia", {"verdicts": {"clarity": True}}),
        ],
    )
    def test_refused_changes_nothing(self, cafetal, who, said):
        case = an_answered_case(cafetal)
        before = picture(case)

        with pytest.raises(Refused):
            check_answer(**said, **acting(cafetal, case, who))
        assert picture(case) == before
        assert latest_answer(case).passed is None


class TestSending:
    def test_meets_the_promise_and_leaves_the_legal_term_owed(self, cafetal):
        case = an_answered_case(cafetal)
        check_answer(verdicts=ALL_MET, **acting(cafetal, case, "lucia"))
        case = send_answer(**acting(cafetal, case, "lucia"))

        assert (case.state, case.sent_at) == ("sent", at("2026-03-05"))
        assert set(owed(case)) == {LEGAL_TERM}
        assert ended(case)[CENTRAL_ANSWER, 1] == "met"
        data, _member = last_fact(case, "cases.answer_sent")
        answer = latest_answer(case)
        assert data == {"answer": answer.pk, "by_email": True}
        assert answer.sent_by == cafetal.members["lucia"]
        [message] = [
            one for one in messages_about(org=case.org, subject=case.subject) if one.template == "answer_ready"
        ]
        assert message.to == ANA["email"]
        assert answer.link_token in message.body
        assert answer.body not in message.body and case.body not in message.body

    def test_without_email_says_so(self, cafetal):
        case = an_answered_case(cafetal, person=ANA | {"email": ""})
        check_answer(verdicts=ALL_MET, **acting(cafetal, case, "lucia"))
        send_answer(**acting(cafetal, case, "lucia"))
        assert last_fact(case, "cases.answer_sent")[0]["by_email"] is False
        assert told(case, "answer_ready") == []

    @pytest.mark.parametrize("who", ["dario", "elsa", "gabriel", "lucia"])
    def test_refused_changes_nothing(self, cafetal, who):
        case = an_answered_case(cafetal)  # not checked
        before = picture(case)
        with pytest.raises(Refused):
            send_answer(**acting(cafetal, case, who))
        assert picture(case) == before

    def test_twice_sends_once(self, cafetal):
        case = an_answered_case(cafetal)
        check_answer(verdicts=ALL_MET, **acting(cafetal, case, "lucia"))
        send_answer(**acting(cafetal, case, "lucia"))
        with pytest.raises(Refused, match="ya fue enviada"):
            send_answer(**acting(cafetal, case, "patricia"))
        assert len(told(case, "answer_ready")) == 1
