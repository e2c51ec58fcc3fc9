"""The answer reaches the person: by telephone, by its link, by the notice. Then the case closes, and not before."""

import pytest

from escucha.contexts.cases.operations.reaching import (
    close_case,
    end_notice,
    open_answer,
    publish_notice,
    record_call,
    remind_person,
)
from escucha.contexts.cases.operations.refusal import Overtaken, Refused
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.contexts.cases.queries.holders import published_notices
from escucha.contexts.cases.queries.written import latest_answer, notice_of
from escucha.contexts.cases.rules.debts import LEGAL_TERM, NOTICE_PERIOD
from escucha.contexts.messaging.queries import calls_about, messages_about
from escucha.kernel.commitments.queries import agenda, history_about
from tests.cast import ANA
from tests.contexts.cases.seen import at, ended, last_fact, owed, own_verbs, picture, told, verbs
from tests.make import a_routed_case, a_sent_case, an_answered_case, let_time_pass

NO_PHONE, NO_CONTACT = ANA | {"phone": ""}, ANA | {"phone": "", "email": ""}


def acting(house, case, who="lucia", when="2026-03-06"):
    return {"org": house.org, "case_id": case.pk, "by": house.actor(who), "now": at(when)}


def called(house, case, result, who="lucia", when="2026-03-06", hour=10, **said):
    return record_call(
        number="300 000 0001",
        result=result,
        **acting(house, case, who) | {"now": at(when, hour)} | said,
    )


def _published(house):
    """The notice of somebody who was called three times."""
    case = a_sent_case(house)
    for hour in (1, 4, 7):
        called(house, case, "no_answer", hour=hour)
    publish_notice(**acting(house, case))
    return case


class TestCalling:
    @pytest.mark.requirement("EPS-05.1")
    @pytest.mark.requirement("EPS-05.2")
    def test_keeps_who_called_which_number_when_and_what_came_of_it(self, cafetal):
        case = a_sent_case(cafetal)
        called(cafetal, case, "no_answer")
        called(cafetal, case, "answered", who="patricia", when="2026-03-09")

        kept = [
            (call.member, call.number, call.result, call.at) for call in calls_about(org=case.org, subject=case.subject)
        ]
        assert kept == [
            (cafetal.members["lucia"], "300 000 0001", "no_answer", at("2026-03-06")),
            (cafetal.members["patricia"], "300 000 0001", "answered", at("2026-03-09")),
        ]
        assert own_verbs(case)[-3:] == ["person_called", "person_called", "case_notified"]
        data, member = last_fact(case, "cases.person_called")
        assert (data["result"], member) == ("answered", cafetal.members["patricia"].pk)
        assert "300" not in str(data)

    def test_that_reaches_the_person_meets_the_legal_term(self, cafetal):
        case = a_sent_case(cafetal)
        called(cafetal, case, "answered")

        case.refresh_from_db()
        assert (case.state, case.notified_at, case.notified_how) == ("notified", at("2026-03-06"), "call")
        assert owed(case) == {}
        assert ended(case)[LEGAL_TERM, 2] == "met"

    @pytest.mark.parametrize("result", ["no_answer", "busy", "wrong_number", "unreachable"])
    def test_that_does_not_reach_it_meets_nothing(self, cafetal, result):
        case = a_sent_case(cafetal)
        called(cafetal, case, result)

        case.refresh_from_db()
        assert (case.state, case.notified_at) == ("sent", None)
        assert set(owed(case)) == {LEGAL_TERM}

    @pytest.mark.parametrize(
        ("written_down", "call", "counts", "outcome"),
        [
            ("2026-03-27", "2026-03-25", "2026-03-25", "met"),  # the last day, written down late
            ("2026-03-27", "2026-03-26", "2026-03-26", "met_late"),
            ("2026-03-27", "2026-04-30", "2026-03-27", "met_late"),  # nobody calls tomorrow
        ],
    )
    def test_counts_from_the_instant_of_the_call(self, cafetal, written_down, call, counts, outcome):
        case = a_sent_case(cafetal)
        called(cafetal, case, "answered", when=written_down, at=at(call))

        case.refresh_from_db()
        assert case.notified_at == at(counts)
        assert ended(case)[LEGAL_TERM, 2] == outcome

    def test_never_counts_from_before_the_answer_left(self, cafetal):
        case = a_sent_case(cafetal)
        called(cafetal, case, "answered", at=at("2026-03-02"))

        case.refresh_from_db()
        assert case.notified_at == case.sent_at

    def test_after_the_tick_said_late_the_instant_still_decides(self, cafetal):
        case = a_sent_case(cafetal)
        let_time_pass(at("2026-03-26"))
        called(cafetal, case, "answered", when="2026-03-27", at=at("2026-03-24"))
        assert ended(case)[LEGAL_TERM, 2] == "met"

    @pytest.mark.parametrize("who", ["dario", "elsa", "gabriel"])
    def test_refused_keeps_no_call(self, cafetal, who):
        case = a_sent_case(cafetal)
        before = picture(case)
        with pytest.raises(Refused):
            called(cafetal, case, "answered", who=who)
        assert picture(case) == before
        assert calls_about(org=case.org, subject=case.subject) == []

    def test_before_the_answer_left_there_is_nothing_to_say(self, cafetal):
        case = an_answered_case(cafetal)
        with pytest.raises(Refused, match="Envíe primero"):
            called(cafetal, case, "answered")

    def test_who_left_no_telephone_is_not_called(self, cafetal):
        case = a_sent_case(cafetal, person=NO_PHONE)
        with pytest.raises(Refused, match="no dejó teléfono"):
            called(cafetal, case, "answered")


