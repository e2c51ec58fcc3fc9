"""A million cases in some minutes: copies printed by two processes, each into its own COPY, indexes made afterwards."""

import hashlib
import time
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from multiprocessing import get_context
from random import Random
from typing import Any

import psycopg

from bench.generated.copies import Life, Schema
from bench.generated.spanish import Texts

YEARS, BATCH, PROCESSES = 8, 5_000, 2
OPEN_SHARE = 0.06
ISO = [date.fromordinal(day).isoformat() for day in range(date(2010, 1, 1).toordinal(), date(2035, 1, 1).toordinal())]
FIRST_DAY = date(2010, 1, 1).toordinal()
SERIES = "PQR"
PLAIN_INDEXES = """
SELECT i.tablename::text, i.indexname::text, i.indexdef FROM pg_indexes i
LEFT JOIN pg_constraint c ON c.conname = i.indexname AND c.connamespace = 'public'::regnamespace
WHERE i.schemaname = 'public' AND c.oid IS NULL AND i.tablename = ANY(%s)
"""


@dataclass(frozen=True)
class Plan:
    """Which life each copy is, and by how many days it is moved; in the order of filing."""

    lives: Sequence[Life]
    copies: Sequence[tuple[int, int, int]]  # day of filing, place of the life, days it is moved

    @classmethod
    def draw(cls, closed: Sequence[Life], still_open: Sequence[Life], *, count: int, until: date, seed: int) -> "Plan":
        """`count` copies over the years up to `until`, the later years fuller; six of a hundred are open now."""
        random, lives = Random(seed), [*closed, *still_open]
        lengths = list(accumulate(year + 4 for year in range(YEARS)))
        found = []
        for _ in range(count - round(count * OPEN_SHARE)):
            place = random.randrange(len(closed))
            year = bisect(lengths, random.random() * lengths[-1])
            ago = (YEARS - year - 1) * 365 + random.randrange(365) + 90
            found.append(_moved(lives, place, until.toordinal() - ago - lives[place].filed_on.toordinal()))
        for _ in range(round(count * OPEN_SHARE)):
            place = len(closed) + random.randrange(len(still_open))
            found.append(_moved(lives, place, -7 * random.randrange(3)))
        return cls(lives, sorted(found))


def _moved(lives: Sequence[Life], place: int, days: int) -> tuple[int, int, int]:
    days -= days % 7  # a Monday stays a Monday
    return lives[place].filed_on.toordinal() + days, place, days


def multiply(url: str, plan: Plan, *, first: int, seed: int) -> float:
    """Loads the copies, of which there were `first` before. Returns the seconds, with indexes and statistics."""
    begun = time.perf_counter()
    with psycopg.connect(url, autocommit=True) as connection:
        schema = Schema.read(connection)
        tables = sorted({table for life in plan.lives for table in life.ids})
        last = {table: _highest(connection, table) for table in tables}
        half = len(plan.copies) // PROCESSES
        bounds = [place * half for place in range(PROCESSES)] + [len(plan.copies)]
        shares = [(bounds[place], bounds[place + 1]) for place in range(PROCESSES)]
        with _without_indexes(connection, tables):
            with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
                done = [pool.submit(_load, url, schema, plan, share, last, first, seed) for share in shares]
                for one in done:
                    one.result()
        _catch_up(connection, tables, plan)
    return time.perf_counter() - begun


def _load(
    url: str, schema: Schema, plan: Plan, share: tuple[int, int], last: dict[str, int], first: int, seed: int
) -> None:
    press = Press(plan, share, last, Texts(seed + share[0]), first=first)
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")  # keys and chains are right by construction
        for lines in press.batches():
            with connection.transaction(), connection.cursor() as cursor:
                for table, printed in lines.items():
                    names = ", ".join(f'"{name}"' for name in schema.columns[table])
                    # Names are those of the schema itself.
                    with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:  # type: ignore[arg-type]
                        copy.write("".join(printed))


