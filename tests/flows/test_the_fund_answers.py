"""A claim at the fund, from its filing to its closing, with everything that can go wrong on the way."""

import logging

import pytest

from escucha.contexts.cases.operations.answering import answer_case, check_answer, send_answer
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.handling import return_case, route_case
from escucha.contexts.cases.operations.reaching import close_case, publish_notice, record_call
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.rules.debts import CENTRAL_ANSWER, CLASSIFICATION, LEGAL_TERM, NOTICE_PERIOD, UNIT_ANSWER
from escucha.kernel.timeline.verify import chain_verdict
from tests.contexts.cases.seen import at, due_days, ended, owed, own_verbs, told, verbs
from tests.flows.looking import assert_nothing_personal
from tests.make import ALL_MET, a_case, let_time_pass

DUE = {UNIT_ANSWER: "2026-03-10", CENTRAL_ANSWER: "2026-03-12", LEGAL_TERM: "2026-03-25"}


@pytest.fixture
def does(cafetal):
    """Somebody does something to the case at a moment; the clock has run until then."""
    case = a_case(cafetal)

    def act(verb, who, now, **said):
        let_time_pass(now)
        result = verb(org=cafetal.org, case_id=case.pk, by=cafetal.actor(who), now=now, **said)
        case.refresh_from_db()
        return result

    act.case = case
    return act


@pytest.mark.requirement("CAJA-06.7")
@pytest.mark.requirement("CAJA-07.3")
@pytest.mark.requirement("EPS-05.4")
def test_a_claim_is_returned_answered_rejected_answered_published_and_closed(cafetal, does, caplog):
    caplog.set_level(logging.DEBUG)
    case = does.case
    _to_the_unit_that_answers(cafetal, does, case)
    _answered_in_two_tries(does, case)
    _published_for_who_does_not_answer(cafetal, does, case)

    assert (case.state, case.notified_how, case.notified_at) == ("notified", "notice", at("2026-03-25", 0))
    does(close_case, "lucia", at("2026-03-25", 9))
    assert owed(case) == {}
    assert ended(case) == {
        (CLASSIFICATION, 1): "met",
        (LEGAL_TERM, 1): "annulled",
        (UNIT_ANSWER, 1): "met",
        (UNIT_ANSWER, 2): "met",
        (CENTRAL_ANSWER, 1): "met",
        (LEGAL_TERM, 2): "met",
        (NOTICE_PERIOD, 1): "met",
    }
    assert "commitments.commitment_late" not in verbs(case)
    assert own_verbs(case) == [
        "case_filed", "case_classified", "case_routed", "case_returned", "case_routed", "case_answered",
        "answer_rejected", "case_answered", "answer_approved", "answer_sent", "person_called", "person_called",
        "person_called", "notice_published", "case_notified", "case_closed",
    ]  # fmt: skip
    silent = verbs(case), told(case)
    let_time_pass(at("2026-06-01"))
    assert (verbs(case), told(case)) == silent
    assert_nothing_personal(cafetal.org, caplog.text)
    assert chain_verdict(org=cafetal.org, subject=case.subject).ok


def _to_the_unit_that_answers(cafetal, does, case):
    does(classify_case, "lucia", at("2026-03-03", 11), case_type="reclamo")
    assert (case.state, due_days(case)) == ("classified", DUE)
    does(route_case, "lucia", at("2026-03-03", 12), unit=cafetal.unit("vivienda"))
    does(return_case, "vera", at("2026-03-05"), reason="En Vivienda la reserva no figura: es de Recreación")
    assert (case.state, due_days(case)) == ("classified", DUE)
    does(route_case, "lucia", at("2026-03-05", 11), unit=cafetal.unit("recreacion"))
    assert due_days(case) == DUE


def _answered_in_two_tries(does, case):
    does(answer_case, "dario", at("2026-03-10"), body="Le devolvemos su dinero.")
    assert set(due_days(case)) == {CENTRAL_ANSWER, LEGAL_TERM}
    failed = ALL_MET | {"clarity": False}
    does(check_answer, "lucia", at("2026-03-11"), verdicts=failed, reason="No se entiende cuándo es el reintegro")
    assert due_days(case) == DUE | {UNIT_ANSWER: "2026-03-11"}
    does(answer_case, "dario", at("2026-03-11", 16), body="Le devolvemos su dinero el lunes.")
    does(check_answer, "lucia", at("2026-03-12"), verdicts=ALL_MET)
    does(send_answer, "lucia", at("2026-03-12", 15))


def _published_for_who_does_not_answer(cafetal, does, case):
    assert set(owed(case)) == {LEGAL_TERM}  # our promise is met; the person has nothing yet
    assert {outcome for (kind, _n), outcome in ended(case).items() if kind in DUE and kind != LEGAL_TERM} == {"met"}
    for day, hour in (("2026-03-13", 9), ("2026-03-13", 12), ("2026-03-16", 9)):
        with pytest.raises(Refused):
            does(publish_notice, "lucia", at(day, hour))
        call = {"number": "300 000 0001", "result": "no_answer"}
        does(record_call, "lucia", at(day, hour), **call)
    with pytest.raises(Refused):
        does(close_case, "lucia", at("2026-03-16"))
    does(publish_notice, "lucia", at("2026-03-16", 11))
    let_time_pass(at("2026-03-24", 23, 59))
    case.refresh_from_db()
    assert case.state == "sent"
    let_time_pass(at("2026-03-25", 0))
    case.refresh_from_db()


@pytest.mark.requirement("CAJA-06.6")
@pytest.mark.requirement("CAJA-06.7")
@pytest.mark.parametrize(
    ("answered", "unit", "central"), [("2026-03-04", "met", "met"), ("2026-03-11", "met_late", "met")]
)
def test_time_won_or_lost_in_the_service_moves_no_final_date(cafetal, does, answered, unit, central):
    case = does.case
    does(classify_case, "lucia", at("2026-03-03", 11), case_type="queja", unit=cafetal.unit("recreacion"))
    does(answer_case, "dario", at(answered), body="Le devolvemos su dinero.")
    assert due_days(case) == {CENTRAL_ANSWER: "2026-03-12", LEGAL_TERM: "2026-03-25"}
    does(check_answer, "lucia", at("2026-03-12"), verdicts=ALL_MET)
    does(send_answer, "lucia", at("2026-03-12", 17))
    assert (ended(case)[UNIT_ANSWER, 1], ended(case)[CENTRAL_ANSWER, 1]) == (unit, "met")


@pytest.mark.requirement("CAJA-06.6")
def test_each_stage_tells_its_own_lateness_once(cafetal, does):
    case = does.case
    does(classify_case, "lucia", at("2026-03-03", 11), case_type="queja", unit=cafetal.unit("recreacion"))
    late = {}
    for day in ("2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13", "2026-03-25", "2026-03-26"):
        let_time_pass(at(day, 0))
        let_time_pass(at(day, 0))
        late[day] = {kind for kind, debt in owed(case).items() if debt.late_at}

    assert late == {
        "2026-03-10": set(),
        "2026-03-11": {UNIT_ANSWER},
        "2026-03-12": {UNIT_ANSWER},
        "2026-03-13": {UNIT_ANSWER, CENTRAL_ANSWER},
        "2026-03-25": {UNIT_ANSWER, CENTRAL_ANSWER},
        "2026-03-26": {UNIT_ANSWER, CENTRAL_ANSWER, LEGAL_TERM},
    }
    assert verbs(case).count("commitments.commitment_late") == 3
