"""Queueing a message in the transaction of what it tells, and delivering it afterwards, once."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from escucha.contexts.messaging.events import MessageFailed, MessageSent
from escucha.contexts.messaging.gateways import email
from escucha.contexts.messaging.models import Call, Message
from escucha.contexts.messaging.rules import wait_after, written
from escucha.contexts.people.models import Person
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_of
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.facts import SYSTEM
from escucha.kernel.timeline.record import record

LEASE = timedelta(minutes=1)  # longer than a mail server may take to answer


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
) -> Message | None:
    """Queue a text of the profile in force for an address, in the caller's transaction.

    Where the profile has no such text `otherwise` is sent; None if that is empty too. `profile` spares looking for
    the one in force where the caller has it at hand.
    """
    text = (profile or profile_of(org, at=now)).messages.get(template, otherwise)
    if not text or not to:
        return None
    title, body = written(text, {"organisation": org.name} | dict(values))
    return Message.objects.create(
        org=org,
        to=to,
        subject=subject,
        template=template,
        person=person,
        title=title,
        body=body,
        queued_at=now,
        next_try_at=now,
    )


def deliver(*, now: datetime, limit: int = 50) -> int:
    """Hand the waiting messages to the mail server, one by one. Returns on how many it had its say.

    No transaction is open while the server is asked. Once it cannot be asked it is not asked again in this turn.
    """
    for taken in range(limit):
        message = _claimed(now)
        if message is None:
            return taken
        if message.state == Message.State.QUEUED and not _handed_over(message, now):
            return taken
    return limit


@transaction.atomic
def _claimed(now: datetime) -> Message | None:
    """The message that waits longest, leased to this worker, or kept where none leaves; None if none waits.

    A worker that is killed leaves it queued: its lease ends and another takes it up, with the same Message-ID.
    """
    waiting = Message.objects.filter(state=Message.State.QUEUED, next_try_at__lte=now).order_by("next_try_at")
    message = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("org").first()
    if message is None:
        return None
    if profile_of(message.org, at=now).identity.sample or not email.is_configured():
        _close(message, Message.State.KEPT, now)
    else:
        message.next_try_at, message.attempts = now + LEASE, message.attempts + 1
        message.save(update_fields=["next_try_at", "attempts"])
    return message


def _handed_over(message: Message, now: datetime) -> bool:
    """Ask the server to take a leased message and keep what it said. False if the server cannot be asked now."""
    sender = profile_of(message.org, at=now).identity.name
    reference = f"{message.pk}.{message.org_id}.escucha"
    try:
        email.send(to=message.to, title=message.title, body=message.body, sender=sender, reference=reference, now=now)
    except email.Rejected as error:
        _fail(message, str(error), now)
    except (email.NotNow, email.Unavailable) as error:
        _put_off(message, str(error), now)
        return isinstance(error, email.NotNow)
    else:
        _sent(message, now)
    return True


@transaction.atomic
def _sent(message: Message, now: datetime) -> None:
    if _close(message, Message.State.SENT, now):
        fact = MessageSent(subject=message.subject, message=message.pk, template=message.template)
        record(fact, org=message.org, by=SYSTEM, now=now)


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


def _close(message: Message, state: Message.State, now: datetime) -> bool:
    message.state = state
    return bool(_queued(message).update(state=state, next_try_at=None, sent_at=now))


def _queued(message: Message) -> QuerySet[Message]:
    """The row, unless another worker, after the lease of this one ended, was first to say what became of it."""
    return Message.objects.filter(pk=message.pk, state=Message.State.QUEUED)


def keep_call(*, org: Organisation, subject: str, member_id: int, number: str, result: str, at: datetime) -> Call:
    """Write down a call. Whoever calls records its own fact about what the call meant."""
    return Call.objects.create(org=org, subject=subject, member_id=member_id, number=number, result=result, at=at)
