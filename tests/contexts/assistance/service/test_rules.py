"""Tables of the rules of a service: every stage against every act, hours and tries. No database."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escucha.contexts.assistance.policy import Flow
from escucha.contexts.assistance.rules.assignments import Work
from escucha.contexts.assistance.rules.closing import (
    blockers_to_ask_conformity,
    blockers_to_cancel,
    blockers_to_conclude,
    blockers_to_survey,
    blockers_to_write,
    checklist,
    first_conformity,
    is_last_try,
    may_conclude,
    next_try,
)
from escucha.contexts.assistance.rules.costs import (
    blockers_to_load,
)
from escucha.contexts.assistance.rules.course import ORDER, Owed
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.monitoring import (
    CALLS,
    blockers_to_arrive,
    blockers_to_check,
    blockers_to_confirm,
    blockers_to_contact,
    blockers_to_reprogramme,
    fulfilled_by_provider,
)
from escucha.contexts.assistance.rules.serving import (
    blockers_to_authorise,
    blockers_to_diagnose,
    blockers_to_finish,
)
from escucha.contexts.assistance.rules.stages import MOVES, OPEN, Category, Conformity, Priority, Stage
from escucha.contexts.assistance.rules.subtypes import BY_HAND, SUBTYPES, Subtype
from tests.contexts.assistance.service.standing import (
    ABLE,
    AFFILIATE,
    BOGOTA,
    CITIZEN,
    DAY,
    HOUR,
    LOOKING,
    MINUTE,
    NOON,
    PROVIDER,
    TIMES,
    course,
    words,
)

FREE = {  # where each act may be done
    "confirm": (blockers_to_confirm, {Stage.ASSIGNED}),
    "check": (blockers_to_check, {Stage.ASSIGNED, Stage.CONFIRMED}),
    "arrive": (blockers_to_arrive, {Stage.ASSIGNED, Stage.CONFIRMED}),
    "contact": (blockers_to_contact, {Stage.ARRIVED}),
    "reprogramme": (blockers_to_reprogramme, {Stage.TO_ASSIGN, Stage.ASSIGNED, Stage.CONFIRMED}),
    "diagnose": (blockers_to_diagnose, {Stage.CONTACTED, Stage.DIAGNOSED}),
    "authorise": (blockers_to_authorise, {Stage.DIAGNOSED}),
    "finish": (blockers_to_finish, {Stage.AUTHORISED}),
    "load": (blockers_to_load, {Stage.FINISHED, Stage.REFUNDING, Stage.CONCLUDED, Stage.CANCELLED_LATER,
                                Stage.CANCELLED_AT_ONCE, Stage.PROVIDER_CANCELLED}),
    "ask": (blockers_to_ask_conformity, {Stage.FINISHED}),
    "cancel": (blockers_to_cancel, OPEN - {Stage.FINISHED}),
}  # fmt: skip


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("act", FREE)
def test_an_act_is_done_in_its_stages_and_says_why_not_in_the_others(act, stage):
    blockers_to, wanted = FREE[act]
    if act == "load" and stage == Stage.CANCELLED_AT_ONCE:
        wanted = wanted - {stage}
    blockers = blockers_to(course(stage), ABLE)
    assert (not blockers) is (stage in wanted)
    assert all(str(one).endswith(".") for one in blockers)
    assert [str(one) for one in blockers_to(course(stage), LOOKING)][:1] == [
        "Las asistencias las coordina nadie todavía."
    ]


@pytest.mark.parametrize("act", FREE)
def test_a_stage_that_an_act_leads_to_is_in_the_table_of_moves(act):
    after = {
        "confirm": Stage.CONFIRMED, "arrive": Stage.ARRIVED, "contact": Stage.CONTACTED, "authorise": Stage.AUTHORISED,
        "finish": Stage.FINISHED, "cancel": Stage.CANCELLED_LATER,
    }.get(act)  # fmt: skip
    assert after is None or all(after in MOVES[stage] for stage in FREE[act][1])


def test_every_open_stage_has_its_place_in_the_order():
    assert set(ORDER) == OPEN


@pytest.mark.parametrize(
    ("by", "may"),
    [
        (PROVIDER, {"check", "arrive", "contact", "diagnose", "finish"}),
        (AFFILIATE, {"confirm", "contact", "ask", "cancel"}),
        (CITIZEN, set()),
    ],
)
def test_who_acts_on_its_own_page_does_what_is_its_own(by, may):
    def free(act):
        blockers_to, wanted = FREE[act]
        stage = min(wanted - {Stage.CANCELLED_AT_ONCE}, key=lambda one: ORDER.index(one) if one in ORDER else 99)
        said = {"party": by.kind, "direction": "inbound"} if act == "check" and by is PROVIDER else {}
        return not blockers_to(course(stage), by, **said)

    assert {act for act in FREE if free(act)} == may


class TestCalls:
    def owed(self, *duties):
        hours = {Duty.EXTRA_CHECK: 4, Duty.FIRST_MOVE: 1, Duty.ARRIVAL: 0}
        opens = NOON + 10 * HOUR
        return [Owed(duty, opens - hours[duty] * HOUR, NOON) for duty in duties]

    @pytest.mark.parametrize(
        ("duties", "hours_before", "fulfilled"),
        [
            ((Duty.EXTRA_CHECK, Duty.FIRST_MOVE), 13, ()),
            ((Duty.EXTRA_CHECK, Duty.FIRST_MOVE), 12, (Duty.EXTRA_CHECK,)),
            ((Duty.EXTRA_CHECK, Duty.FIRST_MOVE), 4, (Duty.EXTRA_CHECK,)),
            ((Duty.EXTRA_CHECK, Duty.FIRST_MOVE), 2, (Duty.EXTRA_CHECK,)),
            ((Duty.EXTRA_CHECK, Duty.FIRST_MOVE), 1, (Duty.EXTRA_CHECK, Duty.FIRST_MOVE)),
            ((Duty.FIRST_MOVE,), 5, (Duty.FIRST_MOVE,)),
            ((Duty.ARRIVAL,), 1, ()),
        ],
    )
    def test_fulfil_what_is_next(self, duties, hours_before, fulfilled):
        now = NOON + (10 - hours_before) * HOUR
        assert tuple(fulfilled_by_provider(self.owed(*duties), times=TIMES, now=now)) == fulfilled

    def test_say_who_spoke_with_whom(self):
        assert set(CALLS.values()) == set(BY_HAND) - {Subtype.NOTE}
        assert "Diga con quién" in words(blockers_to_check(course(), ABLE, party="nobody", direction="inbound"))

    def test_on_its_own_page_nobody_says_that_it_was_called(self):
        assert blockers_to_check(course(), PROVIDER, party="provider", direction="outbound")
        assert blockers_to_check(course(), PROVIDER, party="affiliate", direction="inbound")

    def test_the_affiliate_is_told_all(self):
        told = blockers_to_confirm(course(), ABLE, told={"window", "number"})
        assert words(told) == "Dígale también quién va."


class TestHours:
    @pytest.mark.parametrize(
        ("at", "why"),
        [
            (NOON, ""),
            (NOON - HOUR, ""),
            (NOON + MINUTE, "Esa hora todavía no llega"),
            (NOON - HOUR - MINUTE, "no puede ser anterior a la asignación"),
        ],
    )
    def test_of_the_arrival_are_between_the_assignment_and_now(self, at, why):
        assert words(blockers_to_arrive(course(), ABLE, at=at, now=NOON)).find(why) >= 0
        assert bool(blockers_to_arrive(course(), ABLE, at=at, now=NOON)) is bool(why)

    def test_of_the_meeting_and_of_the_end_are_after_the_arrival(self):
        met = course(Stage.ARRIVED, arrived_at=NOON)
        assert not blockers_to_contact(met, ABLE, at=NOON, identity="beneficiary", now=NOON)
        assert "antes de que llegara" in words(blockers_to_contact(met, ABLE, at=NOON - MINUTE, now=NOON))
        assert "Diga a quién" in words(blockers_to_contact(met, ABLE, at=NOON, identity="neighbour", now=NOON))
        done = course(Stage.AUTHORISED, arrived_at=NOON)
        assert not blockers_to_finish(done, ABLE, at=NOON, now=NOON)
        assert "antes de llegar" in words(blockers_to_finish(done, ABLE, at=NOON - MINUTE, now=NOON))

    def test_by_telephone_nobody_arrives_and_it_may_end_at_once(self):
        talking = course(Stage.ASSIGNED, flow=Flow.PHONE)
        assert "por teléfono" in words(blockers_to_arrive(talking, ABLE))
        assert not blockers_to_finish(talking, ABLE, at=NOON, now=NOON)

    def test_of_another_window_are_agreed_on_by_both(self):
        later = (NOON + HOUR, NOON + 2 * HOUR)
        both = {"affiliate", "provider"}

        def why(**said):
            return words(blockers_to_reprogramme(course(), ABLE, **{"window": later, "now": NOON} | said))

        assert why(accepted_by=both) == ""
        assert "El proveedor debe aceptar" in why(accepted_by={"affiliate"})
        assert "El afiliado debe aceptar" in why(accepted_by={"provider"})
        assert "antes de empezar" in why(accepted_by=both, window=later[::-1])
        assert "ya pasó" in why(accepted_by=both, window=(NOON - HOUR, NOON))
        assert "Escriba desde y hasta" in why(accepted_by=both, window=None)
        urgent = course(priority=Priority.EMERGENCY)
        said = {"accepted_by": both, "now": NOON}
        assert "a qué hora llega" in words(blockers_to_reprogramme(urgent, ABLE, **said))
        assert "ya pasó" in words(blockers_to_reprogramme(urgent, ABLE, eta_at=NOON - MINUTE, **said))
        assert not blockers_to_reprogramme(urgent, ABLE, eta_at=NOON, **said)
        searching = course(Stage.TO_ASSIGN, priority=Priority.EMERGENCY, going=None)
        assert "Asigne primero" in words(blockers_to_reprogramme(searching, ABLE, eta_at=NOON, **said))


class TestTheEnd:
    def finished(self, **changes):
        return course(Stage.FINISHED, **{"going": Work.DONE} | changes)

    def test_the_last_look_says_what_is_missing(self):
        whole = self.finished(conformity="conforming")
        assert not blockers_to_conclude(whole, ABLE) and all(one.done for one in checklist(whole))
        poor = self.finished(has_costs=False, missing=["la placa"], going=Work.ARRIVED)
        assert [str(one) for one in blockers_to_conclude(poor, ABLE)] == [
            "El proveedor no ha concluido: anote a qué hora terminó.",
            "Cargue los costos.",
            "Pregúntele al afiliado si quedó conforme.",
            "Falta la placa.",
        ]
        refunded = self.finished(category=Category.REFUND, going=None, conformity="conforming")
        assert not blockers_to_conclude(refunded, ABLE)

    @pytest.mark.parametrize("stage", sorted(OPEN - {Stage.FINISHED}))
    def test_nothing_is_concluded_before_the_work_ends(self, stage):
        assert len(blockers_to_conclude(course(stage), ABLE)) == 1

    @pytest.mark.parametrize("costs", [True, False])
    @pytest.mark.parametrize("known", ["", "conforming", "nonconforming", "no_contact"])
    def test_concluding_is_owed_when_both_are_there(self, costs, known):
        assert may_conclude(Stage.FINISHED, has_costs=costs, conformity=known) is (costs and known != "")
        assert not may_conclude(Stage.REFUNDING, has_costs=costs, conformity=known)

    @pytest.mark.parametrize(
        ("hour", "minute", "vital", "direction", "free"),
        [
            (8, 0, False, "outbound", True),
            (7, 59, False, "outbound", False),
            (19, 59, False, "outbound", True),
            (20, 0, False, "outbound", False),
            (3, 0, True, "outbound", True),
            (3, 0, False, "inbound", True),
        ],
    )
    def test_nobody_is_called_outside_the_hours(self, hour, minute, vital, direction, free):
        now = datetime(2026, 3, 3, hour, minute, tzinfo=BOGOTA)
        standing = self.finished(priority=Priority.VITAL if vital else Priority.EMERGENCY)
        blockers = blockers_to_ask_conformity(
            standing, ABLE, outcome="conforming", direction=direction, contact=DAY, now=now
        )
        assert (not blockers) is free

    def test_the_third_try_is_the_last(self):
        assert [is_last_try(self.finished(tries=tries), 3) for tries in range(3)] == [False, False, True]

    @given(st.integers(0, 7 * 24 * 60), st.sampled_from(["America/Bogota", "America/Argentina/Buenos_Aires"]))
    def test_the_next_try_is_within_the_hours_and_not_too_soon(self, minutes, zone):
        zone, last = ZoneInfo(zone), NOON + minutes * MINUTE
        timer = next_try("emergency", last_try_at=last, times=TIMES, zone=zone, now=last)
        assert timer.due_at >= last + 120 * MINUTE
        assert 8 <= timer.due_at.astimezone(zone).hour < 20
        assert next_try("vital", last_try_at=last, times=TIMES, zone=zone, now=last).due_at == last + 120 * MINUTE
        first = first_conformity("emergency", finished_at=last, times=TIMES, zone=zone, now=last)
        assert first.due_at >= last and 8 <= first.due_at.astimezone(zone).hour < 20
        assert first_conformity("vital", finished_at=last, times=TIMES, zone=zone, now=last).due_at == last

    def test_the_survey_is_of_who_is_content(self):
        content = self.finished(conformity=Conformity.CONFORMING)
        assert not blockers_to_survey(content, ABLE)
        assert "No" not in words(blockers_to_survey(content, ABLE, reached=False))
        assert "quedó conforme" in words(blockers_to_survey(self.finished(), ABLE))
        assert "no se hace encuesta" in words(blockers_to_survey(self.finished(has_survey=False), ABLE))
        assert "ya está hecha" in words(blockers_to_survey(self.finished(conformity="conforming", surveyed=True), ABLE))

    def test_lines_by_hand_are_of_what_no_act_tells(self):
        for subtype in SUBTYPES:
            blockers = blockers_to_write(course(), ABLE, closed=False, subtype=subtype, words="Algo")
            assert (not blockers) is (subtype in BY_HAND)
        assert "está cerrado" in words(blockers_to_write(course(), ABLE, closed=True))
        assert blockers_to_write(None, ABLE, closed=False, subtype="to_provider", words="Algo")
