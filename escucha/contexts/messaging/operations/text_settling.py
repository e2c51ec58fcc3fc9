"""Saying what became of a text that arrived: it is in a case, or somebody has to look at it."""

from datetime import datetime

from escucha.contexts.messaging.events import TextFiled, TextParked
from escucha.contexts.messaging.models import Arrival
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import SYSTEM
from escucha.kernel.timeline.record import record


def waiting_text(*, org: Organisation, arrival_id: int) -> Arrival | None:
    """The text, locked until the transaction ends; None if it is settled."""
    waiting = Arrival.objects.filter(org=org, pk=arrival_id, channel="sms", state=Arrival.State.PARSED)
    return waiting.select_for_update(of=("self",)).first()


def text_filed(arrival: Arrival, *, about: str, now: datetime) -> None:
    _settle(arrival, Arrival.State.FILED, now, subject=about)
    record(TextFiled(subject=f"arrival:{arrival.pk}", about=about), org=arrival.org, by=SYSTEM, now=now)


def text_parked(arrival: Arrival, *, reason: str, now: datetime) -> None:
    _settle(arrival, Arrival.State.PARKED, now, reason=reason)
    record(TextParked(subject=f"arrival:{arrival.pk}", reason=reason), org=arrival.org, by=SYSTEM, now=now)


def _settle(arrival: Arrival, state: Arrival.State, now: datetime, *, subject: str = "", reason: str = "") -> None:
    arrival.state, arrival.subject, arrival.reason, arrival.settled_at = state, subject, reason, now
    arrival.save(update_fields=["state", "subject", "reason", "settled_at"])