class TestOpeningTheAnswer:
    @pytest.mark.requirement("EPS-05.1")
    def test_by_its_link_notifies_once(self, cafetal):
        case = a_sent_case(cafetal)
        token = latest_answer(case).link_token
        open_answer(org=case.org, token=token, now=at("2026-03-06"))
        after = picture(case)
        open_answer(org=case.org, token=token, now=at("2026-03-09"))

        assert picture(case) == after
        case.refresh_from_db()
        assert (case.notified_how, case.notified_at) == ("link", at("2026-03-06"))
        assert ended(case)[LEGAL_TERM, 2] == "met"
        assert own_verbs(case).count("case_notified") == 1

    def test_closed_it_can_still_be_read(self, cafetal):
        case = a_sent_case(cafetal)
        token = latest_answer(case).link_token
        open_answer(org=case.org, token=token, now=at("2026-03-06"))
        close_case(**acting(cafetal, case))
        assert open_answer(org=case.org, token=token, now=at("2026-03-09")).state == "closed"

    def test_before_it_left_or_elsewhere_there_is_none(self, cafetal, vidamar):
        case = an_answered_case(cafetal)
        with pytest.raises(NoSuchCase):
            open_answer(org=cafetal.org, token=latest_answer(case).link_token, now=at("2026-03-06"))
        sent = a_sent_case(cafetal)
        with pytest.raises(NoSuchCase):
            open_answer(org=vidamar.org, token=latest_answer(sent).link_token, now=at("2026-03-06"))
        with pytest.raises(NoSuchCase):
            open_answer(org=cafetal.org, token="", now=at("2026-03-06"))


