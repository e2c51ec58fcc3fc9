"""The work: its diagnosis with its cost, who says that it be done and who pays the excess, and when it ended."""

from datetime import datetime
from decimal import Decimal
from typing import IO, Any
from zoneinfo import ZoneInfo

from escucha.contexts.assistance.events import AssistanceMoved
from escucha.contexts.assistance.models import Assistance
from escucha.contexts.assistance.operations.ending import end_assistance
from escucha.contexts.assistance.operations.keeping import keep, same_version
from escucha.contexts.assistance.operations.log import write
from escucha.contexts.assistance.operations.moving import advance, call_off, step_to
from escucha.contexts.assistance.operations.owing import annul, owe, settle
from escucha.contexts.assistance.operations.standing import remember_finish
from escucha.contexts.assistance.queries.doors import assistance_for_change, policy_of_file
from escucha.contexts.assistance.queries.work import course_of, going
from escucha.contexts.assistance.rules.assignments import Work
from escucha.contexts.assistance.rules.closing import EXCESS, first_conformity
from escucha.contexts.assistance.rules.course import plain
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.monitoring import INBOUND
from escucha.contexts.assistance.rules.serving import (
    blockers_to_accept_excess,
    blockers_to_authorise,
    blockers_to_diagnose,
    blockers_to_finish,
    blockers_to_reject_excess,
)
from escucha.contexts.assistance.rules.stages import Stage
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.contexts.assistance.rules.timers import at_hour, at_once
from escucha.contexts.documents.models import Attachment
from escucha.contexts.documents.operations.attaching import attach
from escucha.contexts.documents.operations.keeping import keep_file
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor, Fact
from escucha.kernel.words import refuse_if

FINISHED_BEFORE = "finished_before"  # why a duty is not owed any more


