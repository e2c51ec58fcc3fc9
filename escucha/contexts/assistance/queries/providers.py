"""The doors to the network: its providers, what each gives, and who does not want it."""

from collections.abc import Sequence

from django.db.models import Q

from escucha.contexts.assistance.models import Provider, Reach, Veto
from escucha.contexts.assistance.queries.doors import may_look
from escucha.contexts.assistance.rules.acts import NETWORK
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor


class NoSuchProvider(LookupError):
    """There is no such provider, or not for who asks."""


class NoSuchVeto(LookupError):
    """Nobody said that it is not wanted."""


def providers(
    *,
    org: Organisation,
    viewer: Actor,
    service: str = "",
    area: str = "",
    active: bool | None = None,
    after: tuple[str, int] | None = None,
    limit: int = 50,
) -> Sequence[Provider]:
    """The network by name, after a place of it; only who gives a service or works in an area, where they are said."""
    found = Provider.objects.filter(org=org)
    if not (may_look(viewer) or viewer.may(NETWORK)):
        return []
    if active is not None:
        found = found.filter(active=active)
    if service or area:
        gives = Reach.objects.filter(org=org, active=True)
        gives = gives.filter(service=service) if service else gives
        gives = gives.filter(Q(area=area) | Q(area__startswith=f"{area}/")) if area else gives
        found = found.filter(pk__in=gives.values("provider"))
    if after:
        name, key = after
        found = found.filter(Q(name__gt=name) | Q(name=name, pk__gt=key))
    return list(found.order_by("name", "pk")[:limit])


def provider_by_id(*, org: Organisation, viewer: Actor, provider_id: int) -> Provider:
    """Raises NoSuchProvider."""
    found = Provider.objects.filter(org=org, pk=provider_id).first()
    if found is None or not (may_look(viewer) or viewer.may(NETWORK)):
        raise NoSuchProvider
    return found


def reaches_of(provider: Provider) -> Sequence[Reach]:
    return list(Reach.objects.filter(provider=provider).order_by("service", "area"))


def vetoes_of(provider: Provider) -> Sequence[Veto]:
    """Who does not want it, the newest first, and who did not."""
    return list(Veto.objects.filter(provider=provider).select_related("affiliate").order_by("-id"))


def provider_for_change(*, org: Organisation, provider_id: int) -> Provider:
    """The provider, locked until the transaction ends. Raises NoSuchProvider."""
    found = Provider.objects.filter(org=org, pk=provider_id).select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise NoSuchProvider
    return found


def reach_for_change(*, provider: Provider, service: str, area: str) -> Reach | None:
    found = Reach.objects.filter(provider=provider, service=service, area=area)
    return found.select_for_update(of=("self",)).first()


def veto_for_change(*, org: Organisation, veto_id: int) -> Veto:
    """Raises NoSuchVeto."""
    found = Veto.objects.filter(org=org, pk=veto_id).select_related("provider").select_for_update(of=("self",)).first()
    if found is None:
        raise NoSuchVeto
    return found
