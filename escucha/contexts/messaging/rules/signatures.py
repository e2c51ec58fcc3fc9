"""What binds an answer to its case: an address and a Message-ID that only we can have made.

A signature says that we wrote to somebody about a subject, never that whoever brings it is that somebody.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

LENGTH = 20  # signs of base32: a hundred bits
SIGNED = f"[a-z2-7]{{{LENGTH}}}"
TOKEN = re.compile(rf"([a-z]{{1,20}})-([1-9][0-9]{{0,17}})-({SIGNED})")
REFERENCE = re.compile(rf"m([1-9][0-9]{{0,17}})\.([a-z]{{1,20}})-([1-9][0-9]{{0,17}})\.({SIGNED})")
OLD_REFERENCE = re.compile(r"([1-9][0-9]{0,17})\.([1-9][0-9]{0,17})\.escucha")
SUBJECT = re.compile(r"[a-z]{1,20}:[1-9][0-9]{0,17}")


class Reference(NamedTuple):
    """One of our messages, by the Message-ID it left with."""

    message: int
    subject: str


def reply_token(key: bytes, *, org_id: int, subject: str) -> str:
    """What goes behind the `+` of our address in a letter about a subject. ValueError for an odd subject."""
    if not SUBJECT.fullmatch(subject):
        raise ValueError(f"{subject!r} is no subject")
    return f"{subject.replace(':', '-')}-{_signature(key, 'reply', org_id, subject)}"


def subject_of_token(keys: Iterable[bytes], token: str, *, org_id: int) -> str:
    """The subject of a token that we made for this organisation; empty for every other."""
    found = TOKEN.fullmatch(token.lower()) if token.isascii() else None
    if found is None:
        return ""
    subject = f"{found[1]}:{found[2]}"
    return subject if _is_signed(keys, found[3], "reply", org_id, subject) else ""


def reply_address(mailbox: str, token: str) -> str:
    """`caja@example.org` with a token: an address of that box that says which subject it is about."""
    name, _at, place = mailbox.rpartition("@")
    return f"{name}+{token}@{place}"


def tokens_in(addresses: Iterable[str], *, mailboxes: Iterable[str]) -> Sequence[str]:
    """What stands behind the `+` in the addresses that are of one of our mailboxes."""
    ours = {one.strip().lower() for one in mailboxes}
    found = []
    for address in addresses:
        name, _at, place = address.strip().lower().rpartition("@")
        box, plus, token = name.partition("+")
        if plus and token and f"{box}@{place}" in ours:
            found.append(token)
    return found


def reference_of(key: bytes, *, org_id: int, message: int, subject: str) -> str:
    """The Message-ID, without its place, of a message about a subject."""
    if not SUBJECT.fullmatch(subject):
        raise ValueError(f"{subject!r} is no subject")
    return f"m{message}.{subject.replace(':', '-')}.{_signature(key, 'message', org_id, subject, message)}"


def read_reference(keys: Iterable[bytes], message_id: str, *, org_id: int) -> Reference | None:
    """Which of our messages a Message-ID names. None for one that we did not sign."""
    found = REFERENCE.fullmatch(message_id.rpartition("@")[0].lower()) if message_id.isascii() else None
    if found is None:
        return None
    message, subject = int(found[1]), f"{found[2]}:{found[3]}"
    if not _is_signed(keys, found[4], "message", org_id, subject, message):
        return None
    return Reference(message, subject)


def unsigned_reference(message_id: str, *, org_id: int) -> int | None:
    """The message that an unsigned Message-ID of an earlier release names: a hint for people, never a proof."""
    found = OLD_REFERENCE.fullmatch(message_id.rpartition("@")[0].lower())
    return int(found[1]) if found and int(found[2]) == org_id else None


def _is_signed(keys: Iterable[bytes], signature: str, *parts: object) -> bool:
    return any([hmac.compare_digest(signature, _signature(key, *parts)) for key in keys])


def _signature(key: bytes, *parts: object) -> str:
    if not key:
        raise ValueError("an empty key signs nothing")
    said = "\n".join(str(part) for part in parts).encode()
    made = base64.b32encode(hmac.digest(key, said, hashlib.sha256)).decode().lower()
    return made[:LENGTH]
