"""The format of the chain: what is hashed, written one way only.

Plain Python. Whoever has an entry and the hash before it can reckon its hash again, here or with other tools.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

FIRST = "0" * 64  # what the first entry of a chain, or the first anchor, follows
VERSION = 1


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no spaces, ASCII. TypeError or ValueError for what JSON cannot say."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def as_stored(value: Any) -> Any:
    """The value as it comes back from JSON: keys are strings, tuples are lists."""
    return json.loads(json.dumps(value, allow_nan=False))


def moment(at: datetime) -> str:
    """A moment in UTC with its microseconds. ValueError for one without zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def entry_hash(
    *,
    previous: str,
    org_id: int,
    subject: str,
    number: int,
    verb: str,
    data: Any,
    actor_kind: str,
    actor_id: str,
    member_id: int | None,
    at: datetime,
) -> str:
    """The hash of an entry, which holds the hash of the one before it about the same subject."""
    said = {
        "v": VERSION,
        "previous": previous,
        "org": org_id,
        "subject": subject,
        "number": number,
        "verb": verb,
        "data": data,
        "actor": [actor_kind, actor_id, member_id],
        "at": moment(at),
    }
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def anchor_digest(*, previous: str, heads: Iterable[tuple[int, str, int, str]]) -> tuple[str, int]:
    """The digest of an anchor and how many heads it holds.

    `heads` are organisation, subject, number and hash, sorted; they are read once and none is kept.
    """
    digest, count = hashlib.sha256(canonical({"v": VERSION, "previous": previous}).encode()), 0
    for head in heads:
        digest.update(b"\n" + canonical(list(head)).encode())
        count += 1
    return digest.hexdigest(), count
