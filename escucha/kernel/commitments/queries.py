"""The doors to what is owed: about a subject, and as one agenda.

Every answer of the agenda is bounded by what it shows: each way of owing is read from its own index and cut there.
What a viewer may not see is not found and not counted. What is reserved is in none of them, unless the caller says
which of its subjects the viewer is let see.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Literal

from django.db.models import Count, DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan
from django.db.models.functions import TruncDate

from escucha.kernel.commitments.facts import CommitmentAnnulled, CommitmentMet, CommitmentWaived
from escucha.kernel.commitments.models import IN_RESERVE, OPEN, OPENLY, Commitment, Outcome
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.comparing import Difference
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import _
from escucha.kernel.worktime.calendar import Calendar

Scope = Literal["mine", "team", "all"]
Place = tuple[datetime, int, int]  # due_at, turn and id of the last one shown
Subjects = QuerySet[Any, str]
CAP = 1000
BY_DUE = ("due_at", "turn", "id")  # the order of every index of the agenda
INSTANT = timedelta(microseconds=1)
GONE = _("El plazo {number} que dice la bitácora ya no está: fue borrado.")
ALTERED = _("El plazo {number} no terminó como dice la bitácora: fue alterado.")
MOVED = _("El plazo {number} tiene otro vencimiento u otro término que los que dice la bitácora: fue alterado.")


def owed_about(*, org: Organisation, subject: str) -> Sequence[Commitment]:
    """What is owed about a subject, by due time; what is paused comes last."""
    found = Commitment.objects.filter(OPEN, org=org, subject=subject).select_related("owner_unit")
    return list(found.order_by(F("due_at").asc(nulls_last=True), "id"))


def owed_of_kind(*, org: Organisation, subject: str, kind: str) -> Commitment | None:
    """The open debt of a kind about a subject, or None."""
    return Commitment.objects.filter(OPEN, org=org, subject=subject, kind=kind).first()


def owed_by_member(*, org: Organisation, member_id: int) -> Sequence[Commitment]:
    """What a member owes in person."""
    found = Commitment.objects.filter(OPEN, org=org, owner_member=member_id).select_related("owner_unit")
    return list(found.order_by("id"))


def history_about(*, org: Organisation, subject: str) -> Sequence[Commitment]:
    """Everything that was ever owed about a subject, oldest first, with its steps in `steps.all()`: two statements."""
    found = Commitment.objects.filter(org=org, subject=subject).select_related("owner_unit")
    return list(found.prefetch_related("steps").order_by("born_at", "id"))


def outcomes_that_differ(
    facts: Sequence[CommitmentMet | CommitmentAnnulled | CommitmentWaived], *, org: Organisation
) -> Iterator[Difference]:
    """Commitments whose rows do not say the end that was recorded."""
    rows = Commitment.objects.filter(org=org).defer("reckoning", "rungs").in_bulk([fact.commitment for fact in facts])
    for fact in facts:
        if wrong := _differs(fact, rows.get(fact.commitment)):
            yield Difference(fact, wrong, {"number": fact.commitment})


def _differs(fact: CommitmentMet | CommitmentAnnulled | CommitmentWaived, owed: Commitment | None) -> str:
    if owed is None or (owed.subject, owed.kind) != (fact.subject, fact.kind):
        return GONE
    if not isinstance(fact, CommitmentMet):
        annulled = isinstance(fact, CommitmentAnnulled)
        outcome = Outcome.ANNULLED if annulled else Outcome.WAIVED
        return "" if (owed.outcome, owed.cause) == (outcome, fact.cause) else ALTERED
    if owed.settled_at is None or owed.outcome != (Outcome.MET_LATE if fact.late else Outcome.MET):
        return ALTERED
    late = owed.due_at is not None and owed.settled_at >= owed.due_at
    return "" if late == fact.late else MOVED


def agenda(
    *,
    org: Organisation,
    viewer: Actor,
    scope: Scope = "mine",
    until: datetime | None = None,
    after: Place | None = None,
    reserved: Subjects | None = None,
    limit: int = 50,
    now: datetime,
) -> Sequence[Commitment]:
    """What is owed by due time and turn, after a place and before an instant: one statement.

    `mine` is what the viewer owes itself, and what its unit owes without naming anybody, by any role or by one of the
    viewer's; `team` is its unit's; `all` only answers who sees everything. What has no due time is in `paused`.
    `reserved` are the reserved subjects that the viewer may see: they are its own, whoever's unit owes.
    """
    window = Q(due_at__isnull=False, visible_at__lte=now)
    if until:
        window &= Q(due_at__lt=until)
    if after:
        window &= Q(TupleGreaterThan(Tuple(*map(F, BY_DUE)), after))
    return _merged([_shown(org, window & way) for way in _ways(viewer, scope, reserved)], limit)


def paused(
    *,
    org: Organisation,
    viewer: Actor,
    scope: Scope = "mine",
    after: int = 0,
    reserved: Subjects | None = None,
    limit: int = 50,
    now: datetime,
) -> Sequence[Commitment]:
    """What stands still, by turn and in the order in which it was owed, after an id: one statement."""
    window = Q(due_at=None, visible_at__lte=now, id__gt=after)
    return _merged([_shown(org, window & way) for way in _ways(viewer, scope, reserved)], limit)


def agenda_load(
    *,
    org: Organisation,
    viewer: Actor,
    scope: Scope = "mine",
    from_day: date,
    days: int = 7,
    reserved: Subjects | None = None,
    calendar: Calendar,
    now: datetime,
) -> Mapping[date, int]:
    """How much is due on each local day, from `from_day` on, days without any included: one statement.

    A due time at midnight belongs to the day that ends there.
    """
    load = {from_day + timedelta(days=n): 0 for n in range(days)}
    first, last = calendar.midnight_of(from_day), calendar.midnight_after_date(max(load))
    window = Q(due_at__gt=first, due_at__lte=last, visible_at__lte=now)
    before_it = ExpressionWrapper(F("due_at") - INSTANT, output_field=DateTimeField())
    ways = _ways(viewer, scope, reserved)
    if not ways:
        return load
    counted = (
        Commitment.objects.filter(window, reduce(or_, ways), org=org)
        .annotate(day=TruncDate(before_it, tzinfo=calendar.zone))
        .values("day")
        .annotate(owed=Count("id"))
        .values_list("day", "owed")
    )
    return load | dict(counted)


def overdue_count(
    *,
    org: Organisation,
    viewer: Actor,
    scope: Scope = "mine",
    reserved: Subjects | None = None,
    now: datetime,
    cap: int = CAP,
) -> int:
    """How much is past its due time; `cap` + 1 stands for more than `cap`: one statement."""
    late = Q(due_at__lte=now, visible_at__lte=now)
    ways = [Commitment.objects.filter(late, way, org=org).values("pk") for way in _ways(viewer, scope, reserved)]
    # Ordered, so that the first rows come from an index however many match.
    cut = [way.order_by(*BY_DUE)[: cap + 1] for way in ways]
    return min(cut[0].union(*cut[1:], all=True).count(), cap + 1) if cut else 0


def _ways(viewer: Actor, scope: Scope, reserved: Subjects | None) -> list[Q]:
    """The ways in which something open is the viewer's, no two of which hold the same debt. Each has its index."""
    own: list[Q] = []
    if reserved is not None and scope != "team":
        own.append(IN_RESERVE & Q(subject__in=reserved))
    if scope == "all":
        return own + ([OPENLY] if viewer.everywhere else [])
    unit = viewer.unit_id
    if scope == "team":
        return [OPENLY & Q(owner_unit=unit)] if unit is not None else []
    if viewer.member_id is not None:
        own.append(OPENLY & Q(owner_member=viewer.member_id))
    roles = ("", *sorted(viewer.roles)) if unit is not None else ()
    return own + [OPENLY & Q(owner_member=None, owner_unit=unit, owner_role=role) for role in roles]


def _shown(org: Organisation, window: Q) -> QuerySet[Commitment]:
    found = Commitment.objects.filter(window, org=org).defer("reckoning", "rungs")
    return found.select_related("owner_unit", "owner_member__account")


def _merged(ways: Sequence[QuerySet[Commitment]], limit: int) -> Sequence[Commitment]:
    cut = [way.order_by(*BY_DUE)[:limit] for way in ways]
    if len(cut) < 2:
        return list(cut[0]) if cut else []
    return list(cut[0].union(*cut[1:], all=True).order_by(*BY_DUE)[:limit])
