"""How a text message travels: in which alphabet, in how many segments, and written with fewer odd signs.

The GSM 7-bit alphabet (3GPP TS 23.038) has é, ñ and ü, and has no á, í, ó nor ú: one of them turns the whole text
into UCS-2, where a segment holds less than half.
"""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")  # an escape and a sign: two places, never parted
ALONE = {"GSM-7": 160, "UCS-2": 70}
TOGETHER = {"GSM-7": 153, "UCS-2": 67}  # the rest of the segment says which part of the text it is
LONGEST = 10  # segments that gateways take of one text
PLAIN = str.maketrans(
    {
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‘’‚´`", "'"),
        **dict.fromkeys("‐‑‒–—−•·", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f\t", " "),
        "…": "...",
        "º": "o",
        "ª": "a",
        "\u200b": "",
        "\ufeff": "",
    }
)


class Measure(NamedTuple):
    """What a text costs: one for each segment."""

    alphabet: str
    segments: int


def measured(text: str) -> Measure:
    """The alphabet that a text needs, and how many segments it fills. An empty one still is a message."""
    alphabet = "GSM-7" if is_gsm(text) else "UCS-2"
    widths = list(_widths(text, alphabet))
    if sum(widths) <= ALONE[alphabet]:
        return Measure(alphabet, 1)
    segments, room = 1, TOGETHER[alphabet]
    for width in widths:
        if width > room:
            segments, room = segments + 1, TOGETHER[alphabet]
        room -= width
    return Measure(alphabet, segments)


def is_gsm(text: str) -> bool:
    return all(sign in BASIC or sign in EXTENDED for sign in text)


def plain(text: str) -> str:
    """The text in the GSM alphabet as far as it can be: `más` is `mas`, `año` stays. No letter is left out."""
    if is_gsm(text):
        return text
    return "".join(_plain(sign) for sign in unicodedata.normalize("NFC", text).translate(PLAIN))


def _widths(text: str, alphabet: str) -> Iterator[int]:
    if alphabet == "GSM-7":
        return (2 if sign in EXTENDED else 1 for sign in text)
    return (2 if ord(sign) > 0xFFFF else 1 for sign in text)  # a pair of surrogates is not parted either


def _plain(sign: str) -> str:
    if is_gsm(sign):
        return sign
    bare = "".join(part for part in unicodedata.normalize("NFD", sign) if not unicodedata.combining(part))
    return bare if is_gsm(bare) else sign
