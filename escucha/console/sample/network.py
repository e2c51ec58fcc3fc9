"""Whom the desk of an example organisation serves and sends: the books of its clients, and its network."""

import csv
import io
from datetime import datetime, timedelta
from decimal import Decimal

from escucha.console.sample.desk_script import Book, DeskScript, Supplier
from escucha.contexts.assistance.operations.importing.asking import ask_import, confirm_import
from escucha.contexts.assistance.operations.importing.running import run_imports
from escucha.contexts.assistance.operations.network import add_provider, set_reach, veto_provider
from escucha.contexts.assistance.operations.papers import add_paper
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.doors import policy_of
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor

HEADINGS = (
    "Código", "Documento", "Tipo de documento", "Documento del titular", "Parentesco", "Nombres", "Apellidos",
    "Validador", "Plan", "Estado", "Desde", "Teléfono", "Correo", "Zona", "Dirección",
)  # fmt: skip
UNVERIFIED = 2  # of the first book, at its end
MEMBER_SINCE = timedelta(days=400)
SAMPLE_PHONE = "300 000 {:04}"
FIRST_OF_NETWORK = 700  # of the telephones


def bring_affiliates(*, org: Organisation, script: DeskScript, by: Actor, now: datetime) -> None:
    """The files of the clients, taken in as any other."""
    policy = policy_of(org, at=now)
    for place, book in enumerate(script.books):
        content = _file_of(book, script, policy, unverified=0 if place else UNVERIFIED, now=now)
        name = f"afiliados-{book.account}.csv"
        asked = ask_import(org=org, account=book.account, content=io.BytesIO(content), name=name, by=by, now=now)
        confirm_import(org=org, import_id=asked.pk, all_or_nothing=True, ends_missing=False, by=by, now=now)
        run_imports(now=now)


def bring_network(*, org: Organisation, script: DeskScript, by: Actor, now: datetime) -> None:
    policy = policy_of(org, at=now)
    turns: dict[str, int] = {}
    for number, one in enumerate(script.suppliers):
        _add(org, one, number, script, policy, turns, by=by, now=now)


def _add(
    org: Organisation,
    one: Supplier,
    number: int,
    script: DeskScript,
    policy: AssistancePolicy,
    turns: dict[str, int],
    *,
    by: Actor,
    now: datetime,
) -> None:
    middle = policy.area(one.areas[0])
    lat, lon = middle.at if middle and middle.at else (None, None)
    provider = add_provider(
        org=org,
        key=f"red-{number + 1:02}",
        name=one.name,
        kind=one.kind,
        capacity=one.capacity,
        shifts=script.shifts[one.shift] if one.shift else {},
        on_guard=one.on_guard,
        phone=SAMPLE_PHONE.format(FIRST_OF_NETWORK + number),
        email=f"red-{number + 1:02}@example.org",
        lat=lat and lat + number % 7 / 100,
        lon=lon and lon - number % 5 / 100,
        by=by,
        now=now,
    )
    until = (now + timedelta(days=-20 if one.papers else 500)).date()
    add_paper(org=org, provider_id=provider.pk, name=script.words["paper"], until=until, by=by, now=now)
    for service in one.services:
        position = turns[service] = turns.get(service, 0) + 1
        for area in one.areas:
            tariff = script.tariffs[_currency(policy, area)] * (100 + number % 5 * 4) // 100
            set_reach(
                org=org,
                provider_id=provider.pk,
                service=service,
                area=area,
                position=position,
                tariff=Decimal(tariff) if one.kind == "external" else None,
                by=by,
                now=now,
            )
    if one.veto:
        reason = script.words["veto"]
        veto_provider(org=org, provider_id=provider.pk, account=one.veto, reason=reason, by=by, now=now)


def _currency(policy: AssistancePolicy, area: str) -> str:
    """The money of the place, which is that of the plans sold there."""
    there = {one.key for one in policy.accounts if one.country == area.split("/")[0]}
    return next(plan.currency for plan in policy.plans if plan.account in there)


def _file_of(book: Book, script: DeskScript, policy: AssistancePolicy, *, unverified: int, now: datetime) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADINGS)
    for number in range(book.holders + book.beneficiaries):
        writer.writerow(_row(book, script, policy, number, unverified, now=now))
    return text.getvalue().encode()


def _row(
    book: Book, script: DeskScript, policy: AssistancePolicy, number: int, unverified: int, *, now: datetime
) -> list[str]:
    """A holder; after all of them, the beneficiaries of the first ones."""
    firsts, lasts, relations = (script.words[name] for name in ("first_names", "last_names", "relations"))
    holder = number if number < book.holders else number - book.holders
    depends = number >= book.holders
    document, phone = book.first_document + number, book.first_phone + number
    waits = book.holders - unverified <= number < book.holders
    since = (now - MEMBER_SINCE + timedelta(days=number % 300)).date()
    family = book.first_phone + holder
    return [
        f"{book.account}-{number + 1:03}",
        str(document),
        book.document_kind,
        str(book.first_document + holder) if depends else "",
        relations[number % len(relations)] if depends else "",
        firsts[phone * 7 % len(firsts)],
        f"{lasts[family % len(lasts)]} {lasts[(family * 3 + 5) % len(lasts)]}",
        book.validator.format(number=holder + 1),
        policy.plans_of(book.account)[0].key,
        "por verificar" if waits else "activo",
        since.isoformat(),
        SAMPLE_PHONE.format(phone),
        f"afiliado-{phone}@example.org",
        book.areas[holder % len(book.areas)],
        book.street.format(number=holder + 1),
    ]
