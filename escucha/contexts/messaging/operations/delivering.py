"""Queueing a message in the transaction of what it tells, and delivering it afterwards, once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from escucha.contexts.messaging.events import MessageFailed, MessageSent, TextSent
from escucha.contexts.messaging.gateways.errors import NotNow, Rejected, Unavailable
from escucha.contexts.messaging.models import Call, Message
from escucha.contexts.messaging.operations.receipts import is_over, round_of
from escucha.contexts.messaging.operations.texting import (
    DAY_SPENT,
    held_until,
    is_too_dear,
    opt_out,
    paid_from,
    unwanted,
)
from escucha.contexts.messaging.operations.ways import EMAIL, SMS, Way, way_of
from escucha.contexts.messaging.policy.sms import SmsPolicy
from escucha.contexts.messaging.rules.texts import plain
from escucha.contexts.messaging.rules.trying import wait_after
from escucha.contexts.messaging.rules.writing import line_of, written
from escucha.contexts.people.models import Person
from escucha.contexts.people.rules.telephones import sms_number
from escucha.kernel.composed import Blank, Composed, insert, update
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_of
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.facts import SYSTEM
from escucha.kernel.timeline.record import record

LEASE = timedelta(minutes=1)  # longer than a mail server, or a gateway, may take to answer
OPTED_OUT = "opt_out"


def send_later(
    *,
    org: Organisation,
    to: str,
    subject: str,
    template: str,
    values: Mapping[str, str],
    now: datetime,
    person: Person | None = None,
    otherwise: str = "",
    profile: Profile | None = None,
    channel: str = EMAIL,
    at_any_hour: bool = False,
) -> Message | None:
    """Queue a text of the profile in force for an address, in the caller's transaction.

    Where the profile has no such text `otherwise` is sent; None if that is empty too. `profile` spares looking for
    the one in force where the caller has it at hand. By the channel `sms` the text is `<template>.sms` and the address
    a mobile number; None if it is no such number. `at_any_hour` is for a life at risk: the night does not hold it back.
    """
    profile = profile or profile_of(org, at=now)
    if channel == SMS:
        template, to = f"{template}.sms", sms_number(to)
    text = profile.messages.get(template, otherwise)
    if not text or not to:
        return None
    title, body = _words(text, {"organisation": org.name} | dict(values), channel, profile)
    return insert(
        Message(
            org=org,
            to=to,
            subject=subject,
            template=template,
            channel=channel,
            person=person,
            title=title,
            body=body,
            at_any_hour=at_any_hour,
            queued_at=now,
            next_try_at=now,
        )
    )


def _words(text: str, values: Mapping[str, str], channel: str, profile: Profile) -> tuple[str, str]:
    """Title and body; a text message has no title, and is one line."""
    if channel != SMS:
        return written(text, values)
    line = line_of(text, values)
    return "", plain(line) if profile.section(SmsPolicy).transliterate else line


def deliver(*, now: datetime, limit: int = 50) -> int:
    """Hand the waiting messages to their servers, one by one. Returns on how many these had their say.

    No transaction is open while a server is asked. Once one cannot be asked it is not asked again in this turn; what
    leaves by another way goes on.
    """
    said, closed = 0, set[str]()
    for _turn in range(limit):
        claim = _claimed(now, closed)
        if claim is None:
            break
        if claim.way is None or _handed_over(claim.message, claim.way, now):
            said += 1
        else:
            closed.add(claim.way.name)
    return said


class Claim(NamedTuple):
    message: Message
    way: Way | None  # none: there is nothing to hand over, at least not now


@transaction.atomic
def _claimed(now: datetime, closed: set[str]) -> Claim | None:
    """The message that waits longest, leased to this worker, or kept where none leaves; None if none waits.

    A worker that is killed leaves it queued: its lease ends and another takes it up, with the same Message-ID.
    """
    message = _waiting(_open(closed), now).first() if closed else NEXT.first(now=now)
    if message is None:
        return None
    profile = profile_of(message.org, at=now)
    way = way_of(message, profile)
    if way is None:
        _close(message, Message.State.KEPT, now)
    elif message.channel == SMS and _stays(message, profile, now):
        way = None
    else:
        gateway = way.account.gateway if way.account else ""
        message.next_try_at, message.attempts, message.gateway = now + LEASE, message.attempts + 1, gateway
        update(message, "next_try_at", "attempts", "gateway")
    return Claim(message, way)


def _waiting(messages: QuerySet[Message], now: Any) -> QuerySet[Message]:
    found = messages.filter(state=Message.State.QUEUED, next_try_at__lte=now).order_by("next_try_at", "id")
    return found.select_for_update(skip_locked=True, of=("self",)).select_related("org")


NEXT = Composed(lambda: _waiting(Message.objects.all(), Blank("now"))[:1])


def _open(closed: set[str]) -> QuerySet[Message]:
    found = Message.objects.all()
    if EMAIL in closed:
        found = found.exclude(channel=EMAIL)
    orgs = [int(name.partition(":")[2]) for name in closed if name != EMAIL]
    return found.exclude(channel=SMS, org_id__in=orgs) if orgs else found


def _stays(message: Message, profile: Profile, now: datetime) -> bool:
    """Whether a text does not leave now: its number wants none, it is night, or the day's money is spent."""
    if unwanted(message):
        _fail(message, OPTED_OUT, now)
        return True
    if night_ends := held_until(message, profile=profile, now=now):
        _queued(message).update(next_try_at=night_ends)
        return True
    if is_too_dear(message, profile=profile):
        _fail(message, DAY_SPENT, now)
        return True
    if next_day := paid_from(message, profile=profile, now=now):
        _queued(message).update(next_try_at=next_day, error=DAY_SPENT)
        return True
    return False


