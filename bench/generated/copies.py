"""One life multiplied: its rows, with other ids, other days, another person and other words, ready for COPY.

Nothing here knows what a case is made of: whatever rows the verbs wrote are found by their keys and their subject. The
chain of each copy is hashed anew, so that `escucha verify` finds nothing wrong.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import psycopg

from escucha.kernel.timeline.chain import canonical, moment

DAY = re.compile(r"(?<!\d)(20\d\d-[01]\d-[0-3]\d)(?!\d)")
PARENTS = {"cases_case": {"person_id": "people_person"}}  # copied with the case, although it points to them
LEFT_OUT = frozenset(
    {"timeline_anchoredhead", "cases_searchentry", "cases_tally"}
)  # made again afterwards by those who own them
FRESH = {  # what every copy says in its own words, by table and column
    "cases_case": {"matter": "matter", "body": "body"},
    "people_person": {"name": "name", "document_number": "document", "email": "email", "phone": "phone"},
    "messaging_message": {"to": "email"},
}
NAMED = {"answer": "cases_answer", "remark": "cases_remark", "commitment": "commitments_commitment",
         "message": "messaging_message", "word": "cases_word"}  # fmt: skip
COLUMNS = """
SELECT c.table_name, array_agg(c.column_name::text ORDER BY c.ordinal_position) FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER' GROUP BY 1
"""
KEYS = """
SELECT c.conrelid::regclass::text, a.attname::text, c.confrelid::regclass::text
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
"""
UNIQUE_TEXTS = """
SELECT c.relname::text, array_agg(DISTINCT a.attname::text) FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey)
WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique
  AND format_type(a.atttypid, -1) ~ '^(character varying|text)' GROUP BY 1
