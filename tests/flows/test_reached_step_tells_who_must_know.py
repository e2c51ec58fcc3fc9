"""As a due time comes near or passes, who owes it and who answers for it are told: the right people, once."""

import logging

import pytest

from escucha.contexts.cases.operations.answering import answer_case
from escucha.contexts.cases.operations.handling import assign_case
from escucha.contexts.messaging.queries import messages_about
from escucha.flows.reached_step_tells_who_must_know import is_of_a_case, tell_who_must_know
from escucha.kernel.commitments.clock import tick
from escucha.kernel.commitments.facts import StepReached
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.timeline.relay import run_errands
from tests.contexts.cases.seen import at, told, verbs
from tests.flows.looking import assert_nothing_personal
from tests.make import a_case, a_routed_case, let_time_pass

UNIT_MEMBERS = ["dario", "elsa"]
CENTRAL_MEMBERS = ["lucia", "patricia"]


def names(messages):
    return sorted(to.partition("@")[0] for _template, to in messages)


def said_between(case, before, after):
    """Who was told what about which debt between two moments."""
    let_time_pass(before)
    was = len(messages_about(org=case.org, subject=case.subject))
    let_time_pass(after)
    let_time_pass(after)
    new = messages_about(org=case.org, subject=case.subject)[was:]
    return sorted(
        (one.template, one.title.partition(": ")[2].partition(",")[0], one.to.partition("@")[0]) for one in new
    )


@pytest.mark.requirement("CAJA-06.5")
@pytest.mark.requirement("MORE-04.2")
def test_each_rung_tells_its_people_and_nobody_else(cafetal):
    """The unit's part runs from Tuesday at ten to the next Tuesday night: 50.5 working hours."""
    case = a_routed_case(cafetal)

    assert said_between(case, at("2026-03-06", 8, 14), at("2026-03-06", 8, 15)) == [
        ("step_reminder", "Respuesta de la dependencia", who) for who in UNIT_MEMBERS
    ]
    escalated = said_between(case, at("2026-03-10", 11, 25), at("2026-03-10", 11, 30))
    assert escalated == [("step_escalation", "Respuesta de la dependencia", "patricia")]
    assert said_between(case, at("2026-03-10", 23, 59), at("2026-03-11", 0)) == []  # lateness is told by the timeline
    assert verbs(case).count("commitments.commitment_late") == 1
    assert said_between(case, at("2026-03-11", 14), at("2026-03-11", 14, 10)) == [
        ("step_escalation", "Respuesta de la dependencia", "gabriel")
    ]


@pytest.mark.requirement("CAJA-06.5")
def test_the_central_stage_warns_the_central_office(cafetal):
    case = a_routed_case(cafetal)
    let_time_pass(at("2026-03-12", 23))
    reminded = [one for one in messages_about(org=case.org, subject=case.subject) if "Nuestro compromiso" in one.title]
    assert sorted({one.to.partition("@")[0] for one in reminded if one.template == "step_reminder"}) == CENTRAL_MEMBERS


def test_who_has_the_case_is_told_alone(cafetal):
    case = a_routed_case(cafetal)
    to, by = cafetal.members["dario"], cafetal.actor("elsa")
    assign_case(org=case.org, case_id=case.pk, member=to, by=by, now=at("2026-03-04"))
    let_time_pass(at("2026-03-06", 9))
    assert names(told(case, "step_reminder")) == ["dario"]


def test_who_left_is_not_told_and_its_unit_is(cafetal):
    case = a_routed_case(cafetal)
    gone = cafetal.members["dario"]
    assign_case(org=case.org, case_id=case.pk, member=gone, by=cafetal.actor("elsa"), now=at("2026-03-04"))
    gone.active = False
    gone.save(update_fields=["active"])
    let_time_pass(at("2026-03-06", 9))
    assert names(told(case, "step_reminder")) == ["elsa"]


def test_what_is_no_longer_owed_when_the_errand_runs_tells_nobody(cafetal):
    case = a_routed_case(cafetal)
    now = at("2026-03-06", 9)
    assert tick(now=now) > 0
    by = cafetal.actor("dario")
    answer_case(org=case.org, case_id=case.pk, body="Ya", by=by, now=now)
    run_errands(now=now)
    assert told(case, "step_reminder") == []


def test_a_step_of_an_earlier_debt_says_nothing_of_the_present_one(cafetal):
    case = a_routed_case(cafetal)
    was = Commitment.objects.filter(subject=case.subject, kind="cases.legal_term").order_by("attempt").first()
    fact = StepReached(subject=case.subject, kind="cases.legal_term", commitment=was.pk, step="remind_owner")
    messages = told(case)
    tell_who_must_know(fact, org=case.org, now=at("2026-03-04"))
    assert told(case) == messages


def test_debts_of_other_things_are_not_this_flow_s():
    def owed(subject, step="remind_owner"):
        return StepReached(subject=subject, kind="surveys.call", commitment=1, step=step)

    assert is_of_a_case(owed("case:7"))
    others = [owed("survey:7"), owed("assistance:7"), owed("case:7", step="notice_ends")]
    assert not any(map(is_of_a_case, others))


def test_messages_to_staff_hold_the_number_and_nothing_of_the_person(cafetal, caplog):
    caplog.set_level(logging.DEBUG)
    case = a_routed_case(cafetal)
    let_time_pass(at("2026-04-15"))

    staff = [one for one in messages_about(org=case.org, subject=case.subject) if one.person_id is None]
    assert {one.template for one in staff} == {"case_assigned", "step_reminder", "step_escalation"}
    for message in staff:
        assert case.filing_number in message.title and case.filing_number in message.body
        assert "{" not in message.title + message.body
    assert_nothing_personal(cafetal.org, caplog.text)


def test_what_nobody_classifies_warns_user_attention(cafetal):
    case = a_case(cafetal)
    let_time_pass(at("2026-03-05", 12))
    assert {to.partition("@")[0] for _template, to in told(case, "step_reminder")} == set(CENTRAL_MEMBERS)
    assert {to.partition("@")[0] for _template, to in told(case, "step_escalation")} == {"patricia", "gabriel"}
    assert verbs(case).count("commitments.commitment_late") == 1
