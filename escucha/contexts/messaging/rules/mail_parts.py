"""The parts of a letter: which one people read, and which are files. Each file keeps its claimed name and its bytes."""

import re
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.errors import InvalidBase64LengthDefect
from email.message import Message

from tnefparse import TNEF

from escucha.contexts.messaging.rules.mail_headers import Letter, file_name_of, raw_value, words_of
from escucha.contexts.messaging.rules.mail_pages import html_text
from escucha.contexts.messaging.rules.mail_text import decoded, trimmed, unflowed

MOST_PARTS = 500
DEEPEST = 30
LONGEST_STUB = 200  # signs of a `see this letter as a page`
MUCH_MORE = 3
READ = {"text/plain", "text/html", "text/enriched", "text/richtext"}
WINMAIL = {"application/ms-tnef", "application/vnd.ms-tnef"}
NAMES = {  # of parts that come without one
    "text/calendar": "invitacion.ics",
    "message/rfc822": "mensaje.eml",
    "application/pgp-signature": "firma.asc",
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s",
    "application/pkcs7-mime": "smime.p7m",
    "application/pgp-encrypted": "version.asc",
    "text/html": "mensaje.html",
    "message/delivery-status": "informe-de-entrega.txt",
    "text/rfc822-headers": "encabezados.txt",
}
ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "application/pdf": ".pdf"}
BASE64 = re.compile(rb"[A-Za-z0-9+/]{2,}")
NO_WORDS = re.compile(r"[\s>|*_.-]*")


@dataclass(frozen=True)
class Attachment:
    """A file that came with a letter, as its sender named and called it. Neither is believed anywhere."""

    name: str
    claimed_kind: str
    content: bytes = field(repr=False)
    inline: bool = False


@dataclass
class Contents:
    """What the parts of a letter hold: the words people read, the files, and what stopped the reading, if anything."""

    words: list[str] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    seen: int = 0
    is_cut: bool = False  # parts below the deepest, or beyond the last one counted, stayed unread

    @property
    def text(self) -> str:
        return trimmed("\n\n".join(one for one in self.words if one.strip()))


def contents_of(letter: Letter) -> Contents:
    found = Contents()
    _take(letter, found, depth=0)
    return found


def _take(part: Letter, found: Contents, *, depth: int) -> None:
    if found.seen >= MOST_PARTS or depth > DEEPEST:
        found.is_cut = True
        return
    found.seen += 1
    kind = part.get_content_type()
    if part.get_content_maintype() == "message":
        found.files.append(_file(part))
    elif part.is_multipart():
        _take_several(part, kind, found, depth=depth + 1)
    elif kind in WINMAIL or file_name_of(part).lower() == "winmail.dat":
        _take_winmail(part, found)
    elif _is_words(part, kind):
        found.words.append(_words(part, kind))
    elif payload_of(part) or file_name_of(part):
        found.files.append(_file(part))


def _take_several(part: Letter, kind: str, found: Contents, *, depth: int) -> None:
    below = [one for one in part.get_payload() if isinstance(one, Message)]
    if kind == "multipart/alternative":
        _take_alternatives(below, found, depth=depth)
        return
    for one in below:
        _take(one, found, depth=depth)


def _take_alternatives(below: Sequence[Letter], found: Contents, *, depth: int) -> None:
    """Of the ways in which a letter says the same, the plainest that says it; the files of all of them."""
    ways: list[tuple[bool, Contents]] = []
    for one in below:
        inside = Contents(seen=found.seen)
        _take(one, inside, depth=depth)
        found.seen, found.is_cut = inside.seen, found.is_cut or inside.is_cut
        found.files.extend(inside.files)
        if not NO_WORDS.fullmatch(inside.text):
            ways.append((one.get_content_type() == "text/plain", inside))
    if ways:
        _is_plain, chosen = next((way for way in ways if way[0]), ways[0])
        found.words.extend(_fullest(chosen, [inside for _is_plain, inside in ways]).words)


def _fullest(chosen: Contents, ways: Sequence[Contents]) -> Contents:
    """The one chosen, unless it is a word that sends the reader to another, which says much more and not that."""
    words = " ".join(chosen.text.split())
    richer = (one for one in ways if len(one.text) > MUCH_MORE * len(words) and words not in " ".join(one.text.split()))
    return chosen if len(words) > LONGEST_STUB else max(richer, key=lambda one: len(one.text), default=chosen)


