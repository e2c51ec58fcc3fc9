"""Anchors: once a day the heads of all chains are sealed with a key that the database does not have.

Whoever can change the database, but has neither the key nor the copies of the anchors, cannot hide it from `verify`.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import connection, transaction

from escucha.kernel.timeline.chain import FIRST, VERSION, anchor_digest, canonical, moment
from escucha.kernel.timeline.models import Anchor, AnchoredHead

ONE_AT_A_TIME = 4_207_561_133
CHUNK = 5000
GROWN = """
INSERT INTO timeline_anchoredhead (anchor_id, org_id, subject, number, hash)
SELECT %s, head.org_id, head.subject, head.number, head.hash
FROM timeline_head head
LEFT JOIN (SELECT org_id, subject, max(number) AS number FROM timeline_anchoredhead GROUP BY org_id, subject) sealed
    ON sealed.org_id = head.org_id AND sealed.subject = head.subject
WHERE head.number > coalesce(sealed.number, 0)
"""


def key_at(path: Path) -> Ed25519PrivateKey:
    """The installation's key, made the first time in a file that only its owner reads."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        try:
            _write_new(path, made)
        except FileExistsError:
            pass  # another process made one meanwhile
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} holds no Ed25519 key")
    return key


def fingerprint(key: Ed25519PublicKey) -> str:
    """The short name of a key: the SHA-256 of its 32 bytes."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw))
    return digest.finalize().hex()


def take_anchor(*, now: datetime, key: Ed25519PrivateKey | None = None, folder: Path | None = None) -> Anchor:
    """Today's anchor with its copy in the folder of anchors; a day that has one already, or is past, gives the last.

    Key and folder are those of the settings unless given. A day is UTC's.
    """
    key, folder = key or key_at(settings.ANCHOR_KEY), folder or settings.ANCHORS
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        last = Anchor.objects.order_by("-id").first()
        if last is not None and last.taken_on >= now.astimezone(UTC).date():
            anchor = last
        else:
            anchor = _sealed(last.digest if last else FIRST, now, key)
    for taken in (last, anchor):  # a process killed between commit and copy is made good by the next
        if taken is not None:
            keep_copy(taken, folder)
    return anchor


def heads_of(anchor_id: int) -> Iterator[tuple[int, str, int, str]]:
    """The heads an anchor found, in the order of its digest; few in memory at a time."""
    found = AnchoredHead.objects.filter(anchor_id=anchor_id).order_by("org_id", "subject")
    return found.values_list("org_id", "subject", "number", "hash").iterator(chunk_size=CHUNK)


def statement(anchor: Anchor) -> dict[str, Any]:
    """What an anchor's signature is about."""
    return {
        "v": VERSION,
        "taken_at": moment(anchor.taken_at),
        "previous": anchor.previous,
        "digest": anchor.digest,
        "count": anchor.count,
        "key": anchor.key,
    }


def is_signed_by(anchor: Anchor, key: Ed25519PublicKey) -> bool:
    """Whether the signature is this key's and about these values."""
    try:
        key.verify(bytes.fromhex(anchor.signature), canonical(statement(anchor)).encode())
    except (InvalidSignature, ValueError):
        return False
    return anchor.key == fingerprint(key)


def copy_of(anchor: Anchor, folder: Path) -> Path:
    """Where the copy of an anchor is kept."""
    return folder / f"{anchor.taken_on}.json"


def written(anchor: Anchor) -> dict[str, Any]:
    """What the copy of an anchor says."""
    return statement(anchor) | {"signature": anchor.signature}


def keep_copy(anchor: Anchor, folder: Path) -> None:
    """Write the copy of an anchor, unless there is one; one that says something else is for `verify` to find."""
    file = copy_of(anchor, folder)
    if file.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    try:
        _write_new(file, (json.dumps(written(anchor), indent=2) + "\n").encode())
    except FileExistsError:
        return


def _write_new(file: Path, content: bytes) -> None:
    """A file that is there complete, readable by its owner only, or not at all. FileExistsError where there is one."""
    number, unfinished = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(number, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        os.link(unfinished, file)
    finally:
        os.unlink(unfinished)


def _sealed(previous: str, now: datetime, key: Ed25519PrivateKey) -> Anchor:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('timeline_anchor', 'id'))")
        anchor_id: int = cursor.fetchone()[0]
        # The anchor itself comes last, since it is never changed: its heads point at a row that is there at the end.
        cursor.execute(GROWN, [anchor_id])
    digest, count = anchor_digest(previous=previous, heads=heads_of(anchor_id))
    anchor = Anchor(
        pk=anchor_id,
        taken_at=now,
        taken_on=now.astimezone(UTC).date(),
        previous=previous,
        digest=digest,
        count=count,
        key=fingerprint(key.public_key()),
    )
    anchor.signature = key.sign(canonical(statement(anchor)).encode()).hex()
    anchor.save(force_insert=True)
    return anchor
