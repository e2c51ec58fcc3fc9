"""The headers of a letter as they really come: encoded, lying, repeated, broken or absent. Nothing here ever fails."""

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any, NamedTuple

from escucha.contexts.messaging.rules.mail_text import clean, decoded, one_line

type Letter = Message[Any, Any]
LONGEST = 20_000  # signs of a header that are looked at
LONGEST_OF_PART = 2_500  # of one about a part: its parameters are read pair by pair, again for each thing asked of it
MOST_REFERENCES = 100
ADDRESS = re.compile(r"[^\s<>@,;:\"()\[\]\\]{1,64}@[^\s<>@,;:\"()\[\]\\]{1,189}")
IDS = re.compile(r"<([^<>\s]{1,998})>")


class Mailbox(NamedTuple):
    address: str  # in lower case; empty where none can be read
    name: str


def raw_values(letter: Letter, name: str) -> Sequence[str]:
    """Every value of a header, unfolded, its eight-bit signs read as well as they can be."""
    return [re.sub(r"[\r\n]+[ \t]*", " ", str(value))[:LONGEST] for value in letter.get_all(name, [])]


def raw_value(letter: Letter, name: str) -> str:
    values = raw_values(letter, name)
    return values[0] if values else ""


def words_of(value: str, most: int) -> str:
    """A header's words, its encoded ones (RFC 2047) read, in one line: it can add no header to anything."""
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError, LookupError):
        return one_line(value, most)
    return one_line("".join(_part(part, charset) for part, charset in parts), most)


def mailboxes_of(letter: Letter, name: str) -> Sequence[Mailbox]:
    """The addresses of a header, each once. They are read before the encoded words, which may hide a comma or an @.

    One with signs that no eye sees is nobody's: cleaned, it might be somebody else's. A name that holds an address is
    none: it would be read as who wrote.
    """
    found: dict[str, Mailbox] = {}
    for value in raw_values(letter, name):
        for label, address in getaddresses([value], strict=False)[:MOST_REFERENCES]:
            one = address.strip().strip("<>").lower()
            if one == clean(one) and ADDRESS.fullmatch(one) and len(one) <= 254:
                name = words_of(label, 200)
                found.setdefault(one, Mailbox(one, "" if ADDRESS.search(name) else name))
        if not found and value == clean(value) and (bare := ADDRESS.search(value.lower())):
            found[bare[0]] = Mailbox(bare[0], "")
    return list(found.values())


def message_key(letter: Letter) -> str:
    """The Message-ID without its angle brackets, or empty. One too long to be kept is known by its digest."""
    value = raw_value(letter, "Message-ID")
    ids = IDS.findall(value) or value.split()
    if not ids:
        return ""
    key = one_line(ids[0].strip("<>"), 1000)
    return key if len(key) <= 250 else "sha256:" + hashlib.sha256(key.encode()).hexdigest()


def references_of(letter: Letter) -> Sequence[str]:
    """The letters it says it answers, the nearest first, each once."""
    answered = [one for value in raw_values(letter, "In-Reply-To") for one in IDS.findall(value)]
    before = [one for value in raw_values(letter, "References") for one in IDS.findall(value)]
    return list(dict.fromkeys([*answered, *reversed(before)]))[:MOST_REFERENCES]


def written_at(letter: Letter) -> datetime | None:
    """What the sender's clock said: worth showing, never worth counting from."""
    try:
        found = parsedate_to_datetime(raw_value(letter, "Date"))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def file_name_of(part: Letter) -> str:
    """The name a part was given, by RFC 2231 or by the encoded words that many programs write instead."""
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError, IndexError, AttributeError):
        name = str(part.get_param("name", "") or "")
    return words_of(name, 255)


def _part(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        return part
    return decoded(part, charset) if charset else part.decode("raw-unicode-escape", "replace")


class Forgiving(Compat32):
    """Headers in bare eight-bit signs, which the standard forbids and people send, are read and not blotted out.

    Those of a letter within a letter are written again as they were read: others refuse some, or encode them.
    """

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, _readable(value[: LONGEST_OF_PART if name.lower().startswith("content-") else LONGEST])

    def fold(self, name: str, value: str) -> str:
        lines = re.sub(r"[\r\n]+(?=([ \t])?)", lambda end: "\n" if end[1] else "\n ", value)
        return f"{name}: {lines}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("utf-8", "replace")


def _readable(value: str) -> str:
    try:
        return decoded(value.encode("ascii", "surrogateescape"), None) if _has_bytes(value) else value
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace").decode()


def _has_bytes(value: str) -> bool:
    return any("\udc80" <= sign <= "\udcff" for sign in value)


FORGIVING = Forgiving()
