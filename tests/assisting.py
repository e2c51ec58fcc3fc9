"""Builders of assistances. They call operations, so no test starts from a state the desk cannot reach."""

from datetime import date, datetime, timedelta
from typing import Any

from escucha.contexts.assistance.models import Affiliate, Assistance, AssistanceFile
from escucha.contexts.assistance.operations.opening import open_file
from escucha.contexts.assistance.operations.registering import register_affiliate, verify_affiliate
from escucha.contexts.assistance.operations.starting import accept_assistance, open_assistance
from tests.cast import TUESDAY
from tests.make import House

CALLER = {
    "contact_first_name": "Marta",
    "contact_last_name": "Pedraza",
    "contact_phone": "300 000 0021",
    "description": "Llama la hermana.",
}
PLACES = {
    "techo_amigo": {"area": "co/bogota/norte/usaquen", "address": "Calle 900 n.º 1-01", "references": "Portón azul"},
    "ruta_clara": {"area": "co/antioquia/medellin", "address": "Avenida 900 n.º 2-02"},
    "hogar_del_sur": {"country": "ar", "area": "ar/rio_negro/valle", "address": "Bulevar de los Sauces 900"},
}
PLANS = {"techo_amigo": "techo_basico", "ruta_clara": "ruta_total", "hogar_del_sur": "sur_familia"}
SERVICES = {"techo_amigo": "plomeria", "ruta_clara": "grua", "hogar_del_sur": "plomeria"}
PERSON = {
    "first_name": "Rebeca",
    "last_name": "Pedraza",
    "document_kind": "CC",
    "document_number": "1.990.000.021",
    "phone": "300 000 0022",
}
SINCE = date(2025, 6, 15)


def an_affiliate(
    house: House,
    *,
    account: str = "techo_amigo",
    plan: str | None = None,
    active: bool | None = True,
    since_on: date | None = SINCE,
    until_on: date | None = None,
    holder: Affiliate | None = None,
    now: datetime = TUESDAY,
    **changes: str,
) -> Affiliate:
    """Verified a month ago; with `active` None it waits for it, with False the client did not know it."""
    before = now - timedelta(days=30)
    affiliate = register_affiliate(
        org=house.org,
        account=account,
        plan=PLANS[account] if plan is None else plan,
        holder_id=holder.pk if holder else None,
        by=house.actor("paula"),
        now=before,
        **PERSON | changes,
    )
    if active is None:
        return affiliate
    return verify_affiliate(
        org=house.org,
        affiliate_id=affiliate.pk,
        active=active,
        since_on=since_on,
        until_on=until_on,
        by=house.actor("paula"),
        now=before,
    )


def a_file(
    house: House,
    *,
    who: str = "luz",
    account: str = "techo_amigo",
    affiliate: Affiliate | None = None,
    now: datetime = TUESDAY,
    **changes: Any,
) -> AssistanceFile:
    """Opened by a coordinator for an affiliate in force."""
    affiliate = affiliate or an_affiliate(house, account=account, now=now)
    said = CALLER | PLACES[affiliate.account] | changes
    return open_file(org=house.org, affiliate_id=affiliate.pk, by=house.actor(who), now=now, **said)


def an_assistance(
    house: House,
    *,
    file: AssistanceFile | None = None,
    service: str = "",
    who: str = "luz",
    account: str = "techo_amigo",
    now: datetime = TUESDAY,
    **changes: Any,
) -> Assistance:
    """At the opening: it is not accepted yet."""
    file = file or a_file(house, who=who, account=account, now=now)
    said = {"happened": "Se rompió un tubo", "failure": "Sale agua por debajo del lavaplatos"} | changes
    wanted = service or SERVICES[file.account]
    return open_assistance(org=house.org, file_id=file.pk, service=wanted, by=house.actor(who), now=now, **said)


def accepted(
    house: House,
    *,
    assistance: Assistance | None = None,
    priority: str = "emergency",
    window: tuple[datetime, datetime] | None = None,
    consent: bool | None = True,
    who: str = "luz",
    now: datetime = TUESDAY,
    terms: dict[str, Any] | None = None,
    **changes: Any,
) -> Assistance:
    """In the search. A programmed one is agreed on for six hours later, for two hours, if no window is given."""
    assistance = assistance or an_assistance(house, who=who, now=now, **changes)
    if priority == "programmed" and window is None:
        window = (now + timedelta(hours=6), now + timedelta(hours=8))
    return accept_assistance(
        org=house.org,
        assistance_id=assistance.pk,
        priority=priority,
        offered=window,
        consent=consent,
        by=house.actor(who),
        now=now,
        **terms or {},
    )
