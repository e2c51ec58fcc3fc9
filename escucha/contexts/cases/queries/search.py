"""Finding cases by whatever somebody remembers of them.

What the viewer may not see is not found and not counted; a reserved case, by nobody.

What a search costs is bounded by what it shows: the newest cases are looked at first, a block of them at a time, and
older ones only while there is room for more.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection, transaction

from escucha.contexts.cases.models import Case, SearchEntry
from escucha.contexts.cases.queries.doors import listed_cases
from escucha.contexts.cases.rules.numbers import readings
from escucha.contexts.cases.rules.searching import (
    BLOCKS,
    COMMON,
    SHORTEST,
    Piece,
    block_key,
    keys_said,
    meant_by,
    offered,
    pieces_of,
    query_of,
    words_said,
)
from escucha.contexts.people.models import Person
from escucha.contexts.people.rules import document_key
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import central_unit
from escucha.kernel.timeline.facts import Actor

SHOWN, PEOPLE_SHOWN, WORDS_SHOWN = 50, 8, 30
ENOUGH = 120  # cases that are ranked
MOST_READ = 1000  # that one look may read
LOOKS = 6
LOOK = """
SELECT case_id, ts_rank(vector, to_tsquery('es', %(words)s)), vector @@ to_tsquery('es', %(names)s)
FROM cases_searchentry
WHERE vector @@ to_tsquery('es', %(words)s) AND keys && %(blocks)s {held} AND case_id < %(below)s
LIMIT %(most)s
"""
BY_KEY = """
SELECT case_id FROM cases_searchentry WHERE keys && %(keys)s AND keys @> %(org)s {held}
ORDER BY case_id DESC LIMIT %(most)s
"""
HELD = "AND keys && %(holders)s"
KNOWN = "SELECT word, seen FROM cases_searchword WHERE org_id = %(org)s AND word = ANY(%(said)s)"
NEAR = """
SELECT said.word, near.word, near.seen, near.sound = spanish_sound(said.word)
FROM unnest(%(said)s::text[]) AS said (word) CROSS JOIN LATERAL (
    (SELECT * FROM cases_searchword AS known
     WHERE known.org_id = %(org)s AND known.sound = spanish_sound(said.word) ORDER BY known.seen DESC LIMIT 20)
    UNION
    (SELECT * FROM cases_searchword AS known
     WHERE known.org_id = %(org)s AND known.word LIKE said.word || '%%' ORDER BY known.seen DESC LIMIT 20)
    UNION
    (SELECT * FROM cases_searchword AS known
     WHERE known.org_id = %(org)s AND known.word %% said.word ORDER BY similarity(known.word, said.word) DESC LIMIT 40)
) AS near
"""
STEMS = "SELECT tsvector_to_array(to_tsvector('es', %(words)s))"


class FoundPerson(NamedTuple):
    """Somebody whose name, document or contact was looked for, with how many of its cases were found."""

    person: Person
    cases: int


class Drawn(NamedTuple):
    """The subject of a case and some of its text, in pieces."""

    matter: Sequence[Piece]
    body: Sequence[Piece]


class Found(NamedTuple):
    """What a search found, each group with the likeliest first.

    `meant` says which words it took for which, of those that the cases it shows say.
    """

    numbers: Sequence[Case]
    people: Sequence[FoundPerson]
    cases: Sequence[Case]
    drawn: Mapping[int, Drawn]
    meant: Mapping[str, Sequence[str]]
    more: bool  # there are others: the newest were ranked

    @property
    def is_empty(self) -> bool:
        return not (self.numbers or self.people or self.cases)


NOTHING = Found((), (), (), {}, {}, False)


class Hit(NamedTuple):
    rank: float
    case_id: int
    named: bool  # by the person's name, not by what was told


def search_cases(
    *, org: Organisation, viewer: Actor, typed: str, series: str = "", year: int = 0, limit: int = SHOWN
) -> Found:
    """What somebody meant by what was typed: a number, a document, a telephone, an e-mail, a name or some words.

    `series` and `year` are those of a number said without them.
    """
    said = typed.replace("\x00", "").strip()[:200]
    if not said or not viewer.may("cases.see"):
        return NOTHING
    numbered = _by_number(org, viewer, said, series, year)
    keyed = _by_key(org, viewer, said)
    meant = {} if keyed else _meant(org, words_said(said))
    hits = _by_words(org, viewer, meant) if meant else []
    ids = keyed or [hit.case_id for hit in hits]
    shown = {case.pk: case for case in numbered}
    found = _seen(org, viewer, [one for one in ids if one not in shown])
    named = set(keyed) | {hit.case_id for hit in hits if hit.named}
    page = found[:limit]
    return Found(
        numbers=numbered,
        people=_people([case for case in [*found, *numbered] if case.pk in named]),
        cases=page,
        drawn=_drawn(page, meant),
        meant=offered(meant, map(_said_by, page)),
        more=len(found) > limit,
    )


def cases_of_person(*, org: Organisation, viewer: Actor, person_id: int, limit: int = SHOWN) -> Sequence[Case]:
    """The newest visible cases of a person. Where it asked not to be known it has none."""
    found = listed_cases(org=org, viewer=viewer).filter(person=person_id, identity_reserved=False)
    return list(found.select_related("person", "unit").order_by("-pk")[:limit])


def _by_number(org: Organisation, viewer: Actor, said: str, series: str, year: int) -> list[Case]:
    wanted = [one.number for one in filter(attrgetter("is_sound"), readings(said, series=series, year=year))]
    if not wanted:
        return []
    found = listed_cases(org=org, viewer=viewer).filter(filing_number__in=wanted)
    cases = {case.filing_number: case for case in found.select_related("person", "unit")}
    return [cases[number] for number in wanted if number in cases]


def _by_key(org: Organisation, viewer: Actor, said: str) -> list[int]:
    keys = keys_said(said)
    if not keys:
        return []
    asked: dict[str, Any] = {"keys": keys, "org": [f"o:{org.pk}"], "most": ENOUGH}
    with connection.cursor() as cursor:
        cursor.execute(BY_KEY.format(held=_held(viewer)), asked | {"holders": _holders(org, viewer)})
        return [pk for (pk,) in cursor]


def _meant(org: Organisation, words: Sequence[str]) -> dict[str, list[str]]:
    """Each word with what else it may have meant, from the words that the organisation's cases say."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, {"org": org.pk, "said": list(words)})
        known = dict(cursor.fetchall())
        odd = [word for word in words if known.get(word, 0) < COMMON and len(word) > SHORTEST and word.isalpha()]
        near: dict[str, dict[str, int]] = defaultdict(dict)
        sounding: dict[str, set[str]] = defaultdict(set)
        if odd:
            cursor.execute(NEAR, {"org": org.pk, "said": odd})
            for word, other, seen, same_sound in cursor:
                near[word][other] = seen
                if same_sound:
                    sounding[word].add(other)
    return {word: meant_by(word, near[word], sounding=sounding[word]) if word in near else [] for word in words}


