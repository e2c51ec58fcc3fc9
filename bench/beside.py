"""The floors that stand beside the pages and verbs of `volume`: the same rows by plain SQL, on the same server."""

from collections.abc import Callable, Sequence
from itertools import count, islice
from statistics import median
from typing import Any, LiteralString

import psycopg

from bench.filing import WORDS, a_person, inside, watched
from bench.floor import floor_of, forget, rows_written_by
from bench.tick import DUE, fill, rate

TIMES, STEPS, CLOCKS, AT_ONCE = 60, 20_000, 4, 500
LIST = """
SELECT one.*, person.*, unit.* FROM cases_case one LEFT JOIN people_person person ON person.id = one.person_id
LEFT JOIN orgs_unit unit ON unit.id = one.unit_id
WHERE one.org_id = %(org)s AND one.closed_at IS NULL ORDER BY one.due_at, one.turn, one.id LIMIT 51
"""
DEEP = """
SELECT one.*, person.*, unit.* FROM cases_case one LEFT JOIN people_person person ON person.id = one.person_id
LEFT JOIN orgs_unit unit ON unit.id = one.unit_id
WHERE one.org_id = %(org)s AND (one.filed_at, one.id) < (%(at)s, %(id)s) AND one.closed_at IS NOT NULL
ORDER BY one.filed_at DESC, one.id DESC LIMIT 51
"""
AGENDA = """
SELECT owed.*, one.*, person.* FROM commitments_commitment owed
LEFT JOIN cases_case one ON one.id = substr(owed.subject, 6)::bigint
LEFT JOIN people_person person ON person.id = one.person_id
WHERE owed.org_id = %(org)s AND owed.settled_at IS NULL AND NOT owed.reserved AND owed.owner_member_id IS NULL
AND owed.owner_unit_id = %(unit)s AND owed.owner_role = '' AND owed.due_at IS NOT NULL
ORDER BY owed.due_at, owed.turn, owed.id LIMIT 51
"""
CASE = (
    """
    SELECT one.*, person.*, unit.* FROM cases_case one LEFT JOIN people_person person ON person.id = one.person_id
    LEFT JOIN orgs_unit unit ON unit.id = one.unit_id WHERE one.org_id = %(org)s AND one.filing_number = %(number)s
    """,
    "SELECT * FROM commitments_commitment WHERE org_id = %(org)s AND subject = %(subject)s",
    """
    SELECT * FROM timeline_entry WHERE org_id = %(org)s AND subject = %(subject)s
    ORDER BY number DESC LIMIT %(entries)s
    """,
    "SELECT * FROM messaging_message WHERE org_id = %(org)s AND subject = %(subject)s",
    "SELECT * FROM documents_attachment WHERE org_id = %(org)s AND subject = %(subject)s",
    "SELECT * FROM cases_answer WHERE case_id = %(case)s",
    "SELECT * FROM cases_word WHERE case_id = %(case)s",
)
SEARCH = """
SELECT one.*, person.* FROM cases_searchentry entry JOIN cases_case one ON one.id = entry.case_id
LEFT JOIN people_person person ON person.id = one.person_id
WHERE entry.org_id = %(org)s AND entry.vector @@ websearch_to_tsquery('es', plain_words(%(said)s)) LIMIT 51
"""
MONTHS = """
SELECT case_type, date_trunc('month', filed_on), count(*) FROM cases_case WHERE org_id = %(org)s AND NOT reserved
GROUP BY 1, 2
"""


class Floors:
    """What the verb that files and the tick write, seen once while the database is small, and written again at will."""

    def __init__(self, plain: psycopg.Connection[Any], *, org: Any) -> None:
        self._plain, self._org, self._numbers = plain, org, count()
        self._file()  # what is read once in a process is read now
        self._filed = rows_written_by(plain, self._file)
        fill(AT_ONCE, "seen:")
        self._ticked = rows_written_by(plain, _tick)

    def filing(self) -> tuple[float, float]:
        """Seconds in the database of the verb and of its floor; in turns, so that what else goes on falls on both."""
        with watched() as clock:
            pairs = [(inside(clock, self._file), least) for least in islice(floor_of(self._plain, self._filed), TIMES)]
        forget(self._plain, self._filed)
        return median(verb for verb, _least in pairs), median(least for _verb, least in pairs)

    def tick(self, *, size: int) -> tuple[float, float]:
        """Steps a second that are due at once: by some clocks, and as rows written by one connection."""
        by_clocks = rate(STEPS, CLOCKS, run=f"due{size}:")
        batches = list(islice(floor_of(self._plain, self._ticked), STEPS // AT_ONCE))
        forget(self._plain, self._ticked)
        return by_clocks, AT_ONCE / median(batches)

    def _file(self) -> object:
        from django.utils import timezone

        from escucha.contexts.cases.operations.filing import file_case
        from escucha.kernel.timeline.facts import CITIZEN

        number, now = next(self._numbers), timezone.now()
        person = a_person(number, mailbox="piso", documents=1_998_000_000)
        return file_case(
            org=self._org, channel="web", matter="La reserva no aparecía", body=WORDS, person=person,
            filing_key=f"floor-{now.timestamp()}", by=CITIZEN, now=now,
        )  # fmt: skip


def case_floor(plain: psycopg.Connection[Any], *, org: int, number: str, entries: int = 20) -> Callable[[], object]:
    """What the page of a case shows, one statement a table."""
    [case] = _first(plain, "SELECT id FROM cases_case WHERE org_id = %s AND filing_number = %s", [org, number])
    said = {"org": org, "number": number, "case": case, "subject": f"case:{case}", "entries": entries}
    return lambda: [plain.execute(statement, said).fetchall() for statement in CASE]


def central_unit(plain: psycopg.Connection[Any], *, org: int) -> int:
    [unit] = _first(plain, "SELECT id FROM orgs_unit WHERE org_id = %s AND central", [org])
    return int(unit)


def _first(plain: psycopg.Connection[Any], statement: LiteralString, values: Sequence[object]) -> tuple[Any, ...]:
    row = plain.execute(statement, values).fetchone()
    assert row is not None
    return tuple(row)


def _tick() -> int:
    from escucha.kernel.commitments.clock import tick

    return tick(now=DUE, limit=AT_ONCE)
