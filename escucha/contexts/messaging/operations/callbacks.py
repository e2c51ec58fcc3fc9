"""What a gateway of text messages calls us for: receipts of ours, and texts that people wrote to us."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from escucha.contexts.documents.models import File
from escucha.contexts.documents.operations.keeping import keep_file
from escucha.contexts.messaging.events import TextArrived, TextsResumed, TextsStopped
from escucha.contexts.messaging.gateways import sms
from escucha.contexts.messaging.gateways.sms.interface import Callback, Said
from escucha.contexts.messaging.models import Arrival
from escucha.contexts.messaging.operations.receipts import note_receipt
from escucha.contexts.messaging.operations.texting import opt_in, opt_out
from escucha.contexts.messaging.operations.ways import SMS, callback_of
from escucha.contexts.messaging.rules.wishes import wants_no_texts, wants_texts
from escucha.contexts.people.rules.telephones import telephone_of
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_of
from escucha.kernel.timeline.facts import CITIZEN
from escucha.kernel.timeline.record import record


class NoGateway(Exception):
    """The organisation has no account with a gateway of this name, or is an example, which has none."""


def take_callback(
    *, org: Organisation, gateway: str, query: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> tuple[str, str]:
    """Type and body of the answer, once all that was told is kept. Raises NoGateway, or Forged and keeps nothing.

    The address that the signature is over is the one we gave, with the query that came: no header is believed of it.
    """
    spoken, account = sms.gateway_named(gateway), sms.account_of(org.slug, gateway=gateway)
    if spoken is None or account is None or profile_of(org, at=now).identity.sample:
        raise NoGateway(gateway)
    url = callback_of(org, gateway=gateway) + (f"?{query}" if query else "")
    for told in spoken.heard(Callback(url=url, headers=headers, body=body), account=account, now=now):
        if isinstance(told, Said):
            keep_text(org=org, gateway=gateway, said=told, raw=body, now=now)
        else:
            note_receipt(org=org, gateway=gateway, told=told, now=now)
    return spoken.REPLY


def keep_text(*, org: Organisation, gateway: str, said: Said, raw: bytes, now: datetime) -> Arrival:
    """A text in the intake ledger, with the request it came in byte for byte. Told twice it is kept once.

    What follows from it is an errand of its fact.
    """
    same = Arrival.objects.filter(org=org, mailbox=gateway, gateway_ref=said.ref[:120])
    if known := same.first():
        return known
    try:
        return _kept(org, gateway, said, raw, now)
    except IntegrityError:  # told twice at once: the other was first
        return same.get()


@transaction.atomic
def _kept(org: Organisation, gateway: str, said: Said, raw: bytes, now: datetime) -> Arrival:
    """A lone word that asks for no more texts, or for texts again, is done and settled: nobody has to look at it."""
    number = telephone_of(said.sender).e164 or said.sender[:20]
    file = keep_file(org=org, content=raw, name="texto.txt", purpose=File.Purpose.RAW_MAIL, limit=len(raw), now=now)
    arrival = Arrival.objects.create(
        org=org,
        channel=SMS,
        mailbox=gateway,
        gateway_ref=said.ref[:120],
        digest=hashlib.sha256(raw).hexdigest(),
        file=file,
        sender=number,
        body=_storable(said.body),
        state=Arrival.State.PARSED,
        arrived_at=now,
        at=now,
        parsed_at=now,
    )
    record(TextArrived(subject=_subject(arrival), arrival=arrival.pk), org=org, by=CITIZEN, now=now)
    if wants_no_texts(said.body):
        opt_out(org=org, number=number, now=now)
        _settle(arrival, TextsStopped(subject=_subject(arrival)), now)
    elif wants_texts(said.body):
        opt_in(org=org, number=number)
        _settle(arrival, TextsResumed(subject=_subject(arrival)), now)
    return arrival


def _storable(text: str) -> str:
    """Without what no text of the database can hold."""
    return text.replace("\x00", "").encode(errors="replace").decode()


def _settle(arrival: Arrival, fact: TextsStopped | TextsResumed, now: datetime) -> None:
    arrival.state, arrival.subject, arrival.settled_at = Arrival.State.FILED, "texts", now
    arrival.save(update_fields=["state", "subject", "settled_at"])
    record(fact, org=arrival.org, by=CITIZEN, now=now)


def _subject(arrival: Arrival) -> str:
    return f"arrival:{arrival.pk}"
