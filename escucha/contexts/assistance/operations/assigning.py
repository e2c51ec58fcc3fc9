"""Looking for who goes, and sending it: calls, assignment, and what follows when it fails or there is nobody."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from escucha.contexts.assistance.events import AssistanceMoved, CategorySet, ProviderAsked, ProviderAssigned
from escucha.contexts.assistance.models import Ask, Assignment, Assistance, LogLine, Offer, Provider
from escucha.contexts.assistance.notices.affiliates import tell_who_goes
from escucha.contexts.assistance.notices.providers import give_work
from escucha.contexts.assistance.operations.keeping import keep, move, same_version
from escucha.contexts.assistance.operations.log import write
from escucha.contexts.assistance.operations.owing import owe, settle
from escucha.contexts.assistance.operations.standing import remember_asked, remember_sent
from escucha.contexts.assistance.policy import Flow
from escucha.contexts.assistance.queries.doors import assistance_for_change, policy_of_file
from escucha.contexts.assistance.queries.network import Roster, roster_of
from escucha.contexts.assistance.queries.providers import provider_for_change
from escucha.contexts.assistance.rules.assignments import Asked
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.searching import (
    CALL,
    LINK,
    Search,
    Tried,
    blockers_to_assign,
    blockers_to_call,
    blockers_to_exhaust,
    blockers_to_refund,
    is_exhausted,
    is_over,
)
from escucha.contexts.assistance.rules.stages import Category, Priority, Stage
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.contexts.assistance.rules.timers import Timer, after_assigning, at_hour, at_once
from escucha.kernel.composed import insert
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import SYSTEM, Actor
from escucha.kernel.words import Saying, _, refuse_if

NOT_THERE = Saying(_("Ese proveedor no da este servicio en esa zona."))


@act
def record_call(
    *,
    org: Organisation,
    assistance_id: int,
    provider_id: int,
    outcome: str,
    reason: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Ask:
    """T6: what came of calling a provider, or why it is passed over. With nobody left, the supervisor decides (T8).

    Who did not answer is called once more before the next one; who says no, or is skipped with a reason, opens it.
    """
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    roster = roster_of(assistance, now=now)
    said = Asked(outcome)
    refuse_if(blockers_to_call(roster.search, by, provider=provider_id, outcome=said, reason=reason, now=now))
    same_version(assistance, version)
    search = replace(roster.search, tries=[*roster.search.tries, Tried(provider_id, said, now)])
    ask, asked = keep_ask(assistance, provider_id, said, search=search, reason=reason, by=by, now=now)
    if is_over(search, provider_id):
        remember_asked(assistance, ask.provider, said, now=now)
    keep(assistance)
    tried = len(search.tries_of(provider_id))
    values: dict[str, str | int | None] = {"provider": provider_id, "position": ask.position}
    values |= {"outcome": said, "try": tried}
    write(assistance, Subtype.CALLED_PROVIDER, asked, said=values, comment=reason, by=by, now=now)
    tell_if_exhausted(assistance, search, now=now)
    return ask


@act
def assign_provider(
    *,
    org: Organisation,
    assistance_id: int,
    provider_id: int,
    eta_at: datetime | None = None,
    override: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Assignment:
    """T7, T28, T29: a provider that accepted goes. `override`: why this one, where another was in turn.

    In an emergency `eta_at` is the hour at which it arrives; by telephone, that at which it will have ended.
    """
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    provider = provider_for_change(org=org, provider_id=provider_id)
    roster = roster_of(assistance, now=now)
    forbidden = roster.forbidden(provider.pk)
    refuse_if(
        blockers_to_assign(
            roster.search,
            by,
            provider=provider.pk,
            forbidden=[NOT_THERE] if forbidden is None else forbidden,
            eta_at=eta_at,
            override=override,
            now=now,
        )
    )
    same_version(assistance, version)
    return send(assistance, provider, roster, eta_at=eta_at, override=override, way=CALL, by=by, now=now)


def send(
    assistance: Assistance,
    provider: Provider,
    roster: Roster,
    *,
    eta_at: datetime | None,
    override: str = "",
    way: str,
    by: Actor,
    now: datetime,
) -> Assignment:
    """A locked provider, that may be sent, goes to a locked assistance. Every other offer of it is taken."""
    assignment = insert(
        Assignment(
            org=assistance.org,
            assistance=assistance,
            provider=provider,
            how=_how(provider, roster, way),
            page_code=secrets.token_urlsafe(24),
            eta_at=eta_at,
            assigned_at=now,
            ranking=roster.kept_for(provider.pk),
            override=override.strip(),
        )
    )
    ask, asked = keep_ask(assistance, provider.pk, Asked.ACCEPTED, search=roster.search, way=way, by=by, now=now)
    remember_sent(assistance, provider, now=now)
    close_offers(assistance, but=provider)
    before = move(assistance, Stage.ASSIGNED)
    assistance.assigned_at = now
    keep(assistance, "stage", "assigned_at")
    settle(assistance, Duty.ASSIGN, Duty.DECIDE, by=by, now=now)
    owe(assistance, _timers(assistance, assignment, now=now), now=now)
    facts = (
        asked,
        ProviderAssigned(
            subject=assistance.subject,
            provider=provider.pk,
            assignment=assignment.pk,
            how=assignment.how,
            position=ask.position,
        ),
        AssistanceMoved(subject=assistance.subject, before=before, after=assistance.stage, cause=assignment.how),
    )
    values = {"provider": provider.pk, "position": ask.position, "eta_at": eta_at.isoformat() if eta_at else None}
    write(assistance, Subtype.ASSIGNED, *facts, said=values, comment=assignment.override, by=by, now=now)
    if not roster.search.by_telephone:
        give_work(assignment, now=now)
        tell_who_goes(assignment, now=now)
    return assignment


@act
def exhaust_search(
    *, org: Organisation, assistance_id: int, version: int | None = None, by: Actor, now: datetime
) -> Assistance:
    """T8: there was nobody to ask from the beginning. Who was asked and said no is told by itself."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    search = roster_of(assistance, now=now).search
    refuse_if(blockers_to_exhaust(search, by))
    same_version(assistance, version)
    tell_if_exhausted(assistance, search, now=now)
    return assistance


