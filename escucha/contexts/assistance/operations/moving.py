"""A step of an assistance, or of the work of who goes, with the fact that tells it."""

from collections.abc import Sequence
from datetime import datetime

from escucha.contexts.assistance.events import AssistanceMoved, ProviderTakenOff, WorkMoved
from escucha.contexts.assistance.models import Assignment, Assistance
from escucha.contexts.assistance.notices import providers as notices
from escucha.contexts.assistance.operations.keeping import move
from escucha.contexts.assistance.policy import Flow
from escucha.contexts.assistance.queries.work import flow_of, going
from escucha.contexts.assistance.rules.assignments import Work
from escucha.contexts.assistance.rules.stages import Stage
from escucha.kernel.composed import update

COLUMNS = {Work.ON_THE_WAY: "on_the_way_at", Work.ARRIVED: "arrived_at", Work.DONE: "ended_at"}


def step_to(assistance: Assistance, after: Stage, *, cause: str = "") -> AssistanceMoved:
    """The assistance is not saved yet."""
    before = move(assistance, after)
    return AssistanceMoved(subject=assistance.subject, before=before, after=after, cause=cause)


def advance(assignment: Assignment, after: Work, *, at: datetime) -> WorkMoved:
    """Saved, with its moment."""
    before, assignment.state, column = assignment.state, after, COLUMNS[after]
    setattr(assignment, column, at)
    update(assignment, "state", column)
    subject = f"assistance:{assignment.assistance_id}"
    return WorkMoved(subject=subject, assignment=assignment.pk, before=before, after=after)


def call_off(assistance: Assistance, *, cause: str, now: datetime) -> Sequence[ProviderTakenOff]:
    """Who goes is told not to, by no fault of its own; nothing where nobody goes."""
    assignment = going(assistance)
    if assignment is None:
        return []
    assignment.assistance = assistance
    assignment.state, assignment.ended_at, assignment.cause = Work.CANCELLED, now, cause
    update(assignment, "state", "ended_at", "cause")
    if flow_of(assistance) != Flow.PHONE:
        notices.call_off(assignment, now=now)
    fact = ProviderTakenOff(
        subject=assistance.subject, provider=assignment.provider_id, assignment=assignment.pk, cause=cause
    )
    return [fact]
