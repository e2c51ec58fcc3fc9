"""What may be done to a case, by whom: tables of every state against every act."""

from dataclasses import replace
from datetime import timedelta

import pytest

from escucha.contexts.cases.rules.standing import (
    CHARACTERISTICS,
    MOVES,
    OPEN,
    STATE_NAMES,
    UNANSWERED,
    Standing,
    State,
    blockers_to_answer,
    blockers_to_assign,
    blockers_to_call,
    blockers_to_check,
    blockers_to_classify,
    blockers_to_close,
    blockers_to_note,
    blockers_to_publish,
    blockers_to_remind,
    blockers_to_return,
    blockers_to_route,
    blockers_to_send,
    blockers_to_withdraw,
    listed,
    tries_apart,
    units_at_work,
)
from escucha.kernel.timeline.facts import CITIZEN, Actor
from tests.cast import TUESDAY

UNIT, CENTRAL, OTHER = 7, 1, 9
ACTS = frozenset(
    f"cases.{act}"
    for act in ("see file classify route return assign answer check send contact publish close note withdraw".split())
)
ABLE = Actor("staff", id="5", acts=ACTS, member_id=5, unit_id=UNIT)
EVERYWHERE = replace(ABLE, everywhere=True, unit_id=CENTRAL)
STRANGER = replace(ABLE, unit_id=OTHER)
NOBODY = Actor("staff", id="6", member_id=6, unit_id=UNIT)
ALL_MET = dict.fromkeys(CHARACTERISTICS, True)


def standing(state: State, **changes: object) -> Standing:
    has_unit = state not in {State.FILED, State.CLASSIFIED}
    known = Standing(
        state=state,
        unit_id=UNIT if has_unit else None,
        central_unit_id=CENTRAL,
        at_once=False,
        check_needed=True,
        failed_tries=0,
        tries_needed=3,
        hours_apart=3,
        can_be_called=True,
        can_be_written_to=True,
        notice_published=False,
        doers={"cases.classify": "Atención al Usuario"},
    )
    return replace(known, **changes)  # type: ignore[arg-type]


# Each act: the rule as a page asks it, and the states in which who has the act may do it.
RULES = {
    "classify": (blockers_to_classify, {State.FILED, State.CLASSIFIED, State.ASSIGNED, State.ANSWERED}),
    "route": (blockers_to_route, {State.CLASSIFIED, State.ASSIGNED}),
    "return": (blockers_to_return, {State.ASSIGNED}),
    "assign": (blockers_to_assign, UNANSWERED),
    "answer": (blockers_to_answer, {State.ASSIGNED}),
    "check": (blockers_to_check, {State.ANSWERED}),
    "send": (blockers_to_send, {State.APPROVED}),
    "contact": (blockers_to_call, {State.SENT, State.NOTIFIED}),
    "close": (blockers_to_close, {State.NOTIFIED}),
    "withdraw": (blockers_to_withdraw, UNANSWERED),
}
EVERY = [(act, state) for act in RULES for state in State]


@pytest.mark.parametrize(("act", "state"), EVERY, ids=[f"{act}-{state}" for act, state in EVERY])
def test_each_act_may_be_done_in_its_states_and_in_no_other(act, state):
    rule, states = RULES[act]

    assert bool(rule(standing(state), EVERYWHERE)) is (state not in states)


@pytest.mark.parametrize(("act", "state"), EVERY, ids=[f"{act}-{state}" for act, state in EVERY])
def test_who_has_not_the_act_is_told_who_has_it(act, state):
    rule, _states = RULES[act]
    blockers = rule(standing(state, doers={f"cases.{act}": "la Coordinación"}), NOBODY)

    assert "la Coordinación" in str(blockers[0])


@pytest.mark.parametrize("act", ["return", "answer", "assign"])
def test_what_another_unit_has_is_not_ones_own_to_handle(act):
    rule, _states = RULES[act]
    case = standing(State.ASSIGNED)

    assert rule(case, ABLE) == []
    assert [str(why) for why in rule(case, STRANGER)] == ["El caso está en otra dependencia."]


