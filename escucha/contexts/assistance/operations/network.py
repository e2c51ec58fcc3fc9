"""The network of providers: who they are, what they give and where, when they work, and who does not want them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from escucha.contexts.assistance.events import ProviderKept, ProviderVetoed, ReachKept, VetoEnded
from escucha.contexts.assistance.models import Affiliate, Provider, Reach, Veto
from escucha.contexts.assistance.operations.keeping import keep, same_version
from escucha.contexts.assistance.queries.doors import policy_of
from escucha.contexts.assistance.queries.providers import provider_for_change, reach_for_change, veto_for_change
from escucha.contexts.assistance.rules.network import Shifts, blockers_to_change_network, blockers_to_veto
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.record import record
from escucha.kernel.words import Refused, Saying, _, refuse_if

CHANGEABLE = frozenset(
    {
        "name", "legal_name", "document_number", "contact_name", "phone", "other_phone", "email", "address", "kind",
        "capacity", "shifts", "on_guard", "lat", "lon",
    }
)  # fmt: skip


@act
def add_provider(
    *, org: Organisation, key: str, name: str, kind: str = Provider.Kind.EXTERNAL, by: Actor, now: datetime, **said: Any
) -> Provider:
    """Somebody new in the network. It gives nothing yet: that is said with `set_reach`."""
    _refuse_strange(said)
    refuse_if(blockers_to_change_network(by, name=name, **said))
    if Provider.objects.filter(org=org, key=key).exists():
        raise Refused([Saying(_("Ya hay un proveedor con esa clave."))])
    values = {"name": name.strip(), "kind": Provider.Kind(kind), "changed_at": now}
    provider = Provider.objects.create(org=org, key=key, **values | said)
    record(ProviderKept(subject=provider.subject, new=True), org=org, by=by, now=now)
    return provider


@act
def change_provider(
    *, org: Organisation, provider_id: int, version: int | None = None, by: Actor, now: datetime, **said: Any
) -> Provider:
    """What is said of it changes; the rest stays. Nothing is recorded where nothing changed."""
    _refuse_strange(said)
    provider = provider_for_change(org=org, provider_id=provider_id)
    same_version(provider, version)
    refuse_if(blockers_to_change_network(by, **said))
    changed = sorted(name for name, value in said.items() if getattr(provider, name) != value)
    if not changed:
        return provider
    for name in changed:
        setattr(provider, name, said[name])
    provider.changed_at = now
    keep(provider, *changed, "changed_at")
    fact = ProviderKept(subject=provider.subject, new=False, changed=", ".join(changed))
    record(fact, org=org, by=by, now=now)
    return provider


def set_shifts(
    *,
    org: Organisation,
    provider_id: int,
    shifts: Shifts,
    on_guard: bool,
    capacity: int,
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Provider:
    """When it works, in minutes of the day by weekday, and how many works it takes at once.

    A shift may close after midnight; who is on guard may be called at any hour.
    """
    said: dict[str, Any] = {"shifts": shifts, "on_guard": on_guard, "capacity": capacity}
    return change_provider(org=org, provider_id=provider_id, version=version, by=by, now=now, **said)


@act
def set_reach(
    *,
    org: Organisation,
    provider_id: int,
    service: str,
    area: str,
    position: int = 1,
    tariff: Decimal | None = None,
    active: bool = True,
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Reach:
    """That a provider gives a service in an area and in all its parts; said again, its new position or tariff."""
    provider = provider_for_change(org=org, provider_id=provider_id)
    same_version(provider, version)
    refuse_if(blockers_to_change_network(by, position=position, tariff=tariff))
    policy = policy_of(org, at=now)
    if policy.service(service) is None or (policy.area(area) is None and policy.country(area) is None):
        raise Refused([Saying(_("Elija un servicio y una zona de la política."))])
    values = {"position": position, "tariff": tariff, "active": active}
    reach = reach_for_change(provider=provider, service=service, area=area)
    if reach and all(getattr(reach, name) == value for name, value in values.items()):
        return reach
    reach, _new = Reach.objects.update_or_create(
        org=org, provider=provider, service=service, area=area, defaults=values
    )
    keep(provider)
    fact = ReachKept(
        subject=provider.subject,
        service=service,
        area=area,
        position=position,
        tariff="" if tariff is None else str(tariff),
        active=active,
    )
    record(fact, org=org, by=by, now=now)
    return reach


@act
def veto_provider(
    *,
    org: Organisation,
    provider_id: int,
    account: str = "",
    affiliate_id: int | None = None,
    reason: str,
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Veto:
    """An account, or an affiliate, does not want it any more. Said twice it is one veto."""
    provider = provider_for_change(org=org, provider_id=provider_id)
    same_version(provider, version)
    refuse_if(blockers_to_veto(by, account=account, affiliate=affiliate_id is not None, reason=reason))
    affiliate = None if affiliate_id is None else Affiliate.objects.filter(org=org, pk=affiliate_id).first()
    if account and policy_of(org, at=now).account(account) is None or affiliate_id is not None and affiliate is None:
        raise Refused([Saying(_("No existe esa cuenta o ese afiliado."))])
    whose = {"account": account, "affiliate": affiliate}
    if going_on := Veto.objects.filter(provider=provider, ended_at=None, **whose).first():
        return going_on
    veto = Veto.objects.create(
        org=org, provider=provider, **whose, reason=reason.strip(), member_id=by.member_id, since=now
    )
    keep(provider)
    fact = ProviderVetoed(subject=provider.subject, veto=veto.pk, account=account, affiliate=affiliate_id)
    record(fact, org=org, by=by, now=now)
    return veto


@act
def end_veto(*, org: Organisation, veto_id: int, version: int | None = None, by: Actor, now: datetime) -> Veto:
    """It may be sent again. What was said stays written."""
    veto = veto_for_change(org=org, veto_id=veto_id)
    same_version(veto.provider, version)
    refuse_if(blockers_to_change_network(by))
    if veto.ended_at is None:
        veto.ended_at = now
        veto.save(update_fields=["ended_at"])
        keep(veto.provider)
        record(VetoEnded(subject=veto.provider.subject, veto=veto.pk), org=org, by=by, now=now)
    return veto


def see_provider(*, org: Organisation, provider_id: int, lat: float, lon: float, at: datetime, now: datetime) -> bool:
    """Where it was seen, which is no act of anybody: nothing is recorded. What is older is let go."""
    if not (-90 <= lat <= 90 and -180 <= lon <= 180) or at > now:
        return False
    found = Provider.objects.filter(org=org, pk=provider_id).exclude(seen_at__gte=at)
    return bool(found.update(seen_lat=lat, seen_lon=lon, seen_at=at))


def import_network(
    *, org: Organisation, rows: Sequence[Mapping[str, str]], by: Actor, now: datetime
) -> Sequence[tuple[int, Saying]]:
    """The rows of a sheet of the network, one for each reach. The bad ones come back with their number and why.

    Columns: clave, nombre, telefono, correo, servicio, zona, posicion, tarifa. Brought again, nothing changes twice;
    a column that it does not have changes nothing.
    """
    refuse_if(blockers_to_change_network(by))
    bad: list[tuple[int, Saying]] = []
    for number, row in enumerate(rows, start=1):
        try:
            with transaction.atomic():
                _import_row(org, row, by=by, now=now)
        except Refused as refused:
            bad.append((number, refused.blockers[0]))
        except (ArithmeticError, KeyError, ValueError):
            bad.append((number, Saying(_("Falta una columna, o la posición o la tarifa no son números."))))
    return bad


def _import_row(org: Organisation, row: Mapping[str, str], *, by: Actor, now: datetime) -> None:
    columns = {"name": "nombre", "phone": "telefono", "email": "correo"}
    said: dict[str, Any] = {name: row[column].strip() for name, column in columns.items() if column in row}
    known = Provider.objects.filter(org=org, key=row["clave"].strip()).first()
    if known is None:
        known = add_provider(org=org, key=row["clave"].strip(), by=by, now=now, **said)
    else:
        change_provider(org=org, provider_id=known.pk, by=by, now=now, **said)
    tariff = row.get("tarifa", "").strip()
    set_reach(
        org=org,
        provider_id=known.pk,
        service=row["servicio"].strip(),
        area=row["zona"].strip(),
        position=int(row["posicion"]),
        tariff=Decimal(tariff) if tariff else None,
        by=by,
        now=now,
    )


def _refuse_strange(said: Mapping[str, Any]) -> None:
    """Raises TypeError for what a provider does not have, as any call does."""
    if strange := sorted(set(said) - CHANGEABLE):
        raise TypeError(f"a provider has no {', '.join(strange)}")