class Press:
    """Prints the copies of a share of the plan."""

    def __init__(self, plan: Plan, share: tuple[int, int], last: dict[str, int], texts: Texts, *, first: int) -> None:
        self.plan, self.share, self.texts, self.first = plan, share, texts, first
        self.next, self.serials = {table: highest + 1 for table, highest in last.items()}, dict[int, int]()
        for day, place, _days in plan.copies[: share[0]]:
            self._number(day)
            for table, rows in plan.lives[place].ids.items():
                self.next[table] += rows

    def batches(self) -> Iterator[dict[str, list[str]]]:
        lines: dict[str, list[str]] = {}
        for number in range(*self.share):
            day, place, moved = self.plan.copies[number]
            self._print(number, day, self.plan.lives[place], moved, lines)
            if (number + 1) % BATCH == 0:
                yield lines
                lines = {}
        yield lines

    def _print(self, number: int, day: int, life: Life, moved: int, lines: dict[str, list[str]]) -> None:
        said = self._own_values(self.first + number, day)
        for table, rows in life.ids.items():
            first = self.next[table]
            self.next[table] += rows
            for place in range(rows):
                said[f"{table}.{place}"] = first + place
        for name, ordinal in life.days.items():
            said[name] = ISO[ordinal + moved - FIRST_DAY]
        for name, text in life.entries:
            said[name] = hashlib.sha256((text % said).encode()).hexdigest()
        for table, form in life.forms:
            lines.setdefault(table, []).append(form % said)

    def _own_values(self, number: int, day: int) -> dict[str, Any]:
        texts = self.texts
        return {
            "number": self._number(day),
            "matter": texts.matter(),
            "body": texts.body(),
            "name": texts.name(),
            "document": 1_990_000_000 + number,
            "email": f"persona{number}@example.org",
            "phone": f"300 000 {number % 1000:04d}",
            "unique": f"copy-{number:010x}-",
        }

    def _number(self, day: int) -> str:
        year = date.fromordinal(day).year
        self.serials[year] = serial = self.serials.get(year, self.first + 10_000) + 1  # after those there are
        return f"{SERIES}-{year}-{serial:06d}"


@contextmanager
def _without_indexes(connection: psycopg.Connection[Any], tables: Sequence[str]) -> Iterator[None]:
    indexes = connection.execute(PLAIN_INDEXES, [list(tables)]).fetchall()
    for _table, name, _definition in indexes:
        # Names are those of the schema itself.
        connection.execute(f'DROP INDEX "{name}"')  # type: ignore[arg-type]  # names read from the schema
    try:
        yield
    finally:
        connection.execute("SET maintenance_work_mem = '512MB'")
        for _table, _name, definition in indexes:
            connection.execute(definition)


def _highest(connection: psycopg.Connection[Any], table: str) -> int:
    # Names are those of the schema itself.
    found = connection.execute(f'SELECT max(id) FROM "{table}"').fetchone()  # type: ignore[arg-type]
    return int(found[0] or 0) if found else 0


def _catch_up(connection: psycopg.Connection[Any], tables: Sequence[str], plan: Plan) -> None:
    """Sequences and consecutive numbers go on after the copies; the planner knows the new sizes."""
    for table in tables:
        # Names are those of the schema itself.
        connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM \"{table}\"")  # type: ignore[arg-type]
    for year in {date.fromordinal(day).year for day, _place, _moved in plan.copies}:
        connection.execute(
            """
            INSERT INTO orgs_counter (org_id, series, year, last)
            SELECT org_id, %(series)s, %(year)s, max(right(filing_number, 6)::int) FROM cases_case
            WHERE filing_number LIKE %(like)s GROUP BY org_id
            ON CONFLICT (org_id, series, year) DO UPDATE SET last = excluded.last
            """,
            {"series": SERIES, "year": year, "like": f"{SERIES}-{year}-%"},
        )
    connection.execute("VACUUM ANALYZE")


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
