"""Organisations whose texts really leave, and their gateway's calls."""

from datetime import datetime
from typing import Any

from escucha.contexts.messaging.models import Message
from escucha.contexts.messaging.operations.callbacks import take_callback
from escucha.contexts.messaging.operations.delivering import send_later
from escucha.contexts.messaging.operations.ways import callback_of
from escucha.kernel.orgs.operations import put_in_force
from escucha.kernel.orgs.queries import profile_of
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.record import entries_about
from tests.cast import TUESDAY
from tests.contexts.messaging.sms.stand_in import MINE, Called, StandIn
from tests.make import House, a_house

MOBILE = "+573000000001"


def a_texting_house(
    stand_in: StandIn, settings: Any, gateway: str, *, slug: str = "cafetal", sample: bool = False, policy: Any = None
) -> House:
    """Its profile names the gateway, and the environment its account."""
    house = a_house(slug, sample=sample)
    document = dict(house.profile.document)
    said = {} if policy == {} else {"gateway": gateway, "sender": MINE} | (policy or {})
    document["profile"] = dict(document["profile"]) | {"sms": said}
    document["messages"] = dict(document["messages"]) | {"hello.sms": "Hola {name}: su solicitud {number}. {url}"}
    put_in_force(profile=Profile(slug, document), host=house.org.host, valid_from=TUESDAY_MORNING, now=TUESDAY_MORNING)
    settings.SMS_ACCOUNTS = settings.SMS_ACCOUNTS | {slug: stand_in.accounts[gateway]}
    return house._replace(profile=profile_of(house.org, at=TUESDAY))


TUESDAY_MORNING = datetime.fromisoformat("2026-03-03T06:00:00-05:00")


def a_text(house: House, *, to: str = "300 000 0001", now: datetime = TUESDAY, **said: Any) -> Message:
    values = {"name": "Ana", "number": "PQR-1", "url": "http://x/"} | said.pop("values", {})
    message = send_later(
        org=house.org, to=to, subject="case:1", template="hello", values=values, now=now, channel="sms", **said
    )
    assert message is not None
    return message


def reference_of(message: Message, tries: int = 0) -> str:
    return f"{message.pk}.{tries}"


def a_receipt(
    stand_in: StandIn, house: House, ref: str, status: str, *, now: datetime = TUESDAY, **more: str
) -> Called:
    if gateway_of(house) == "twilio":
        return stand_in.form_receipt(url_of(house), ref, status, **more)
    return stand_in.json_receipt(now.timestamp(), ref, status, **more)


def a_reply(stand_in: StandIn, house: House, ref: str, body: str, *, sender: str = MOBILE, now=TUESDAY) -> Called:
    if gateway_of(house) == "twilio":
        return stand_in.form_text(url_of(house), ref, sender, body)
    return stand_in.json_text(now.timestamp(), ref, sender, body)


def call_in(house: House, called: Called, *, now: datetime = TUESDAY, gateway: str = "") -> tuple[str, str]:
    return take_callback(
        org=house.org,
        gateway=gateway or gateway_of(house),
        query=called.query,
        headers=called.headers,
        body=called.body,
        now=now,
    )


def failing_status(house: House) -> str:
    return "undelivered" if gateway_of(house) == "twilio" else "delivery_failed"


def code_of(house: House, *, passing: bool) -> str:
    codes = {"twilio": ("30005", "30003"), "telnyx": ("40012", "40006")}
    return codes[gateway_of(house)][passing]


def gateway_of(house: House) -> str:
    return str(house.profile.raw["sms"]["gateway"])


def url_of(house: House) -> str:
    return callback_of(house.org, gateway=gateway_of(house))


def facts(house: House, subject: str = "case:1") -> list[str]:
    return [one.verb.removeprefix("messaging.") for one in entries_about(org=house.org, subject=subject)]


def fresh(message: Message) -> Message:
    message.refresh_from_db()
    return message
