"""What a delivery report says (RFC 3464): which letter did not arrive, and whether that is for good.

Programs that write no such report are read by their habits: the letter they return, or its Message-ID in their text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser

from escucha.contexts.messaging.rules.mail_headers import FORGIVING, IDS, Letter, message_key, raw_value, raw_values
from escucha.contexts.messaging.rules.mail_parts import payload_of
from escucha.contexts.messaging.rules.mail_text import decoded

STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
CODE = re.compile(r"\b([45])\d\d[ -]")
MOST_PARTS = 100


@dataclass(frozen=True)
class Bounce:
    """`keys` are the Message-IDs that the report may be about. `status` is an enhanced code such as `5.1.1`."""

    keys: tuple[str, ...]
    status: str = ""
    is_final: bool = True


def bounce_of(letter: Letter) -> Bounce:
    parts = list(_parts(letter))
    fields = "\n".join(decoded(_report(part), None) for part in parts if _is_report(part))
    action = re.search(r"^Action:\s*([a-z-]+)", fields, re.IGNORECASE | re.MULTILINE)
    words = "\n".join(_words(part) for part in parts if part.get_content_type().startswith("text/"))
    status = STATUS.search(re.sub(r"(?im)^(?!Status:).*$", "", fields)) or STATUS.search(words)
    said = (action[1] if action else "").lower()
    keys = list(dict.fromkeys([*_keys_of_returned(parts), *raw_ids(letter), *IDS.findall(words)]))
    return Bounce(tuple(keys[:MOST_PARTS]), status[0] if status else "", _is_final(said, status, words))


def raw_ids(letter: Letter) -> Sequence[str]:
    return [
        one
        for name in ("In-Reply-To", "References")
        for value in raw_values(letter, name)
        for one in IDS.findall(value)
    ]


def _is_final(action: str, status: re.Match[str] | None, words: str) -> bool:
    if action:
        return action == "failed"
    if status:
        return status[1] == "5"
    code = CODE.search(words)
    return code is None or code[1] == "5"


def _parts(letter: Letter) -> Iterator[Letter]:
    waiting, given = [letter], 0
    while waiting and given < MOST_PARTS:
        part = waiting.pop(0)
        given += 1
        yield part
        below = part.get_payload()
        if isinstance(below, list):
            waiting.extend(one for one in below if isinstance(one, Message))


def _is_report(part: Letter) -> bool:
    return part.get_content_type() in ("message/delivery-status", "message/global-delivery-status")


def _report(part: Letter) -> bytes:
    """The blocks of fields, which the parser takes for letters: each without a body or, in a global report, the first.

    The others are then the body of that one.
    """
    below = part.get_payload()
    if not isinstance(below, list):
        return payload_of(part)
    letters = [one for one in below if isinstance(one, Message)]
    blocks = ["\n".join(f"{name}: {value}" for name, value in one.items()) for one in letters]
    return b"\n\n".join([*(one.encode("utf-8", "replace") for one in blocks), *map(payload_of, letters)])


def _keys_of_returned(parts: Sequence[Letter]) -> Iterator[str]:
    for part in parts[1:]:
        if part.get_content_type() == "text/rfc822-headers":
            headers = HeaderParser(policy=FORGIVING).parsestr(decoded(payload_of(part), None))
            yield from filter(None, [message_key(headers)])
        elif raw_value(part, "Message-ID"):
            yield from filter(None, [message_key(part)])


def _words(part: Letter) -> str:
    return decoded(payload_of(part)[:100_000], None)