class TestPublishing:
    @pytest.mark.requirement("EPS-05.4")
    def test_waits_for_the_failed_calls_of_the_policy(self, cafetal):
        case = a_sent_case(cafetal)
        for left, hour in ((3, 7), (2, 8), (2, 10), (1, 13)):  # the one at eight is the same try as that at seven
            with pytest.raises(Refused, match=f"faltan, {left}. Las que se hacen con menos de 3 horas"):
                publish_notice(**acting(cafetal, case))
            called(cafetal, case, "no_answer", hour=hour)

        notice = publish_notice(**acting(cafetal, case))
        assert notice.until == at("2026-03-14", 0)  # five business days after a Friday
        assert own_verbs(case)[-1] == "notice_published"
        assert last_fact(case, "cases.notice_published")[0]["until"] == "2026-03-13"

    def test_calls_made_before_the_answer_left_are_no_tries(self, cafetal):
        case = a_sent_case(cafetal)
        for _try in range(3):
            called(cafetal, case, "no_answer", at=at("2026-03-03"))
        with pytest.raises(Refused):
            publish_notice(**acting(cafetal, case))

    def test_who_left_no_contact_is_not_tried(self, cafetal):
        case = a_sent_case(cafetal, person=NO_CONTACT)
        publish_notice(**acting(cafetal, case))
        assert [notice.case for notice in published_notices(org=case.org, now=at("2026-03-10"))] == [case]
        assert published_notices(org=case.org, now=at("2026-03-14", 0)) == []

    def test_an_anonymous_person_too(self, cafetal):
        case = a_sent_case(cafetal, person=None)
        publish_notice(**acting(cafetal, case))
        assert notice_of(case) is not None

    def test_who_left_only_an_email_is_written_to_on_as_many_days(self, cafetal):
        case = a_sent_case(cafetal, person=NO_PHONE)  # written to for the first time as it left
        for day in ("2026-03-06", "2026-03-06", "2026-03-09"):
            with pytest.raises(Refused, match="Correos que faltan"):
                publish_notice(**acting(cafetal, case, when=day))
            remind_person(**acting(cafetal, case, when=day))
        publish_notice(**acting(cafetal, case, when="2026-03-09"))
        assert told(case, "answer_again") == [("answer_again", ANA["email"])] * 3

    def test_twice_or_by_who_may_not_is_refused(self, cafetal):
        case = a_sent_case(cafetal, person=None)
        publish_notice(**acting(cafetal, case))
        before = picture(case)
        for who in ("patricia", "dario"):
            with pytest.raises(Refused):
                publish_notice(**acting(cafetal, case, who))
        with pytest.raises(Overtaken):
            publish_notice(version=0, **acting(cafetal, case))
        with pytest.raises(Overtaken):
            remind_person(version=0, **acting(cafetal, case))
        assert picture(case) == before


class TestTheDaysOfTheNotice:
    def test_are_nobody_s_work_while_they_run(self, cafetal):
        case = a_sent_case(cafetal, person=None)
        publish_notice(**acting(cafetal, case))
        viewer = cafetal.actor("lucia")

        def kinds(now):
            return {debt.kind for debt in agenda(org=case.org, viewer=viewer, now=now)}

        assert kinds(at("2026-03-13")) == {LEGAL_TERM}
        assert NOTICE_PERIOD in kinds(at("2026-03-14", 0))  # and from then on somebody's, if the clock stands still

    def test_notify_when_they_end_in_time_and_never_before(self, cafetal):
        case = a_sent_case(cafetal, person=None)
        publish_notice(**acting(cafetal, case))
        let_time_pass(at("2026-03-13", 23, 59))
        end_notice(org=case.org, case_id=case.pk, now=at("2026-03-13", 23, 59))
        case.refresh_from_db()
        assert case.state == "sent"

        let_time_pass(at("2026-03-14", 0))
        after = picture(case)
        let_time_pass(at("2026-03-14", 1))
        end_notice(org=case.org, case_id=case.pk, now=at("2026-03-14", 2))
        assert picture(case) == after
        case.refresh_from_db()
        assert (case.state, case.notified_how, case.notified_at) == ("notified", "notice", at("2026-03-14", 0))
        assert (ended(case)[LEGAL_TERM, 2], ended(case)[NOTICE_PERIOD, 1]) == ("met", "met")
        assert "commitments.commitment_late" not in verbs(case)

    def test_that_ended_while_the_clock_stood_still_count_from_their_end(self, cafetal):
        case = a_sent_case(cafetal, person=None)
        publish_notice(**acting(cafetal, case, when="2026-03-17"))  # ends the 25th: San José is on the 23rd
        let_time_pass(at("2026-04-01"))

        case.refresh_from_db()
        assert case.notified_at == at("2026-03-26", 0)
        assert ended(case)[LEGAL_TERM, 2] == "met_late"  # the person was notified as the term was over

    def test_are_over_before_a_call_that_comes_after_them(self, cafetal):
        case = _published(cafetal)
        called(cafetal, case, "answered", when="2026-03-20")

        case.refresh_from_db()
        assert (case.notified_how, case.notified_at) == ("notice", at("2026-03-14", 0))

    def test_end_with_a_call_that_reaches_the_person_first(self, cafetal):
        case = _published(cafetal)
        called(cafetal, case, "answered", when="2026-03-10")
        let_time_pass(at("2026-03-20"))

        case.refresh_from_db()
        assert (case.notified_how, case.notified_at) == ("call", at("2026-03-10"))
        [period] = [one for one in history_about(org=case.org, subject=case.subject) if one.kind == NOTICE_PERIOD]
        assert (period.outcome, period.cause) == ("annulled", "reached")
        assert owed(case) == {}