OF_THE_HOLDER = [
    (blockers_to_check, State.ANSWERED),
    (blockers_to_send, State.APPROVED),
    (blockers_to_call, State.SENT),
    (blockers_to_call, State.NOTIFIED),
    (blockers_to_publish, State.SENT),
    (blockers_to_remind, State.SENT),
    (blockers_to_close, State.NOTIFIED),
    (blockers_to_withdraw, State.ASSIGNED),
    (blockers_to_note, State.CLOSED),
]


@pytest.mark.parametrize(("rule", "state"), OF_THE_HOLDER)
@pytest.mark.parametrize("checked", [True, False])
def test_what_follows_the_answer_is_of_who_holds_the_case(rule, state, checked):
    case = standing(state, check_needed=checked, failed_tries=3)
    central = replace(ABLE, unit_id=CENTRAL)

    assert rule(case, ABLE) == rule(case, EVERYWHERE) == []
    assert [str(why) for why in rule(case, STRANGER)] == ["El caso está en otra dependencia."]
    assert (rule(case, central) == []) is checked  # where it checks answers, the central office has them too
    assert rule(replace(case, unit_id=None), central) == []  # and what no unit has


@pytest.mark.parametrize(
    ("minutes", "hours", "tries"),
    [
        ([], 3, 0),
        ([0, 1, 2], 3, 1),
        ([0, 179], 3, 1),
        ([180, 0], 3, 2),
        ([0, 100, 200, 300, 379, 380], 3, 3),  # from the last that counted, not from the last
        ([0, 0, 1], 0, 3),
    ],
)
def test_calls_near_to_each_other_are_one_try(minutes, hours, tries):
    moments = [TUESDAY + timedelta(minutes=one) for one in minutes]
    assert tries_apart(moments, hours=hours) == tries


def test_nobody_calls_who_left_no_telephone():
    [why] = blockers_to_call(standing(State.SENT, can_be_called=False), ABLE)
    assert "no dejó teléfono" in str(why)


@pytest.mark.parametrize(("reason", "refused"), [(None, False), ("Llamó", False), (" ", True)])
def test_staff_says_how_the_person_withdrew(reason, refused):
    assert bool(blockers_to_withdraw(standing(State.ASSIGNED), ABLE, reason=reason)) is refused
    assert blockers_to_withdraw(standing(State.ASSIGNED), CITIZEN, reason=reason) == []


@pytest.mark.parametrize("act", ["classify", "route", "assign", "send", "contact", "close", "withdraw"])
def test_a_withdrawn_case_says_that_it_is_closed_and_nothing_else(act):
    rule, _states = RULES[act]

    assert [str(why) for why in rule(standing(State.WITHDRAWN), EVERYWHERE)] == ["El caso ya está cerrado."]


class TestMoves:
    def test_every_state_has_a_name_and_says_where_it_leads(self):
        assert set(MOVES) == set(State) == set(STATE_NAMES)

    def test_only_what_ended_leads_nowhere_but_what_was_joined_can_be_taken_out(self):
        assert {state for state, follow in MOVES.items() if not follow} == set(State) - OPEN - {State.MERGED}
        assert MOVES[State.MERGED] == UNANSWERED

    def test_every_state_can_be_reached_and_can_end(self):
        assert {follow for follows in MOVES.values() for follow in follows} == set(State)
        for state in OPEN:
            assert self._reaches(state, State.CLOSED), state

    @staticmethod
    def _reaches(start: State, end: State) -> bool:
        seen, front = {start}, {start}
        while front:
            front = {follow for state in front for follow in MOVES[state]} - seen
            seen |= front
        return end in seen

    def test_an_answer_that_left_never_comes_back(self):
        for state in (State.SENT, State.NOTIFIED, State.CLOSED):
            assert not MOVES[state] & UNANSWERED


