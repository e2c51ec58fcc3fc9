"""The doors to messages and calls."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from escucha.contexts.messaging.models import Call, Message, Receipt
from escucha.contexts.messaging.rules.trying import ADDRESS_CORRECTED
from escucha.contexts.messaging.rules.writing import masked
from escucha.kernel.composed import Blank, Composed
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor

Subjects = QuerySet[Any, str] | Collection[str]
MESSAGES_ABOUT = Composed(lambda: Message.objects.filter(org=Blank("org"), subject=Blank("subject")).order_by("pk"))
RESULTS = dict(Call.Result.choices)  # of a call, in words


def messages_about(*, org: Organisation, subject: str) -> Sequence[Message]:
    return MESSAGES_ABOUT.ask(org=org.pk, subject=subject)


def have_left(messages: Sequence[Message], *, for_any_of: Collection[str]) -> bool:
    """Whether some of these messages left for one of these addresses."""
    left = (Message.State.SENT, Message.State.DELIVERED)
    return any(one.to in for_any_of and one.state in left for one in messages)


def calls_about(*, org: Organisation, subject: str) -> Sequence[Call]:
    return list(Call.objects.filter(org=org, subject=subject).select_related("member__account").order_by("at"))


def _shown(org: Organisation, viewer: Actor, about: Subjects | None, kept_from: Subjects | None) -> QuerySet[Message]:
    """What staff may read. A letter about an account that really left opens that account: it is nobody else's."""
    if not viewer.may("messages.see"):
        return Message.objects.none()
    found = Message.objects.filter(org=org).exclude(~Q(state=Message.State.KEPT), subject__startswith="account:")
    if viewer.everywhere:
        return found if kept_from is None else found.exclude(subject__in=kept_from)
    of_accounts = Q(subject__startswith="account:")
    return found.filter(of_accounts if about is None else of_accounts | Q(subject__in=about))


def kept_messages(
    *,
    org: Organisation,
    viewer: Actor,
    about: Subjects | None = None,
    kept_from: Subjects | None = None,
    before: int | None = None,
    failed: bool = False,
    limit: int = 30,
) -> Sequence[Message]:
    """The newest messages first, for who may see them; `before` is the id of the last one shown, and `failed` leaves
    only those that were given up.

    `about` are the subjects that the viewer may see, as a query: who does not see everything reads of no other. Who
    does, reads of all but those it is `kept_from`.
    """
    found = _shown(org, viewer, about, kept_from).order_by("-id")
    if before is not None:
        found = found.filter(pk__lt=before)
    if failed:
        found = found.filter(state=Message.State.FAILED)
    return list(found[:limit])


def kept_message(
    *,
    org: Organisation,
    viewer: Actor,
    about: Subjects | None = None,
    kept_from: Subjects | None = None,
    message_id: int,
) -> Message | None:
    return _shown(org, viewer, about, kept_from).filter(pk=message_id).first()


def body_for_staff(message: Message, *, sample: bool) -> str:
    """A letter without its keys. In an example organisation nobody else gets it: there it is read as it was written."""
    return message.body if sample and message.state == Message.State.KEPT else masked(message.body)


def receipts_of(message: Message) -> Sequence[Receipt]:
    """What its gateway told of it, in the order it came."""
    return list(Receipt.objects.filter(message=message).order_by("at", "pk")) if message.channel == "sms" else []


def failed_messages(*, org: Organisation, since: datetime) -> int:
    """How many messages queued since then were given up; not those held back on purpose."""
    failed = Message.objects.filter(org=org, state=Message.State.FAILED, queued_at__gte=since)
    return failed.exclude(error=ADDRESS_CORRECTED).count()
