"""The table of one's own where a file is put before any of it is an affiliate, and the few statements that merge it.

Everything is done to all rows at once. The table is this connection's alone and leaves nothing behind.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection

from escucha.contexts.assistance.rules.importing.reading import Fault, Said

FIELDS = (
    "plan", "relation", "first_name", "last_name", "document_kind", "document_number", "validator", "phone",
    "other_phone", "email", "area", "address", "status", "since_on", "until_on",
)  # fmt: skip
DAYS = ("since_on", "until_on")
COPIED = ("n", "bad", *Said._fields)
CREATE = f"""
DROP TABLE IF EXISTS pg_temp.staged_affiliates, pg_temp.staged_faults;
CREATE TEMPORARY TABLE staged_affiliates (
    n integer, bad boolean, external_key text, document text, holder text,
    {", ".join(f"{name} {'date' if name in DAYS else 'text'}" for name in FIELDS)}, keys text[], holder_id bigint
);
CREATE TEMPORARY TABLE staged_faults (n integer, heading text, reason text, other integer)
"""
DROP = "DROP TABLE IF EXISTS pg_temp.staged_affiliates, pg_temp.staged_faults"
PREPARE = """
SET LOCAL work_mem = '64MB'; SET LOCAL jit = off; ANALYZE staged_affiliates; ANALYZE staged_faults
"""
# One file at a time within an organisation: two that bring the same people would wait for each other in a ring.
ALONE = "SELECT pg_advisory_xact_lock(20261123, %(org)s)"
TWICE = """
WITH seen AS (
    SELECT n, first_value(n) OVER (PARTITION BY external_key ORDER BY n) AS other FROM staged_affiliates WHERE NOT bad
), told AS (
    INSERT INTO staged_faults SELECT n, %(heading)s, 'twice', other FROM seen WHERE n <> other RETURNING n
)
UPDATE staged_affiliates SET bad = true FROM told WHERE staged_affiliates.n = told.n
"""
# A holder may be in the file or already in the account.
WITHOUT_HOLDER = """
WITH lost AS (
    SELECT one.n FROM staged_affiliates AS one
    WHERE one.holder <> '' AND NOT one.bad
      AND NOT EXISTS (
          SELECT FROM staged_affiliates AS held WHERE held.document = one.holder AND held.holder = '' AND NOT held.bad
      )
      AND NOT EXISTS (
          SELECT FROM assistance_affiliate AS held
          WHERE held.org_id = %(org)s AND held.account = %(account)s AND held.holder_id IS NULL
            AND held.keys @> ARRAY['d:' || one.holder]::varchar[]
      )
), told AS (
    INSERT INTO staged_faults SELECT n, %(heading)s, 'no_holder', NULL FROM lost RETURNING n
)
UPDATE staged_affiliates SET bad = true FROM told WHERE staged_affiliates.n = told.n
"""
# Who was registered by hand and comes now from the client is the same person: it keeps its files.
RECOGNISE = """
WITH by_hand AS (
    SELECT DISTINCT ON (document) id, document FROM (
        SELECT id, substr(key, 3) AS document FROM assistance_affiliate, unnest(keys) AS key
        WHERE org_id = %(org)s AND account = %(account)s AND status = 'to_verify' AND last_import_id IS NULL
          AND starts_with(external_key, 'hand:') AND starts_with(key, 'd:')
    ) AS found ORDER BY document, id
), sent AS (
    SELECT document, min(external_key) AS external_key FROM staged_affiliates
    WHERE NOT bad AND document IN (SELECT document FROM by_hand) GROUP BY document HAVING count(*) = 1
)
UPDATE assistance_affiliate SET external_key = sent.external_key FROM by_hand JOIN sent USING (document)
WHERE assistance_affiliate.id = by_hand.id AND NOT EXISTS (
    SELECT FROM assistance_affiliate AS other
    WHERE other.org_id = %(org)s AND other.account = %(account)s AND other.external_key = sent.external_key
)
"""
HOLDERS_SENT = """
UPDATE staged_affiliates AS one SET holder_id = held.id FROM (
    SELECT sent.document, min(kept.id) AS id FROM staged_affiliates AS sent
    JOIN assistance_affiliate AS kept ON kept.org_id = %(org)s AND kept.account = %(account)s
        AND kept.external_key = sent.external_key
    WHERE sent.holder = '' AND NOT sent.bad AND sent.document <> ''
      AND sent.document IN (SELECT holder FROM staged_affiliates WHERE NOT bad AND holder <> '')
    GROUP BY sent.document
) AS held WHERE one.holder = held.document AND NOT one.bad
"""
HOLDERS_KNOWN = """
UPDATE staged_affiliates AS one SET holder_id = (
    SELECT (array_agg(kept.id ORDER BY kept.id))[1] FROM assistance_affiliate AS kept
    WHERE kept.org_id = %(org)s AND kept.account = %(account)s AND kept.holder_id IS NULL
      AND kept.keys @> ARRAY['d:' || one.holder]::varchar[]
) WHERE one.holder <> '' AND NOT one.bad AND one.holder_id IS NULL
"""
MERGE = """
WITH merged AS (
    INSERT INTO assistance_affiliate AS kept
        (org_id, account, holder_id, {fields}, keys, external_key, last_import_id, known_since, changed_at)
    SELECT %(org)s, %(account)s, holder_id, {fields}, keys, external_key, %(import)s, %(now)s, %(now)s
    FROM staged_affiliates WHERE NOT bad AND (holder = '') = %(holders)s
    ON CONFLICT (org_id, account, external_key) DO UPDATE SET
        {changes}, last_import_id = excluded.last_import_id, changed_at = excluded.changed_at
    WHERE ({before}) IS DISTINCT FROM ({after})
    RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM merged
"""
END = """
UPDATE assistance_affiliate AS kept SET status = 'inactive', last_import_id = %(import)s, changed_at = %(now)s
WHERE kept.org_id = %(org)s AND kept.account = %(account)s AND kept.status = 'active'
  AND NOT EXISTS (SELECT FROM staged_affiliates AS sent WHERE sent.external_key = kept.external_key)
"""
KEY_LETTERS = {"document_number": "d:", "validator": "v:"}
# Registered by hand, it stays to be verified by a person the first time that the client sends it.
STATUS = "CASE WHEN kept.status = 'to_verify' AND kept.last_import_id IS NULL THEN kept.status ELSE excluded.status END"
# A file that says one of the two days cannot leave a plan that ends before it begins.
ONE_DAY = {
    "since_on": "CASE WHEN kept.since_on > excluded.until_on THEN NULL ELSE kept.since_on END",
    "until_on": "CASE WHEN kept.until_on < excluded.since_on THEN NULL ELSE kept.until_on END",
}


class Merged(NamedTuple):
    new: int
    changed: int
    ended: int


def create() -> None:
    with connection.cursor() as cursor:
        cursor.execute(CREATE)


def drop() -> None:
    with connection.cursor() as cursor:
        cursor.execute(DROP)


def put(rows: Sequence[tuple[object, ...]], faults: Sequence[Fault]) -> None:
    """A batch of rows, by the order of COPIED, and what was wrong with others."""
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY staged_affiliates ({', '.join(COPIED)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        if faults:
            with cursor.copy("COPY staged_faults (n, heading, reason, other) FROM STDIN") as copy:
                for fault in faults:
                    copy.write_row(fault)


def row_of(number: int, said: Said) -> tuple[object, ...]:
    """A good row. Its keys have only letters, digits and a colon."""
    return (number, "f", *said[:-1], "{" + ",".join(said.keys) + "}")


def bad_row(number: int, key: str) -> tuple[object, ...]:
    """What cannot be taken still tells that somebody is in the file."""
    return (number, "t", key, *("",) * (2 + len(FIELDS) - len(DAYS)), None, None, "{}")


def prepare(values: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ALONE, values)
        cursor.execute(PREPARE)


def find_faults(values: Mapping[str, Any], *, key_heading: str, holder_heading: str, beneficiaries: bool) -> int:
    """How many more rows cannot be taken: those that repeat another, and beneficiaries of nobody."""
    with connection.cursor() as cursor:
        cursor.execute(TWICE, {**values, "heading": key_heading})
        found = cursor.rowcount
        if beneficiaries:
            cursor.execute(WITHOUT_HOLDER, {**values, "heading": holder_heading})
            found += cursor.rowcount
        return int(found)


def merge(values: Mapping[str, Any], *, said: frozenset[str], beneficiaries: bool, ends_missing: bool) -> Merged:
    """What the rows changed. `said`: the fields that the file has; the others stay as they were."""
    new = changed = ended = 0
    statement = _merging(said)
    with connection.cursor() as cursor:
        cursor.execute(RECOGNISE, values)
        for holders in (True, False) if beneficiaries else (True,):
            if not holders:
                cursor.execute(HOLDERS_SENT, values)
                cursor.execute(HOLDERS_KNOWN, values)
            cursor.execute(statement, {**values, "holders": holders})
            counted = cursor.fetchone()
            new, changed = new + counted[0], changed + counted[1]
        if ends_missing:
            cursor.execute(END, values)
            ended = cursor.rowcount
    return Merged(new, changed, ended)


def first_faults(limit: int) -> Sequence[Fault]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT n, heading, reason, other FROM staged_faults ORDER BY n LIMIT %s", [limit])
        return [Fault(*row) for row in cursor.fetchall()]


def all_faults() -> Iterator[Fault]:
    """In the order of the file, as they come from the server."""
    with connection.cursor() as cursor:
        statement = "COPY (SELECT n, heading, reason, other FROM staged_faults ORDER BY n, reason) TO STDOUT"
        with cursor.copy(statement) as copy:
            for number, heading, reason, other in copy.rows():
                yield Fault(int(number), heading, reason, None if other is None else int(other))


def _merging(said: frozenset[str]) -> str:
    after = {name: _after(name, said) for name in FIELDS if _after(name, said) != f"kept.{name}"}
    after["keys"] = _keys_after(said)
    if "holder_document" in said:
        after["holder_id"] = "excluded.holder_id"
    return MERGE.format(
        fields=", ".join(FIELDS),
        changes=", ".join(f"{name} = {value}" for name, value in after.items()),
        before=", ".join(f"kept.{name}" for name in after),
        after=", ".join(after.values()),
    )


def _after(name: str, said: frozenset[str]) -> str:
    if name == "status":
        return STATUS
    if name in said:
        return f"excluded.{name}"
    return ONE_DAY[name] if name in ONE_DAY and said & set(DAYS) else f"kept.{name}"


def _keys_after(said: frozenset[str]) -> str:
    """The keys of what the file says, and those of what it does not say and stays."""
    keys = ["excluded.keys"]
    letters = [letter for name, letter in KEY_LETTERS.items() if name not in said]
    phones = [name for name in ("phone", "other_phone") if name not in said]
    if len(phones) == 2:
        letters.append("t:")
    elif phones:
        digits = f"right(regexp_replace(kept.{phones[0]}, '[^0-9]', '', 'g'), 10)"
        keys.append(
            f"CASE WHEN {digits} = '' OR 't:' || {digits} = ANY (excluded.keys) THEN ARRAY[]::varchar[]"
            f" ELSE ARRAY['t:' || {digits}]::varchar[] END"
        )
    if letters:
        listed = ", ".join(f"'{letter}'" for letter in letters)
        keys.append(f"ARRAY(SELECT key FROM unnest(kept.keys) AS key WHERE left(key, 2) IN ({listed}))::varchar[]")
    return f"({' || '.join(keys)})"
