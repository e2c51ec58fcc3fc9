"""The doors to the network: its providers, what each gives, and who does not want it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Func, Q, QuerySet, TextField

from escucha.contexts.assistance.models import Assignment, Paper, Provider, Reach, Suspension, Veto
from escucha.contexts.assistance.models.network import PLAIN_NAME
from escucha.contexts.assistance.queries.doors import may_look
from escucha.contexts.assistance.rules.acts import NETWORK
from escucha.contexts.assistance.rules.network import areas_of
from escucha.contexts.people.rules.places import folded
from escucha.kernel.composed import Blank, Composed
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor

PLAIN_LEGAL_NAME = Func("legal_name", function="plain_words", output_field=TextField())


class NoSuchProvider(LookupError):
    """There is no such provider, or not for who asks."""


class NoSuchVeto(LookupError):
    """Nobody said that it is not wanted."""


class NoSuchPaper(LookupError):
    """A provider never had that document."""


@dataclass(frozen=True)
class Look:
    """What the network is narrowed to; what is empty narrows nothing. `ends_by`: some document ends by that day."""

    text: str = ""
    service: str = ""
    area: str = ""
    kind: str = ""
    active: bool | None = None
    ends_by: date | None = None


def may_see_network(viewer: Actor) -> bool:
    return may_look(viewer) or viewer.may(NETWORK)


def providers(
    *, org: Organisation, viewer: Actor, look: Look = Look(), after: tuple[str, int] | None = None, limit: int = 50
) -> Sequence[Provider]:
    """The network by name, after a place of it. Each says `place`, its name as it is ordered: one statement."""
    if not may_see_network(viewer):
        return []
    found: QuerySet[Any] = _narrowed(Provider.objects.filter(org=org).annotate(place=PLAIN_NAME), org, look)
    if after:
        name, key = after
        found = found.filter(Q(place__gt=name) | Q(pk__gt=key), place__gte=name)
    return list(found.order_by("place", "pk")[:limit])


def _narrowed(found: QuerySet[Any], org: Organisation, look: Look) -> QuerySet[Any]:
    found = found.alias(legal=PLAIN_LEGAL_NAME)
    for word in folded(look.text).split():
        found = found.filter(Q(place__contains=word) | Q(legal__contains=word))
    if look.active is not None:
        found = found.filter(active=look.active)
    if look.kind:
        found = found.filter(kind=look.kind)
    if look.ends_by is not None:
        found = found.filter(papers_until__lte=look.ends_by)
    if not (look.service or look.area):
        return found
    gives = Reach.objects.filter(org=org, active=True)
    gives = gives.filter(service=look.service) if look.service else gives
    if look.area:  # who gives it in all the province gives it in this zone too
        gives = gives.filter(Q(area__in=areas_of(look.area)) | Q(area__startswith=f"{look.area}/"))
    return found.filter(pk__in=gives.values("provider"))


def provider_by_id(*, org: Organisation, viewer: Actor, provider_id: int) -> Provider:
    """Raises NoSuchProvider."""
    found = Provider.objects.filter(org=org, pk=provider_id).first()
    if found is None or not may_see_network(viewer):
        raise NoSuchProvider
    return found


def reaches_of(*these: Provider) -> Sequence[Reach]:
    """What each gives and where, those that are no longer given too: one statement."""
    return list(Reach.objects.filter(provider__in=these).order_by("provider", "service", "area"))


def papers_of(provider: Provider) -> Sequence[Paper]:
    """Its documents that count, what ends first before."""
    held = Paper.objects.filter(provider=provider, withdrawn_at=None)
    return list(held.order_by(F("until").asc(nulls_last=True), "pk"))


def suspensions_of(provider: Provider) -> Sequence[Suspension]:
    """When and why it was left out, the newest first."""
    found = Suspension.objects.filter(provider=provider)
    return list(found.select_related("member__account", "ended_by__account").order_by("-pk"))


def last_works_of(provider: Provider, *, limit: int = 10) -> Sequence[Assignment]:
    """The works it was given, the newest first, each with its assistance."""
    found = Assignment.objects.filter(provider=provider).select_related("assistance__file")
    return list(found.order_by("-pk")[:limit])


def vetoes_of(provider: Provider) -> Sequence[Veto]:
    """Who does not want it, the newest first, and who did not."""
    return list(Veto.objects.filter(provider=provider).select_related("affiliate").order_by("-id"))


FOR_CHANGE = Composed(
    lambda: Provider.objects.filter(org=Blank("org"), pk=Blank("id")).select_for_update(of=("self",), no_key=True)
)


def provider_for_change(*, org: Organisation, provider_id: int) -> Provider:
    """The provider, locked until the transaction ends. Raises NoSuchProvider."""
    found = FOR_CHANGE.first(org=org.pk, id=provider_id)
    if found is None:
        raise NoSuchProvider
    return found


def reach_for_change(*, provider: Provider, service: str, area: str) -> Reach | None:
    found = Reach.objects.filter(provider=provider, service=service, area=area)
    return found.select_for_update(of=("self",)).first()


def veto_for_change(*, org: Organisation, veto_id: int) -> Veto:
    """The veto of a provider, both locked, the provider first. Raises NoSuchVeto."""
    found = Veto.objects.filter(org=org, pk=veto_id).values_list("provider", flat=True).first()
    if found is None:
        raise NoSuchVeto
    provider = provider_for_change(org=org, provider_id=found)
    veto = Veto.objects.select_for_update().get(pk=veto_id)
    veto.provider = provider
    return veto


def paper_for_change(*, org: Organisation, paper_id: int) -> Paper:
    """The document of a provider, both locked, the provider first. Raises NoSuchPaper."""
    found = Paper.objects.filter(org=org, pk=paper_id).values_list("provider", flat=True).first()
    if found is None:
        raise NoSuchPaper
    provider = provider_for_change(org=org, provider_id=found)
    paper = Paper.objects.select_for_update().get(pk=paper_id)
    paper.provider = provider
    return paper
