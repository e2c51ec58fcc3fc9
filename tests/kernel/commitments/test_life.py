"""Whatever the order of the verbs: no step is taken twice, and what is settled waits for nothing."""

from collections import Counter
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from escucha.kernel.commitments import ledger
from escucha.kernel.commitments.clock import tick
from escucha.kernel.commitments.ladder import LATE
from escucha.kernel.commitments.models import Commitment, Step
from escucha.kernel.worktime.terms import Unit
from tests.examples import many
from tests.kernel.commitments.making import CALENDAR, DUE, LEGAL, MONDAY, Office

VERBS = ["owe", "settle", "annul", "waive", "pause", "resume", "extend", "hand_over", "tick", "tick"]
acts = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 96)), min_size=3, max_size=14)
numbers = count(1000)


@pytest.mark.django_db
@settings(max_examples=many(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(acts=[("tick", 96)] * 14, unit=Unit.BUSINESS_DAYS)  # nobody ever settles it
@given(acts=acts, unit=st.sampled_from([Unit.BUSINESS_DAYS, Unit.ELAPSED_HOURS]))
def test_any_life_of_a_debt(office: Office, acts: list[tuple[str, int]], unit: Unit) -> None:
    subject, now = f"case:{next(numbers)}", MONDAY
    office.owe(subject=subject, unit=unit)
    for verb, hours in acts:
        now += timedelta(hours=hours)
        _do(office, verb, subject, now, unit)
        _hold_what_always_holds(office, subject)
    while tick(now=now):
        pass
    open_ones = Commitment.objects.filter(subject=subject, settled_at=None, due_at__lte=now)
    assert all(owed.late_at is not None for owed in open_ones)


def _do(office: Office, verb: str, subject: str, now, unit: Unit) -> None:  # type: ignore[no-untyped-def]
    said = {"org": office.org, "kind": LEGAL, "subject": subject, "by": office.by, "now": now}
    match verb:
        case "tick":
            tick(now=now)
        case "owe":
            office.owe(subject=subject, now=now, unit=unit, due_at=max(DUE, now))
        case "resume" | "extend":
            getattr(ledger, verb)(**said, due_at=now + timedelta(days=4), calendar=CALENDAR)
        case "hand_over":
            ledger.hand_over(**said, owner=ledger.Owner(unit=office.central))
        case "annul" | "waive":
            getattr(ledger, verb)(**said, cause="some_cause")
        case _:
            getattr(ledger, verb)(**said)


def _hold_what_always_holds(office: Office, subject: str) -> None:
    for owed in Commitment.objects.filter(subject=subject):
        steps = list(Step.objects.filter(commitment=owed))
        waits = [step.name for step in steps if step.taken_at is None and step.lifted_at is None]
        took = Counter(step.name for step in steps if step.taken_at)
        assert not [name for name, times in took.items() if times > 1 and name != LATE]
        assert not set(waits) & (set(took) - {LATE})
        if not owed.is_open or owed.is_paused:
            assert waits == []
        elif owed.late_at is None:
            assert LATE in waits
        else:
            assert LATE not in waits
    told = office.told(subject)
    reached = Step.objects.filter(commitment__subject=subject).exclude(taken_at=None)
    assert told.count("step_reached") == reached.exclude(name=LATE).count()
    assert told.count("commitment_late") >= reached.filter(name=LATE).count()
