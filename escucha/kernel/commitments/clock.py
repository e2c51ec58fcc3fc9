"""The tick: takes the steps whose moment has come and puts them on the timeline.

Any number of clocks may run. A clock never waits for a lock: what another clock or an act holds is left for the next
tick, so that no clock can stop an act, or another clock.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from escucha.kernel.commitments.facts import CommitmentLate, StepReached
from escucha.kernel.commitments.ladder import LATE
from escucha.kernel.commitments.models import WAITING, Commitment, Step
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import SYSTEM, Fact
from escucha.kernel.timeline.record import hold_free, record_all

HEAVY = ("commitment__reckoning", "commitment__rungs")


@transaction.atomic
def tick(*, now: datetime, limit: int = 500) -> int:
    """Take at most `limit` steps whose moment has come; gives how many were taken. Call it until none is."""
    waiting = Step.objects.filter(WAITING, at__lte=now).select_related("commitment__org").defer(*HEAVY)
    claimed = waiting.select_for_update(skip_locked=True, no_key=True, of=("self", "commitment")).order_by("at", "id")
    by_org: dict[Organisation, list[Step]] = defaultdict(list)
    for step in claimed[:limit]:
        by_org[step.commitment.org].append(step)
    return sum(_take(org, steps, now) for org, steps in sorted(by_org.items(), key=lambda pair: pair[0].pk))


def _take(org: Organisation, steps: Sequence[Step], now: datetime) -> int:
    free = hold_free(org=org, subjects={step.commitment.subject for step in steps})
    taken = [step for step in steps if step.commitment.subject in free]
    Step.objects.filter(pk__in=[step.pk for step in taken]).update(taken_at=now)
    if late := [step.commitment_id for step in taken if step.name == LATE]:
        Commitment.objects.filter(pk__in=late).update(late_at=now)
    record_all([_fact(step) for step in taken], org=org, by=SYSTEM, now=now)
    return len(taken)


def _fact(step: Step) -> Fact:
    owed = step.commitment
    if step.name == LATE:
        return CommitmentLate(subject=owed.subject, kind=owed.kind, commitment=owed.pk)
    return StepReached(subject=owed.subject, kind=owed.kind, commitment=owed.pk, step=step.name, to=step.told)