class TestClassifyingAndRouting:
    def test_routing_in_the_same_act_asks_for_the_act_of_routing(self):
        only = replace(EVERYWHERE, acts=frozenset({"cases.classify"}))

        assert blockers_to_classify(standing(State.FILED), only) == []
        assert blockers_to_classify(standing(State.ASSIGNED), only, unit_id=UNIT) == []
        assert blockers_to_classify(standing(State.FILED), only, unit_id=UNIT) != []

    def test_an_answered_case_may_change_its_kind_and_not_its_unit(self):
        assert blockers_to_classify(standing(State.ANSWERED), EVERYWHERE, unit_id=UNIT) == []
        assert blockers_to_classify(standing(State.ANSWERED), EVERYWHERE, unit_id=OTHER) != []

    def test_a_case_is_not_routed_to_where_it_is(self):
        assert blockers_to_route(standing(State.ASSIGNED), EVERYWHERE, unit_id=OTHER) == []
        assert blockers_to_route(standing(State.ASSIGNED), EVERYWHERE, unit_id=UNIT) != []

    @pytest.mark.parametrize("state", State)
    def test_a_reserved_case_is_routed_by_nobody(self, state):
        keeper = replace(EVERYWHERE, acts=ACTS | {"cases.reserved"})
        for by in (EVERYWHERE, keeper):
            [why] = blockers_to_route(standing(state, reserved=True), by, unit_id=OTHER)
            assert "es reservado" in str(why)

    def test_who_has_not_the_act_is_told_who_does_it(self):
        for doers, who in (({}, "nadie todavía"), ({"cases.route": "el despacho"}, "el despacho")):
            [why] = blockers_to_route(standing(State.ASSIGNED, doers=doers), NOBODY)
            assert str(why) == f"Los casos los asigna a las dependencias {who}."


class TestReturning:
    @pytest.mark.parametrize(
        ("reason", "refused"), [(None, False), ("No es nuestro", False), ("  \n", True), ("", True)]
    )
    def test_asks_for_a_reason_once_it_is_done(self, reason, refused):
        assert bool(blockers_to_return(standing(State.ASSIGNED), ABLE, reason=reason)) is refused

    def test_the_unit_that_routes_has_nobody_to_return_to(self):
        assert blockers_to_return(standing(State.ASSIGNED, unit_id=CENTRAL), EVERYWHERE) != []


class TestAssigning:
    @pytest.mark.parametrize(
        ("state", "units"),
        [
            (State.FILED, {CENTRAL}),
            (State.CLASSIFIED, {CENTRAL}),
            (State.ASSIGNED, {UNIT}),
            (State.ANSWERED, {UNIT, CENTRAL}),
            (State.APPROVED, {UNIT, CENTRAL}),
        ],
    )
    def test_is_to_somebody_of_the_units_at_work(self, state, units):
        assert units_at_work(standing(state)) == units

    def test_somebody_of_elsewhere_is_refused(self):
        assert blockers_to_assign(standing(State.ASSIGNED), ABLE, outside=True) != []


class TestAnswering:
    @pytest.mark.parametrize(
        ("state", "at_once", "by", "may"),
        [
            (State.CLASSIFIED, True, EVERYWHERE, True),
            (State.CLASSIFIED, True, ABLE, False),  # only who receives solves at once
            (State.CLASSIFIED, False, EVERYWHERE, False),
            (State.FILED, True, EVERYWHERE, False),
        ],
    )
    def test_without_procedure_only_what_its_kind_allows(self, state, at_once, by, may):
        assert (blockers_to_answer(standing(state, at_once=at_once), by) == []) is may

    @pytest.mark.parametrize(("body", "refused"), [(None, False), ("Sí", False), (" ", True)])
    def test_asks_for_words_once_it_is_handed_in(self, body, refused):
        assert bool(blockers_to_answer(standing(State.ASSIGNED), ABLE, body=body)) is refused


