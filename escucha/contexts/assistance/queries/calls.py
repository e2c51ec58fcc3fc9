"""The doors to calls: those that ring, and how soon they were answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q

from escucha.contexts.assistance.models import Affiliate, AssistanceFile, IncomingCall
from escucha.contexts.assistance.queries.affiliates import find_affiliates
from escucha.contexts.assistance.queries.doors import visible_files
from escucha.contexts.assistance.rules.acts import HANDLE
from escucha.contexts.assistance.rules.calls import LATEST_RING, STALE
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor

MOST = 8  # shown at once, of those that wait


class Caller(NamedTuple):
    """Who may be calling, and the open files of that telephone."""

    affiliates: Sequence[Affiliate]
    files: Sequence[AssistanceFile]


class Answered(NamedTuple):
    """Of the calls of a span: how many, how many in time, how many were lost."""

    calls: int
    in_time: int
    abandoned: int


def waiting_calls(*, org: Organisation, viewer: Actor, now: datetime) -> Sequence[IncomingCall]:
    """What rings or is held and nobody has taken, by the account's turn and since when; and the viewer's own."""
    if not viewer.may(HANDLE):
        return []
    going = IncomingCall.objects.filter(org=org, ended_at=None, rang_at__gt=now - STALE)
    own = IncomingCall.objects.filter(
        org=org, ended_at=None, member=viewer.member_id, file=None, taken_at__isnull=False
    )
    waits = going.filter(member=None)
    return [*own.order_by("-rang_at")[:1], *waits.order_by("turn", "rang_at", "id")[:MOST]]


def call_of_mine(*, org: Organisation, viewer: Actor, call_id: int) -> IncomingCall | None:
    """A call that the viewer took; None where it is of somebody else."""
    if not viewer.may(HANDLE) or viewer.member_id is None:
        return None
    return IncomingCall.objects.filter(org=org, pk=call_id, member=viewer.member_id).select_related("file").first()


def caller_of(*, org: Organisation, viewer: Actor, call: IncomingCall) -> Caller:
    """Who has the telephone that calls, of its account first. Somebody who may not look up affiliates sees nobody."""
    if not call.caller:
        return Caller([], [])
    found = find_affiliates(org=org, viewer=viewer, said=call.caller, account=call.account)
    of_them = Q(contact_phone=call.caller) | Q(affiliate__in=[one.pk for one in found])
    files = visible_files(org=org, viewer=viewer).filter(of_them, closed_at=None).order_by("-pk")
    return Caller(found, list(files[:3]))


def answered_between(*, org: Organisation, viewer: Actor, since: datetime, until: datetime) -> Answered:
    """How many calls were answered by the third ring: one statement."""
    if not viewer.may(HANDLE):
        return Answered(0, 0, 0)
    found = IncomingCall.objects.filter(org=org, rang_at__gte=since, rang_at__lt=until).aggregate(
        calls=Count("id"),
        in_time=Count("id", filter=Q(answered_at__isnull=False, rings__lte=LATEST_RING)),
        abandoned=Count("id", filter=Q(abandoned=True)),
    )
    return Answered(**found)
