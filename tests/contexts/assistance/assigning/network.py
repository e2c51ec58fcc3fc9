"""Builders of a network. They call operations."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from escucha.contexts.assistance.models import Assistance, Provider
from escucha.contexts.assistance.operations.assigning import assign_provider, record_call
from escucha.contexts.assistance.operations.network import add_provider, set_reach
from escucha.contexts.assistance.queries.network import Roster, candidates
from tests.assisting import accepted
from tests.cast import TUESDAY
from tests.make import House

NORTE = "co/bogota/norte"
BEFORE = TUESDAY - timedelta(days=40)
NAMES = ("Zoraida Arreglos", "Acueductos del Altiplano", "Mangueras Mejía", "Bombas Bernal", "Llaves y Sifones")


def a_provider(
    house: House,
    name: str = NAMES[0],
    *,
    service: str = "plomeria",
    area: str = NORTE,
    position: int = 1,
    tariff: Decimal | None = None,
    kind: str = Provider.Kind.EXTERNAL,
    key: str = "",
    **said: Any,
) -> Provider:
    """In the network since before, with one reach."""
    by = house.actor("paula")
    said = {"phone": "300 000 0031", "capacity": 3} | said
    provider = add_provider(org=house.org, key=key or name, name=name, kind=kind, by=by, now=BEFORE, **said)
    set_reach(
        org=house.org,
        provider_id=provider.pk,
        service=service,
        area=area,
        position=position,
        tariff=tariff,
        by=by,
        now=BEFORE,
    )
    return provider


def a_network(house: House, number: int = 3, **said: Any) -> list[Provider]:
    """In an order that is not that of their names."""
    return [a_provider(house, NAMES[place], position=place + 1, **said) for place in range(number)]


def roster(house: House, assistance: Assistance, *, who: str = "luz", now: datetime = TUESDAY) -> Roster:
    return candidates(org=house.org, viewer=house.actor(who), assistance=assistance, now=now)


def call(
    house: House, assistance: Assistance, provider: Provider, outcome: str, *, now: datetime = TUESDAY, **said: Any
) -> None:
    record_call(
        org=house.org,
        assistance_id=assistance.pk,
        provider_id=provider.pk,
        outcome=outcome,
        by=house.actor(said.pop("who", "luz")),
        now=now,
        **said,
    )


def assign(
    house: House, assistance: Assistance, provider: Provider, *, now: datetime = TUESDAY, **said: Any
) -> Assistance:
    """It goes; in an emergency it arrives in half an hour."""
    if assistance.priority != "programmed":
        said.setdefault("eta_at", now + timedelta(minutes=30))
    assign_provider(
        org=house.org,
        assistance_id=assistance.pk,
        provider_id=provider.pk,
        by=house.actor(said.pop("who", "luz")),
        now=now,
        **said,
    )
    assistance.refresh_from_db()
    return assistance


def assigned(house: House, *, priority: str = "emergency", now: datetime = TUESDAY, **said: Any) -> Assistance:
    """Accepted and with a provider of its own."""
    provider = a_provider(house, f"Proveedor {Provider.objects.count()}")
    return assign(house, accepted(house, priority=priority, now=now, **said), provider, now=now)
