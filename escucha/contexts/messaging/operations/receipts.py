"""What a gateway tells of a text it took: kept once for each status, and the message moves forward, never back."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Coalesce

from escucha.contexts.messaging.events import MessageDelivered, MessageFailed, TextSent
from escucha.contexts.messaging.gateways import sms
from escucha.contexts.messaging.gateways.sms.interface import Standing, Told
from escucha.contexts.messaging.models import Message, Receipt
from escucha.contexts.messaging.rules.trying import wait_after
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import SYSTEM, Fact
from escucha.kernel.timeline.record import record

State = Message.State
ROUNDS = 3  # times that a text is given to the gateway again after a failure that may pass
PAUSE = timedelta(hours=1)  # of a telephone that was off: the gateway itself tried for hours


@transaction.atomic
def note_receipt(*, org: Organisation, gateway: str, told: Told, now: datetime) -> None:
    """Keep a receipt, also of a text that nobody knows, and let its message be what it says.

    A receipt that is repeated changes nothing, and one that comes late takes nothing back.
    """
    message = _message_of(org, gateway, told)
    kept = {"message": message, "code": told.code[:20], "at": now}
    _row, fresh = Receipt.objects.get_or_create(
        org=org, gateway=gateway, gateway_ref=told.ref[:120], status=told.status[:40], defaults=kept
    )
    if fresh and message and message.state in (State.QUEUED, State.SENT):
        MOVES[told.standing](message, told, now)


def round_of(message: Message) -> int:
    """How many times a text came back with a failure: what is given again is another text for the gateway."""
    failed = Receipt.objects.filter(message=message, status__in=_statuses(message.gateway, {Standing.FAILED}))
    return failed.values("gateway_ref").distinct().count() if message.gateway else 0


def _message_of(org: Organisation, gateway: str, told: Told) -> Message | None:
    """The text a receipt is about, locked: by the gateway's name for it or, where its answer was lost, by ours."""
    texts = Message.objects.filter(org=org, channel="sms", gateway=gateway).select_for_update()
    known = texts.filter(gateway_ref=told.ref).first() if told.ref else None
    ours = told.reference.partition(".")[0]
    if known or not (ours.isascii() and ours.isdecimal() and len(ours) < 18):
        return known
    return texts.filter(pk=int(ours)).first()


def _taken(message: Message, told: Told, now: datetime) -> None:
    """The gateway has it, though its answer to us was lost: it is not given again."""
    if message.state == State.QUEUED and not is_over(message, told.ref):
        message.state, message.gateway_ref, message.error = State.SENT, told.ref, ""
        message.sent_at, message.next_try_at = now, None
        message.save(update_fields=["state", "gateway_ref", "error", "sent_at", "next_try_at"])
        _record(TextSent(subject=message.subject, message=message.pk, template=message.template), message, now)


def _delivered(message: Message, told: Told, now: datetime) -> None:
    Message.objects.filter(pk=message.pk).update(
        state=State.DELIVERED,
        gateway_ref=told.ref,
        delivered_at=now,
        sent_at=Coalesce("sent_at", now),
        next_try_at=None,
        error="",
    )
    _record(MessageDelivered(subject=message.subject, message=message.pk, template=message.template), message, now)


def _failed(message: Message, told: Told, now: datetime) -> None:
    """For good, or to be given again when what failed may have passed."""
    if message.state == State.SENT and message.gateway_ref != told.ref:
        return  # it was given twice, and the other one is still on its way
    again_at = _again_at(message, now) if told.passing else None
    message.state, message.next_try_at = (State.QUEUED, again_at) if again_at else (State.FAILED, None)
    message.error = told.error[:60]
    message.save(update_fields=["state", "next_try_at", "error"])
    if not again_at:
        fact = MessageFailed(
            subject=message.subject, message=message.pk, template=message.template, error=message.error
        )
        _record(fact, message, now)


def _unknown(message: Message, told: Told, now: datetime) -> None:
    """A status that says nothing of where the text is: it is kept, and no more."""


MOVES = {
    Standing.TAKEN: _taken,
    Standing.DELIVERED: _delivered,
    Standing.FAILED: _failed,
    Standing.UNKNOWN: _unknown,
}


def _again_at(message: Message, now: datetime) -> datetime | None:
    wait = wait_after(message.attempts)
    return now + max(wait, PAUSE) if wait and round_of(message) <= ROUNDS else None


def is_over(message: Message | None, ref: str) -> bool:
    """Whether the gateway already said how that one ended; of no message, it did."""
    if message is None:
        return True
    ends = _statuses(message.gateway, {Standing.FAILED, Standing.DELIVERED})
    return Receipt.objects.filter(org=message.org, gateway_ref=ref, status__in=ends).exists()


def _statuses(gateway: str, standings: Collection[Standing]) -> list[str]:
    known = sms.gateway_named(gateway)
    return [status for status, standing in known.STANDINGS.items() if standing in standings] if known else []


def _record(fact: Fact, message: Message, now: datetime) -> None:
    record(fact, org=message.org, by=SYSTEM, now=now)
