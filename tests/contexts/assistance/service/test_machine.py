"""Any acts in any order: what must always hold of an assistance holds after each of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from escucha.contexts.assistance.models import Assignment, LogLine, Provider
from escucha.contexts.assistance.operations.assigning import assign_provider
from escucha.contexts.assistance.operations.releasing import end_without_provider, take_provider_off
from escucha.contexts.assistance.rules.assignments import GOING
from escucha.contexts.assistance.rules.costs import Line
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.stages import ENDED, MOVES, WITH_PROVIDER, Stage
from escucha.kernel.timeline.verify import chain_verdict
from escucha.kernel.words import Refused
from tests.assisting import a_file, accepted, an_affiliate, an_assistance
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import a_network
from tests.contexts.assistance.service.steps import HOUR, MINUTE, do, lines, owed
from tests.make import let_time_pass

CHECKS = {Duty.EXTRA_CHECK, Duty.FIRST_MOVE, Duty.AFFILIATE_CHECK}
ALLOWED = {  # what may be owed in each stage
    Stage.OPENING: set(),
    Stage.TO_ASSIGN: {Duty.ASSIGN, Duty.DECIDE},
    Stage.ASSIGNED: {Duty.CONFIRM, Duty.ARRIVAL, *CHECKS},
    Stage.CONFIRMED: {Duty.ARRIVAL, *CHECKS},
    Stage.ARRIVED: {Duty.CONTACT},
    Stage.CONTACTED: {Duty.DIAGNOSIS},
    Stage.DIAGNOSED: {Duty.AUTHORISE},
    Stage.AUTHORISED: {Duty.FINISH},
    Stage.REFUNDING: {Duty.COSTS},
    Stage.FINISHED: {Duty.COSTS, Duty.CONFORMITY, Duty.SURVEY, Duty.CONCLUDE},
}
NEEDED = {  # and what always is
    Stage.TO_ASSIGN: {Duty.ASSIGN},
    Stage.ASSIGNED: {Duty.CONFIRM, Duty.ARRIVAL},
    Stage.CONFIRMED: {Duty.ARRIVAL},
    **{stage: ALLOWED[stage] for stage in (Stage.ARRIVED, Stage.CONTACTED, Stage.DIAGNOSED, Stage.AUTHORISED)},
}
ACTS = (
    "confirm", "check", "depart", "arrive", "contact", "diagnose", "authorise", "accept_excess", "reject_excess",
    "finish", "load", "take_back", "ask", "survey", "conclude", "cancel", "reprogramme", "refund",
)  # fmt: skip
NEXT = {
    Stage.TO_ASSIGN: ("assign",),
    Stage.ASSIGNED: ("confirm", "check", "arrive"),
    Stage.CONFIRMED: ("check", "arrive"),
    Stage.ARRIVED: ("contact",),
    Stage.CONTACTED: ("diagnose",),
    Stage.DIAGNOSED: ("authorise", "accept_excess"),
    Stage.AUTHORISED: ("finish",),
    Stage.REFUNDING: ("load",),
    Stage.FINISHED: ("load", "ask", "conclude"),
}


class Desk(RuleBasedStateMachine):
    """A coordinator who tries anything at any hour. What is refused changes nothing."""

    house, people = None, 0

    @initialize(priority=st.sampled_from(["programmed", "emergency", "vital"]), hours=st.sampled_from([2, 6, 40]))
    def begin(self, priority, hours):
        self.now, self.written = TUESDAY, []
        window = (self.now + hours * HOUR, self.now + (hours + 2) * HOUR)
        type(self).people += 1
        number = f"1.990.001.{self.people:03}"
        file = a_file(self.house, affiliate=an_affiliate(self.house, document_number=number), now=self.now)
        start = an_assistance(self.house, file=file, now=self.now)
        self.found = accepted(self.house, assistance=start, priority=priority, window=window, now=self.now)
        self.stage = Stage(self.found.stage)
        self.providers = list(Provider.objects.filter(org=self.house.org).values_list("pk", flat=True))

    @rule(minutes=st.sampled_from([0, 1, 20, 130, 700]))
    def pass_time(self, minutes):
        self.now += minutes * MINUTE
        let_time_pass(self.now)
        let_time_pass(self.now)

    @rule(act=st.sampled_from(ACTS), variant=st.integers(0, 2))
    def act(self, act, variant):
        with self.tried():
            do(self.house, self.found, act, now=self.now, member="paula", **self.said(act, variant))

    @precondition(lambda self: self.found.stage in NEXT)
    @rule(turn=st.integers(0, 2))
    def go_on(self, turn):
        """What the procedure asks for next, so that the end is reached too."""
        acts = NEXT[Stage(self.found.stage)]
        act = acts[turn % len(acts)]
        with self.tried():
            if act == "assign":
                self.assign()
            else:
                do(self.house, self.found, act, now=self.now, member="paula", **self.said(act, 0))

    def assign(self):
        failed = set(Assignment.objects.filter(assistance=self.found).values_list("provider", flat=True))
        assign_provider(
            org=self.house.org,
            assistance_id=self.found.pk,
            provider_id=next((one for one in self.providers if one not in failed), self.providers[0]),
            eta_at=self.now + 30 * MINUTE if self.found.priority != "programmed" else None,
            override="Es quien puede",
            by=self.house.actor("luz"),
            now=self.now,
        )

    @precondition(lambda self: self.found.stage in WITH_PROVIDER)
    @rule(verb=st.sampled_from([take_provider_off, end_without_provider]))
    def fail(self, verb):
        by = self.house.actor("luz")
        with self.tried():
            verb(org=self.house.org, assistance_id=self.found.pk, cause="late", by=by, now=self.now)

    @contextmanager
    def tried(self) -> Iterator[None]:
        before = self.found.version, owed(self.found)
        try:
            with transaction.atomic():
                yield
        except Refused as refused:
            assert refused.blockers
            self.found.refresh_from_db()
            assert (self.found.version, owed(self.found)) == before
        self.found.refresh_from_db()

    def said(self, act, variant):
        payer = ("coverage", "company", "affiliate")[variant]
        over = (self.found.quoted or Decimal(0)) - (self.found.cover_amount or Decimal(0))
        return {
            "check": {"on_time": variant != 1, "party": "affiliate" if variant == 2 else "provider"},
            "diagnose": {"cost": Decimal((80_000, 200_000, 260_000)[variant])},
            "accept_excess": {"amount": over},
            "load": {"lines": [Line(payer, "Parte", Decimal(80_000))]},
            "ask": {"outcome": ("conforming", "nonconforming", "no_contact")[variant], "comment": "Dijo algo"},
            "survey": {"reached": variant != 1},
            "reprogramme": {
                "window": (self.now + (variant * 20 + 1) * HOUR, self.now + (variant * 20 + 2) * HOUR),
                "eta_at": self.now + HOUR,
            },
        }.get(act, {})

    @invariant()
    def nothing_is_owed_about_what_ended(self):
        if hasattr(self, "found") and self.found.stage in ENDED:
            assert owed(self.found) == set() and self.found.ended_at is not None
            assert owed(self.found.file) == {Duty.CLOSE_FILE}

    @invariant()
    def what_is_owed_is_of_the_stage(self):
        if hasattr(self, "found") and self.found.stage not in ENDED:
            kinds, stage = owed(self.found), Stage(self.found.stage)
            assert kinds <= ALLOWED[stage], stage
            needed = NEEDED.get(stage, set())
            if stage == Stage.FINISHED:
                needed = {Duty.CONCLUDE} if self.found.conformity and self.found.costed_at else set()
                needed |= set() if self.found.conformity else {Duty.CONFORMITY}
                needed |= set() if self.found.costed_at else {Duty.COSTS}
            assert needed <= kinds, stage

    @invariant()
    def at_most_one_provider_goes(self):
        if hasattr(self, "found"):
            going = Assignment.objects.filter(assistance=self.found, state__in=sorted(GOING)).count()
            assert going == (1 if self.found.stage in WITH_PROVIDER else 0)

    @invariant()
    def the_log_only_grows(self):
        if hasattr(self, "found"):
            written = lines(self.found)
            assert written[: len(self.written)] == self.written
            self.written = written

    @invariant()
    def a_stage_is_left_only_by_the_table(self):
        if hasattr(self, "found"):
            stage = Stage(self.found.stage)
            assert stage == self.stage or stage in MOVES[self.stage]
            self.stage = stage

    def teardown(self):
        if hasattr(self, "found"):
            assert chain_verdict(org=self.house.org, subject=self.found.subject).ok
            assert LogLine.objects.filter(assistance=self.found).count() == len(self.written)


def run(house, examples, steps):
    a_network(house, capacity=1000)
    machine = type("DeskOf", (Desk,), {"house": house})
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    # Not made smaller when it fails: each step is an act on the database, and what was tried is told as it is.
    known = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=checks,
        phases=[Phase.explicit, Phase.generate],
    )
    run_state_machine_as_test(machine, settings=known)


@pytest.mark.slow
@pytest.mark.requirement("ASIS-08.1", "ASIS-13.3")
def test_whatever_a_coordinator_tries(quetzal):
    run(quetzal, examples=6, steps=20)


@pytest.mark.long
def test_whatever_a_coordinator_tries_for_long(quetzal):
    run(quetzal, examples=40, steps=40)