"""
Row = Mapping[str, str | None]


@dataclass
class Schema:
    """The tables of this version, and which column points where."""

    columns: Mapping[str, Sequence[str]]
    keys: Mapping[tuple[str, str], str]
    unique_texts: Mapping[str, Sequence[str]]

    @classmethod
    def read(cls, connection: psycopg.Connection[Any]) -> "Schema":
        keys = {(table, column): target for table, column, target in connection.execute(KEYS)}
        unique = dict(connection.execute(UNIQUE_TEXTS).fetchall())
        return cls(dict(connection.execute(COLUMNS).fetchall()), keys, unique)

    def pointing_at(self, target: str) -> Iterator[tuple[str, str]]:
        for (table, column), where in self.keys.items():
            if where == target and table not in LEFT_OUT:
                yield table, column


@dataclass
class Life:
    """All rows of one case, as text, and the forms from which copies are printed."""

    case_id: str
    number: str
    filed_on: date
    closed: bool
    rows: dict[str, list[Row]]
    forms: list[tuple[str, str]] = field(default_factory=list)  # table and line
    entries: list[tuple[str, str]] = field(default_factory=list)  # name of the hash, what is hashed
    ids: dict[str, int] = field(default_factory=dict)  # how many of each table
    days: dict[str, int] = field(default_factory=dict)  # placeholder: ordinal


def life_of(connection: psycopg.Connection[Any], schema: Schema, case_id: int) -> Life:
    """Everything that hangs from a case, by keys and by subject."""
    found: dict[str, dict[str, Row]] = {}
    _take(connection, schema, found, "cases_case", "id", [str(case_id)])
    for table, columns in schema.columns.items():
        if "subject" in columns and "id" in columns and table not in LEFT_OUT:
            _take(connection, schema, found, table, "subject", [f"case:{case_id}"])
    for column, target in PARENTS["cases_case"].items():
        parent = found["cases_case"][str(case_id)][column]
        if parent:
            _take(connection, schema, found, target, "id", [parent], alone=True)
    case = found["cases_case"][str(case_id)]
    rows = {table: [by_id[key] for key in sorted(by_id, key=int)] for table, by_id in found.items() if by_id}
    filed = date.fromisoformat(str(case["filed_at"])[:10])
    life = Life(str(case_id), str(case["filing_number"]), filed, case["closed_at"] is not None, rows)
    _Printer(connection, schema, life).print()
    return life


def _take(
    connection: psycopg.Connection[Any],
    schema: Schema,
    found: dict[str, dict[str, Row]],
    table: str,
    column: str,
    values: list[str],
    *,
    alone: bool = False,
) -> None:
    columns = schema.columns[table]
    said = ", ".join(f'"{name}"::text' for name in columns)
    # Table and column are names of the schema itself.
    taken = connection.execute(f'SELECT {said} FROM "{table}" WHERE "{column}"::text = ANY(%s)', [values])  # type: ignore[arg-type]
    rows = [dict(zip(columns, row, strict=True)) for row in taken]
    known = found.setdefault(table, {})
    fresh = {str(row["id"]): row for row in rows if str(row["id"]) not in known}
    known |= fresh
    if fresh and not alone:
        for child, key in schema.pointing_at(table):
            _take(connection, schema, found, child, key, list(fresh))


class _Printer:
    """Writes the forms of a life: lines of COPY with a place for each thing that a copy has of its own."""

    def __init__(self, connection: psycopg.Connection[Any], schema: Schema, life: Life) -> None:
        self.connection, self.schema, self.life = connection, schema, life
        self.named = {
            (table, str(row["id"])): f"{table}.{place}"
            for table, rows in life.rows.items()
            for place, row in enumerate(rows)
        }
        self.hashes: dict[str, str] = {}

    def print(self) -> None:
        life = self.life
        life.ids = {table: len(rows) for table, rows in life.rows.items()}
        for row in life.rows.get("timeline_entry", []):
            self._hashed(row)
        for table, rows in life.rows.items():
            for row in rows:
                cells = [self._cell(table, row, column) for column in self.schema.columns[table]]
                life.forms.append((table, "\t".join(cells) + "\n"))

    def _hashed(self, row: Row) -> None:
        from escucha.kernel.timeline.models import Entry

        entry = Entry.objects.get(pk=int(str(row["id"])))
        name = f"hash.{len(self.hashes)}"
        said = {
            "v": 1, "previous": entry.previous, "org": entry.org_id, "subject": entry.subject, "number": entry.number,
            "verb": entry.verb, "data": entry.data, "at": moment(entry.at),
            "actor": [entry.actor_kind, entry.actor_id, entry.member_id],
        }  # fmt: skip
        text = canonical(said)
        if hashlib.sha256(text.encode()).hexdigest() != entry.hash:
            raise ValueError(f"entry {entry.pk} is not hashed as it is here")
        self.life.entries.append((name, self._own(text)))
        self.hashes[entry.hash] = name

    def _cell(self, table: str, row: Row, column: str) -> str:
        value = row[column]
        if value is None:
            return r"\N"
        if fresh := FRESH.get(table, {}).get(column):
            return f"%({fresh})s" if value else ""
        if name := self._pointed(table, column, value):
            return f"%({name})s"
        if value in self.hashes:
            return f"%({self.hashes[value]})s"
        if value != self.life.number and self._is_unique(table, column, value):
            return f"%(unique)s{column[:6]}{self.named[table, str(row['id'])].rpartition('.')[2]}"
        return self._own(value.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r"))

    def _pointed(self, table: str, column: str, value: str) -> str:
        target = table if column == "id" else self.schema.keys.get((table, column), "")
        return self.named.get((target, value), "")

    def _is_unique(self, table: str, column: str, value: str) -> bool:
        odd = column in self.schema.unique_texts.get(table, ())
        return odd and column not in ("subject", "kind", "name", "reaction") and len(value) > 12

    def _own(self, text: str) -> str:
        """A text with places for the days, the case, its number and the rows that it names."""
        text = text.replace("%", "%%")
        text = re.sub(rf"(?<!\w)case:{self.life.case_id}(?!\d)", "case:%(cases_case.0)s", text)
        text = text.replace(self.life.number, "%(number)s")
        for key, table in NAMED.items():
            text = re.sub(rf'("{key}": ?)(\d+)', lambda found, of=table: self._named(found, of), text)
        for previous, name in self.hashes.items():
            text = text.replace(previous, f"%({name})s")
        return DAY.sub(self._day, text)

    def _named(self, found: re.Match[str], table: str) -> str:
        name = self.named.get((table, found[2]))
        return f"{found[1]}%({name})s" if name else found[0]

    def _day(self, found: re.Match[str]) -> str:
        try:
            ordinal = date.fromisoformat(found[1]).toordinal()
        except ValueError:
            return found[0]
        self.life.days[f"day.{found[1]}"] = ordinal
        return f"%(day.{found[1]})s"
