"""The tick: takes the steps whose moment has come and puts them on the timeline.

Any number of clocks may run. What another clock or an act holds is left for the next tick, and a clock that would wait
(for the first line of a subject, which another is writing) gives way: no clock can stop an act, or another clock.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from psycopg.errors import LockNotAvailable

from escucha.kernel.commitments.facts import CommitmentLate, StepReached
from escucha.kernel.commitments.ladder import LATE
from escucha.kernel.commitments.models import WAITING, Commitment, Step
from escucha.kernel.composed import Blank, Composed
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import SYSTEM, Fact
from escucha.kernel.timeline.record import hold_free, record_all

GIVE_WAY = "SET LOCAL lock_timeout = '250ms'"  # sooner than PostgreSQL looks for deadlocks: the act wins
HEAVY = ("commitment__reckoning", "commitment__rungs")


def tick(*, now: datetime, limit: int = 500) -> int:
    """Take at most `limit` steps whose moment has come; gives how many were taken. Call it until none is."""
    try:
        return _tick(now, limit)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return 0
        raise


@transaction.atomic
def _tick(now: datetime, limit: int) -> int:
    by_org: dict[Organisation, list[Step]] = defaultdict(list)
    for step in _claimed(limit).ask(now=now):
        by_org[step.commitment.org].append(step)
    if by_org:
        with connection.cursor() as cursor:
            cursor.execute(GIVE_WAY)
    return sum(_take(org, steps, now) for org, steps in sorted(by_org.items(), key=lambda pair: pair[0].pk))


@cache
def _claimed(limit: int) -> Composed[Step]:
    def compose() -> QuerySet[Step]:
        waiting = Step.objects.filter(WAITING, at__lte=Blank("now")).select_related("commitment__org").defer(*HEAVY)
        claimed = waiting.select_for_update(skip_locked=True, no_key=True, of=("self", "commitment"))
        return claimed.order_by("at", "id")[:limit]

    return Composed(compose)


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
