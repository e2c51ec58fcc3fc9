"""Work offered by link to the first of the order, all at once, for a little while; then calls go on.

The first to accept in the order wins: an acceptance waits while a better one may still come, unless a life is at risk.
Whoever is late or second loses nothing by it.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from django.db.models import QuerySet

from escucha.contexts.assistance.events import OfferAnswered, OffersSent
from escucha.contexts.assistance.models import Ask, Assistance, Offer, Provider
from escucha.contexts.assistance.notices.providers import offer_work
from escucha.contexts.assistance.operations.assigning import keep_ask, send, tell_if_exhausted
from escucha.contexts.assistance.operations.keeping import keep, same_version
from escucha.contexts.assistance.operations.log import write
from escucha.contexts.assistance.operations.standing import remember_asked
from escucha.contexts.assistance.queries.doors import assistance_for_change, policy_of_file
from escucha.contexts.assistance.queries.network import Roster, roster_of
from escucha.contexts.assistance.queries.offers import offer_by_code
from escucha.contexts.assistance.queries.providers import provider_for_change
from escucha.contexts.assistance.rules.assignments import Asked
from escucha.contexts.assistance.rules.searching import (
    LINK,
    Offered,
    Search,
    Tried,
    blockers_to_answer_offer,
    blockers_to_assign,
    blockers_to_offer,
    to_offer,
    winner,
)
from escucha.contexts.assistance.rules.stages import Stage
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.kernel.composed import Blank, Composed, insert, update
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import SYSTEM, Actor
from escucha.kernel.words import refuse_if

OPEN, ACCEPTED, EXPIRED = Offer.State.OPEN, Offer.State.ACCEPTED, Offer.State.EXPIRED


@act
def send_offers(
    *, org: Organisation, assistance_id: int, version: int | None = None, by: Actor, now: datetime
) -> Sequence[Offer]:
    """The work is offered by link to the first of the order that were not asked yet, all until the same moment."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    search = roster_of(assistance, now=now).search
    refuse_if(blockers_to_offer(search, by, now=now))
    same_version(assistance, version)
    times = policy_of_file(assistance.file).times
    chosen, until = to_offer(search)[: times.offers_at_once], now + timedelta(seconds=times.offer_seconds)
    offers = [_new_offer(assistance, search, provider, until, now=now) for provider in chosen]
    for offer in offers:
        offer_work(offer, now=now)
    keep(assistance)
    sent = OffersSent(subject=assistance.subject, offers=len(offers), expires_at=until.isoformat())
    said: dict[str, str | int | None] = {"offers": len(offers), "until": until.isoformat()}
    write(assistance, Subtype.CALLED_PROVIDER, sent, said=said, by=by, now=now)
    return offers


@act
def accept_offer(*, org: Organisation, code: str, eta_at: datetime | None = None, now: datetime) -> Offer:
    """A provider takes the work by its link. It is its own at once, or as soon as nobody better may still take it.

    Said twice it is said once. Raises Refused, in words for the provider, where it came late.
    """
    offer, assistance = _offer_for_change(org, code)
    if offer.state == ACCEPTED:
        return offer
    roster = roster_of(assistance, now=now)
    refuse_if(blockers_to_answer_offer(roster.search, _seen(offer), eta_at=eta_at, accepts=True, now=now))
    offer.state, offer.answered_at, offer.eta_at = ACCEPTED, now, eta_at
    update(offer, "state", "answered_at", "eta_at")
    _tell_answer(assistance, offer, now=now)
    _settle(assistance, _with(roster, offer), now=now)
    offer.refresh_from_db()
    return offer


@act
def refuse_offer(*, org: Organisation, code: str, now: datetime) -> Offer:
    """A provider says no by its link. Said twice it is said once."""
    offer, assistance = _offer_for_change(org, code)
    if offer.state == Offer.State.REFUSED:
        return offer
    roster = roster_of(assistance, now=now)
    refuse_if(blockers_to_answer_offer(roster.search, _seen(offer), eta_at=None, accepts=False, now=now))
    offer.state, offer.answered_at = Offer.State.REFUSED, now
    update(offer, "state", "answered_at")
    keep_ask(assistance, offer.provider_id, Asked.REFUSED, search=roster.search, way=LINK, by=_actor(offer), now=now)
    remember_asked(assistance, offer.provider, Asked.REFUSED, now=now)
    _tell_answer(assistance, offer, now=now)
    search = replace(roster.search, tries=[*roster.search.tries, Tried(offer.provider_id, Asked.REFUSED, now, LINK)])
    _settle(assistance, _with(replace(roster, search=search), offer), now=now)
    return offer


def close_offers(*, now: datetime, limit: int = 50) -> int:
    """What the clock does: offers whose time ran out expire, and who accepted meanwhile goes. Any number may run.

    Gives how many assistances had some. What an act holds is left for the next turn.
    """
    due = dict.fromkeys(assistance_id for (assistance_id,) in _due(limit).ask(now=now))
    return sum(_close(assistance_id, now=now) for assistance_id in due)


