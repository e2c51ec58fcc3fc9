"""Writing the bitácora and reading it aloud. An entry is chained to the one before it about the same subject."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from escucha.kernel.composed import Blank, Composed
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline import relay
from escucha.kernel.timeline.aloud import fact_of
from escucha.kernel.timeline.chain import FIRST, as_stored, canonical, entry_hash, moment
from escucha.kernel.timeline.facts import Actor, Fact
from escucha.kernel.timeline.models import Entry
from escucha.kernel.timeline.news import CHANNEL, TELL, News, tell
from escucha.kernel.timeline.saying import Said, is_under_way, say
from escucha.kernel.words import _

# The heads are locked in one order, so that two acts about the same subjects wait and do not block each other.
LOCK = """
INSERT INTO timeline_head (org_id, subject, number, hash)
SELECT %s, subject, 0, %s FROM unnest(%s::text[]) AS subject
ON CONFLICT (org_id, subject) DO UPDATE SET number = timeline_head.number
RETURNING subject, number, hash
"""
FREE = """
WITH held AS (
    SELECT subject FROM timeline_head WHERE org_id = %(org)s AND subject = ANY(%(subjects)s)
    ORDER BY subject FOR NO KEY UPDATE SKIP LOCKED
)
SELECT asked.subject FROM unnest(%(subjects)s::text[]) AS asked (subject)
WHERE asked.subject IN (SELECT held.subject FROM held)
   OR NOT EXISTS (SELECT FROM timeline_head AS head WHERE head.org_id = %(org)s AND head.subject = asked.subject)
