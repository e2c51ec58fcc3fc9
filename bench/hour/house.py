"""An example desk of a real size: whom it serves, whom it sends, and who coordinates."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from escucha.kernel.profiles.loader import Profile, load

PROFILES = Path(__file__).parents[2] / "profiles"
SLUG = "quetzal"
COORDINATORS = 24
FIRST_DOCUMENT = {"techo_amigo": 1_990_100_000, "ruta_clara": 1_990_400_000, "hogar_del_sur": 1_990_700_000}
PLANS = {"techo_amigo": "techo_basico", "ruta_clara": "ruta_total", "hogar_del_sur": "sur_familia"}
SHARES = {"techo_amigo": 0.55, "ruta_clara": 0.3, "hogar_del_sur": 0.15}
SERVICES = {
    "co": ("plomeria", "electricidad", "cerrajeria", "vidrios", "grua", "carro_taller"),
    "ar": ("plomeria", "electricidad", "cerrajeria", "vidrios"),
}
AREAS = {
    "co": (
        "co/bogota",
        "co/bogota/norte",
        "co/bogota/centro",
        "co/bogota/sur",
        "co/antioquia",
        "co/antioquia/medellin",
    ),
    "ar": ("ar/caba", "ar/caba/norte", "ar/caba/sur", "ar/rio_negro"),
}
WITHOUT = ("vidrios", "ar/rio_negro")  # nobody gives this service there
HALVES = ([[0, 720]], [[720, 1440]])  # one half of the network is on its shift at any hour
AFFILIATES = """
INSERT INTO assistance_affiliate
    (org_id, account, plan, relation, first_name, last_name, document_kind, document_number, validator, phone,
     other_phone, email, area, address, status, since_on, until_on, keys, external_key, known_since, changed_at)
SELECT %(org)s, %(account)s, %(plan)s, '', 'Rebeca', 'Pedraza ' || n, 'CC', %(first)s + n, 'POL' || n,
       '300 000 ' || lpad((n %% 1000)::text, 4, '0'), '', '', '', 'Calle 900', 'active', %(since)s, NULL,
       ARRAY['d:' || %(first)s + n, 'v:POL' || n, 't:300000' || lpad((n %% 1000)::text, 4, '0')],
       'd:' || %(first)s + n, %(at)s, %(at)s
