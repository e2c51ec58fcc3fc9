"""On whose word an assistance goes on: the order to serve, and the affiliate's leave to give its data."""

from datetime import datetime

from escucha.contexts.assistance.events import ConsentAsked
from escucha.contexts.assistance.models import Assistance
from escucha.contexts.assistance.operations.keeping import keep, same_version
from escucha.contexts.assistance.operations.log import write
from escucha.contexts.assistance.queries.doors import assistance_for_change, policy_of_file
from escucha.contexts.assistance.rules.opening import (
    TO_SERVE,
    blockers_to_change,
    blockers_to_order,
)
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import members_by_id, profile_of
from escucha.kernel.timeline.actors import actor_of
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import refuse_if


@act
def order_to_serve(
    *,
    org: Organisation,
    assistance_id: int,
    reason: str,
    ordered_by: int | None = None,
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """T1b: somebody who authorises orders to serve who has no plan in force. It stays in the log, with its reason."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    write_order(assistance, ordered_by, reason, by=by, now=now)
    keep(assistance)
    return assistance


@act
def record_consent(
    *,
    org: Organisation,
    assistance_id: int,
    given: bool,
    reason: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assistance:
    """Whether the affiliate lets its data be given to the provider, as it was asked now. Refused, nobody sees them."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    same_version(assistance, version)
    refuse_if(blockers_to_change(still_open=assistance.is_open, by=by))
    write_consent(assistance, given, reason, by=by, now=now)
    keep(assistance, "consent", "consent_at", "consent_version")
    return assistance


def write_consent(assistance: Assistance, given: bool, reason: str, *, by: Actor, now: datetime) -> None:
    version = policy_of_file(assistance.file).consent_version
    assistance.consent, assistance.consent_at, assistance.consent_version = given, now, version
    asked = ConsentAsked(subject=assistance.subject, given=given, version=version)
    write(assistance, Subtype.CONSENT, asked, said={"given": given, "version": version}, comment=reason, by=by, now=now)


def write_order(assistance: Assistance, ordered_by: int | None, reason: str, *, by: Actor, now: datetime) -> None:
    authoriser = _authoriser(assistance.org, ordered_by, by=by, now=now)
    refuse_if(blockers_to_order(still_open=assistance.is_open, authoriser=authoriser, reason=reason, by=by))
    said: dict[str, str | int | None] = {"about": TO_SERVE, "member": authoriser.member_id if authoriser else None}
    write(assistance, Subtype.AUTHORISED, said=said, comment=reason, by=by, now=now)


def _authoriser(org: Organisation, ordered_by: int | None, *, by: Actor, now: datetime) -> Actor | None:
    """Who orders: the member that is named, with what its roles allow; else who acts."""
    if ordered_by is None:
        return by
    member = members_by_id(org=org, ids=[ordered_by]).get(ordered_by)
    return actor_of(member, profile_of(org, at=now)) if member and member.active else None