"""
WRITE = """
WITH entry AS (
    INSERT INTO timeline_entry
        (org_id, actor_kind, actor_id, member_id, at, subject, number, verb, data, previous, hash)
    SELECT %(org)s, new.kind, new.actor, new.member, %(at)s, new.subject, new.number, new.verb, new.data, new.previous,
           new.hash
    FROM unnest(%(kinds)s::text[], %(actors)s::text[], %(members)s::bigint[], %(subjects)s::text[], %(numbers)s::int[],
                %(verbs)s::text[], %(data)s::json[], %(previous)s::text[], %(hashes)s::text[])
        AS new (kind, actor, member, subject, number, verb, data, previous, hash)
    RETURNING id, subject, number
), head AS (
    {heads}
), errand AS (
    INSERT INTO timeline_errand (org_id, entry_id, reaction, attempts, next_try_at, error)
    SELECT %(org)s, entry.id, owed.reaction, 0, %(at)s, ''
    FROM unnest(%(errand_subjects)s::text[], %(errand_numbers)s::int[], %(errand_reactions)s::text[])
        AS owed (subject, number, reaction)
    JOIN entry ON entry.subject = owed.subject AND entry.number = owed.number
)
{news}
"""
HEADS = """unnest(%(head_subjects)s::text[], %(head_numbers)s::int[], %(head_hashes)s::text[])
        AS new (subject, number, hash)"""
GO_ON = WRITE.format(
    heads=f"""UPDATE timeline_head SET number = new.number, hash = new.hash FROM {HEADS}
    WHERE timeline_head.org_id = %(org)s AND timeline_head.subject = new.subject""",
    news=TELL,
)
BEGIN = WRITE.format(
    heads=f"INSERT INTO timeline_head (org_id, subject, number, hash) SELECT %(org)s, new.* FROM {HEADS}", news=TELL
)
LAST = 2**31 - 1  # no subject has as many entries


def record(fact: Fact, *, org: Organisation, by: Actor, now: datetime) -> None:
    """Write the fact and the errands it causes, in the caller's transaction: two statements.

    Inside an act it is written when the act ends, with all that is said in it: two statements for the whole act.
    """
    record_each([(fact, by)], org=org, now=now)


def record_first(fact: Fact, *, org: Organisation, by: Actor, now: datetime) -> None:
    """The first fact about a subject that this very act made, of which nobody else can tell yet: one statement."""
    _record([_Told(fact, by, org, now)], begins=True)


def record_all(facts: Sequence[Fact], *, org: Organisation, by: Actor, now: datetime) -> None:
    """Write the facts of one act, in their order; as many statements as for one.

    Raises RuntimeError outside a transaction, and TypeError or ValueError, before anything is written, for a value
    that JSON cannot say or a moment without zone.
    """
    record_each([(fact, by) for fact in facts], org=org, now=now)


def record_each(told: Sequence[tuple[Fact, Actor]], *, org: Organisation, now: datetime) -> None:
    """The same, where not all the facts of an act are of the same actor."""
    _record([_Told(fact, by, org, now) for fact, by in told])


class _Told(Said):
    """A fact as it will stand in the bitácora."""

    def __init__(self, fact: Fact, by: Actor, org: Organisation, now: datetime) -> None:
        moment(now)
        self.fact, self.by, self.org, self.now, self.body = fact, by, org, now, _body(fact)


def _record(told: Sequence[_Told], *, begins: bool = False) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("a fact is recorded in the transaction of its act")
    if is_under_way():
        for one in told:
            say(one)
    elif told:
        _write(told, begins=begins)


def write_down(said: Sequence[Said]) -> None:
    """What was said in an act, all together: its verbs are of one organisation and of one moment."""
    told, news = [one for one in said if isinstance(one, _Told)], [one.text for one in said if isinstance(one, News)]
    for _of, together in groupby(told, key=lambda one: (one.org.pk, one.now)):
        _write(list(together), news=news)
        news = []
    if news:
        tell(news)


def _write(told: Sequence[_Told], *, begins: bool = False, news: Sequence[str] = ()) -> None:
    org, subjects = told[0].org, sorted({one.fact.subject for one in told})
    with connection.cursor() as cursor:
        heads = dict.fromkeys(subjects, (0, FIRST))
        if not begins:
            cursor.execute(LOCK, [org.pk, FIRST, subjects])
            heads = {subject: (number, hash_) for subject, number, hash_ in cursor.fetchall()}
        entries = [_chained(one, heads) for one in told]
        columns = _columns(told, entries, heads) | {"channel": CHANNEL, "news": list(news)}
        cursor.execute(BEGIN if begins else GO_ON, columns)


def hold_free(*, org: Organisation, subjects: Collection[str]) -> set[str]:
    """Those of the subjects that no other act is recording about, held for this transaction; it never waits.

    For the clocks: who takes a subject only while it is free can never stop an act that waits for it.
    """
    with connection.cursor() as cursor:
        cursor.execute(FREE, {"org": org.pk, "subjects": sorted(subjects)})
        return {subject for (subject,) in cursor.fetchall()}


def entries_about(
    *, org: Organisation, subject: str, after: int | None = None, limit: int | None = None
) -> Sequence[Entry]:
    """The entries about a subject, oldest first; with `after`, those that follow that number."""
    found = Entry.objects.filter(org=org, subject=subject, number__gt=after or 0).order_by("number")
    return list(found[:limit])


def latest(*, org: Organisation, subject: str, before: int | None = None, limit: int = 20) -> Sequence[Entry]:
    """The last entries about a subject, newest first; with `before`, those that precede that number."""
    return _latest(limit).ask(org=org.pk, subject=subject, before=LAST if before is None else before)


@cache
def _latest(limit: int) -> Composed[Entry]:
    def compose() -> QuerySet[Entry]:
        found = Entry.objects.filter(org=Blank("org"), subject=Blank("subject"), number__lt=Blank("before"))
        return found.order_by("-number")[:limit]

    return Composed(compose)


def newest(*, org: Organisation, before: int | None = None, limit: int = 40) -> Sequence[Entry]:
    """The last entries of an organisation in the order of recording; with `before`, those older than that id."""
    found = Entry.objects.filter(org=org)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[:limit])


def sentence_of(entry: Entry) -> tuple[str, dict[str, Any]]:
    """How an entry is read aloud: a sentence to translate, with its values."""
    fact = fact_of(entry)
    if fact is None or not fact.sentence:
        return _("Quedó registrado: {verb}"), {"verb": entry.verb}
    return fact.sentence, asdict(fact)


def _body(fact: Fact) -> dict[str, Any]:
    data = asdict(fact)
    data.pop("subject")
    stored: dict[str, Any] = as_stored(data)
    return stored


def _chained(told: _Told, heads: dict[str, tuple[int, str]]) -> dict[str, Any]:
    number, previous = heads[told.fact.subject]
    entry: dict[str, Any] = {
        "subject": told.fact.subject,
        "number": number + 1,
        "verb": told.fact.verb,
        "data": told.body,
        "actor_kind": told.by.kind,
        "actor_id": told.by.id,
        "member_id": told.by.member_id,
        "at": told.now,
        "previous": previous,
    }
    entry["hash"] = entry_hash(org_id=told.org.pk, **entry)
    heads[told.fact.subject] = entry["number"], entry["hash"]
    return entry


def _columns(
    told: Sequence[_Told], entries: Sequence[Mapping[str, Any]], heads: dict[str, tuple[int, str]]
) -> dict[str, Any]:
    owed = [
        (entry["subject"], entry["number"], reaction)
        for one, entry in zip(told, entries, strict=True)
        for reaction in relay.reactions_to(one.fact)
    ]
    return {
        "org": told[0].org.pk,
        "at": told[0].now,
        "kinds": [entry["actor_kind"] for entry in entries],
        "actors": [entry["actor_id"] for entry in entries],
        "members": [entry["member_id"] for entry in entries],
        "subjects": [entry["subject"] for entry in entries],
        "numbers": [entry["number"] for entry in entries],
        "verbs": [entry["verb"] for entry in entries],
        "data": [canonical(entry["data"]) for entry in entries],
        "previous": [entry["previous"] for entry in entries],
        "hashes": [entry["hash"] for entry in entries],
        "head_subjects": list(heads),
        "head_numbers": [number for number, _hash in heads.values()],
        "head_hashes": [hash_ for _number, hash_ in heads.values()],
        "errand_subjects": [subject for subject, _number, _reaction in owed],
        "errand_numbers": [number for _subject, number, _reaction in owed],
        "errand_reactions": [reaction for _subject, _number, reaction in owed],
    }
