"""What a case is found by, and what was typed to find it: exact keys, words, and the neighbours of a misspelled one."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence

from escucha.contexts.people.rules import document_key, mailbox_of, phone_key

BLOCKS = (10, 13, 16)  # powers of two: how many neighbouring cases are looked at together
COMMON = 20  # a word seen so often is no slip of somebody's hand
MOST_WORDS, MOST_NEAR = 8, 6
SHORTEST = 3
NIT_DIGITS = 9
FIRMS = frozenset(["sas", "sa", "ltda", "sca", "esp", "eu"])
Piece = tuple[str, bool]  # a stretch of text, and whether it was looked for


def plain(text: str) -> str:
    """As texts are compared, and as the database makes them comparable: no capitals, no accents, single spaces."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return re.sub(r"[^a-z0-9]+", " ", bare.lower()).strip()


def contact_keys(*, document_kind: str, document_number: str, email: str, phones: Iterable[str]) -> list[str]:
    """How a person is found exactly. A NIT with its check digit is found without it too."""
    document = document_key(document_number)
    keys = [f"d:{document}"] if document else []
    if document_kind == "NIT" and len(document) > NIT_DIGITS:
        keys.append(f"d:{document[:NIT_DIGITS]}")
    if "@" in email:
        keys.append(f"e:{mailbox_of(email)}")
    called = dict.fromkeys(filter(None, map(phone_key, phones)))
    return keys + [f"p:{number}" for number in called]


def serial_key(filing_number: str) -> str:
    """How a case is found by the end of its number, whatever its year."""
    return f"s:{int(filing_number.rpartition('-')[2])}"


def place_keys(*, org_id: int, case_id: int) -> list[str]:
    """Where a case stands among those of its organisation."""
    return [f"o:{org_id}", *(block_key(org_id, bits, case_id >> bits) for bits in BLOCKS)]


def block_key(org_id: int, bits: int, block: int | str) -> str:
    return f"o:{org_id}.{bits}.{block}"


def holder_keys(*, unit_id: int | None, member_id: int | None, filed_by_id: int | None) -> list[str]:
    """Who holds a case, as a search without sight of everything asks it. What no unit has is of unit 0."""
    held = {"u": unit_id or 0, "m": member_id, "f": filed_by_id}
    return [f"{way}:{key}" for way, key in held.items() if key is not None]


def keys_said(typed: str) -> list[str]:
    """The exact keys that what was typed may be: a document, a telephone, an e-mail, the end of a number."""
    said = typed.strip()
    if re.fullmatch(r"[^\s@]+@[^\s@]+", said):
        return [f"e:{mailbox_of(said)}"]
    if len(re.findall(r"[A-Za-z]", said)) > 3 or len(re.findall(r"[0-9]", said)) < 1:
        return []
    document, phone = document_key(said), phone_key(said)
    digits = re.sub(r"\D", "", said)
    keys = [f"d:{document}"] if len(document) >= 4 else []
    if len(phone) >= 7:
        keys.append(f"p:{phone}")
    if digits == document and len(digits) <= 9 and int(digits):
        keys.append(f"s:{int(digits)}")
    return keys


def words_said(typed: str) -> list[str]:
    """The words to look for, each once, in their order; more than a few say no more.

    Beside others, a letter alone and what says of a firm only which kind it is are not asked: each writes them its way.
    """
    said = list(dict.fromkeys(plain(typed).split()))
    telling = [word for word in said if len(word) > 1 and word not in FIRMS]
    return (telling or said)[:MOST_WORDS]


def query_of(meant: Mapping[str, Sequence[str]], *, weight: str = "") -> str:
    """Every word, or what it may have meant: `(medicamneto | medicamento) & entrega`, as to_tsquery reads it."""
    mark = f":{weight}" if weight else ""
    groups = [" | ".join(f"{one}{mark}" for one in (word, *near)) for word, near in meant.items()]
    return " & ".join(f"({group})" for group in groups)


def meant_by(word: str, known: Mapping[str, int], *, sounding: Collection[str] = ()) -> list[str]:
    """What a word may have meant, of the words that are known with how often they were seen, the likeliest first.

    A word that is common itself means itself. Who stops in the middle of a word means those that begin so; those
    that sound the same are as near as one slip.
    """
    seen = known.get(word, 0)
    if seen >= COMMON:
        return []
    most = _slips(word)
    found = []
    for other, often in known.items():
        if other == word or (seen and often < COMMON):
            continue
        away = 0 if other.startswith(word) and len(word) > SHORTEST else distance(word, other, most=most)
        if other in sounding:
            away = min(away, 1)
        if away <= most:
            found.append((away, -often, len(other), other))
    return [other for _away, _often, _length, other in sorted(found)[:MOST_NEAR]]


def offered(meant: Mapping[str, Sequence[str]], texts: Iterable[str]) -> dict[str, list[str]]:
    """What each word was taken for, of what these texts say: what nobody may read is not told by a suggestion."""
    if not any(meant.values()):
        return {}
    said = {word for text in texts for word in plain(text).split()}
    found = {word: [one for one in near if one in said] for word, near in meant.items()}
    return {word: near for word, near in found.items() if near}


def pieces_of(text: str, stems: Collection[str], *, most: int = 0) -> list[Piece]:
    """A text in pieces, those that were looked for set apart: words that begin as one of the stems.

    With `most`, only so many words of it, from a little before the first that was looked for.
    """
    if not stems:
        return [(text, False)] if text else []
    tokens = re.split(r"(\w+)", text)  # what stands between two words, a word, and so on
    hits = [place for place in range(1, len(tokens), 2) if plain(tokens[place]).startswith(tuple(stems))]
    first, last = 0, len(tokens)
    if most and len(tokens) > 2 * most:
        first = min(max((hits[0] if hits else 1) - most // 2 // 2 * 2, 1), len(tokens) - 2 * most)
        first -= first % 2 == 0
        last = first + 2 * most - 1
    pieces: list[Piece] = [("… ", False)] if first > 1 else []
    for place in range(first, last):
        if tokens[place]:
            _extend(pieces, tokens[place], place in hits)
    return [*pieces, (" …", False)] if last < len(tokens) - 1 else pieces


def _extend(pieces: list[Piece], text: str, hit: bool) -> None:
    if pieces and pieces[-1][1] == hit:
        pieces[-1] = (pieces[-1][0] + text, hit)
    else:
        pieces.append((text, hit))


def distance(one: str, other: str, *, most: int = 9) -> int:
    """How many slips make one word the other: a letter more, less, another, or two that changed places.

    Beyond `most` it only says that it is beyond.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, same in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != same))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == same:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _slips(word: str) -> int:
    """How many slips a word of its length may have and still be recognised."""
    return 0 if len(word) <= SHORTEST else 1 if len(word) <= 5 else 2
