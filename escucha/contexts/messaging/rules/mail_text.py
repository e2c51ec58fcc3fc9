"""From the bytes of a text to its words: charsets that lie, flowed lines, and what is quoted from before."""

import codecs
import re
from typing import NamedTuple

MOST_SIGNS = 200_000  # of a text that people will read; the raw message keeps the rest
# Known to Python, but no charset of a letter: they change what was written, or take very long.
NO_CHARSETS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7", "oem", "mbcs"}
ALIASES = {"iso8859-1": "cp1252", "ascii": "cp1252", "utf8mb4": "utf-8", "ansi": "cp1252", "cp-850": "cp850"}
HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
ENDS = re.compile(r"\r\n|[\r\x85\u2028\u2029]")
GAPS = re.compile(r"\n{3,}")

ANSWERING = re.compile(
    r"^\s*(?:el |on |em |a |le |am )?.{0,200}?(?:escribió|escribio|wrote|escreveu)\s*:\s*$", re.IGNORECASE
)
ORIGINAL = re.compile(
    r"^\s*-{2,}\s*(?:mensaje original|original message|mensagem original|original appointment)\s*-{2,}\s*$",
    re.IGNORECASE,
)
FIRST_FIELD = re.compile(r"^\s*\*?(?:de|from|desde)\s*:\*?\s*\S", re.IGNORECASE)
NEXT_FIELD = re.compile(
    r"^\s*\*?(?:enviado(?: el| em)?|sent|fecha|date|data|para|to|asunto|subject|assunto|cc)\s*:\*?", re.IGNORECASE
)
RULE = re.compile(r"^\s*_{10,}\s*$")


class Folded(NamedTuple):
    """A letter without what it repeats of those before it, and that apart."""

    text: str
    quoted: str


def decoded(payload: bytes, charset: str | None) -> str:
    """The text of some bytes. What they are is believed before what they say they are; it never fails."""
    for name in _candidates(payload, charset):
        try:
            return payload.decode(name)
        except (UnicodeError, LookupError, ValueError):
            continue
    return payload.decode("cp1252", "replace")


def known_charset(name: str | None) -> str | None:
    """The codec of a charset as Python calls it, or None where there is none that a letter may use."""
    plain = re.sub(r"[^a-z0-9_.:-]", "", (name or "").lower())[:40]
    try:
        found = codecs.lookup(ALIASES.get(plain, plain))
    except (LookupError, ValueError):
        return None
    # There is no public way to ask whether a codec is for text.
    if not found._is_text_encoding or found.name.replace("_", "-") in NO_CHARSETS:  # type: ignore[attr-defined]
        return None
    return ALIASES.get(found.name, found.name)


def clean(text: str) -> str:
    """Without what no eye sees: control signs, marks that turn the direction, NULs. Lines end in one way."""
    lines = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\x85", "\n")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n")
    )
    return HIDDEN.sub("", lines.encode("utf-8", "replace").decode())


def one_line(text: str, most: int) -> str:
    return " ".join(clean(text).split())[:most].strip()


def trimmed(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in clean(text).split("\n"))
    return GAPS.sub("\n\n", lines).strip()[:MOST_SIGNS].rstrip()


def unflowed(text: str, *, delsp: bool = False) -> str:
    """RFC 3676: lines that end in a blank go on in the next one, within the same depth of quotation."""
    made: list[list[str]] = []
    open_depth = -1
    for raw in clean(text[: 2 * MOST_SIGNS]).split("\n"):
        depth = len(raw) - len(raw.lstrip(">"))
        line = raw[depth:].removeprefix(" ")
        flows = line.endswith(" ") and line != "-- "
        said = line[:-1] if delsp and flows else line
        if open_depth == depth and line != "-- ":
            made[-1].append(said)
        else:
            made.append([">" * depth + " " if depth else "", said])
        open_depth = depth if flows else -1
    return "\n".join("".join(line) for line in made)


def folded(text: str) -> Folded:
    """The words of this letter, and the earlier ones it carries below them.

    What is only a forward, or a quotation answered line by line, is the letter itself: nothing is taken away.
    """
    lines = trimmed(text).split("\n")
    start = _start_of_quotation(lines)
    own, quoted = "\n".join(lines[:start]).strip(), "\n".join(lines[start:]).strip()
    return Folded(own, quoted) if own and quoted else Folded("\n".join(lines).strip(), "")


def _start_of_quotation(lines: list[str]) -> int:
    marked_from = _start_of_last_marks(lines)
    for number, line in enumerate(lines):
        if ORIGINAL.match(line) or _begins_header(lines, number):
            return number - 1 if number and RULE.match(lines[number - 1]) else number
        if _begins_answer(lines, number, marked_from):
            return number
    return marked_from


def _begins_answer(lines: list[str], number: int, marked_from: int) -> bool:
    """`El martes … escribió:`, on one line or broken in two, and after it nothing but quoted lines."""
    return any(
        number + length >= marked_from < len(lines) and ANSWERING.match(" ".join(lines[number : number + length]))
        for length in (1, 2)
    )


def _begins_header(lines: list[str], number: int) -> bool:
    """The block of an earlier letter's headers as office programs write it: De, Enviado, Para, Asunto."""
    if not FIRST_FIELD.match(lines[number]):
        return False
    following = [line for line in lines[number + 1 : number + 7] if line.strip()]
    return sum(bool(NEXT_FIELD.match(line)) for line in following) >= 2


def _start_of_last_marks(lines: list[str]) -> int:
    """Where the quoted lines at the end begin; the end, if the letter goes on after them."""
    start = len(lines)
    while start and (lines[start - 1].startswith(">") or not lines[start - 1].strip()):
        start -= 1
    return start


def _candidates(payload: bytes, charset: str | None) -> list[str]:
    named = known_charset(charset)
    if payload.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ["utf-16", "cp1252"]
    if payload.startswith(b"\xef\xbb\xbf"):
        return ["utf-8-sig", "cp1252"]
    if named and named.startswith(("utf-16", "utf-32")) and b"\0" not in payload:  # the blanks alone would bring one
        return ["utf-8", named, "cp1252"]
    # Bytes beyond ASCII that are good UTF-8 are hardly ever something else, whatever a one-byte charset says.
    if named is None or named in ("cp1252", "utf-8") or named.startswith(("iso8859", "cp125", "latin")):
        return ["utf-8", *([named] if named else []), "cp1252"]
    return [named, "utf-8", "cp1252"]
