"""Queueing a message in the transaction of what it tells, and delivering it afterwards, once."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

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
    """Hand the waiting messages to the mail server, each in its own transaction. Returns how many were taken up."""
    taken = 0
    while taken < limit and _deliver_one(now):
        taken += 1
    return taken


@transaction.atomic
def _deliver_one(now: datetime) -> bool:
    # The row stays locked while the server is asked: another worker skips it, and a killed one leaves it waiting.
    waiting = Message.objects.filter(state=Message.State.QUEUED, next_try_at__lte=now).order_by("next_try_at")
    message = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("org").first()
    if message is None:
        return False
    identity = profile_of(message.org, at=now).identity
    if identity.sample or not email.is_configured():
        _close(message, Message.State.KEPT, now)
    else:
        _hand_over(message, identity.name, now)
    return True


def _hand_over(message: Message, sender: str, now: datetime) -> None:
    message.attempts += 1
    try:
        reference = f"{message.pk}.{message.org_id}.escucha"
        email.send(to=message.to, title=message.title, body=message.body, sender=sender, reference=reference, now=now)
    except email.Rejected as error:
        _fail(message, str(error), now)
    except email.Unavailable as error:
        wait = wait_after(message.attempts)
        if wait is None:
            _fail(message, str(error), now)
        else:
            message.next_try_at, message.error = now + wait, str(error)
            message.save(update_fields=["next_try_at", "error", "attempts"])
    else:
        _close(message, Message.State.SENT, now)
        fact = MessageSent(subject=message.subject, message=message.pk, template=message.template)
        record(fact, org=message.org, by=SYSTEM, now=now)


def _close(message: Message, state: Message.State, now: datetime) -> None:
    message.state, message.next_try_at, message.sent_at = state, None, now
    message.save(update_fields=["state", "next_try_at", "sent_at", "attempts"])


def _fail(message: Message, error: str, now: datetime) -> None:
    message.state, message.next_try_at, message.error = Message.State.FAILED, None, error
    message.save(update_fields=["state", "next_try_at", "error", "attempts"])
    fact = MessageFailed(subject=message.subject, message=message.pk, template=message.template, error=error)
    record(fact, org=message.org, by=SYSTEM, now=now)


def keep_call(*, org: Organisation, subject: str, member_id: int, number: str, result: str, at: datetime) -> Call:
    """Write down a call. Whoever calls records its own fact about what the call meant."""
    return Call.objects.create(org=org, subject=subject, member_id=member_id, number=number, result=result, at=at)
