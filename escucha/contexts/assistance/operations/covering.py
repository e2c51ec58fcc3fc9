"""What no plan covers: given as a courtesy, found for the affiliate to pay, or cancelled at once."""

from datetime import datetime

from escucha.contexts.assistance.events import CategorySet
from escucha.contexts.assistance.models import Assistance
from escucha.contexts.assistance.operations.ending import end_assistance
from escucha.contexts.assistance.operations.keeping import keep, same_version
from escucha.contexts.assistance.operations.log import write
from escucha.contexts.assistance.operations.starting import set_price
from escucha.contexts.assistance.queries.cover import cover_of_service, used_ever
from escucha.contexts.assistance.queries.doors import assistance_for_change, policy_of_file
from escucha.contexts.assistance.rules.stages import Category, Stage
from escucha.contexts.assistance.rules.starting import (
    blockers_to_cancel_at_once,
    blockers_to_connect,
    blockers_to_give_courtesy,
)
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import refuse_if

COURTESY = "courtesy"
REJECTED = "connection_rejected"


@act
def give_courtesy(
    *,
    org: Organisation,
    assistance_id: int,
    in_house: bool,
    reason: str,
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """T3: the company gives it, on the word of who authorises; `in_house`: one of its own people solves it."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    refuse_if(
        blockers_to_give_courtesy(
            stage=assistance.stage,
            covered=is_covered(assistance, now=now),
            first_use=not used_ever(assistance.file),
            in_house=in_house,
            reason=reason,
            by=by,
        )
    )
    fact = _become(assistance, Category.COURTESY, now=now)
    keep(assistance, "category", "currency", "cover_amount")
    said: dict[str, str | int | None] = {"about": COURTESY, "member": by.member_id}
    write(assistance, Subtype.AUTHORISED, fact, said=said, comment=reason, by=by, now=now)
    return assistance


@act
def connect(
    *,
    org: Organisation,
    assistance_id: int,
    told_payment: bool,
    told_guarantee: bool,
    accepted: bool,
    payment: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """T4: the affiliate pays for it, knowing how it may pay and what is guaranteed, and said yes."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    refuse_if(
        blockers_to_connect(
            stage=assistance.stage,
            covered=is_covered(assistance, now=now),
            told_payment=told_payment,
            told_guarantee=told_guarantee,
            accepted=accepted,
            by=by,
        )
    )
    fact = _become(assistance, Category.CONNECTION, now=now)
    assistance.payment = payment if payment in policy_of_file(assistance.file).payments else ""
    keep(assistance, "category", "currency", "cover_amount", "payment")
    write(assistance, Subtype.COVER, fact, said={"accepted": 1, "payment": assistance.payment}, by=by, now=now)
    return assistance


@act
def cancel_at_once(
    *,
    org: Organisation,
    assistance_id: int,
    offered: bool,
    rejected: bool,
    words: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """T2: no plan covers it, connection was offered and the affiliate does not want it. `words` are the affiliate's."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    covered = is_covered(assistance, now=now)
    refuse_if(
        blockers_to_cancel_at_once(stage=assistance.stage, covered=covered, offered=offered, rejected=rejected, by=by)
    )
    assistance.cancel_reason = REJECTED
    return end_assistance(
        assistance,
        Stage.CANCELLED_AT_ONCE,
        subtype=Subtype.CANCELLED,
        cause=REJECTED,
        fields=("cancel_reason",),
        said={"reason": REJECTED},
        comment=words,
        by=by,
        now=now,
    )


def is_covered(assistance: Assistance, *, now: datetime) -> bool:
    """Whether its plan gives it today."""
    found = cover_of_service(assistance.file, assistance.service, now=now)
    return found is not None and found.gives


def _become(assistance: Assistance, category: Category, *, now: datetime) -> CategorySet:
    before, assistance.category = assistance.category, category
    set_price(assistance, now=now)
    return CategorySet(subject=assistance.subject, category=category, before=before)
