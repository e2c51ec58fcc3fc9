"""A message that has not left is held back: it was going where nobody should read it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from escucha.contexts.messaging.events import MessageFailed
from escucha.contexts.messaging.models import Message
from escucha.contexts.messaging.operations.delivering import LEASE
from escucha.contexts.messaging.rules.trying import ADDRESS_CORRECTED
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import SYSTEM
from escucha.kernel.timeline.record import record


@transaction.atomic
def recall(*, org: Organisation, person_id: int, subject: str, addresses: Collection[str], now: datetime) -> int:
    """What waits to leave for a person about something, to addresses that are not its own. Returns how many.

    One that a worker is handing over at this moment is left alone: nobody knows yet whether it left.
    """
    in_hand = Q(attempts__gt=0, next_try_at__gt=now, next_try_at__lte=now + LEASE)
    waiting = Message.objects.filter(
        org=org, person=person_id, subject=subject, to__in=addresses, state=Message.State.QUEUED
    ).exclude(in_hand)
    held = list(waiting.select_for_update(skip_locked=True).order_by("pk"))
    for message in held:
        message.state, message.next_try_at, message.error = Message.State.FAILED, None, ADDRESS_CORRECTED
        message.save(update_fields=["state", "next_try_at", "error"])
        fact = MessageFailed(
            subject=message.subject, message=message.pk, template=message.template, error=ADDRESS_CORRECTED
        )
        record(fact, org=org, by=SYSTEM, now=now)
    return len(held)