class TestReminding:
    def test_sends_the_way_to_the_answer_again(self, cafetal):
        case = a_sent_case(cafetal)
        remind_person(**acting(cafetal, case))

        *_before, message = messages_about(org=case.org, subject=case.subject)
        assert (message.template, message.to) == ("answer_again", ANA["email"])
        assert latest_answer(case).link_token in message.body
        assert "5 días hábiles" in message.body
        assert own_verbs(case)[-1] == "person_reminded"

    @pytest.mark.parametrize(("person", "who"), [(ANA | {"email": ""}, "lucia"), (ANA, "dario"), (None, "lucia")])
    def test_refused_writes_nothing(self, cafetal, person, who):
        case = a_sent_case(cafetal, person=person)
        before = picture(case)
        with pytest.raises(Refused):
            remind_person(**acting(cafetal, case, who))
        assert picture(case) == before


class TestClosing:
    @pytest.mark.requirement("EPS-05.3")
    @pytest.mark.parametrize("make", [a_routed_case, an_answered_case, a_sent_case])
    def test_not_before_the_answer_reached_the_person(self, cafetal, make):
        case = make(cafetal)
        before = picture(case)
        with pytest.raises(Refused):
            close_case(**acting(cafetal, case))
        assert picture(case) == before

    @pytest.mark.requirement("EPS-05.4")
    def test_not_after_the_failed_calls_alone_nor_while_the_notice_runs(self, cafetal):
        case = a_sent_case(cafetal)
        for hour in (7, 10, 13):
            called(cafetal, case, "busy", hour=hour)
        with pytest.raises(Refused):
            close_case(**acting(cafetal, case))
        publish_notice(**acting(cafetal, case))
        with pytest.raises(Refused):
            close_case(**acting(cafetal, case, when="2026-03-13"))
        let_time_pass(at("2026-03-14", 0))

        case = close_case(**acting(cafetal, case, when="2026-03-16"))
        assert (case.state, case.closed_at, case.is_open) == ("closed", at("2026-03-16"), False)
        assert own_verbs(case)[-1] == "case_closed"
        assert owed(case) == {}

    def test_once_and_by_who_may(self, cafetal):
        case = a_sent_case(cafetal)
        called(cafetal, case, "answered")
        with pytest.raises(Refused, match="Los casos los cierra"):
            close_case(**acting(cafetal, case, "dario"))
        close_case(**acting(cafetal, case))
        with pytest.raises(Refused, match="ya está cerrado"):
            close_case(**acting(cafetal, case))
