"""Letters as people and servers write them, and what is needed to take them in."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from itertools import count
from pathlib import Path
from typing import Any

from escucha.contexts.messaging.models import Arrival
from escucha.contexts.messaging.operations.arriving import parse_waiting, receive
from escucha.contexts.messaging.operations.signing import keys
from escucha.contexts.messaging.rules.signatures import reply_address, reply_token
from escucha.flows.arrived_message_becomes_case import settle_waiting_mail
from tests.cast import TUESDAY
from tests.make import House

CORPUS = Path(__file__).parents[1] / "corpus"
NUMBERS = count(1)
LARGEST = 1024 * 1024


def a_letter(
    text: str = "Nos negaron la entrada con la reserva pagada.",
    *,
    sender: str = "Ana Lucía Berrío <ana@example.org>",
    to: str = "escucha@cafetal.example.org",
    subject: str = "Nos negaron la entrada",
    files: Sequence[tuple[str, bytes]] = (),
    **headers: str,
) -> bytes:
    """Its bytes. Headers are named with `_` for `-`; each letter has its own Message-ID unless one is said."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = headers.pop("Message_ID", f"<letter-{next(NUMBERS)}@example.org>")
    mail["Date"] = headers.pop("Date", "Tue, 3 Mar 2026 10:00:00 -0500")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def of_corpus(name: str) -> bytes:
    return (CORPUS / f"{name}.eml").read_bytes()


def received(house: House, raw: bytes, *, mailbox: str = "escucha", now: datetime = TUESDAY, **said: Any) -> Arrival:
    """In the ledger, and nobody has read it."""
    said = {"arrived_at": now, "largest": LARGEST} | said
    taken = receive(org=house.org, mailbox=mailbox, content=[raw], now=now, **said)
    assert taken is not None
    return taken


def parsed(house: House, raw: bytes, *, now: datetime = TUESDAY, **said: Any) -> Arrival:
    arrival = received(house, raw, now=now, **said)
    parse_waiting(now=now)
    arrival.refresh_from_db()
    return arrival


def settled(house: House, raw: bytes, *, now: datetime = TUESDAY, **said: Any) -> Arrival:
    """And what became of it."""
    arrival = parsed(house, raw, now=now, **said)
    settle_waiting_mail(now=now)
    arrival.refresh_from_db()
    return arrival


def answer_address(house: House, subject: str, *, mailbox: str = "escucha@cafetal.example.org") -> str:
    """Where an answer to our letter about something goes."""
    return reply_address(mailbox, reply_token(keys()[0], org_id=house.org.pk, subject=subject))
