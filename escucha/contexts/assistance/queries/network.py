"""Who can be sent for an assistance, in the order that its account wants, and how its search stands.

Bounded by the providers that give the service there, never by the whole network: a constant number of statements.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from escucha.contexts.assistance.models import Assignment, Assistance
from escucha.contexts.assistance.policy import AssistancePolicy, Flow, Rule
from escucha.contexts.assistance.queries.doors import NoSuchAssistance, may_look, policy_of_file
from escucha.contexts.assistance.queries.searching import ASKED, FAILED, OF_REACH, OFFERED, REACHES, RECORDS, SHOWN
from escucha.contexts.assistance.rules.assignments import Asked, Work
from escucha.contexts.assistance.rules.network import Ability, Need, areas_of, blockers_to_send
from escucha.contexts.assistance.rules.ranking import Candidate, Ranked, kept, rank
from escucha.contexts.assistance.rules.searching import (
    Offered,
    Search,
    Tried,
    in_turn,
    is_over,
    position_order,
)
from escucha.contexts.assistance.rules.stages import Category, Priority, Stage
from escucha.contexts.assistance.rules.standings import (
    NOTHING_YET,
    Band,
    Record,
    band_of,
    fading,
    recent_fading,
    zone_of,
)
from escucha.contexts.assistance.rules.travel import Place, road_minutes
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying

SEEN_FOR = timedelta(hours=2)  # where it was seen longer ago says nothing of where it is
MINUTES_OF_A_WORK = 45.0  # what each work that it has now adds to when it arrives


@dataclass(frozen=True, slots=True)
class Found:
    """A provider that gives the service in the place, whether or not it can be sent now."""

    provider: int
    position: int
    tariff: Decimal | None
    ability: Ability
    place: Place | None
    shown: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sendable:
    """A line of the search: somebody who can be sent, why in this place, and what it was asked already."""

    provider: int
    place: int  # from 1, in the order that is shown
    position: int  # in the order of the network
    tariff: Decimal | None
    kind: str
    shown: Mapping[str, str]  # name, legal_name, phone, other_phone, email
    ranked: Ranked
    tried: Sequence[Tried]
    offered: Offered | None
    is_over: bool
    is_in_turn: bool

    @property
    def eta_minutes(self) -> float | None:
        return self.ranked.candidate.eta_minutes

    @property
    def score(self) -> int:
        return self.ranked.shown

    @property
    def reasons(self) -> Sequence[Saying]:
        return self.ranked.reasons


@dataclass(frozen=True)
class Roster:
    """Who was found for an assistance: the order that its account wants, and the other one beside it."""

    rule: Rule
    found: Mapping[int, Found]
    need: Need
    ranked: Mapping[int, Ranked]
    order: Sequence[int]
    other: Sequence[int]
    search: Search
    original: int | None = None

    def forbidden(self, provider: int) -> Sequence[Saying] | None:
        """Why it cannot be sent; None for who does not give the service there."""
        found = self.found.get(provider)
        return None if found is None else blockers_to_send(found.ability, self.need)

    @cached_property
    def lines(self) -> Sequence[Sendable]:
        turn = set(in_turn(self.search))
        return [self._line(place, provider, provider in turn) for place, provider in enumerate(self.order, start=1)]

    def kept_for(self, provider: int) -> Mapping[str, Any]:
        """What stays with an assignment: both orders, the first ones with their parts, and who was chosen."""
        best = [self.ranked[one] for one in self.order]
        chosen = self.ranked.get(provider)
        return dict(kept(best)) | {
            "rule": self.rule,
            "order": list(self.order),
            "other": list(self.other),
            "place": self.search.place_of(provider),
            "chosen": None
            if chosen is None
            else {"provider": provider, "score": chosen.shown, "parts": [round(part, 3) for part in chosen.parts]},
        }

    def _line(self, place: int, provider: int, is_in_turn: bool) -> Sendable:
        found, ranked = self.found[provider], self.ranked[provider]
        return Sendable(
            provider=provider,
            place=place,
            position=found.position,
            tariff=found.tariff,
            kind=found.ability.kind,
            shown=found.shown,
            ranked=ranked,
            tried=self.search.tries_of(provider),
            offered=next((one for one in self.search.offers if one.provider == provider), None),
            is_over=is_over(self.search, provider),
            is_in_turn=is_in_turn,
        )


def candidates(*, org: Organisation, viewer: Actor, assistance: Assistance, now: datetime) -> Roster:
    """Who can be sent for an assistance, as who looks for a provider sees it. Raises NoSuchAssistance."""
    if assistance.org_id != org.pk or not may_look(viewer):
        raise NoSuchAssistance
    return roster_of(assistance, now=now)


def roster_of(assistance: Assistance, *, now: datetime) -> Roster:
    """The same for a verb, which has asked already who it is that acts."""
    policy, local = policy_of_file(assistance.file), now.astimezone(ZoneInfo(assistance.zone))
    failed = _failed(assistance)
    need = need_of(assistance, policy, now=now)
    found = {one.provider: one for one in _found(assistance, failed, now=now)}
    sendable = [one for one in found.values() if not blockers_to_send(one.ability, need)]
    original = _original(assistance, policy)
    ranked = _ranked(assistance, policy, found, sendable, original, now=local)
    by_score = [one.candidate.key for one in ranked]
    last = {one.candidate.key: one.candidate.last_assigned_at for one in ranked}
    by_position = position_order(
        [(one.provider, one.position, last[one.provider]) for one in sendable], day=local.date(), first=original
    )
    rule = _rule_of(assistance, policy)
    order, other = (by_position, by_score) if rule is Rule.FIRST_POSITION else (by_score, by_position)
    return Roster(
        rule=rule,
        found=found,
        need=need,
        ranked={one.candidate.key: one for one in ranked},
        order=order,
        other=other,
        search=search_of(assistance, policy, order=order, number=len(failed) + 1),
        original=original,
    )


def need_of(assistance: Assistance, policy: AssistancePolicy, *, now: datetime) -> Need:
    """When somebody is needed: in the window that was agreed, or now."""
    zone, service = ZoneInfo(assistance.zone), policy.service(assistance.service)
    programmed = assistance.priority == Priority.PROGRAMMED
    opens, closes = (assistance.window if programmed else None) or (now, now)
    return Need(
        begins_at=opens.astimezone(zone),
        expected_at=(opens + (closes - opens) / 2).astimezone(zone),
        by_telephone=service is not None and service.flow is Flow.PHONE,
        in_house_only=assistance.category == Category.COURTESY,
    )


def search_of(assistance: Assistance, policy: AssistancePolicy, *, order: Sequence[int], number: int) -> Search:
    """How the search stands: what was asked and offered since it began."""
    service, times = policy.service(assistance.service), policy.times
    vital = assistance.priority == Priority.VITAL
    of = {"assistance": assistance.pk, "search": number}
    return Search(
        stage=Stage(assistance.stage),
        priority=assistance.priority,
        order=order,
        tries=[Tried(provider, Asked(outcome), at, way) for provider, outcome, at, way in ASKED.ask(**of)],
        offers=[Offered(*one) for one in OFFERED.ask(**of)],
        calls_each=times.call_tries,
        apart=timedelta(seconds=times.vital_call_apart_seconds if vital else times.call_apart_seconds),
        by_telephone=service is not None and service.flow is Flow.PHONE,
        has_window=assistance.window is not None,
        by_link=_rule_of(assistance, policy) is Rule.SCORE_WITH_OFFERS,
        number=number,
    )


def search_number(assistance: Assistance) -> int:
    """Which search it is that goes on: each provider that is taken off begins another."""
    return Assignment.objects.filter(assistance=assistance, state=Work.CANCELLED).count() + 1


def _failed(assistance: Assistance) -> Sequence[int]:
    return [provider for (provider,) in FAILED.ask(assistance=assistance.pk)]


def _found(assistance: Assistance, failed: Collection[int], *, now: datetime) -> Sequence[Found]:
    """Who gives the service in the place, each by its nearest reach: one statement, by an index of its own."""
    file = assistance.file
    of = {"org": assistance.org_id, "account": file.account, "affiliate": file.affiliate_id}
    rows = REACHES.ask(**of, service=assistance.service, areas=list(areas_of(file.area)))
    said = (dict(zip(OF_REACH, row, strict=True)) for row in rows)
    nearest: dict[int, Mapping[str, Any]] = {}
    for one in said:
        known = nearest.get(one["provider_id"])
        if known is None or len(one["area"]) > len(known["area"]):
            nearest[one["provider_id"]] = one
    return [_read(one, failed, now=now) for one in nearest.values()]


def _read(said: Mapping[str, Any], failed: Collection[int], *, now: datetime) -> Found:
    return Found(
        provider=said["provider_id"],
        position=said["position"],
        tariff=said["tariff"],
        ability=Ability(
            kind=said["provider__kind"],
            active=said["provider__active"],
            capacity=said["provider__capacity"],
            going=said["going"],
            shifts=said["provider__shifts"],
            on_guard=said["provider__on_guard"],
            papers_until=said["provider__papers_until"],
            vetoed=said["vetoed"],
            failed=said["provider_id"] in failed,
        ),
        place=_last_place(said, now=now),
        shown={name: said[f"provider__{name}"] for name in SHOWN},
    )


def _last_place(said: Mapping[str, Any], *, now: datetime) -> Place | None:
    """Where it was seen lately, or where it works from."""
    seen_at, seen_lat = said["provider__seen_at"], said["provider__seen_lat"]
    if seen_at and now - seen_at <= SEEN_FOR and seen_lat is not None:
        return seen_lat, said["provider__seen_lon"]
    lat, lon = said["provider__lat"], said["provider__lon"]
    return None if lat is None or lon is None else (lat, lon)


def _ranked(
    assistance: Assistance,
    policy: AssistancePolicy,
    found: Mapping[int, Found],
    sendable: Sequence[Found],
    original: int | None,
    *,
    now: datetime,
) -> Sequence[Ranked]:
    """By score, with its reasons. The means are of all who give the service there, whoever can go now."""
    known, last = _records(assistance, found, band_of(now.hour), now=now)
    records = {provider: known.get(provider, NOTHING_YET) for provider in found}
    zone = zone_of(records.values(), [float(one.tariff) for one in found.values() if one.tariff is not None])
    there = _place_of(assistance, policy)
    ready = [
        Candidate(
            key=one.provider,
            position=one.position,
            eta_minutes=_eta(one, there, hour=now.hour),
            record=records[one.provider],
            tariff=None if one.tariff is None else float(one.tariff),
            last_assigned_at=last.get(one.provider),
            original=one.provider == original,
        )
        for one in sendable
    ]
    return rank(ready, priority=assistance.priority or Priority.EMERGENCY, zone=zone, now=now)


def _records(
    assistance: Assistance, providers: Collection[int], band: Band, *, now: datetime
) -> tuple[Mapping[int, Record], Mapping[int, datetime]]:
    """The counts of each faded to now, and when it was last given a work: one statement, a row for each provider."""
    said: dict[str, Any] = {
        "now": now,
        "a_day": fading(1),
        "recent_a_day": recent_fading(1),
        "band": band,
        "org": assistance.org_id,
        "service": assistance.service,
        "providers": list(providers),
    }
    records: dict[int, Record] = {}
    last: dict[int, datetime] = {}
    with connection.cursor() as cursor:
        cursor.execute(RECORDS, said)
        for provider, assigned_at, *counts in cursor.fetchall():
            records[provider] = Record(*counts)
            if assigned_at:
                last[provider] = assigned_at
    return records, last


def _eta(one: Found, there: Place | None, *, hour: int) -> float | None:
    if one.place is None or there is None:
        return None
    return road_minutes(one.place, there, hour=hour) + MINUTES_OF_A_WORK * one.ability.going


def _place_of(assistance: Assistance, policy: AssistancePolicy) -> Place | None:
    """Where it is: the point that was given, else the middle of its area."""
    file = assistance.file
    if file.lat is not None and file.lon is not None:
        return file.lat, file.lon
    areas = (policy.area(path) for path in areas_of(file.area))
    return next((area.at for area in areas if area and area.at), None)


def _rule_of(assistance: Assistance, policy: AssistancePolicy) -> Rule:
    account = policy.account(assistance.file.account)
    return account.rule if account else Rule.FIRST_POSITION


def _original(assistance: Assistance, policy: AssistancePolicy) -> int | None:
    """Who did the work that is under guarantee, while it still is."""
    origin, service = assistance.guarantee_of, policy.service(assistance.service)
    if assistance.category != Category.GUARANTEE or origin is None or service is None or origin.finished_at is None:
        return None
    if assistance.opened_at > origin.finished_at + timedelta(days=service.guarantee_days):
        return None
    done = Assignment.objects.filter(assistance=origin, state=Work.DONE)
    return done.values_list("provider_id", flat=True).first()
