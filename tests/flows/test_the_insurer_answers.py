"""At the insurer the assistants handle and answer, the coordinator moves their work, and lives run by hours."""

import logging

import pytest

from escucha.contexts.cases.operations.answering import answer_case, check_answer, send_answer
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.handling import assign_case, route_case
from escucha.contexts.cases.operations.reaching import close_case, open_answer, record_call
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.contexts.cases.queries.lists import case_list
from escucha.contexts.cases.queries.written import latest_answer
from escucha.contexts.cases.rules.debts import CENTRAL_ANSWER, CLASSIFICATION, LEGAL_TERM, UNIT_ANSWER, VITAL_TERM
from escucha.contexts.messaging.queries import messages_about
from escucha.kernel.commitments.queries import agenda
from tests.cast import ANA, TUESDAY
from tests.contexts.cases.seen import HOUR, at, due_days, ended, owed, own_verbs, picture, told, verbs
from tests.flows.looking import assert_nothing_personal
from tests.make import ALL_MET, a_case, let_time_pass


def doer(house, case):
    def act(verb, who, now, **said):
        let_time_pass(now)
        result = verb(org=house.org, case_id=case.pk, by=house.actor(who), now=now, **said)
        case.refresh_from_db()
        return result

    return act


def mine(house, who, now, scope="mine"):
    return {debt.kind for debt in agenda(org=house.org, viewer=house.actor(who), scope=scope, now=now)}


@pytest.mark.requirement("EPS-03.1")
@pytest.mark.requirement("EPS-03.2")
@pytest.mark.requirement("EPS-05.1")
@pytest.mark.parametrize("who", ["alba", "marina"])
def test_assistants_and_coordinator_handle_and_answer(vidamar, who, caplog):
    caplog.set_level(logging.DEBUG)
    case = a_case(vidamar, suggested_type="peticion")
    does = doer(vidamar, case)
    does(classify_case, who, at("2026-03-03", 11), case_type="queja", unit=vidamar.unit("siau"))
    assert due_days(case) == {UNIT_ANSWER: "2026-03-10", CENTRAL_ANSWER: "2026-03-12", LEGAL_TERM: "2026-03-25"}
    does(answer_case, who, at("2026-03-05"), body="Le devolvemos su dinero.")
    with pytest.raises(Refused, match="Coordinación del SIAU"):
        does(check_answer, "nelson", at("2026-03-05"), verdicts=ALL_MET)
    does(check_answer, "marina", at("2026-03-05", 11), verdicts=ALL_MET)
    does(send_answer, who, at("2026-03-05", 12))
    call = {"number": ANA["phone"], "result": "answered"}
    does(record_call, who, at("2026-03-06"), **call)
    does(close_case, who, at("2026-03-06", 11))

    assert case.state == "closed" and owed(case) == {}
    assert own_verbs(case)[-3:] == ["person_called", "case_notified", "case_closed"]
    assert_nothing_personal(vidamar.org, caplog.text)


@pytest.mark.requirement("EPS-03.3")
@pytest.mark.requirement("EPS-03.4")
@pytest.mark.requirement("MORE-04.1")
def test_the_coordinator_sees_the_work_of_the_assistants_and_moves_it(vidamar):
    case, now = a_case(vidamar), at("2026-03-04")
    does = doer(vidamar, case)
    does(classify_case, "alba", at("2026-03-03", 11), case_type="queja", unit=vidamar.unit("siau"))
    does(assign_case, "marina", at("2026-03-03", 12), member=vidamar.members["alba"])
    assert UNIT_ANSWER in mine(vidamar, "alba", now)
    assert UNIT_ANSWER not in mine(vidamar, "nelson", now)
    assert {UNIT_ANSWER, CENTRAL_ANSWER, LEGAL_TERM} <= mine(vidamar, "marina", now, scope="team")

    before = picture(case)
    for who in ("alba", "nelson", "delia"):
        with pytest.raises(Refused, match="Coordinación del SIAU"):
            does(assign_case, who, now, member=vidamar.members["nelson"])
    assert picture(case) == before
    does(assign_case, "marina", now, member=vidamar.members["nelson"], version=case.version)

    assert UNIT_ANSWER in mine(vidamar, "nelson", now)
    assert UNIT_ANSWER not in mine(vidamar, "alba", now)
    assert owed(case)[UNIT_ANSWER].due_on.isoformat() == "2026-03-10"
    assert told(case)[-1] == ("case_assigned", "nelson@vidamar.example.org")
    assert case_list(org=case.org, viewer=vidamar.actor("nelson"), view="mine") == [case]
    assert case_list(org=case.org, viewer=vidamar.actor("alba"), view="mine") == []