def _is_words(part: Letter, kind: str) -> bool:
    if part.get_content_maintype() == "multipart":  # it says that it has parts, and has none
        return True
    return kind in READ and not _is_file(part)


def _is_file(part: Letter) -> bool:
    disposition = raw_value(part, "Content-Disposition").partition(";")[0].strip().lower()
    return disposition == "attachment" or bool(file_name_of(part))


def _words(part: Letter, kind: str) -> str:
    text = decoded(payload_of(part), _parameter(part, "charset"))
    if kind == "text/html" or (kind != "text/plain" and "<" in text):
        return html_text(text)
    if _parameter(part, "format").lower() == "flowed":
        return unflowed(text, delsp=_parameter(part, "delsp").lower() == "yes")
    return text


def _parameter(part: Letter, name: str) -> str:
    try:
        value = part.get_param(name, "") or ""
    except (ValueError, LookupError, TypeError):
        return ""
    return str(value[2] if isinstance(value, tuple) else value)


def payload_of(part: Letter) -> bytes:
    """The bytes of a part; of one that holds a letter or parts, that letter as it came, as near as can be."""
    if part.is_multipart():
        inside = part.get_payload()
        return b"\n".join(_as_bytes(one) for one in inside) if isinstance(inside, list) else b""
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError):
        payload = str(part.get_payload()).encode("utf-8", "replace")
    if not isinstance(payload, bytes):
        return b""
    broken = any(isinstance(one, InvalidBase64LengthDefect) for one in part.defects)
    return _salvaged(payload) if broken else payload


def _salvaged(encoded: bytes) -> bytes:
    """Of a base64 that was cut or written over, what comes before the first sign that is none."""
    found = BASE64.match(encoded)
    if found is None:
        return encoded
    whole = found[0][: len(found[0]) - (len(found[0]) % 4 == 1)]
    return b64decode(whole + b"==")


def _as_bytes(letter: Letter | str) -> bytes:
    if isinstance(letter, str):
        return letter.encode("utf-8", "replace")
    try:
        return letter.as_bytes()
    except (UnicodeError, LookupError, TypeError, AttributeError):
        return letter.as_string().encode("utf-8", "replace")


def _file(part: Letter) -> Attachment:
    kind = part.get_content_type()
    name = file_name_of(part)
    if not name and kind == "message/rfc822":
        name = _name_of_letter(part)
    inline = raw_value(part, "Content-Disposition").lower().startswith("inline") or bool(raw_value(part, "Content-ID"))
    return Attachment(name or _usual_name(kind), kind[:120], payload_of(part), inline)


def _usual_name(kind: str) -> str:
    return NAMES.get(kind) or "adjunto" + ENDINGS.get(kind, "")


def _name_of_letter(part: Letter) -> str:
    inside = part.get_payload()
    if isinstance(inside, list) and inside and isinstance(inside[0], Message):
        title = words_of(raw_value(inside[0], "Subject"), 80)
        return f"{title}.eml" if title else ""
    return ""


def _take_winmail(part: Letter, found: Contents) -> None:
    """What an office program wrapped in a winmail.dat: its files, and its words where the letter has no others."""
    data = payload_of(part)
    try:
        inside = TNEF(data, do_checksum=False)
        files = list(_wrapped(inside))
        words = _wrapped_words(inside)
    except Exception:  # the library raises whatever it stumbles upon
        files, words = [], ""
    if not files and not words:
        found.files.append(_file(part))
        return
    found.files.extend(files)
    if words and not found.text:
        found.words.append(words)


def _wrapped(inside: TNEF) -> Iterator[Attachment]:
    for one in inside.attachments[:MOST_PARTS]:
        name = one.long_filename() or one.name or ""
        said = name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
        yield Attachment(
            words_of(said.strip("\0"), 255) or "adjunto", "application/octet-stream", bytes(one.data or b"")
        )


def _wrapped_words(inside: TNEF) -> str:
    for body, is_page in ((inside.body, False), (inside.htmlbody, True)):
        if body:
            text = decoded(body, None) if isinstance(body, bytes) else str(body)
            return html_text(text) if is_page else trimmed(text)
    return ""
