"""The beginning of a file: somebody calls and says who it is."""

from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError

from escucha.contexts.assistance.events import FileOpened
from escucha.contexts.assistance.models import Affiliate, AssistanceFile, HandOver
from escucha.contexts.assistance.operations.log import write
from escucha.contexts.assistance.operations.owing import owe
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.doors import policy_of_file
from escucha.contexts.assistance.rules.opening import Said, blockers_to_open_file
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.contexts.assistance.rules.timers import verification
from escucha.kernel.composed import insert
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.operations import next_number
from escucha.kernel.orgs.queries import member_by_id, profile_in, version_of
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Refused, Saying, _, refuse_if

SERIES = "EXP"
OF_NO_YEAR = 0  # the numbers of files never begin again


def open_file(
    *,
    org: Organisation,
    account: str = "",
    plan: str = "",
    affiliate_id: int | None = None,
    form_key: str = "",
    by: Actor,
    now: datetime,
    **said: Any,
) -> AssistanceFile:
    """A new file with its number, in charge of who opens it.

    `said` is what `rules.opening.Said` has. The account and the plan are those of the affiliate, where it is known.
    `form_key` makes a form sent twice one file.
    """
    if form_key and (twin := _opened_with(org, form_key)):
        return twin
    open_new = partial(_open_new, org, account, plan, affiliate_id, form_key, Said(**said), by=by, now=now)
    try:
        return open_new()
    except IntegrityError:  # the same form arrived twice at once: the other was first, or this one may go on
        return _opened_with(org, form_key) or open_new()


@act
def _open_new(
    org: Organisation,
    account: str,
    plan: str,
    affiliate_id: int | None,
    form_key: str,
    said: Said,
    *,
    by: Actor,
    now: datetime,
) -> AssistanceFile:
    version = version_of(org, at=now)
    policy = profile_in(version, slug=org.slug).section(AssistancePolicy)
    affiliate = affiliate_of(org, affiliate_id) if affiliate_id else None
    client = policy.account(affiliate.account if affiliate else account)
    said = said.read(policy, country=client.country if client else "")
    refuse_if(blockers_to_open_file(said, account_known=client is not None, by=by))
    file = AssistanceFile(
        org=org,
        profile_version=version,
        form_key=form_key or None,
        coordinator=member_by_id(org=org, member_id=by.member_id) if by.member_id else None,
        affiliate=affiliate,
        account=client.key if client else "",
        plan=plan_of(policy, client.key if client else "", affiliate.plan if affiliate else plan),
        opened_at=now,
        **asdict(said),
    )
    file.number = policy.numbers_from + next_number(org=org, series=SERIES, year=OF_NO_YEAR) - 1
    file.save()
    insert(HandOver(org=org, file=file, member=file.coordinator, by=file.coordinator, at=now))
    opened = FileOpened(subject=file.subject, number=file.number, account=file.account, coordinator=by.member_id)
    write(file, Subtype.OPENED, opened, said={"number": file.number}, by=by, now=now)
    owe_verification(file, now=now)
    return file


def affiliate_of(org: Organisation, affiliate_id: int) -> Affiliate:
    """Raises Refused for one who is not of the organisation."""
    found = Affiliate.objects.filter(org=org, pk=affiliate_id).first()
    if found is None:
        raise Refused([Saying(_("No encontramos a ese afiliado. Búsquelo otra vez."))])
    return found


def plan_of(policy: AssistancePolicy, account: str, plan: str) -> str:
    """The plan, if it is one of the account; its only one, where it has no more; else none."""
    known = [one.key for one in policy.plans_of(account)]
    if plan in known:
        return plan
    return known[0] if not plan and len(known) == 1 else ""


def owe_verification(file: AssistanceFile, *, now: datetime) -> None:
    """P17, of who verifies. Of the file, so that it outlives each assistance. Owed already, it stays as it is."""
    if file.affiliate and file.affiliate.status == Affiliate.Status.TO_VERIFY:
        policy = policy_of_file(file)
        owe(file, [verification(opened_at=now, times=policy.times, now=now)], role=policy.decides, now=now)


def _opened_with(org: Organisation, form_key: str) -> AssistanceFile | None:
    return AssistanceFile.objects.filter(org=org, form_key=form_key).first() if form_key else None
