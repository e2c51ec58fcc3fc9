"""The provider that fails: another is looked for, or the assistance ends because the affiliate wants no other."""

from datetime import datetime

from escucha.contexts.assistance.events import AssistanceMoved, ProviderTakenOff
from escucha.contexts.assistance.models import Assignment, Assistance
from escucha.contexts.assistance.operations.assigning import close_offers, tell_if_exhausted
from escucha.contexts.assistance.operations.ending import end_assistance
from escucha.contexts.assistance.operations.keeping import keep, move, same_version
from escucha.contexts.assistance.operations.log import write
from escucha.contexts.assistance.operations.moving import call_off
from escucha.contexts.assistance.operations.owing import annul, owe
from escucha.contexts.assistance.operations.standing import remember_failure
from escucha.contexts.assistance.queries.doors import assistance_for_change, policy_of_file
from escucha.contexts.assistance.queries.network import roster_of, search_number
from escucha.contexts.assistance.rules.duties import OF_AGENDA, Duty
from escucha.contexts.assistance.rules.searching import OF_ITS_OWN, blockers_to_give_up, blockers_to_take_off
from escucha.contexts.assistance.rules.stages import WITH_PROVIDER, Stage
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.contexts.assistance.rules.timers import to_assign
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import refuse_if

OF_WHO_GOES = (Duty.CONFIRM, *OF_AGENDA, Duty.CONTACT, Duty.FINISH)
OFF = "provider_off"


@act
def take_provider_off(
    *,
    org: Organisation,
    assistance_id: int,
    cause: str,
    comment: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assignment:
    """T19: who goes is cancelled and not sent here again; another is looked for, with its time from now."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    refuse_if(blockers_to_take_off(Stage(assistance.stage), by, cause=cause))
    same_version(assistance, version)
    assignment, taken_off = _cancel(assistance, cause, now=now)
    before = move(assistance, Stage.TO_ASSIGN)
    assistance.assigned_at = assistance.confirmed_at = assistance.arrived_at = None
    keep(assistance, "stage", "assigned_at", "confirmed_at", "arrived_at")
    annul(assistance, *OF_WHO_GOES, cause=OFF, by=by, now=now)
    times = policy_of_file(assistance.file).times
    owe(assistance, [to_assign(assistance.priority, registered_at=now, times=times, now=now)], now=now)
    moved = AssistanceMoved(subject=assistance.subject, before=before, after=assistance.stage, cause=cause)
    said: dict[str, str | int | None] = {"provider": assignment.provider_id, "cause": cause}
    write(assistance, Subtype.PROVIDER_OFF, taken_off, moved, said=said, comment=comment, by=by, now=now)
    tell_if_exhausted(assistance, roster_of(assistance, now=now).search, now=now)
    return assignment


@act
def end_without_provider(
    *,
    org: Organisation,
    assistance_id: int,
    cause: str = "rejected",
    comment: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """T20: the provider failed and the affiliate wants no other. `cause` is of who still goes, if anybody does."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    stage = Stage(assistance.stage)
    refuse_if(blockers_to_give_up(stage, by, failed=search_number(assistance) > 1))
    going = stage in WITH_PROVIDER
    if going:
        refuse_if(blockers_to_take_off(Stage(assistance.stage), by, cause=cause))
    same_version(assistance, version)
    facts = [_cancel(assistance, cause, now=now)[1]] if going else []
    close_offers(assistance)
    assistance.cancel_reason = cause
    return end_assistance(
        assistance,
        Stage.PROVIDER_CANCELLED,
        *facts,
        subtype=Subtype.CANCELLED,
        cause=cause,
        fields=("cancel_reason",),
        said={"cause": cause},
        comment=comment,
        by=by,
        now=now,
    )


def _cancel(assistance: Assistance, cause: str, *, now: datetime) -> tuple[Assignment, ProviderTakenOff]:
    """The work of who goes is cancelled. What it did by itself counts against it."""
    [fact] = call_off(assistance, cause=cause, now=now)
    assignment = Assignment.objects.select_related("provider").get(pk=fact.assignment)
    assignment.assistance = assistance
    if cause in OF_ITS_OWN:
        remember_failure(assignment, now=now)
    return assignment, fact
