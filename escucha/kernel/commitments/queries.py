"""The doors to what is owed: about a subject, and as one agenda.

Every answer of the agenda is bounded by what it shows: each way of owing is read from its own index and cut there.
What a viewer may not see is not found and not counted. What is reserved is in none of them, unless the caller says
which of its subjects the viewer is let see.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, NamedTuple, Self

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL

from escucha.kernel.commitments.facts import CommitmentAnnulled, CommitmentMet, CommitmentWaived
from escucha.kernel.commitments.models import BY_DUE, OPEN, Commitment, Outcome
from escucha.kernel.composed import Blank, Composed
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.comparing import Difference
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import _
from escucha.kernel.worktime.calendar import Calendar

Scope = Literal["mine", "team", "all"]
Place = tuple[datetime, int, int]  # due_at, turn and id of the last one shown
Subjects = QuerySet[Any, str]
OWED_OF_KIND = Composed(
    lambda: Commitment.objects.filter(OPEN, org=Blank("org"), subject=Blank("subject"), kind=Blank("kind"))
)
OWED_ABOUT = Composed(
    lambda: (
        Commitment.objects.filter(OPEN, org=Blank("org"), subject=Blank("subject"))
        .select_related("owner_unit")
        .order_by(F("due_at").asc(nulls_last=True), "id")
    )
)
CAP = 1000
# Written out, since what is asked for every page of the agenda costs more to compose than to answer.
OPENLY = "settled_at IS NULL AND NOT reserved"
IN_RESERVE = "settled_at IS NULL AND reserved"
WAY = "FROM commitments_commitment WHERE org_id = %s AND {way} AND {window}"
FIRST = f"(SELECT due_at, turn, id {WAY} ORDER BY due_at, turn, id LIMIT %s)"
FIRST_OF_ALL = "SELECT id FROM ({ways}) AS ways ORDER BY due_at, turn, id LIMIT %s"
HOW_MANY = "SELECT count(*) FROM ({ways}) AS ways"
EACH_DUE = f"(SELECT due_at, count(*) AS owed {WAY} GROUP BY due_at)"
EACH_DAY = """
SELECT ((due_at - interval '1 microsecond') AT TIME ZONE %s)::date, sum(owed)::int FROM ({ways}) AS ways GROUP BY 1
"""
GONE = _("El plazo {number} que dice la bitácora ya no está: fue borrado.")
ALTERED = _("El plazo {number} no terminó como dice la bitácora: fue alterado.")
MOVED = _("El plazo {number} tiene otro vencimiento u otro término que los que dice la bitácora: fue alterado.")


def owed_about(*, org: Organisation, subject: str) -> Sequence[Commitment]:
    """What is owed about a subject, by due time; what is paused comes last."""
    return OWED_ABOUT.ask(org=org.pk, subject=subject)


def open_debts_of(*, org: Organisation, subjects: Collection[str]) -> Sequence[Commitment]:
    """What is owed about several subjects, by due time; what is paused comes last: one statement."""
    if not subjects:
        return []
    found = Commitment.objects.filter(OPEN, org=org, subject__in=subjects).defer("reckoning", "rungs")
    found = found.select_related("owner_unit", "owner_member__account")
    return list(found.order_by(F("due_at").asc(nulls_last=True), "turn", "id"))


class Brief(NamedTuple):
    """What is owed, as much as says how near it is to failing."""

    kind: str
    counted_from: datetime
    due_at: datetime


def owed_briefly(*, org: Organisation, subjects: Sequence[str], now: datetime) -> Mapping[str, Sequence[Brief]]:
    """What of each subject is owed and already seen on an agenda, by due time: one statement."""
    found = Commitment.objects.filter(OPEN, org=org, due_at__isnull=False, visible_at__lte=now)
    # One value, not thousands: the statement stays short and its plan the same.
    found = found.extra(where=["subject = ANY(%s)"], params=[[*subjects]])
    brief: dict[str, list[Brief]] = {}
    for subject, *said in found.order_by("due_at", "id").values_list("subject", *Brief._fields):
        brief.setdefault(subject, []).append(Brief(*said))
    return brief


def owed_of_kind(*, org: Organisation, subject: str, kind: str) -> Commitment | None:
    """The open debt of a kind about a subject, or None."""
    return OWED_OF_KIND.first(org=org.pk, subject=subject, kind=kind)


def owed_by_member(*, org: Organisation, member_id: int) -> Sequence[Commitment]:
    """What a member owes in person."""
    found = Commitment.objects.filter(OPEN, org=org, owner_member=member_id).select_related("owner_unit")
    return list(found.order_by("id"))


def history_about(*, org: Organisation, subject: str) -> Sequence[Commitment]:
    """Everything that was ever owed about a subject, oldest first, with its steps in `steps.all()`: two statements."""
    return list(_ever_about(org, subject).prefetch_related("steps"))


def debts_about(*, org: Organisation, subject: str) -> Sequence[Commitment]:
    """The same without its steps, nor those that are planned for it: one statement."""
    return DEBTS_ABOUT.ask(org=org.pk, subject=subject)


def _ever_about(org: Any, subject: Any) -> QuerySet[Commitment]:
    found = Commitment.objects.filter(org=org, subject=subject).select_related("owner_unit")
    return found.order_by("born_at", "id")


DEBTS_ABOUT = Composed(lambda: _ever_about(Blank("org"), Blank("subject")).defer("rungs"))


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


class Asked(NamedTuple):
    """A piece of a statement and the values of its places."""

    sql: str
    values: tuple[Any, ...] = ()

    def also(self, sql: str, *values: Any) -> Self:
        return self._replace(sql=f"{self.sql} AND {sql}", values=(*self.values, *values))


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
    window = Asked("due_at IS NOT NULL").also("visible_at <= %s", now)
    if until:
        window = window.also("due_at < %s", until)
    if after:
        window = window.also("(due_at, turn, id) > (%s, %s, %s)", *after)
    return _first(org, _ways(viewer, scope, reserved), window, limit)


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
    window = Asked("due_at IS NULL").also("visible_at <= %s", now).also("id > %s", after)
    return _first(org, _ways(viewer, scope, reserved), window, limit)


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
    window = Asked("due_at > %s", (first,)).also("due_at <= %s", last).also("visible_at <= %s", now)
    if not (ways := _ways(viewer, scope, reserved)):
        return load
    # Counted by due time first: what is due in days shares a few midnights, and the index alone counts them.
    each = _joined(org, ways, window, EACH_DUE)
    return load | dict(_answered(EACH_DAY.format(ways=each.sql), (str(calendar.zone), *each.values)))


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
    if not (ways := _ways(viewer, scope, reserved)):
        return 0
    late = Asked("due_at <= %s", (now,)).also("visible_at <= %s", now)
    # Ordered, so that the first rows come from an index however many match.
    found = _joined(org, ways, late, FIRST, cap + 1)
    [(count,)] = _answered(HOW_MANY.format(ways=found.sql), found.values)
    return min(int(count), cap + 1)


def _ways(viewer: Actor, scope: Scope, reserved: Subjects | None) -> list[Asked]:
    """The ways in which something open is the viewer's, no two of which hold the same debt. Each has its index."""
    own: list[Asked] = []
    if reserved is not None and scope != "team":
        with suppress(EmptyResultSet):  # there is none
            subjects, values = reserved.query.sql_with_params()
            own.append(Asked(IN_RESERVE).also(f"subject IN ({subjects})", *values))
    openly = Asked(OPENLY)
    if scope == "all":
        return own + ([openly] if viewer.everywhere else [])
    unit = viewer.unit_id
    if scope == "team":
        return [openly.also("owner_unit_id = %s", unit)] if unit is not None else []
    if viewer.member_id is not None:
        own.append(openly.also("owner_member_id = %s", viewer.member_id))
    if unit is None:
        return own
    of_unit = openly.also("owner_member_id IS NULL").also("owner_unit_id = %s", unit)
    return own + [of_unit.also("owner_role = %s", role) for role in ("", *sorted(viewer.roles))]