class TestChecking:
    @pytest.mark.requirement("CAJA-07.1")
    @pytest.mark.parametrize("missing", list(CHARACTERISTICS))
    def test_each_of_the_five_characteristics_is_judged(self, missing):
        judged = {key: True for key in CHARACTERISTICS if key != missing}
        [why] = blockers_to_check(standing(State.ANSWERED), ABLE, verdicts=judged)

        assert str(CHARACTERISTICS[missing][0]).lower() in str(why)

    @pytest.mark.parametrize("failed", list(CHARACTERISTICS))
    def test_one_that_fails_asks_for_the_reason(self, failed):
        judged = ALL_MET | {failed: False}

        assert blockers_to_check(standing(State.ANSWERED), ABLE, verdicts=judged, reason=" ") != []
        assert blockers_to_check(standing(State.ANSWERED), ABLE, verdicts=judged, reason="Falta la fecha") == []


class TestSending:
    def test_without_check_the_unit_that_has_it_sends_it(self):
        case = standing(State.APPROVED, check_needed=False)

        assert blockers_to_send(case, ABLE) == []
        assert blockers_to_send(case, STRANGER) != []

    @pytest.mark.requirement("CAJA-07.1")
    def test_before_the_check_it_does_not_leave(self):
        [why] = blockers_to_send(standing(State.ANSWERED), EVERYWHERE)
        assert "cinco características" in str(why)


class TestPublishing:
    @pytest.mark.parametrize(
        ("called", "written_to", "tries", "may"),
        [
            (True, True, 0, False),
            (True, True, 2, False),
            (True, True, 3, True),
            (True, False, 4, True),
            (False, True, 2, False),
            (False, True, 3, True),
            (False, False, 0, True),
        ],
    )
    @pytest.mark.requirement("EPS-05.4")
    def test_is_for_who_left_no_contact_or_was_tried_as_often_as_the_policy_says(self, called, written_to, tries, may):
        case = standing(State.SENT, can_be_called=called, can_be_written_to=written_to, failed_tries=tries)
        assert (blockers_to_publish(case, ABLE) == []) is may

    def test_happens_once(self):
        assert blockers_to_publish(standing(State.SENT, failed_tries=3, notice_published=True), ABLE) != []

    @pytest.mark.parametrize("state", sorted(set(State) - {State.SENT}))
    def test_only_of_what_left_and_has_not_arrived(self, state):
        assert blockers_to_publish(standing(state, failed_tries=3), ABLE) != []


class TestReminding:
    @pytest.mark.parametrize("state", list(State))
    def test_only_of_an_answer_that_waits_and_only_by_email(self, state):
        assert (blockers_to_remind(standing(state), ABLE) == []) is (state == State.SENT)
        assert blockers_to_remind(standing(state, can_be_written_to=False), ABLE) != []


class TestClosing:
    @pytest.mark.requirement("EPS-05.3")
    def test_what_has_not_reached_the_person_stays_open(self):
        [why] = blockers_to_close(standing(State.SENT), ABLE)
        assert "no ha llegado" in str(why)


class TestWithdrawing:
    @pytest.mark.parametrize("state", list(State))
    def test_the_person_may_while_no_answer_left(self, state):
        assert (blockers_to_withdraw(standing(state), CITIZEN) == []) is (state in UNANSWERED)


def test_a_note_has_words():
    case = standing(State.ASSIGNED)
    assert blockers_to_note(case, ABLE) == []
    assert blockers_to_note(case, ABLE, body="  ") != []
    assert blockers_to_note(case, NOBODY, body="Hablé con el área") != []
    assert blockers_to_note(case, STRANGER, body="Hablé con el área") != []


@pytest.mark.parametrize(
    ("words", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a y b"), (["a", "b", "c"], "a, b y c")]
)
def test_words_in_a_row(words, said):
    assert listed(words) == said
