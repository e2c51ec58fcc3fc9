"""On the way: the affiliate is told who goes, both are called at their hours, the provider arrives, and they meet."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from escucha.contexts.assistance.events import AssistanceReprogrammed
from escucha.contexts.assistance.models import Assignment, Assistance
from escucha.contexts.assistance.operations.keeping import keep, same_version
from escucha.contexts.assistance.operations.log import write
from escucha.contexts.assistance.operations.moving import advance, step_to
from escucha.contexts.assistance.operations.owing import annul, owe, settle
from escucha.contexts.assistance.operations.standing import remember_arrival
from escucha.contexts.assistance.queries.doors import assistance_for_change, policy_of_file
from escucha.contexts.assistance.queries.work import course_of, going
from escucha.contexts.assistance.rules.assignments import MOVES, Work
from escucha.contexts.assistance.rules.course import AFFILIATE, PROVIDER, Course, plain
from escucha.contexts.assistance.rules.duties import OF_AGENDA, Duty
from escucha.contexts.assistance.rules.monitoring import (
    CALLS,
    INBOUND,
    TOLD,
    blockers_to_arrive,
    blockers_to_check,
    blockers_to_confirm,
    blockers_to_contact,
    blockers_to_reprogramme,
    fulfilled_by_provider,
)
from escucha.contexts.assistance.rules.stages import Priority, Stage
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.contexts.assistance.rules.timers import after_assigning, at_once, diagnosis
from escucha.kernel.composed import update
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor, Fact
from escucha.kernel.words import refuse_if

ARRIVED_BEFORE, REPROGRAMMED = "arrived_before", "reprogrammed"  # why a duty is not owed any more
Window = tuple[datetime, datetime]


@act
def confirm_to_affiliate(
    *,
    org: Organisation,
    assistance_id: int,
    told: Collection[str] = tuple(TOLD),
    comment: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """T9: the affiliate knows who goes, from when until when, and the number of its assistance."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    refuse_if(blockers_to_confirm(course_of(assistance), by, told=told))
    moved = step_to(assistance, Stage.CONFIRMED)
    assistance.confirmed_at = now
    keep(assistance, "stage", "confirmed_at")
    settle(assistance, Duty.CONFIRM, by=by, now=now)
    said = {"from": plain(assistance.agreed_from), "until": plain(assistance.agreed_until)}
    write(assistance, Subtype.CONFIRMED, moved, said=said, comment=comment, by=by, now=now)
    return assistance


