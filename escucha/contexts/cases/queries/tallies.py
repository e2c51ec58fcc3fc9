"""The doors to the kept counts: always exact, and only of what the viewer may see."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Q, QuerySet, Sum

from escucha.contexts.cases.models import Tally
from escucha.contexts.cases.rules.standing import OPEN, State
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import central_units
from escucha.kernel.timeline.facts import Actor

VIEW_STATES: dict[str, Collection[str]] = {
    "open": OPEN,
    "mine": OPEN,
    "unclassified": (State.FILED,),
    "check": (State.ANSWERED, State.APPROVED),
    "reach": (State.SENT,),
}


class MonthCount(NamedTuple):
    """Cases of one kind filed in one month; without kind while nobody has classified them."""

    month: date
    case_type: str
    cases: int


def tallied(*, org: Organisation, viewer: Actor) -> QuerySet[Tally]:
    """The kept counts a viewer may add up: the mirror of `visible_cases`, sort by sort. Nothing reserved is in them."""
    kept = Tally.objects.filter(org=org, reserved=False)
    if not viewer.may("cases.see"):
        return kept.none()
    if viewer.everywhere:
        return kept.filter(scope=Tally.Scope.ALL)
    ways = {"unit": viewer.unit_id, "member": viewer.member_id, "filed_by": viewer.member_id}
    own = [Q(**{way: key}) for way, key in ways.items() if key is not None]
    if viewer.unit_id is not None and central_units(org).filter(pk=viewer.unit_id).exists():
        own.append(Q(unit=0))
    return kept.filter(reduce(or_, own), scope=Tally.Scope.OWN) if own else kept.none()


def view_counts(*, org: Organisation, viewer: Actor) -> dict[str, int]:
    """How many cases each saved view has, in two queries at most whatever there is stored."""
    of_state = dict.fromkeys(State, 0) | _by_state(tallied(org=org, viewer=viewer))
    counts = {view: sum(of_state[state] for state in states) for view, states in VIEW_STATES.items()}
    mine = Tally.objects.filter(org=org, reserved=False, scope=Tally.Scope.OWN, member=viewer.member_id or -1)
    counts["mine"] = sum(_by_state(mine).values()) if viewer.may("cases.see") else 0
    return counts


def _by_state(kept: QuerySet[Tally]) -> dict[str, int]:
    found = kept.filter(state__in=sorted(OPEN)).order_by().values_list("state").annotate(Sum("cases"))
    return dict(found)


def counts_by_kind_and_month(
    *, org: Organisation, viewer: Actor, since: date | None = None, until: date | None = None
) -> Sequence[MonthCount]:
    """The cases filed, by month and kind, oldest first; `until` is the last month included."""
    kept = tallied(org=org, viewer=viewer)
    bounds = {"month__gte": since, "month__lte": until}
    kept = kept.filter(**{key: day for key, day in bounds.items() if day}).order_by("month", "case_type")
    rows = kept.values_list("month", "case_type").annotate(cases=Sum("cases")).filter(~Q(cases=0))
    return [MonthCount(*row) for row in rows]