@act
def authorise_refund(
    *, org: Organisation, assistance_id: int, number: str, version: int | None = None, by: Actor, now: datetime
) -> Assistance:
    """T27: nobody goes; what the affiliate pays is given back. `number` is that of the authorisation."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    refuse_if(blockers_to_refund(Stage(assistance.stage), by, number=number))
    same_version(assistance, version)
    before, category = move(assistance, Stage.REFUNDING), assistance.category
    assistance.category, assistance.refund_number = Category.REFUND, number.strip()[:30]
    keep(assistance, "stage", "category", "refund_number")
    close_offers(assistance)
    settle(assistance, Duty.ASSIGN, Duty.DECIDE, by=by, now=now)
    owe(assistance, [at_once(Duty.COSTS, at=now, now=now)], now=now)
    facts = (
        AssistanceMoved(subject=assistance.subject, before=before, after=assistance.stage, cause="refund"),
        CategorySet(subject=assistance.subject, category=assistance.category, before=category),
    )
    said = {"about": "refund", "number": assistance.refund_number}
    write(assistance, Subtype.AUTHORISED, *facts, said=said, by=by, now=now)
    return assistance


def keep_ask(
    assistance: Assistance,
    provider_id: int,
    outcome: Asked,
    *,
    search: Search,
    way: str = CALL,
    reason: str = "",
    by: Actor,
    now: datetime,
) -> tuple[Ask, ProviderAsked]:
    """That a provider was asked, with its fact, which goes with the line of the act."""
    ask = insert(
        Ask(
            org=assistance.org,
            assistance=assistance,
            provider_id=provider_id,
            search=search.number,
            position=search.place_of(provider_id) or 0,
            way=way,
            outcome=outcome,
            reason=reason.strip()[:200],
            member_id=by.member_id,
            at=now,
        )
    )
    asked = ProviderAsked(
        subject=assistance.subject, provider=provider_id, position=ask.position, way=way, outcome=outcome
    )
    return ask, asked


def tell_if_exhausted(assistance: Assistance, search: Search, *, now: datetime) -> None:
    """T8: with nobody left to ask, who supervises owes a decision (P16). Once in a search."""
    told = LogLine.objects.filter(assistance=assistance, subtype=Subtype.EXHAUSTED, said__search=search.number)
    if not is_exhausted(search) or told.exists():
        return
    owe_decision(assistance, now=now)
    asked = len({one.provider for one in search.tries})
    write(assistance, Subtype.EXHAUSTED, said={"asked": asked, "search": search.number}, by=SYSTEM, now=now)


def owe_decision(assistance: Assistance, *, at: datetime | None = None, now: datetime) -> None:
    """P16: of the role that the ladder of the desk tells, or of the whole unit where it tells none."""
    role = policy_of_file(assistance.file).decides
    owe(assistance, [at_once(Duty.DECIDE, at=at or now, now=now)], role=role, now=now)


def close_offers(assistance: Assistance, *, but: Provider | None = None) -> None:
    """Nobody accepts any more what was offered; it counts against nobody."""
    standing = Offer.objects.filter(assistance=assistance, state__in=[Offer.State.OPEN, Offer.State.ACCEPTED])
    (standing.exclude(provider=but) if but else standing).update(state=Offer.State.TAKEN)


def _how(provider: Provider, roster: Roster, way: str) -> str:
    if way == LINK:
        return Assignment.How.LINK
    if provider.pk == roster.original:
        return Assignment.How.GUARANTEE
    return Assignment.How.CALL if provider.kind == Provider.Kind.EXTERNAL else Assignment.How.IN_HOUSE


def _timers(assistance: Assistance, assignment: Assignment, *, now: datetime) -> Sequence[Timer]:
    """P02, and what watches over who goes. Who solves it by telephone is not watched on its way: its end is owed."""
    policy = policy_of_file(assistance.file)
    confirm = at_once(Duty.CONFIRM, at=now, now=now)
    service = policy.service(assistance.service)
    if service and service.flow is Flow.PHONE:
        minutes = policy.times.diagnosis if service.diagnosis_minutes is None else service.diagnosis_minutes
        ends_at = assignment.eta_at or now + timedelta(minutes=minutes)
        return [confirm, at_hour(Duty.FINISH, since=now, due_at=ends_at, now=now)]
    watched = after_assigning(
        assistance.priority,
        assigned_at=now,
        window=assistance.window if assistance.priority == Priority.PROGRAMMED else None,
        eta_at=assignment.eta_at,
        times=policy.times,
        zone=ZoneInfo(assistance.zone),
        now=now,
    )
    return [confirm, *watched]
