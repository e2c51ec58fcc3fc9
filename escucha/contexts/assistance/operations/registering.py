"""Affiliates by hand: who is not found is registered and owed a verification, so that nobody is turned away for it."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime

from escucha.contexts.assistance.events import AffiliateRegistered, AffiliateVerified
from escucha.contexts.assistance.models import Affiliate, Assistance, AssistanceFile
from escucha.contexts.assistance.operations.keeping import keep
from escucha.contexts.assistance.operations.log import write
from escucha.contexts.assistance.operations.opening import affiliate_of, owe_verification, plan_of
from escucha.contexts.assistance.operations.owing import settle
from escucha.contexts.assistance.queries.doors import file_for_change, policy_of
from escucha.contexts.assistance.rules.affiliates import keys_of
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.opening import (
    blockers_to_name,
    blockers_to_register,
    blockers_to_verify,
)
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.kernel.composed import insert, update
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.record import record
from escucha.kernel.words import refuse_if

BY_HAND = "hand:"
MOST = {  # of what is known of a person, what its column holds
    "relation": 40, "first_name": 80, "last_name": 80, "document_kind": 4, "document_number": 30, "validator": 60,
    "phone": 30, "other_phone": 30, "email": 254, "address": 200,
}  # fmt: skip


@act
def register_affiliate(
    *,
    org: Organisation,
    account: str,
    plan: str = "",
    file_id: int | None = None,
    holder_id: int | None = None,
    by: Actor,
    now: datetime,
    **said: str,
) -> Affiliate:
    """T1b: somebody that the client did not send yet, to be verified; with `file_id`, as the affiliate of that file.

    `said` is what is known of the person, by the names of the columns.
    """
    policy = policy_of(org, at=now)
    kept = {name: said.get(name, "").strip()[:most] for name, most in MOST.items()}
    holder = affiliate_of(org, holder_id) if holder_id else None
    refuse_if(blockers_to_register(name=kept["first_name"] + kept["last_name"], account=policy.account(account), by=by))
    file = file_for_change(org=org, file_id=file_id, by=by) if file_id else None
    affiliate = insert(
        Affiliate(
            org=org,
            account=account,
            plan=plan_of(policy, account, plan),
            holder=holder if holder and holder.account == account else None,
            status=Affiliate.Status.TO_VERIFY,
            keys=_keys(kept),
            external_key=BY_HAND + secrets.token_hex(8),
            known_since=now,
            changed_at=now,
            **kept,
        )
    )
    record(AffiliateRegistered(subject=affiliate.subject, account=account), org=org, by=by, now=now)
    if file:
        put_affiliate(file, affiliate, by=by, now=now)
    return affiliate


@act
def verify_affiliate(
    *,
    org: Organisation,
    affiliate_id: int,
    active: bool,
    plan: str = "",
    since_on: date | None = None,
    until_on: date | None = None,
    by: Actor,
    now: datetime,
) -> Affiliate:
    """P17: the client said whether it is its affiliate, under which plan and since when. What was owed is met."""
    affiliate = Affiliate.objects.select_for_update().get(pk=affiliate_of(org, affiliate_id).pk)
    refuse_if(blockers_to_verify(status=affiliate.status, since_on=since_on, until_on=until_on, by=by))
    affiliate.status = Affiliate.Status.ACTIVE if active else Affiliate.Status.INACTIVE
    affiliate.plan = plan_of(policy_of(org, at=now), affiliate.account, plan) or affiliate.plan
    affiliate.since_on, affiliate.until_on = since_on, until_on
    affiliate.changed_at = now
    update(affiliate, "status", "plan", "since_on", "until_on", "changed_at")
    meet_verification(affiliate, by=by, now=now)
    return affiliate


def meet_verification(affiliate: Affiliate, *, by: Actor, now: datetime) -> None:
    """It is known what the client says of it: what was owed about it in its open files is met."""
    fact = AffiliateVerified(subject=affiliate.subject, status=affiliate.status)
    record(fact, org=affiliate.org, by=by, now=now)
    for file in _open_files_of(affiliate):
        write(file, Subtype.AFFILIATE, said={"affiliate": affiliate.pk, "status": affiliate.status}, by=by, now=now)
        settle(file, Duty.VERIFY, by=by, now=now)


def put_affiliate(file: AssistanceFile, affiliate: Affiliate, *, by: Actor, now: datetime) -> None:
    """The affiliate of a locked file, with its plan, and its line in the log."""
    accepted = Assistance.objects.filter(file=file, registered_at__isnull=False).exists()
    same_account = affiliate.account == file.account
    refuse_if(blockers_to_name(file_open=file.is_open, accepted=accepted, same_account=same_account, by=by))
    file.affiliate = affiliate
    file.plan = plan_of(policy_of(file.org, at=now), file.account, affiliate.plan)
    keep(file, "affiliate", "plan")
    write(file, Subtype.AFFILIATE, said={"affiliate": affiliate.pk, "status": affiliate.status}, by=by, now=now)
    owe_verification(file, now=now)


def _open_files_of(affiliate: Affiliate) -> list[AssistanceFile]:
    found = AssistanceFile.objects.filter(org=affiliate.org_id, affiliate=affiliate, closed_at=None)
    locked = found.order_by("pk").select_for_update(of=("self",))
    return list(locked.select_related("org", "coordinator__account", "affiliate", "profile_version"))


def _keys(kept: Mapping[str, str]) -> list[str]:
    return [*keys_of(kept["document_number"], kept["validator"], [kept["phone"], kept["other_phone"]])]