class TestAnEmergency:
    def test_owes_the_vital_hours_before_anybody_has_read_it(self, vidamar):
        case = a_case(vidamar, emergency=True)
        debts = owed(case)

        assert set(debts) == {CLASSIFICATION, LEGAL_TERM, VITAL_TERM}
        assert debts[VITAL_TERM].due_at == case.due_at == TUESDAY + 24 * HOUR
        [message] = messages_about(org=case.org, subject=case.subject)
        assert "miércoles 4 de marzo de 2026" in message.body  # not the general term's day

    def test_warns_the_coordinator_and_the_director_by_elapsed_hours(self, vidamar):
        case = a_case(vidamar, emergency=True, now=at("2026-03-07", 20))  # Saturday night
        let_time_pass(at("2026-03-08", 20))

        about = [one for one in messages_about(org=case.org, subject=case.subject) if "Atención vital" in one.title]
        assert [(one.template, one.to.partition("@")[0]) for one in about if one.template == "step_escalation"] == [
            ("step_escalation", "marina"), ("step_escalation", "delia"),
        ]  # fmt: skip
        assert verbs(case).count("commitments.commitment_late") == 1

    def test_classified_as_vital_runs_by_hours_from_the_receipt(self, vidamar):
        case = a_case(vidamar, emergency=True)
        does = doer(vidamar, case)
        does(classify_case, "alba", TUESDAY + HOUR, case_type="reclamo_vital", unit=vidamar.unit("autorizaciones"))
        due = {kind: debt.due_at - TUESDAY for kind, debt in owed(case).items()}
        assert due == {UNIT_ANSWER: 12 * HOUR, CENTRAL_ANSWER: 18 * HOUR, LEGAL_TERM: 24 * HOUR}

        does(answer_case, "rosa", TUESDAY + 3 * HOUR, body="Le devolvemos su dinero.")
        failed = ALL_MET | {"quality": False}
        does(check_answer, "marina", TUESDAY + 4 * HOUR, verdicts=failed, reason="No se entiende la cita")
        assert owed(case)[UNIT_ANSWER].due_at == owed(case)[CENTRAL_ANSWER].due_at
        does(answer_case, "rosa", TUESDAY + 5 * HOUR, body="Le devolvemos su dinero hoy.")
        does(check_answer, "marina", TUESDAY + 6 * HOUR, verdicts=ALL_MET)
        does(send_answer, "marina", TUESDAY + 7 * HOUR)
        open_answer(org=case.org, token=latest_answer(case).link_token, now=TUESDAY + 8 * HOUR)
        assert ended(case)[LEGAL_TERM, 2] == "met"
        assert ended(case)[VITAL_TERM, 1] == "annulled"

    def test_found_to_be_none_owes_what_it_is(self, vidamar):
        case = a_case(vidamar, emergency=True)
        doer(vidamar, case)(classify_case, "alba", TUESDAY + HOUR, case_type="queja")
        assert set(owed(case)) == {UNIT_ANSWER, CENTRAL_ANSWER, LEGAL_TERM}


def test_an_area_answers_only_what_is_its_own(vidamar):
    case = a_case(vidamar)
    does = doer(vidamar, case)
    does(classify_case, "alba", at("2026-03-03", 11), case_type="queja", unit=vidamar.unit("red"))
    with pytest.raises(NoSuchCase):
        does(answer_case, "rosa", at("2026-03-04"), body="Ya")
    does(route_case, "nelson", at("2026-03-04"), unit=vidamar.unit("autorizaciones"))
    does(answer_case, "rosa", at("2026-03-04", 11), body="Le devolvemos su dinero.")
    assert case.state == "answered"
