"""What becomes of a letter once it was read: it is in a case, somebody has to look at it, or somebody did."""

from datetime import datetime

from django.db import transaction

from escucha.contexts.messaging.events import (
    MailDiscarded,
    MailFiled,
    MailReleased,
    MailRestored,
    MessageFailed,
)
from escucha.contexts.messaging.models import Arrival, Message
from escucha.contexts.messaging.queries.arrivals import REVIEW, arrival_for_change
from escucha.contexts.messaging.rules.intake import (
    DISCARDED,
    RESTORED,
    blockers_to_discard,
    blockers_to_settle,
)
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import SYSTEM, Actor
from escucha.kernel.timeline.record import record

State = Arrival.State


class Refused(Exception):
    """The act on an entry may not be done: why, in words for who tried."""

    def __init__(self, blockers: list[str]):
        super().__init__(" ".join(blockers))
        self.blockers = blockers


def mail_filed(arrival: Arrival, *, about: str, by: Actor = SYSTEM, now: datetime) -> None:
    """A locked letter is in what it is about."""
    arrival.state, arrival.subject, arrival.settled_at, arrival.next_try_at = State.FILED, about, now, None
    arrival.settled_by_id = by.member_id
    arrival.save(update_fields=["state", "subject", "settled_at", "next_try_at", "settled_by"])
    record(MailFiled(subject=f"arrival:{arrival.pk}", about=about), org=arrival.org, by=by, now=now)


@transaction.atomic
def take_for_review(*, org: Organisation, arrival_id: int, by: Actor) -> Arrival:
    """The parked letter, locked, for who decides what it becomes. Raises Refused where it is decided already."""
    arrival = arrival_for_change(org=org, arrival_id=arrival_id, by=by)
    _refuse(blockers_to_settle(may=by.may(REVIEW), is_parked=_waits(arrival)))
    return arrival


@transaction.atomic
def discard_mail(*, org: Organisation, arrival_id: int, why: str, by: Actor, now: datetime) -> Arrival:
    """The letter stays in the ledger, and asks nobody any more. It can be brought back."""
    arrival = arrival_for_change(org=org, arrival_id=arrival_id, by=by)
    _refuse(blockers_to_discard(may=by.may(REVIEW), is_parked=_waits(arrival), why=why))
    before = arrival.reason
    arrival.reason, arrival.settled_by_id, arrival.settled_at = f"{DISCARDED}{why}", by.member_id, now
    arrival.save(update_fields=["reason", "settled_by", "settled_at"])
    fact = MailDiscarded(subject=f"arrival:{arrival.pk}", reason=why, before=before)
    record(fact, org=org, by=by, now=now)
    return arrival


@transaction.atomic
def restore_mail(*, org: Organisation, arrival_id: int, by: Actor, now: datetime) -> Arrival:
    """A discarded letter is back in the tray."""
    arrival = arrival_for_change(org=org, arrival_id=arrival_id, by=by)
    _refuse(blockers_to_settle(may=by.may(REVIEW), is_parked=arrival.reason.startswith(DISCARDED)))
    why = arrival.reason.removeprefix(DISCARDED)
    arrival.reason, arrival.settled_by_id, arrival.settled_at = RESTORED, None, now
    arrival.save(update_fields=["reason", "settled_by", "settled_at"])
    record(MailRestored(subject=f"arrival:{arrival.pk}", reason=why), org=org, by=by, now=now)
    return arrival


@transaction.atomic
def release_mail(*, org: Organisation, arrival_id: int, by: Actor, now: datetime) -> Arrival:
    """A parked letter is read again from the beginning, as if it had just come."""
    arrival = arrival_for_change(org=org, arrival_id=arrival_id, by=by)
    _refuse(blockers_to_settle(may=by.may(REVIEW), is_parked=_waits(arrival) and arrival.channel == "email"))
    arrival.state, arrival.reason, arrival.settled_at = State.RECEIVED, "", None
    arrival.attempts, arrival.next_try_at = 0, now
    arrival.save(update_fields=["state", "reason", "settled_at", "attempts", "next_try_at"])
    record(MailReleased(subject=f"arrival:{arrival.pk}"), org=org, by=by, now=now)
    return arrival


@transaction.atomic
def note_bounce(*, org: Organisation, message_id: int, status: str, now: datetime) -> str:
    """One of our messages did not arrive. Returns what it was about; a report that is repeated changes nothing."""
    message = Message.objects.filter(org=org, pk=message_id, channel="email").select_for_update().first()
    if message is None:
        return ""
    if message.state == Message.State.SENT:
        message.state, message.error = Message.State.FAILED, f"bounce {status}".strip()[:60]
        message.save(update_fields=["state", "error"])
        fact = MessageFailed(
            subject=message.subject, message=message.pk, template=message.template, error=message.error
        )
        record(fact, org=org, by=SYSTEM, now=now)
    return message.subject


def _waits(arrival: Arrival) -> bool:
    return arrival.state == State.PARKED and arrival.settled_by_id is None


def _refuse(blockers: list[str]) -> None:
    if blockers:
        raise Refused(blockers)
