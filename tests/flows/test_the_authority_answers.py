"""At the authority whoever directs the unit answers and tells; communications redirects what is not its own."""

import logging

import pytest

from escucha.contexts.cases.operations.answering import answer_case, check_answer, send_answer
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.handling import return_case, route_case
from escucha.contexts.cases.operations.reaching import close_case, open_answer, record_call
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.contexts.cases.queries.written import latest_answer
from escucha.contexts.cases.rules.debts import LEGAL_TERM, UNIT_ANSWER
from escucha.kernel.commitments.queries import agenda
from tests.cast import ANA
from tests.contexts.cases.seen import at, due_days, ended, last_fact, owed, own_verbs, picture, told, verbs
from tests.flows.looking import assert_nothing_personal
from tests.make import ALL_MET, a_case, let_time_pass


@pytest.fixture
def does(corrioverde):
    def act(verb, case, who, now, **said):
        let_time_pass(now)
        result = verb(org=corrioverde.org, case_id=case.pk, by=corrioverde.actor(who), now=now, **said)
        case.refresh_from_db()
        return result

    return act


@pytest.mark.requirement("CORP-04.1")
@pytest.mark.requirement("CORP-04.4")
@pytest.mark.requirement("CORP-04.5")
def test_a_claim_is_redirected_by_communications_and_solved_by_who_directs_the_unit(corrioverde, does, caplog):
    caplog.set_level(logging.DEBUG)
    case = a_case(corrioverde, suggested_type="reclamo")
    does(
        classify_case,
        case,
        "sofia",
        at("2026-03-03", 11),
        case_type="reclamo",
        unit=corrioverde.unit("recurso-hidrico"),
    )
    owes = due_days(case)
    does(return_case, case, "olga", at("2026-03-05"), reason="La reserva es del Páramo")
    assert (case.unit, case.state, due_days(case)) == (None, "classified", owes)
    assert owed(case)[UNIT_ANSWER].owner_unit.key == "comunicaciones"
    # The central unit sees what no unit has; the others do not. None of them may route it.
    for who, refusal in (("olga", NoSuchCase), ("ramiro", NoSuchCase), ("tomas", NoSuchCase), ("ines", Refused)):
        with pytest.raises(refusal):
            does(route_case, case, who, at("2026-03-05"), unit=corrioverde.unit("territorial-paramo"))
    does(route_case, case, "sofia", at("2026-03-05", 11), unit=corrioverde.unit("territorial-paramo"))
    assert due_days(case) == owes

    with pytest.raises(Refused):
        does(answer_case, case, "tomas", at("2026-03-06"), body="Le devolvemos")
    does(answer_case, case, "ramiro", at("2026-03-06"), body="Le devolvemos su dinero.")
    assert case.state == "approved"
    assert set(owed(case)) == {UNIT_ANSWER, LEGAL_TERM}  # its promise is met by sending it
    with pytest.raises(Refused):
        does(check_answer, case, "ramiro", at("2026-03-06"), verdicts=ALL_MET)
    with pytest.raises(NoSuchCase):
        does(send_answer, case, "olga", at("2026-03-06"))
    does(send_answer, case, "ramiro", at("2026-03-06", 11))
    assert ended(case)[UNIT_ANSWER, 1] == "met"
    assert told(case, "answer_ready") == [("answer_ready", ANA["email"])]
    call = {"number": ANA["phone"], "result": "answered"}
    does(record_call, case, "ramiro", at("2026-03-09"), **call)
    does(close_case, case, "ramiro", at("2026-03-09", 11))

    assert own_verbs(case) == [
        "case_filed", "case_classified", "case_routed", "case_returned", "case_routed", "case_answered",
        "answer_sent", "person_called", "case_notified", "case_closed",
    ]  # fmt: skip
    assert owed(case) == {} and "commitments.commitment_late" not in verbs(case)
    assert_nothing_personal(corrioverde.org, caplog.text)


def test_an_answer_that_is_written_and_not_sent_keeps_its_promise_open(corrioverde, does):
    case = a_case(corrioverde)
    does(
        classify_case,
        case,
        "sofia",
        at("2026-03-03", 11),
        case_type="queja",
        unit=corrioverde.unit("territorial-paramo"),
    )
    does(answer_case, case, "ramiro", at("2026-03-04"), body="Le devolvemos su dinero.")
    let_time_pass(at("2026-03-11"))
    does(send_answer, case, "ramiro", at("2026-03-11"))
    assert ended(case)[UNIT_ANSWER, 1] == "met_late"


@pytest.mark.requirement("CORP-03.1")
def test_a_complaint_is_solved_at_once_by_who_receives_it(corrioverde, does):
    case = a_case(corrioverde, channel="counter", by=corrioverde.actor("ines"))
    does(classify_case, case, "sofia", at("2026-03-03", 10, 30), case_type="queja")
    for who in ("ramiro", "tomas", "sofia"):
        with pytest.raises((Refused, NoSuchCase)):
            does(answer_case, case, who, at("2026-03-03", 10, 40), body="Ya")
    does(answer_case, case, "ines", at("2026-03-03", 10, 40), body="Le devolvemos su dinero.")
    assert (case.state, case.unit) == ("approved", None)
    assert last_fact(case, "cases.case_answered")[0]["at_once"] is True
    does(send_answer, case, "ines", at("2026-03-03", 10, 45))
    open_answer(org=case.org, token=latest_answer(case).link_token, now=at("2026-03-03", 11))
    does(close_case, case, "ines", at("2026-03-03", 12))
    assert (case.state, owed(case)) == ("closed", {})


@pytest.mark.requirement("CORP-03.2")
@pytest.mark.parametrize("kind", ["reclamo", "percepcion", "sugerencia", "peticion"])
def test_what_is_no_complaint_needs_its_procedure(corrioverde, does, kind):
    case = a_case(corrioverde, channel="counter", by=corrioverde.actor("ines"))
    does(classify_case, case, "sofia", at("2026-03-03", 11), case_type=kind)
    before = picture(case)
    with pytest.raises(Refused, match="Asigne primero"):
        does(answer_case, case, "ines", at("2026-03-03", 11), body="Ya")
    assert picture(case) == before


@pytest.mark.requirement("CORP-04.2")
def test_the_public_servant_of_a_unit_registers_what_arrives_there(corrioverde):
    case = a_case(
        corrioverde,
        channel="counter",
        by=corrioverde.actor("tomas"),
        received_at=at("2026-03-03", 8),
        received_unit=corrioverde.unit("territorial-paramo"),
    )
    data, member = last_fact(case, "cases.case_filed")
    assert member == corrioverde.members["tomas"].pk
    assert data["unit"] == corrioverde.unit("territorial-paramo").pk
    assert case.filing_number == "QRPS-2026-000001"
    assert {debt.owner_unit.key for debt in owed(case).values()} == {"comunicaciones"}
    mine = agenda(org=case.org, viewer=corrioverde.actor("ines"), now=case.filed_at)
    assert {debt.subject for debt in mine} == {case.subject}
