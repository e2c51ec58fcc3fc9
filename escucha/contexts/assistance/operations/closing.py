"""The end of an assistance: the affiliate's word, its survey, the last look, or its wish that nobody comes."""

from datetime import datetime
from zoneinfo import ZoneInfo

from escucha.contexts.assistance.events import ConformityAsked
from escucha.contexts.assistance.models import Assistance
from escucha.contexts.assistance.operations.assigning import close_offers
from escucha.contexts.assistance.operations.costing import owe_conclusion
from escucha.contexts.assistance.operations.ending import end_assistance
from escucha.contexts.assistance.operations.keeping import keep, same_version
from escucha.contexts.assistance.operations.log import write
from escucha.contexts.assistance.operations.moving import call_off
from escucha.contexts.assistance.operations.owing import owe, settle
from escucha.contexts.assistance.operations.standing import remember_conformity
from escucha.contexts.assistance.queries.doors import assistance_for_change, policy_of_file
from escucha.contexts.assistance.queries.work import course_of, last_assignment
from escucha.contexts.assistance.rules.closing import (
    attempt_of,
    blockers_to_ask_conformity,
    blockers_to_cancel,
    blockers_to_conclude,
    blockers_to_survey,
    is_last_try,
    next_try,
    reason_to_cancel,
)
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.monitoring import OUTBOUND
from escucha.contexts.assistance.rules.stages import Conformity, Stage
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.contexts.assistance.rules.timers import at_once
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import refuse_if


@act
def record_conformity(
    *,
    org: Organisation,
    assistance_id: int,
    outcome: str,
    direction: str = OUTBOUND,
    comment: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """T23, T25: a call to know whether the affiliate is content, and what it said. Nobody answers: it is called again.

    After the last try nobody is asked any more, and the assistance may be concluded.
    """
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    course, times = course_of(assistance), policy_of_file(assistance.file).times
    refuse_if(
        blockers_to_ask_conformity(
            course, by, outcome=outcome, direction=direction, words=comment, contact=times.contact, now=now
        )
    )
    attempt = attempt_of(course)
    assistance.conformity_tries = attempt
    settle(assistance, Duty.CONFORMITY, by=by, now=now)
    if outcome != Conformity.NO_CONTACT or is_last_try(course, times.conformity_tries):
        assistance.conformity = outcome
    else:
        zone = ZoneInfo(assistance.zone)
        again = next_try(assistance.priority, last_try_at=now, times=times, zone=zone, now=now)
        owe(assistance, [again], now=now)
    keep(assistance, "conformity", "conformity_tries")
    _remember(assistance, outcome, now=now)
    owe_conclusion(assistance, now=now)
    fact = ConformityAsked(subject=assistance.subject, attempt=attempt, outcome=outcome)
    said: dict[str, str | int | None] = {"attempt": attempt, "outcome": outcome, "direction": direction}
    write(assistance, Subtype.CONFORMITY, fact, said=said, comment=comment, by=by, now=now)
    return assistance


@act
def mark_surveyed(
    *,
    org: Organisation,
    assistance_id: int,
    reached: bool = True,
    comment: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """T24: the content affiliate went to the survey; where the transfer failed (`reached` false), it is owed."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    refuse_if(blockers_to_survey(course_of(assistance), by, reached=reached))
    if reached:
        assistance.surveyed_at = now
        settle(assistance, Duty.SURVEY, by=by, now=now)
    else:
        owe(assistance, [at_once(Duty.SURVEY, at=now, now=now)], now=now)
    keep(assistance, "surveyed_at")
    said = {"reached": "yes" if reached else "no"}
    write(assistance, Subtype.SURVEY, said=said, comment=comment, by=by, now=now)
    return assistance


@act
def conclude(
    *, org: Organisation, assistance_id: int, comment: str = "", version: int | None = None, by: Actor, now: datetime
) -> Assistance:
    """T26: everything is there. If it was the last one open, its file may be closed."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    refuse_if(blockers_to_conclude(course_of(assistance), by))
    settle(assistance, Duty.CONCLUDE, by=by, now=now)
    return end_assistance(
        assistance,
        Stage.CONCLUDED,
        subtype=Subtype.CONCLUDED,
        said={"conformity": assistance.conformity},
        comment=comment,
        by=by,
        now=now,
    )


@act
def cancel_later(
    *, org: Organisation, assistance_id: int, comment: str = "", version: int | None = None, by: Actor, now: datetime
) -> Assistance:
    """T21: the affiliate does not want it any more. Who was going is told not to; `comment` is what it said."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    course = course_of(assistance)
    refuse_if(blockers_to_cancel(course, by, words=comment))
    reason = reason_to_cancel(course)
    assistance.cancel_reason = reason
    close_offers(assistance)
    return end_assistance(
        assistance,
        Stage.CANCELLED_LATER,
        *call_off(assistance, cause=reason, now=now),
        subtype=Subtype.CANCELLED,
        cause=reason,
        fields=("cancel_reason",),
        said={"reason": reason},
        comment=comment,
        by=by,
        now=now,
    )


def _remember(assistance: Assistance, outcome: str, *, now: datetime) -> None:
    assignment = last_assignment(assistance)
    if assignment:
        remember_conformity(assignment, Conformity(outcome), now=now)