def _by_words(org: Organisation, viewer: Actor, meant: Mapping[str, Sequence[str]]) -> list[Hit]:
    """The best of the newest cases that say every word, or what it may have meant."""
    newest = SearchEntry.objects.filter(org=org).order_by("-case").values_list("pk", flat=True).first()
    if newest is None:
        return []
    asked = {
        "words": query_of(meant),
        "names": query_of(meant, weight="B"),
        "holders": _holders(org, viewer),
        "most": MOST_READ,
    }
    hits: list[Hit] = []
    with _by_index_only() as cursor:
        for blocks, below in _blocks(org, newest, hits):
            cursor.execute(LOOK.format(held=_held(viewer)), asked | {"blocks": blocks, "below": below})
            hits += [Hit(rank, pk, named) for pk, rank, named in cursor]
    hits.sort(reverse=True)
    return hits[:ENOUGH]


def _blocks(org: Organisation, newest: int, hits: Sequence[Hit]) -> Iterator[tuple[list[str], int]]:
    """Where to look next, and below which case, until enough was found or everything was looked at.

    The newest block and the one before it; then, by how many were found so far, as large a one as is not too much to
    read, or all the rest at once.
    """
    last = newest >> BLOCKS[0]
    low = max(last - 1, 0) << BLOCKS[0]
    yield [block_key(org.pk, BLOCKS[0], block) for block in (last, last - 1) if block >= 0], newest + 1
    for _look in range(LOOKS):
        if low <= 0 or len(hits) >= ENOUGH:
            return
        room = MOST_READ * (newest - low + 1) // (len(hits) + 1)  # cases that hold as many hits as may be read
        if low <= room:
            break
        bits = max((bits for bits in BLOCKS if 1 << bits <= room), default=BLOCKS[0])
        block, below = (low - 1) >> bits, low
        low = block << bits
        yield [block_key(org.pk, bits, block)], below
    if low > 0 and len(hits) < ENOUGH:
        yield [f"o:{org.pk}"], low


@contextmanager
def _by_index_only() -> Iterator[Any]:
    """Words that are common seem to the planner to need no index, which would read the oldest cases first."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        yield cursor
        cursor.execute("RESET enable_seqscan; RESET enable_indexscan")


def _held(viewer: Actor) -> str:
    return "" if viewer.everywhere else HELD


def _holders(org: Organisation, viewer: Actor) -> list[str]:
    """How what this viewer may see was marked: at least that, since who may see it is asked of the cases themselves."""
    ways = {"u": viewer.unit_id, "m": viewer.member_id, "f": viewer.member_id}
    held = [f"{way}:{key}" for way, key in ways.items() if key is not None]
    if viewer.unit_id is not None and not viewer.everywhere and viewer.unit_id == central_unit(org).pk:
        held.append("u:0")
    return held


def _seen(org: Organisation, viewer: Actor, ids: Sequence[int]) -> list[Case]:
    """The cases among these that the viewer may see, in their order."""
    if not ids:
        return []
    found = listed_cases(org=org, viewer=viewer).filter(pk__in=ids).select_related("person", "unit")
    cases = {case.pk: case for case in found.defer("profile_version__document")}
    return [cases[pk] for pk in ids if pk in cases]


def _people(cases: Sequence[Case]) -> list[FoundPerson]:
    """Who these cases are of, each once however often it wrote its name, in the order of the cases."""
    counted: dict[Any, list[Person]] = defaultdict(list)
    for case in cases:
        person = case.person
        if person and not case.identity_reserved:
            counted[document_key(person.document_number) or person.pk].append(person)
    return [FoundPerson(same[0], len(same)) for same in counted.values()][:PEOPLE_SHOWN]


def _said_by(case: Case) -> str:
    """All that its finder may read of a case."""
    person = None if case.identity_reserved else case.person
    names = (person.name, person.contact_name) if person else ()
    return " ".join((case.matter, case.body, *names))


def _drawn(cases: Sequence[Case], meant: Mapping[str, Sequence[str]]) -> dict[int, Drawn]:
    """What the page shows of each case, with the words that were looked for set apart."""
    if not (cases and meant):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(STEMS, {"words": " ".join([*meant, *chain.from_iterable(meant.values())])})
        [stems] = cursor.fetchone()
    return {
        case.pk: Drawn(pieces_of(case.matter, stems), pieces_of(case.body, stems, most=WORDS_SHOWN)) for case in cases
    }
