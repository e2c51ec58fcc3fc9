"""The facts these tests say, and acts about them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.chain import FIRST, entry_hash
from escucha.kernel.timeline.facts import SYSTEM, Actor, Fact
from escucha.kernel.timeline.models import Entry, Head
from escucha.kernel.timeline.record import latest, record

NOON = datetime(2026, 3, 2, 17, 0, 0, 123456, tzinfo=UTC)
BRUNO = Actor("staff", id="bruno", member_id=7)
CASE = "case:1"


@dataclass(frozen=True, kw_only=True)
class Spoken(Fact):
    """Anything that JSON can say."""

    body: Any = None

    verb = "tests.spoken"
    sentence = "Se dijo {body}"


@dataclass(frozen=True, kw_only=True)
class Counted(Fact):
    count: int
    unit: str = "días"
    marks: list[str] = field(default_factory=list)

    verb = "tests.counted"
    sentence = "Se contaron {count} {unit}"


def say(org: Organisation, *bodies: Any, subject: str = CASE, now: datetime = NOON) -> list[Entry]:
    """The entries of what was said, as they were written."""
    with transaction.atomic():
        for body in bodies:
            record(Spoken(subject=subject, body=body), org=org, by=SYSTEM, now=now)
        return last(org, subject, len(bodies))


def last(org: Organisation, subject: str = CASE, how_many: int = 1) -> list[Entry]:
    """The last entries about a subject, oldest first."""
    return [*reversed(latest(org=org, subject=subject, limit=how_many))]


def behind_the_back(statement: str, *values: Any) -> None:
    """What an administrator who switches triggers off can do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def rehash(org: Organisation, subject: str = CASE, *, start: int, end: int | None = None, head: bool = True) -> None:
    """Reckon a chain again from an entry on, as an insider who knows the format would."""
    before = Entry.objects.filter(org=org, subject=subject, number__lt=start).order_by("number").last()
    previous, last = (before.hash if before else FIRST), start - 1
    for entry in Entry.objects.filter(org=org, subject=subject, number__gte=start).order_by("number"):
        if end is not None and entry.number > end:
            return
        said = {name: getattr(entry, name) for name in ("verb", "data", "actor_kind", "actor_id", "member_id", "at")}
        made = entry_hash(previous=previous, org_id=org.pk, subject=subject, number=entry.number, **said)
        behind_the_back("UPDATE timeline_entry SET previous = %s, hash = %s WHERE id = %s", previous, made, entry.pk)
        previous, last = made, entry.number
    if head:
        Head.objects.filter(org=org, subject=subject).update(number=last, hash=previous)