def _handed_over(message: Message, way: Way, now: datetime) -> bool:
    """Ask the server to take a leased message and keep what it said. False if the server cannot be asked now."""
    try:
        ref = way.hand_over(message, reference=f"{message.pk}.{round_of(message)}", now=now)
    except Rejected as error:
        _fail(message, str(error), now)
    except (NotNow, Unavailable) as error:
        _put_off(message, str(error), now)
        return isinstance(error, NotNow)
    else:
        _sent(message, ref, now)
    return True


@transaction.atomic
def _sent(message: Message, ref: str, now: datetime) -> None:
    """It may be a receipt that came first: then it has said more than this."""
    if ref and is_over(_queued(message).select_for_update().first(), ref):
        return
    if _close(message, Message.State.SENT, now, gateway_ref=ref, error=""):
        fact = TextSent if message.channel == SMS else MessageSent
        record(
            fact(subject=message.subject, message=message.pk, template=message.template),
            org=message.org,
            by=SYSTEM,
            now=now,
        )


def _put_off(message: Message, error: str, now: datetime) -> None:
    wait = wait_after(message.attempts)
    if wait is None:
        _fail(message, error, now)
    else:
        _queued(message).update(next_try_at=now + wait, error=error)


@transaction.atomic
def _fail(message: Message, error: str, now: datetime) -> None:
    if _queued(message).update(state=Message.State.FAILED, next_try_at=None, error=error):
        fact = MessageFailed(subject=message.subject, message=message.pk, template=message.template, error=error)
        record(fact, org=message.org, by=SYSTEM, now=now)
    if message.channel == SMS and error.startswith(OPTED_OUT):
        opt_out(org=message.org, number=message.to, now=now)


def _close(message: Message, state: Message.State, now: datetime, **more: str) -> bool:
    message.state = state
    return bool(_queued(message).update(state=state, next_try_at=None, sent_at=now, **more))


def _queued(message: Message) -> QuerySet[Message]:
    """The row, unless another worker, after the lease of this one ended, was first to say what became of it."""
    return Message.objects.filter(pk=message.pk, state=Message.State.QUEUED)


def keep_call(*, org: Organisation, subject: str, member_id: int, number: str, result: str, at: datetime) -> Call:
    """Write down a call. Whoever calls records its own fact about what the call meant."""
    return Call.objects.create(org=org, subject=subject, member_id=member_id, number=number, result=result, at=at)