FROM generate_series(1, %(count)s) AS n
"""


@dataclass(frozen=True)
class Size:
    """How large the desk is."""

    affiliates: int = 200_000
    providers: int = 1_500


def furnish(size: Size, *, now: datetime, times: Mapping[str, int | str]) -> None:
    """The organisation in force with its people, its affiliates and its network. `times` replace those of its policy.

    Affiliates are called at any hour of the day, so that what is measured is the same at any hour.
    """
    from escucha.kernel.orgs.operations import put_in_force, take_in
    from escucha.kernel.orgs.queries import unit_by_key

    read = load(PROFILES / SLUG)
    document = json.loads(json.dumps(read.document))
    document["profile"]["assistance"]["times"] |= {"contact": "00:00-23:59:59"} | dict(times)
    began = datetime.fromisoformat(read.identity.valid_from)
    org = put_in_force(profile=Profile(read.slug, document), host=f"{SLUG}.localhost", valid_from=began, now=began).org
    people = [(f"coordina-{number}", "operaciones", "coordinator") for number in range(COORDINATORS)]
    for key, unit, role in [
        *people,
        ("supervisa", "operaciones", "supervisor"),
        ("calidad", "calidad", "quality_head"),
    ]:
        email, at = f"{key}@{SLUG}.example.org", unit_by_key(org=org, key=unit)
        take_in(org=org, email=email, name=key, hashed="!", unit=at, roles=[role])
    _fill_affiliates(org, size.affiliates, now=now)
    _fill_network(org, size.providers, now=now)


def _fill_affiliates(org: Any, wanted: int, *, now: datetime) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for account, share in SHARES.items():
            said = {"org": org.pk, "account": account, "plan": PLANS[account], "first": FIRST_DOCUMENT[account]}
            said |= {"since": now.replace(year=now.year - 1).date(), "at": now, "count": round(wanted * share)}
            cursor.execute(AFFILIATES, said)


def _fill_network(org: Any, wanted: int, *, now: datetime) -> None:
    """Each gives one service or two in a part of its country; some work for the company, or solve by telephone."""
    from escucha.contexts.assistance.models import Provider, Reach

    providers = [_provider(org, number, now=now) for number in range(wanted)]
    providers += [
        Provider(org=org, key=f"mesa-{number}", kind="desk", name=f"Cabina {number}", capacity=20, changed_at=now)
        for number in range(10)
    ]
    Provider.objects.bulk_create(providers, 1_000)
    turns: Counter[tuple[str, str]] = Counter()
    reaches = []
    for number, provider in enumerate(providers):
        for service, area in _given(number, provider.kind):
            turns[service, area] += 1
            position, tariff = turns[service, area], 80_000 + number % 900
            reaches.append(
                Reach(org=org, provider=provider, service=service, area=area, position=position, tariff=tariff)
            )
    Reach.objects.bulk_create(reaches, 1_000)


def _provider(org: Any, number: int, *, now: datetime) -> Any:
    from escucha.contexts.assistance.models import Provider

    shift = HALVES[number // 3 % 2] if number % 3 == 0 else None
    return Provider(
        org=org,
        key=f"red-{number}",
        kind="in_house" if number % 12 == 5 else "external",
        name=f"Proveedor {number}",
        phone=f"300 000 {number % 1000:04}",
        email=f"red-{number}@example.org",
        capacity=2 + number % 4,
        shifts={str(day): shift for day in range(7)} if shift else {},
        lat=4.6 + number % 100 * 0.003,
        lon=-74.1 + number % 77 * 0.003,
        changed_at=now,
    )


def _given(number: int, kind: str) -> Iterator[tuple[str, str]]:
    if kind == "desk":
        yield from (("orientacion_legal", country) for country in AREAS)
        return
    country = "ar" if number % 5 == 4 else "co"
    services, areas = SERVICES[country], AREAS[country]
    chosen = {services[number // 5 % len(services)]} if kind == "external" else {"vidrios", "plomeria"}
    if number % 2:
        chosen.add(services[number // 11 % len(services)])
    for service in sorted(chosen):
        for step in (0, 1) if number % 3 else (0,):
            area = areas[(number // 7 + step) % len(areas)]
            if (service, area) != WITHOUT:
                yield service, area


@dataclass(frozen=True)
class Desk:
    """Who acts at the desk."""

    org: Any
    policy: Any
    coordinators: tuple[Any, ...]
    supervisor: Any

    @classmethod
    def open(cls, *, now: datetime) -> "Desk":
        from escucha.contexts.assistance.policy import AssistancePolicy
        from escucha.contexts.assistance.rules.acts import HANDLE, SUPERVISE
        from escucha.kernel.orgs.models import Member
        from escucha.kernel.orgs.queries import org_by_slug, profile_of
        from escucha.kernel.timeline.actors import actor_of

        org = org_by_slug(SLUG)
        profile = profile_of(org, at=now)
        members = Member.objects.filter(org=org).select_related("unit").order_by("pk")
        actors = [actor_of(one, profile) for one in members]
        handle = tuple(one for one in actors if one.may(HANDLE) and not one.may(SUPERVISE))
        supervisor = next(one for one in actors if one.may(SUPERVISE))
        return cls(org, profile.section(AssistancePolicy), handle, supervisor)


def documents() -> dict[str, Iterator[str]]:
    """Of each account, the affiliates one after another."""
    return {account: map(str, count(first + 1)) for account, first in FIRST_DOCUMENT.items()}
