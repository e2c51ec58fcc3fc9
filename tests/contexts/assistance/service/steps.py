"""Builders of a service on its way, by verbs; and what a test looks at after an act."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from escucha.contexts.assistance.models import Assignment, Assistance, LogLine, Provider
from escucha.contexts.assistance.operations.assigning import authorise_refund
from escucha.contexts.assistance.operations.closing import (
    cancel_later,
    conclude,
    mark_surveyed,
    record_conformity,
)
from escucha.contexts.assistance.operations.costing import load_costs, take_costs_back
from escucha.contexts.assistance.operations.monitoring import (
    confirm_to_affiliate,
    record_arrival,
    record_check,
    record_contact,
    record_departure,
    reprogramme,
)
from escucha.contexts.assistance.operations.serving import (
    accept_excess,
    authorise,
    record_diagnosis,
    record_finish,
    reject_excess,
)
from escucha.contexts.assistance.rules.costs import Line
from escucha.kernel.commitments.queries import history_about, owed_about
from escucha.kernel.timeline.record import entries_about
from tests.assisting import accepted
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import a_provider, assign
from tests.make import House

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BOGOTA = ZoneInfo("America/Bogota")
PLACES = {
    "techo_amigo": ("plomeria", "co/bogota/norte"),
    "ruta_clara": ("grua", "co/antioquia/medellin"),
    "hogar_del_sur": ("plomeria", "ar/rio_negro/valle"),
}
ACTS = {
    "confirm": confirm_to_affiliate,
    "check": record_check,
    "depart": record_departure,
    "arrive": record_arrival,
    "contact": record_contact,
    "reprogramme": reprogramme,
    "diagnose": record_diagnosis,
    "authorise": authorise,
    "accept_excess": accept_excess,
    "reject_excess": reject_excess,
    "finish": record_finish,
    "load": load_costs,
    "take_back": take_costs_back,
    "ask": record_conformity,
    "survey": mark_surveyed,
    "conclude": conclude,
    "cancel": cancel_later,
    "refund": authorise_refund,
}


def said_by_default(act: str, now: datetime) -> dict[str, Any]:
    return {
        "check": {"party": "provider", "direction": "outbound"},
        "arrive": {"arrived_at": now},
        "contact": {"contacted_at": now, "identity": "affiliate"},
        "reprogramme": {"accepted_by": {"provider", "affiliate"}},
        "diagnose": {"text": "El sifón está roto", "cost": Decimal(80_000), "ends_at": now + HOUR},
        "accept_excess": {
            "payment": "Transferencia",
            "who": "Rebeca Pedraza",
            "how": "call",
            "told_at": now,
            "comment": "Dice que sí",
        },
        "finish": {"finished_at": now},
        "load": {
            "lines": [Line("coverage", "Mano de obra", Decimal(80_000))],
            "invoice": "FV-1",
            "total": Decimal(80_000),
        },
        "take_back": {"invoice": "FV-1", "reason": "Era de otra asistencia"},
        "ask": {"outcome": "conforming"},
        "cancel": {"comment": "Ya no la necesita"},
        "refund": {"number": "AUT-1"},
    }.get(act, {})


def do(
    house: House, assistance: Assistance, act: str, *, now: datetime, member: str = "luz", **said: Any
) -> Assistance:
    """An act of a coordinator, with what it says by default."""
    said = {"by": house.actor(member)} | said_by_default(act, now) | said
    ACTS[act](org=house.org, assistance_id=assistance.pk, now=now, **said)
    assistance.refresh_from_db()
    return assistance


def assigned(
    house: House,
    *,
    priority: str = "emergency",
    account: str = "techo_amigo",
    now: datetime = TUESDAY,
    after: timedelta = timedelta(),
    **said: Any,
) -> Assistance:
    """Somebody goes since `after` it was accepted; in an emergency it arrives in half an hour."""
    service, area = PLACES[account]
    if account == "ruta_clara":
        said.setdefault("plate", "AAA000")
    found = accepted(house, priority=priority, account=account, now=now, **said)
    others = Provider.objects.filter(org=house.org).exists()
    provider = a_provider(house, f"Reparaciones {found.pk}", service=found.service or service, area=area)
    return assign(house, found, provider, now=now + after, override="Es quien puede" if others else "")


def by_telephone(house: House, *, now: datetime = TUESDAY) -> Assistance:
    """Given to who solves it on the telephone."""
    found = accepted(house, priority="emergency", service="orientacion_legal", now=now)
    lawyer = a_provider(house, "Mesa legal", service="orientacion_legal", kind="desk", phone="")
    return assign(house, found, lawyer, now=now)


ON_THE_WAY = ("confirm", "arrive", "contact", "diagnose", "authorise", "finish", "load", "ask", "conclude")


def brought_to(
    house: House, step: str, *, assistance: Assistance | None = None, every: timedelta = MINUTE
) -> Assistance:
    """An emergency after that act and all before it, one a minute."""
    found = assistance or assigned(house)
    now = found.assigned_at or found.opened_at
    for act in ON_THE_WAY[: ON_THE_WAY.index(step) + 1]:
        now += every
        do(house, found, act, now=now)
    return found


def owed(about: Any) -> set[str]:
    return {one.kind for one in owed_about(org=about.org, subject=about.subject)}


def due(about: Any) -> dict[str, datetime]:
    return {one.kind: one.due_at for one in owed_about(org=about.org, subject=about.subject) if one.due_at}


def ended(about: Any) -> dict[tuple[str, int], str]:
    """How everything that is no longer owed ended: its outcome, and its cause if it has one."""
    known = history_about(org=about.org, subject=about.subject)
    return {
        (one.kind, one.attempt): ":".join(filter(None, (one.outcome, one.cause))) for one in known if one.settled_at
    }


def lines(about: Any) -> list[tuple[str, str]]:
    found = LogLine.objects.filter(assistance=about).order_by("id")
    return list(found.values_list("step", "subtype"))


def last_line(about: Any) -> LogLine:
    return LogLine.objects.filter(assistance=about).latest("id")


def facts(about: Any) -> list[str]:
    """The facts of this context about it, without those of the lines."""
    verbs = [one.verb for one in entries_about(org=about.org, subject=about.subject)]
    own = [verb.removeprefix("assistance.") for verb in verbs if verb.startswith("assistance.")]
    return [verb for verb in own if verb != "line_written"]


def work(about: Any) -> Assignment:
    return Assignment.objects.filter(assistance=about).latest("id")


def at(day: str, hour: int, minute: int = 0, zone: ZoneInfo = BOGOTA) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=zone)