@cache
def _due(limit: int) -> Composed[tuple[int]]:
    def compose() -> QuerySet[Offer, tuple[int]]:
        due = Offer.objects.filter(state=OPEN, expires_at__lte=Blank("now")).order_by("expires_at", "id")
        return due.values_list("assistance_id")[:limit]

    return Composed(compose)


@act
def _close(assistance_id: int, *, now: datetime) -> bool:
    held = Assistance.objects.filter(pk=assistance_id).select_for_update(skip_locked=True, of=("self",))
    free = held.select_related("org").first()
    if free is None:
        return False
    assistance = assistance_for_change(org=free.org, assistance_id=assistance_id, by=SYSTEM)
    over = list(Offer.objects.filter(assistance=assistance, state=OPEN, expires_at__lte=now).order_by("position", "id"))
    if not over:
        return False
    roster = roster_of(assistance, now=now)
    for offer in over:
        offer.state = EXPIRED
        update(offer, "state")
        if roster.search.stage is Stage.TO_ASSIGN:
            _keep_silence(assistance, offer, roster.search, now=now)
        roster = _with(roster, offer)
    _settle(assistance, roster, now=now)
    return True


def _settle(assistance: Assistance, roster: Roster, *, now: datetime) -> None:
    """Whoever won goes; of who accepted and cannot go any more, the next one. With nobody left, it is told."""
    search = roster.search
    if search.stage is not Stage.TO_ASSIGN:
        return
    while won := winner(search.offers, vital=search.is_vital, now=now):
        offer = Offer.objects.get(pk=won.key)
        provider = provider_for_change(org=assistance.org, provider_id=won.provider)
        if not _blockers(search, roster, offer, now=now):
            send(assistance, provider, roster, eta_at=offer.eta_at, way=LINK, by=_actor(offer), now=now)
            return
        Offer.objects.filter(pk=offer.pk).update(state=EXPIRED)
        offer.state = EXPIRED
        search = _with(replace(roster, search=search), offer).search
    keep(assistance)
    tell_if_exhausted(assistance, search, now=now)


def _blockers(search: Search, roster: Roster, offer: Offer, *, now: datetime) -> bool:
    """Whether who accepted cannot go after all: its hands filled meanwhile, or it is not wanted."""
    forbidden = roster.forbidden(offer.provider_id)
    if forbidden is None:
        return True
    eta_at = offer.eta_at and max(offer.eta_at, now)  # it held while others might answer
    return bool(
        blockers_to_assign(
            search, SYSTEM, provider=offer.provider_id, forbidden=forbidden, eta_at=eta_at, way=LINK, now=now
        )
    )


def _keep_silence(assistance: Assistance, offer: Offer, search: Search, *, now: datetime) -> None:
    """It stays written that it did not answer; it does not count against it, and it may still be called twice."""
    keep_ask(assistance, offer.provider_id, Asked.NO_ANSWER, search=search, way=LINK, by=SYSTEM, now=now)
    _tell_answer(assistance, offer, now=now)


def _tell_answer(assistance: Assistance, offer: Offer, *, now: datetime) -> None:
    said: dict[str, str | int | None] = {"provider": offer.provider_id, "position": offer.position}
    said |= {"way": Ask.Way.LINK, "outcome": offer.state}
    fact = OfferAnswered(
        subject=assistance.subject, offer=offer.pk, provider=offer.provider_id, answer=str(offer.state)
    )
    by = SYSTEM if offer.state == EXPIRED else _actor(offer)
    write(assistance, Subtype.CALLED_PROVIDER, fact, said=said, by=by, now=now)


def _new_offer(assistance: Assistance, search: Search, provider: int, until: datetime, *, now: datetime) -> Offer:
    return insert(
        Offer(
            org=assistance.org,
            assistance=assistance,
            provider=Provider.objects.get(org=assistance.org, pk=provider),
            search=search.number,
            position=search.place_of(provider) or 0,
            code=secrets.token_urlsafe(24),
            sent_at=now,
            expires_at=until,
        )
    )


def _offer_for_change(org: Organisation, code: str) -> tuple[Offer, Assistance]:
    """The offer and its assistance, both locked, the assistance first. Raises NoSuchOffer."""
    found = offer_by_code(org=org, code=code)
    assistance = assistance_for_change(org=org, assistance_id=found.assistance_id, by=_actor(found))
    offer = Offer.objects.select_related("provider").select_for_update(of=("self",)).get(pk=found.pk)
    offer.assistance = assistance
    return offer, assistance


def _with(roster: Roster, offer: Offer) -> Roster:
    """The same, with the offer as it is now."""
    offers = [_seen(offer) if one.key == offer.pk else one for one in roster.search.offers]
    return replace(roster, search=replace(roster.search, offers=offers))


def _seen(offer: Offer) -> Offered:
    return Offered(offer.pk, offer.provider_id, offer.position, str(offer.state), offer.expires_at)


def _actor(offer: Offer) -> Actor:
    return Actor("provider", id=str(offer.provider_id))