def _first(org: Organisation, ways: Sequence[Asked], window: Asked, limit: int) -> Sequence[Commitment]:
    """What comes first of all the ways, each cut in its own index, with everything a line shows."""
    if not ways:
        return []
    cut = _joined(org, ways, window, FIRST, limit)
    values = (*cut.values, limit)
    return _lines(cut.sql, len(values)).ask(**{str(place): value for place, value in enumerate(values)})


@lru_cache(maxsize=256)
def _lines(ways: str, places: int) -> Composed[Commitment]:
    """What a line shows of each, for all who have the same ways; the value of every place is named by its number."""
    chosen = RawSQL(FIRST_OF_ALL.format(ways=ways), [Blank(str(place)) for place in range(places)])
    found = Commitment.objects.select_related("owner_unit", "owner_member__account").defer("rungs")
    return Composed(lambda: found.filter(pk__in=chosen).order_by(*BY_DUE))


def _joined(org: Organisation, ways: Sequence[Asked], window: Asked, each: str, *last: Any) -> Asked:
    """The answers of all ways, one after the other."""
    pieces = [each.format(way=way.sql, window=window.sql) for way in ways]
    values = [one for way in ways for one in (org.pk, *way.values, *window.values, *last)]
    return Asked(" UNION ALL ".join(pieces), tuple(values))


def _answered(sql: str, values: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor)