@act
def record_check(
    *,
    org: Organisation,
    assistance_id: int,
    party: str,
    direction: str,
    on_time: bool = True,
    new_hour: datetime | None = None,
    comment: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """T10, T11, T12: a call with the provider or the affiliate before anybody arrives, whoever called.

    A provider who keeps its time fulfils the checks that are owed, and the affiliate is told so. One who does not
    (`on_time` false, `new_hour` when it would come) fulfils none: the affiliate is told, and then another window is
    agreed on or another provider goes.
    """
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    course = course_of(assistance)
    refuse_if(blockers_to_check(course, by, party=party, direction=direction))
    if party == AFFILIATE:
        settle(assistance, Duty.AFFILIATE_CHECK, by=by, now=now)
    else:
        _hear_provider(assistance, course, on_time=on_time, by=by, now=now)
    keep(assistance)
    said = {"on_time": "yes" if on_time else "no", "new_hour": plain(new_hour)}
    write(assistance, CALLS[party, direction], said=said, comment=comment, by=by, now=now)
    return assistance


@act
def record_departure(
    *, org: Organisation, assistance_id: int, comment: str = "", version: int | None = None, by: Actor, now: datetime
) -> Assistance:
    """The provider says that it is on its way, which is as good as calling to say that it keeps its time."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    course, assignment = course_of(assistance), going(assistance)
    refuse_if(blockers_to_check(course, by, party=PROVIDER, direction=INBOUND))
    leaves = assignment is not None and Work.ON_THE_WAY in MOVES[Work(assignment.state)]
    facts = [advance(assignment, Work.ON_THE_WAY, at=now)] if assignment and leaves else []
    _hear_provider(assistance, course, on_time=True, by=by, now=now)
    keep(assistance)
    said = {"on_time": "yes", "work": Work.ON_THE_WAY}
    write(assistance, Subtype.FROM_PROVIDER, *facts, said=said, comment=comment, by=by, now=now)
    return assistance


@act
def record_arrival(
    *,
    org: Organisation,
    assistance_id: int,
    arrived_at: datetime,
    direction: str = INBOUND,
    comment: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """T13: the provider is there. What had to be checked on the way is done: it arrived before."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    refuse_if(blockers_to_arrive(course_of(assistance), by, at=arrived_at, now=now))
    moved = step_to(assistance, Stage.ARRIVED)
    assistance.arrived_at = arrived_at
    keep(assistance, "stage", "arrived_at")
    facts: list[Fact] = [moved]
    if assignment := going(assistance):
        facts.append(advance(assignment, Work.ARRIVED, at=arrived_at))
        remember_arrival(assignment, now=now)
    settle(assistance, *OF_AGENDA, by=by, at=arrived_at, now=now)
    annul(assistance, Duty.CONFIRM, cause=ARRIVED_BEFORE, by=by, now=now)
    owe(assistance, [at_once(Duty.CONTACT, at=arrived_at, now=now)], now=now)
    said = {"arrived_at": plain(arrived_at), "direction": direction}
    write(assistance, Subtype.ARRIVED, *facts, said=said, comment=comment, at=arrived_at, by=by, now=now)
    return assistance


@act
def record_contact(
    *,
    org: Organisation,
    assistance_id: int,
    contacted_at: datetime,
    identity: str,
    conference: bool = False,
    comment: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """T14: the affiliate confirms that they met, in a call of three if need be, and the provider whom it met."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    refuse_if(blockers_to_contact(course_of(assistance), by, at=contacted_at, identity=identity, now=now))
    moved = step_to(assistance, Stage.CONTACTED)
    assistance.contacted_at = contacted_at
    keep(assistance, "stage", "contacted_at")
    settle(assistance, Duty.CONTACT, by=by, at=contacted_at, now=now)
    policy = policy_of_file(assistance.file)
    service = policy.service(assistance.service)
    minutes = policy.times.diagnosis
    if service and service.diagnosis_minutes is not None:
        minutes = service.diagnosis_minutes
    owe(assistance, [diagnosis(contacted_at=contacted_at, minutes=minutes, now=now)], now=now)
    said = {"contacted_at": plain(contacted_at), "identity": identity, "conference": "yes" if conference else "no"}
    write(assistance, Subtype.CONTACTED, moved, said=said, comment=comment, at=contacted_at, by=by, now=now)
    return assistance


@act
def reprogramme(
    *,
    org: Organisation,
    assistance_id: int,
    window: Window | None = None,
    eta_at: datetime | None = None,
    accepted_by: Collection[str],
    comment: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """T18: affiliate and provider agree on another window; in an emergency, on another hour (`eta_at`).

    The agenda is reckoned anew from the assignment, which stays: what was owed by the old hours is owed no more.
    """
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    blockers = blockers_to_reprogramme(
        course_of(assistance), by, window=window, eta_at=eta_at, accepted_by=accepted_by, now=now
    )
    refuse_if(blockers)
    programmed = assistance.priority == Priority.PROGRAMMED
    was, assignment = assistance.window, going(assistance)
    if programmed and window:
        assistance.agreed_from, assistance.agreed_until = window
    elif assignment and eta_at:
        was, assignment.eta_at = _instant(assignment.eta_at), eta_at
        update(assignment, "eta_at")
    assistance.agenda_version += 1
    annul(assistance, *OF_AGENDA, cause=REPROGRAMMED, by=by, now=now)
    keep(assistance, "agreed_from", "agreed_until", "agenda_version")
    if assignment:
        _owe_agenda(assistance, assignment, now=now)
    opens, closes = (window if programmed else _instant(eta_at)) or (now, now)
    fact = AssistanceReprogrammed(
        subject=assistance.subject,
        agenda=assistance.agenda_version,
        opens_at=plain(opens) or "",
        closes_at=plain(closes) or "",
    )
    before = was or (None, None)
    said = {"was_from": plain(before[0]), "was_until": plain(before[1]), "from": plain(opens), "until": plain(closes)}
    write(assistance, Subtype.REPROGRAMMED, fact, said=said, comment=comment, by=by, now=now)
    return assistance


def _hear_provider(assistance: Assistance, course: Course, *, on_time: bool, by: Actor, now: datetime) -> None:
    """What its word fulfils, and whether the affiliate is to be told: that it keeps its time, or that it does not."""
    if on_time:
        fulfilled = fulfilled_by_provider(course.owed, times=policy_of_file(assistance.file).times, now=now)
        settle(assistance, *fulfilled, by=by, now=now)
        tell = Duty.FIRST_MOVE in fulfilled
    else:
        tell = assistance.priority == Priority.PROGRAMMED
    if tell:
        owe(assistance, [at_once(Duty.AFFILIATE_CHECK, at=now, now=now)], now=now)


def _owe_agenda(assistance: Assistance, assignment: Assignment, *, now: datetime) -> None:
    timers = after_assigning(
        assistance.priority,
        assigned_at=assignment.assigned_at,
        window=assistance.window,
        eta_at=assignment.eta_at,
        times=policy_of_file(assistance.file).times,
        zone=ZoneInfo(assistance.zone),
        now=now,
    )
    owe(assistance, timers, now=now)


def _instant(moment: datetime | None) -> Window | None:
    return (moment, moment) if moment else None
