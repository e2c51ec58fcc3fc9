"""Who has how many open files, for who supervises; and what was handed over at once, and how it is now."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from escucha.contexts.assistance.models import Assistance, AssistanceFile, HandOver
from escucha.contexts.assistance.queries.doors import visible_files
from escucha.contexts.assistance.rules.acts import SUPERVISE
from escucha.contexts.assistance.rules.stages import Priority
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor


class Charge(NamedTuple):
    """How much somebody has: None is the queue of the shift."""

    member: int | None
    name: str
    active: bool
    files: int
    vital: int  # of them, with a life at risk


class Standing(NamedTuple):
    """A file as far as passing it on needs to know."""

    file: int
    number: int
    version: int
    coordinator: int | None


class Handed(NamedTuple):
    """A file that was handed over: to whom, and from whom."""

    file: int
    number: int
    member: int | None
    member_name: str
    before: int | None
    before_name: str
    stays: bool  # it is open, and who got it still has it


def charges(*, org: Organisation, viewer: Actor) -> Sequence[Charge]:
    """Everybody who has an open file, by name: one statement. The queue comes first."""
    vital = Exists(Assistance.objects.filter(file=OuterRef("pk"), priority=Priority.VITAL, ended_at=None))
    held = _supervised(org, viewer).filter(closed_at=None).annotate(vital=vital)
    names = ("coordinator", "coordinator__account__name", "coordinator__active")
    counted = held.order_by().values(*names).annotate(files=Count("pk"), lives=Count("pk", filter=Q(vital=True)))
    told = counted.values_list(*names, "files", "lives")
    found = [Charge(pk, name or "", bool(active), *counts) for pk, name, active, *counts in told]
    return sorted(found, key=lambda one: (one.member is not None, one.name, one.member or 0))


def standings(*, org: Organisation, viewer: Actor, ids: Collection[int]) -> Mapping[int, Standing]:
    """Files by id, open or not: one statement."""
    found = _supervised(org, viewer).filter(pk__in=[*ids]).values_list("pk", "number", "version", "coordinator")
    return {one[0]: Standing(*one) for one in found}


def handed_over(*, org: Organisation, viewer: Actor, at: datetime) -> Sequence[Handed]:
    """What the viewer handed over at that instant, by the number of the files: one statement."""
    if not viewer.may(SUPERVISE) or viewer.member_id is None:
        return []
    earlier = HandOver.objects.filter(file=OuterRef("file"), pk__lt=OuterRef("pk")).order_by("-pk")
    rows = HandOver.objects.filter(org=org, by=viewer.member_id, at=at).annotate(
        before=Subquery(earlier.values("member")[:1]),
        before_name=Subquery(earlier.values("member__account__name")[:1]),
    )
    names = ("file", "file__number", "member", "member__account__name", "before", "before_name")
    told = rows.order_by("file__number").values_list(*names, "file__coordinator", "file__closed_at")
    return [
        Handed(file, number, to, name or "", before, was or "", has == to and closed is None)
        for file, number, to, name, before, was, has, closed in told
    ]


def _supervised(org: Organisation, viewer: Actor) -> QuerySet[AssistanceFile]:
    found = visible_files(org=org, viewer=viewer)
    return found if viewer.may(SUPERVISE) else found.none()
