"""The floor of a verb: the rows it wrote, written again by plain SQL, one statement a table, nothing decided."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import psycopg
from psycopg import sql

BY_TRIGGER = {"cases_tally"}  # written by the database itself with the rows of another table, here too
SHIFT = 1_000_000_000  # between the ids of the model row and those of each copy
SNAPSHOT = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum), coalesce((
        SELECT array_agg(DISTINCT k.attname::text) FROM pg_index i
        JOIN pg_attribute k ON k.attrelid = i.indrelid AND k.attnum = ANY(i.indkey)
        WHERE i.indrelid = c.oid AND i.indisunique AND format_type(k.atttypid, -1) ~ '^(character varying|text)'
    ), '{}')
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY c.oid
"""
KEYS = """
SELECT c.conrelid::regclass::text, a.attname::text, c.confrelid::regclass::text
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
"""


@dataclass
class Written:
    """The rows of one table that the verb inserted, and how many it changed."""

    table: str
    columns: list[str]
    unique_texts: set[str]
    inserted: list[tuple[str | None, ...]]
    changed: list[str]


def rows_written_by(connection: psycopg.Connection, verb: Callable[[], object]) -> list[Written]:
    """What the verb writes when run once, alone on the server."""
    tables = connection.execute(TABLES).fetchall()
    last = {table: _last(connection, table) for table, columns, _unique in tables if "id" in columns}
    begin = connection.execute(SNAPSHOT).fetchone()
    verb()
    assert begin is not None
    tables = [table for table in tables if table[0] not in BY_TRIGGER]
    found = [_written(connection, *table, begin=begin[0], last=last.get(table[0], 0)) for table in tables]
    return [one for one in found if one.inserted or one.changed]


def floor_of(connection: psycopg.Connection, written: Sequence[Written]) -> Iterator[float]:
    """Seconds of each transaction that writes such rows again, one whenever asked."""
    keys = {(table, column): target for table, column, target in connection.execute(KEYS).fetchall()}
    new_ids = {one.table: {row[one.columns.index("id")] for row in one.inserted} for one in written}
    for copy in count(1):
        statements = [
            statement for one in written for statement in _statements(one, _renumbered(one, copy, keys, new_ids))
        ]
        begun = time.perf_counter()
        with connection.transaction():
            for text, values in statements:
                connection.execute(text, values)
        yield time.perf_counter() - begun


def forget(connection: psycopg.Connection, written: Sequence[Written]) -> None:
    """The copies go; the rows that the verb wrote stay."""
    connection.execute("SET session_replication_role = replica")  # nothing else is told of it
    for one in written:
        connection.execute(sql.SQL("DELETE FROM {} WHERE id >= {}").format(sql.Identifier(one.table), SHIFT))
    connection.execute("SET session_replication_role = DEFAULT")


def _last(connection: psycopg.Connection, table: str) -> int:
    found = connection.execute(sql.SQL("SELECT max(id) FROM {}").format(sql.Identifier(table))).fetchone()
    return found[0] if found and isinstance(found[0], int) else 0


def _written(
    connection: psycopg.Connection, table: str, columns: list[str], unique: list[str], *, begin: int, last: int
) -> Written:
    texts = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(column)) for column in columns)
    new = sql.SQL("SELECT {} FROM {} WHERE xmin::text::bigint >= %s").format(texts, sql.Identifier(table))
    rows = connection.execute(new, [begin]).fetchall() if "id" in columns else []
    place = columns.index("id") if "id" in columns else 0
    inserted = [row for row in rows if int(row[place]) > last]
    changed = [row[place] for row in rows if int(row[place]) <= last]
    return Written(table, columns, set(unique), inserted, changed)


def _renumbered(
    one: Written, copy: int, keys: Mapping[tuple[str, str], str], new_ids: Mapping[str, set[str | None]]
) -> list[str | None]:
    values = []
    for row in one.inserted:
        for column, value in zip(one.columns, row, strict=True):
            target = one.table if column == "id" else keys.get((one.table, column), "")
            if value is not None and value in new_ids.get(target, ()):
                value = str(int(value) + SHIFT * copy)
            elif value is not None and column in one.unique_texts:
                value = f"{value[:20]}~{copy}"
            values.append(value)
    return values


def _statements(one: Written, values: list[str | None]) -> list[tuple[sql.Composed, list[str | None]]]:
    table = sql.Identifier(one.table)
    found: list[tuple[sql.Composed, list[str | None]]] = []
    if one.inserted:
        row = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(one.columns)))
        names = sql.SQL(", ").join(map(sql.Identifier, one.columns))
        rows = sql.SQL(", ").join([row] * len(one.inserted))
        found.append(
            (sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES {}").format(table, names, rows), values)
        )
    if one.changed:
        column = sql.Identifier(one.columns[-1])
        ids = sql.SQL(", ").join(map(sql.Literal, map(int, one.changed)))
        found.append((sql.SQL("UPDATE {} SET {} = {} WHERE id IN ({})").format(table, column, column, ids), []))
    return found
