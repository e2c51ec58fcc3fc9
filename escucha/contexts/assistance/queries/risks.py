"""Everything that is open, by how near it is to failing: what who supervises works from.

All of it is read, since the order is that of what is owed: a line is a few plain values, and only those of a page
become rows. Four statements, however many files there are.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from escucha.contexts.assistance.models import Assignment, Assistance, AssistanceFile
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.files import Filters, narrowed
from escucha.contexts.assistance.queries.ways import OF_WAY, STILL, place_of, way_of
from escucha.contexts.assistance.rules.risk import Risk, Span, Way, worst, would_be_late
from escucha.contexts.assistance.rules.stages import Priority
from escucha.kernel.commitments.queries import Brief, owed_briefly
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor

MOST = 5_000  # files of one reading; who has more narrows the list
NEVER = datetime.max.replace(tzinfo=UTC)
OF_FILE = ("pk", "country", "area", "lat", "lon", "coordinator", "coordinator__active", "has_any")
OF_ASSISTANCE = ("pk", "file", "position", "stage", "priority", "agreed_until")

Place = tuple[bool, datetime, int, int]  # where a line stands in the list


class Line(NamedTuple):
    """An open assistance; or an open file that has none open, whose row is that of its first one, or its own (0)."""

    file: int
    position: int
    vital: bool
    due_at: datetime | None
    risk: Risk
    late: bool  # who goes would arrive too late
    queued: bool  # nobody who works has it

    @property
    def place(self) -> Place:
        """Vital before the rest, and then by due time."""
        return (not self.vital, self.due_at or NEVER, self.file, self.position)


def lines_by_risk(
    *, org: Organisation, viewer: Actor, policy: AssistancePolicy, filters: Filters, now: datetime
) -> Sequence[Line]:
    """Every open line in its order: four statements."""
    wanted = narrowed(org, viewer, "open", filters, None, MOST).order_by("-pk")
    has_any = Exists(Assistance.objects.filter(file=OuterRef("pk")))
    files = list(wanted.annotate(has_any=has_any).values(*OF_FILE)[:MOST])
    if not files:
        return []
    going = _open_of(org, wanted if filters != Filters() else None)
    ways = _ways(org, {one["pk"] for one in going})
    subjects = [f"assistance_file:{one['pk']}" for one in files] + [f"assistance:{one['pk']}" for one in going]
    owed = owed_briefly(org=org, subjects=subjects, now=now)
    of: dict[int, list[Mapping[str, Any]]] = {}
    for one in going:
        of.setdefault(one["file"], []).append(one)
    lines = []
    for file in files:
        own = owed.get(f"assistance_file:{file['pk']}", [])
        held: Sequence[Mapping[str, Any] | None] = [*of.get(file["pk"], [])] or [None]
        for place, each in enumerate(held):
            if _wanted(each, filters):
                debts = owed.get(f"assistance:{each['pk']}", []) if each else []
                way = ways.get(each["pk"]) if each else None
                lines.append(_line(file, each, [*debts, *([] if place else own)], way, policy, now))
    return sorted(lines, key=lambda line: line.place)


def _wanted(held: Mapping[str, Any] | None, filters: Filters) -> bool:
    asked = {name: said for name in ("stage", "priority") if (said := getattr(filters, name))}
    return not asked or (held is not None and all(held[name] == said for name, said in asked.items()))


def _open_of(org: Organisation, files: QuerySet[AssistanceFile] | None) -> Sequence[Mapping[str, Any]]:
    found = Assistance.objects.filter(org=org, ended_at=None, file__closed_at=None)
    if files is not None:
        found = found.filter(file__in=files.values("pk")[:MOST])
    return list(found.order_by("file", "position").values(*OF_ASSISTANCE))


def _ways(org: Organisation, going: set[int]) -> Mapping[int, Way | None]:
    sent = Assignment.objects.filter(org=org, state__in=sorted(STILL), assistance__agreed_until__isnull=False)
    return {
        one["assistance"]: way_of(one)
        for one in sent.values("assistance", "state", *OF_WAY)
        if one["assistance"] in going
    }


def _line(
    file: Mapping[str, Any],
    held: Mapping[str, Any] | None,
    debts: Sequence[Brief],
    way: Way | None,
    policy: AssistancePolicy,
    now: datetime,
) -> Line:
    late = False
    if held and way:
        there = place_of(policy, file["area"], file["lat"], file["lon"])
        hour = now.astimezone(policy.zone_of(file["country"])).hour
        late = would_be_late(way._replace(there=there), until=held["agreed_until"], hour=hour, now=now)
    return Line(
        file=file["pk"],
        position=held["position"] if held else int(file["has_any"]),
        vital=held is not None and held["priority"] == Priority.VITAL,
        due_at=min((one.due_at for one in debts), default=None),
        risk=worst((Span(one.counted_from, one.due_at) for one in debts), late=late, now=now),
        late=late,
        queued=file["coordinator"] is None or not file["coordinator__active"],
    )
