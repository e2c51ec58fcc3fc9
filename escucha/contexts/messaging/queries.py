"""The doors to messages and calls."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from escucha.contexts.messaging.models import Call, Message
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor

RESULTS = dict(Call.Result.choices)  # of a call, in words


def messages_about(*, org: Organisation, subject: str) -> Sequence[Message]:
    return list(Message.objects.filter(org=org, subject=subject).order_by("pk"))


def calls_about(*, org: Organisation, subject: str) -> Sequence[Call]:
    return list(Call.objects.filter(org=org, subject=subject).select_related("member__account").order_by("at"))


def _shown(org: Organisation) -> QuerySet[Message]:
    """What staff may read. A letter about an account that really left opens that account: it is nobody else's."""
    return Message.objects.filter(org=org).exclude(~Q(state=Message.State.KEPT), subject__startswith="account:")


def kept_messages(*, org: Organisation, viewer: Actor, before: int | None = None, limit: int = 30) -> Sequence[Message]:
    """The newest messages first, for who may see them; `before` is the id of the last one shown."""
    if not viewer.may("messages.see"):
        return []
    found = _shown(org).order_by("-id")
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found[:limit])


def kept_message(*, org: Organisation, viewer: Actor, message_id: int) -> Message | None:
    if not viewer.may("messages.see"):
        return None
    return _shown(org).filter(pk=message_id).first()


def failed_messages(*, org: Organisation, since: datetime) -> int:
    """How many messages queued since then were given up."""
    return Message.objects.filter(org=org, state=Message.State.FAILED, queued_at__gte=since).count()