@act
def record_diagnosis(
    *,
    org: Organisation,
    assistance_id: int,
    text: str,
    cost: Decimal,
    ends_at: datetime | None,
    direction: str = INBOUND,
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """T15: what is wrong, what it costs and when it would be done. Said again before authorising, it corrects it."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    refuse_if(blockers_to_diagnose(course_of(assistance), by, text=text, cost=cost, ends_at=ends_at))
    facts = [] if assistance.stage == Stage.DIAGNOSED else [step_to(assistance, Stage.DIAGNOSED)]
    assistance.diagnosed_at, assistance.diagnosis = now, text.strip()
    assistance.quoted, assistance.finish_estimate_at = cost, ends_at
    keep(assistance, "stage", "diagnosed_at", "diagnosis", "quoted", "finish_estimate_at")
    settle(assistance, Duty.DIAGNOSIS, by=by, now=now)
    owe(assistance, [at_once(Duty.AUTHORISE, at=now, now=now)], now=now)
    said = {"cost": str(cost), "currency": assistance.currency, "ends_at": plain(ends_at), "direction": direction}
    write(assistance, Subtype.DIAGNOSED, *facts, said=said, comment=text, by=by, now=now)
    return assistance


@act
def record_diagnosis_with_photo(
    *, org: Organisation, assistance_id: int, photo: IO[bytes], name: str, by: Actor, now: datetime, **diagnosis: Any
) -> Assistance:
    """T15 with a picture of what was found: both, or neither. `diagnosis` is the rest of what `record_diagnosis` takes.

    Raises documents' Refused or TooBig for a file that is not taken.
    """
    file = keep_file(org=org, content=photo, name=name, now=now)
    assistance = record_diagnosis(org=org, assistance_id=assistance_id, by=by, now=now, **diagnosis)
    attach(org=org, file=file, subject=assistance.subject, kind=Attachment.Kind.EVIDENCE, by=by, now=now)
    return assistance


@act
def authorise(
    *, org: Organisation, assistance_id: int, comment: str = "", version: int | None = None, by: Actor, now: datetime
) -> Assistance:
    """T16a: the plan covers all of it; the provider may begin."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    refuse_if(blockers_to_authorise(course_of(assistance), by))
    moved = _authorise(assistance, by=by, now=now)
    said = {"cost": str(assistance.quoted), "currency": assistance.currency}
    write(assistance, Subtype.AUTHORISATION, moved, said=said, comment=comment, by=by, now=now)
    return assistance


@act
def accept_excess(
    *,
    org: Organisation,
    assistance_id: int,
    amount: Decimal,
    payment: str,
    who: str,
    how: str,
    told_at: datetime,
    comment: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """T16b: the affiliate was told how much it pays and how, and accepts. Who said so, when and how is kept."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    blockers = blockers_to_accept_excess(
        course_of(assistance),
        by,
        amount=amount,
        payment=payment,
        payments=policy_of_file(assistance.file).payments,
        who=who,
        how=how,
        told_at=told_at,
        now=now,
    )
    refuse_if(blockers)
    assistance.excess, assistance.payment = amount, payment
    moved = _authorise(assistance, "excess", "payment", by=by, now=now)
    said = {
        "accepted": "yes", "amount": str(amount), "currency": assistance.currency, "payment": payment, "how": how,
        "told_at": plain(told_at),
    }  # fmt: skip
    words = "\n".join(filter(None, (who.strip(), comment.strip())))
    write(assistance, Subtype.EXCESS, moved, said=said, comment=words, at=told_at, by=by, now=now)
    return assistance


@act
def reject_excess(
    *, org: Organisation, assistance_id: int, comment: str = "", version: int | None = None, by: Actor, now: datetime
) -> Assistance:
    """T16c: the affiliate does not pay what the plan does not cover: it ends, and the provider goes home."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    refuse_if(blockers_to_reject_excess(course_of(assistance), by))
    assistance.cancel_reason = EXCESS
    return end_assistance(
        assistance,
        Stage.CANCELLED_LATER,
        *call_off(assistance, cause=EXCESS, now=now),
        subtype=Subtype.EXCESS,
        cause=EXCESS,
        fields=("cancel_reason",),
        said={"accepted": "no", "reason": EXCESS},
        comment=comment,
        by=by,
        now=now,
    )


@act
def record_finish(
    *,
    org: Organisation,
    assistance_id: int,
    finished_at: datetime,
    direction: str = INBOUND,
    comment: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """T17, T28: the work is done and the provider has concluded. Its costs and the affiliate's word are owed."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    refuse_if(blockers_to_finish(course_of(assistance), by, at=finished_at, now=now))
    facts: list[Fact] = [step_to(assistance, Stage.FINISHED)]
    assistance.finished_at = finished_at
    keep(assistance, "stage", "finished_at")
    if assignment := going(assistance):
        facts.append(advance(assignment, Work.DONE, at=finished_at))
        remember_finish(assignment, now=now)
    settle(assistance, Duty.FINISH, by=by, at=finished_at, now=now)
    annul(assistance, Duty.CONFIRM, cause=FINISHED_BEFORE, by=by, now=now)
    times, zone = policy_of_file(assistance.file).times, ZoneInfo(assistance.zone)
    asked = first_conformity(assistance.priority, finished_at=finished_at, times=times, zone=zone, now=now)
    owe(assistance, [at_once(Duty.COSTS, at=finished_at, now=now), asked], now=now)
    said = {"finished_at": plain(finished_at), "direction": direction}
    write(assistance, Subtype.FINISHED, *facts, said=said, comment=comment, at=finished_at, by=by, now=now)
    return assistance


def _authorise(assistance: Assistance, *changed: str, by: Actor, now: datetime) -> AssistanceMoved:
    """The provider may begin: the next thing is to hear that it ended, at the hour that it estimated."""
    moved = step_to(assistance, Stage.AUTHORISED)
    assistance.authorised_at = now
    keep(assistance, "stage", "authorised_at", *changed)
    settle(assistance, Duty.AUTHORISE, by=by, now=now)
    due_at = assistance.finish_estimate_at or now
    owe(assistance, [at_hour(Duty.FINISH, since=now, due_at=due_at, now=now)], now=now)
    return moved
