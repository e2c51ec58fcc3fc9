"""The lists of cases: saved views by due time, a page at a position, counts that stop in time."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.queries.doors import listed_cases
from escucha.contexts.cases.queries.words import with_unread_words
from escucha.contexts.cases.rules.standing import State
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor

MOST_COUNTED = 1000


class Position(NamedTuple):
    """Where a page of a list starts: after the case with this moment, turn and id. Closed cases have no turn."""

    moment: datetime
    turn: int
    case_id: int


BY_DUE = ("due_at", "turn", "id")  # the order of the indexes of open cases
BY_AGE = ("filed_at", "id")
_END = Position(datetime(9000, 1, 1, tzinfo=UTC), 0, 2**62)


def case_list(
    *,
    org: Organisation,
    viewer: Actor,
    view: str = "open",
    case_type: str = "",
    unit_id: int | None = None,
    state: str = "",
    after: Position | None = None,
    before: Position | None = None,
    limit: int = 50,
) -> Sequence[Case]:
    """A page of a saved view, by due time; with `after` what follows a position, with `before` what precedes it.

    Takes one row more than `limit`, so that the caller knows whether there is a next page.
    """
    found = in_view(listed_cases(org=org, viewer=viewer), view, viewer, org=org)
    chosen = {"case_type": case_type, "unit": unit_id, "state": state}
    found = found.filter(**{key: value for key, value in chosen.items() if value})
    found = found.select_related("person", "unit", "member__account")
    if view == "closed":
        return _closed_page(found, after=after, before=before, limit=limit)
    return _page(found, BY_DUE, after=after, before=before, limit=limit)


def view_count(*, org: Organisation, viewer: Actor, view: str) -> int:
    return count_up_to(in_view(listed_cases(org=org, viewer=viewer), view, viewer, org=org))


def count_up_to(found: QuerySet[Case], most: int = MOST_COUNTED) -> int:
    """How many there are, never counting past `most` + 1: beyond it the page says so."""
    return found.order_by().values("pk")[: most + 1].count()


def in_view(found: QuerySet[Case], view: str, viewer: Actor, *, org: Organisation) -> QuerySet[Case]:
    """Those of the cases found that belong to a saved view."""
    if view == "closed":
        return found.filter(closed_at__isnull=False)
    if view == "words":  # about closed cases too: somebody has to read them
        return with_unread_words(found, org=org)
    found = found.filter(closed_at=None)
    if view == "mine":
        return found.filter(member=viewer.member_id) if viewer.member_id else found.none()
    if view == "unclassified":
        return found.filter(state=State.FILED)
    if view == "check":
        return found.filter(state__in=[State.ANSWERED, State.APPROVED])
    if view == "reach":
        return found.filter(state=State.SENT)
    return found


def _page(
    found: QuerySet[Case],
    keys: tuple[str, ...],
    *,
    after: Position | None,
    before: Position | None,
    limit: int,
) -> Sequence[Case]:
    # Rows are compared whole, so that the index on the keys starts at the position instead of walking to it.
    place = Tuple(*map(F, keys))
    if before is not None:
        found = found.filter(TupleLessThan(place, _at(before, keys)))
        return list(found.order_by(*(f"-{key}" for key in keys))[: limit + 1])[::-1]
    if after is not None:
        found = found.filter(TupleGreaterThan(place, _at(after, keys)))
    return list(found.order_by(*keys)[: limit + 1])


def _at(position: Position, keys: tuple[str, ...]) -> tuple[datetime | int, ...]:
    moment, turn, case_id = position
    return (moment, turn, case_id) if keys == BY_DUE else (moment, case_id)


def _closed_page(
    found: QuerySet[Case], *, after: Position | None, before: Position | None, limit: int
) -> Sequence[Case]:
    """Closed cases, newest first: the same page read from the other end."""
    if before is not None:
        return _page(found, BY_AGE, after=before, before=None, limit=limit)[::-1]
    return _page(found, BY_AGE, after=None, before=after or _END, limit=limit)[::-1]
