"""A life at risk that nobody goes to in time: the clock asks who supervises to decide, and once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from escucha.contexts.assistance.models import LogLine
from escucha.contexts.assistance.operations.assigning import authorise_refund, exhaust_search
from escucha.contexts.assistance.operations.closing import cancel_later
from escucha.contexts.assistance.operations.escalating import escalate_search
from escucha.contexts.assistance.operations.releasing import take_provider_off
from escucha.contexts.assistance.policy import AssistancePolicy, Times
from escucha.contexts.assistance.policy.plans import Account
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.timers import UNASSIGNED, of_life
from escucha.kernel.commitments.queries import history_about, owed_of_kind
from escucha.kernel.timeline.facts import SYSTEM
from escucha.kernel.timeline.models import Entry, Errand
from tests.assisting import accepted
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import a_network, a_provider, assign
from tests.kernel.timeline.test_races import at_once
from tests.make import a_house, let_time_pass, profile

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
pytestmark = pytest.mark.requirement("ASIS-06.6", "ASIS-07.3")


def decision(assistance):
    return owed_of_kind(org=assistance.org, subject=assistance.subject, kind=Duty.DECIDE)


def asked():
    """How often it was asked: debts, lines and facts, which go together."""
    lines = LogLine.objects.filter(subtype="overdue").count()
    assert Entry.objects.filter(verb="assistance.search_overdue").count() == lines
    return lines


@pytest.mark.django_db
class TestTheClock:
    @pytest.mark.parametrize(
        ("priority", "after", "asks"),
        [
            ("vital", 59 * SECOND, False),
            ("vital", 60 * SECOND, True),
            ("vital", 70 * MINUTE, True),
            ("emergency", 70 * MINUTE, False),
            ("programmed", 70 * MINUTE, False),
        ],
    )
    def test_asks_for_a_life_and_after_the_tolerance(self, quetzal, priority, after, asks):
        found = accepted(quetzal, priority=priority)
        let_time_pass(TUESDAY + after)
        assert (decision(found) is not None) is asks
        assert asked() == asks

    def test_asks_the_supervisor_with_its_line_and_its_fact(self, quetzal):
        found = accepted(quetzal, priority="vital")
        let_time_pass(TUESDAY + MINUTE)
        owed = decision(found)
        assert (owed.owner_role, owed.owner_unit.key, owed.owner_member) == ("supervisor", "operaciones", None)
        assert (owed.due_at, owed.turn) == (TUESDAY + MINUTE, 0)
        line = LogLine.objects.get(subtype="overdue")
        assert (line.actor, line.automatic, line.said) == ("system", True, {"search": 1, "tolerance": 60})
        fact = Entry.objects.get(verb="assistance.search_overdue")
        assert fact.subject == found.subject
        assert owed_of_kind(org=found.org, subject=found.subject, kind=Duty.ASSIGN) is not None
        version = found.version
        found.refresh_from_db()
        assert found.version == version, "who is sending somebody at this moment is not held back"

    def test_asks_once_however_often_it_runs(self, quetzal):
        found = accepted(quetzal, priority="vital")
        for minutes in (1, 1, 2, 30):
            let_time_pass(TUESDAY + minutes * MINUTE)
        assert asked() == 1
        assert [one.kind for one in history_about(org=found.org, subject=found.subject)].count(Duty.DECIDE) == 1
        assert not Errand.objects.exclude(error="").exists()

    def test_that_stood_still_for_ten_minutes_asks_then(self, quetzal):
        found = accepted(quetzal, priority="vital")
        let_time_pass(TUESDAY + 10 * MINUTE)
        owed = decision(found)
        assert (owed.due_at, owed.reckoning["adjusted"]) == (TUESDAY + 10 * MINUTE, True)
        assert asked() == 1

    def test_asks_nobody_where_somebody_goes_already(self, quetzal):
        found = accepted(quetzal, priority="vital")
        assign(quetzal, found, a_provider(quetzal), now=TUESDAY + 59 * SECOND)
        let_time_pass(TUESDAY + 10 * MINUTE)
        assert decision(found) is None and asked() == 0

    def test_asks_again_in_another_search(self, quetzal):
        found = accepted(quetzal, priority="vital")
        let_time_pass(TUESDAY + MINUTE)
        first, _another = a_network(quetzal, 2)
        assign(quetzal, found, first, now=TUESDAY + 2 * MINUTE)
        assert decision(found) is None, "who goes settles it"
        by, now = quetzal.actor("luz"), TUESDAY + 5 * MINUTE
        take_provider_off(org=quetzal.org, assistance_id=found.pk, cause="late", by=by, now=now)
        let_time_pass(now + 59 * SECOND)
        assert decision(found) is None and asked() == 1
        let_time_pass(now + MINUTE)
        assert decision(found) is not None and asked() == 2
        assert LogLine.objects.filter(subtype="overdue").latest("id").said["search"] == 2


@pytest.mark.django_db
class TestTheDecision:
    def test_is_settled_by_who_goes_and_annulled_by_the_end(self, quetzal):
        sent, refunded, cancelled = (accepted(quetzal, priority="vital") for _n in range(3))
        let_time_pass(TUESDAY + MINUTE)
        now = TUESDAY + 2 * MINUTE
        assign(quetzal, sent, a_provider(quetzal), now=now)
        said = {"org": quetzal.org, "now": now}
        authorise_refund(assistance_id=refunded.pk, number="A-1", by=quetzal.actor("paula"), **said)
        cancel_later(assistance_id=cancelled.pk, comment="Ya no la quiere", by=quetzal.actor("luz"), **said)
        outcomes = {
            one.subject: one.outcome
            for found in (sent, refunded, cancelled)
            for one in history_about(org=found.org, subject=found.subject)
            if one.kind == Duty.DECIDE
        }
        assert outcomes == {sent.subject: "met_late", refunded.subject: "met_late", cancelled.subject: "annulled"}

    def test_is_owed_once_where_nobody_is_left_besides(self, quetzal):
        found = accepted(quetzal, priority="vital")
        luz = quetzal.actor("luz")
        exhaust_search(org=quetzal.org, assistance_id=found.pk, by=luz, now=TUESDAY + 10 * SECOND)
        let_time_pass(TUESDAY + MINUTE)
        assert asked() == 0 and decision(found).due_at == TUESDAY + 10 * SECOND

    def test_already_owed_does_not_silence_that_nobody_is_left(self, quetzal):
        found = accepted(quetzal, priority="vital")
        let_time_pass(TUESDAY + MINUTE)
        for _turn in range(2):
            exhaust_search(org=quetzal.org, assistance_id=found.pk, by=quetzal.actor("luz"), now=TUESDAY + 2 * MINUTE)
        assert LogLine.objects.filter(subtype="exhausted").count() == 1
        assert decision(found).due_at == TUESDAY + MINUTE

    def test_is_not_asked_for_a_search_that_is_over(self, quetzal):
        found = accepted(quetzal, priority="vital")
        late = owed_of_kind(org=found.org, subject=found.subject, kind=Duty.ASSIGN)
        said = {"org": quetzal.org, "assistance_id": found.pk, "by": SYSTEM, "now": TUESDAY + MINUTE}
        assert escalate_search(commitment_id=late.pk + 1, **said) is False
        assert escalate_search(commitment_id=late.pk, **said) is True
        assert escalate_search(commitment_id=late.pk, **said) is False
        assert asked() == 1


class TestTheTolerance:
    def test_is_the_organisation_s_or_the_account_s_own_or_none(self):
        strict = Account("a", "A", "co", vital_tolerance_seconds=0)
        plain = Account("b", "B", "co")
        own = profile("quetzal").section(AssistancePolicy)
        policy = replace(own, accounts=(strict, plain), times=Times(vital_tolerance_seconds=90))
        assert [policy.vital_tolerance(key) for key in ("a", "b", "nobody")] == [0, 90, 90]
        off = replace(policy, times=Times(vital_escalates=False))
        assert off.vital_tolerance("a") is None

    def test_places_the_step(self):
        [step] = of_life(Duty.ASSIGN, "vital", tolerance=90, to="supervisor")
        assert (step.step, step.minutes_after, step.to) == (UNASSIGNED, 1.5, "supervisor")
        for duty, priority, tolerance in (
            (Duty.ASSIGN, "emergency", 90),
            (Duty.CONFIRM, "vital", 90),
            (Duty.ASSIGN, "vital", None),
        ):
            assert not of_life(duty, priority, tolerance=tolerance, to="supervisor")

    def test_is_never_negative(self):
        with pytest.raises(ValueError, match="no es negativa"):
            Times.read({"vital_tolerance_seconds": -1})
        with pytest.raises(ValueError, match="no es negativa"):
            Account.read({"key": "a", "label": "A", "country": "co", "vital_tolerance_seconds": -1})


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_clock_and_who_sends_somebody_at_once(transactional_db):
    house = a_house("quetzal")
    for turn in range(4):
        found = accepted(house, priority="vital", now=TUESDAY + turn * 10 * MINUTE)
        provider = a_provider(house, f"Proveedor {turn}", capacity=9)
        now = TUESDAY + turn * 10 * MINUTE + MINUTE
        at_once(3, lambda index, a=found, b=provider, c=now: let_time_pass(c) if index else assign(house, a, b, now=c))
        let_time_pass(now)
        rows = [one for one in history_about(org=found.org, subject=found.subject) if one.kind == Duty.DECIDE]
        assert len(rows) <= 1 and not [one for one in rows if one.is_open], "it is asked before, or not at all"
        assert asked() == LogLine.objects.filter(subtype="overdue").count()
    assert not Errand.objects.filter(done_at=None).exists()
