"""Whether what a report says names somebody who works here: as people write names, in part and with slips."""

from collections.abc import Sequence
from enum import IntEnum

from escucha.contexts.cases.rules.searching import distance, plain

SHORTEST_NAME = 3
FORGIVEN = ((7, 2), (4, 1))  # how many slips are forgiven in a name of so many letters
JOINING = frozenset({"del", "los", "las", "san", "santa"})
APART = 3  # words that may stand from one name to the next: "Gabriel, el señor Ossa"
TELLING = 4


class Named(IntEnum):
    """How surely a text names somebody."""

    NO = 0
    IN_PART = 1  # one of its names: another may have it too
    WHOLE = 2


def how_named(text: str, name: str) -> Named:
    """How a text names who has a name."""
    said, names = plain(text).split(), _names_in(name)
    places = {one: [place for place, word in enumerate(said) if _same(word, one)] for one in names}
    found = [one for one in names if places[one]]
    if not found:
        return Named.NO
    if len(names) == 1 or _are_near([places[one] for one in found]):
        return Named.WHOLE
    return Named.IN_PART


def names_label(text: str, label: str) -> bool:
    """Whether a text says all that tells a post or an area from the others."""
    telling = [word for word in plain(label).split() if len(word) >= TELLING]
    said = plain(text).split()
    return bool(telling) and all(any(_same(word, one) for word in said) for one in telling)


def _names_in(name: str) -> Sequence[str]:
    return [one for one in dict.fromkeys(plain(name).split()) if len(one) >= SHORTEST_NAME and one not in JOINING]


def _same(word: str, name: str) -> bool:
    most = next((slips for letters, slips in FORGIVEN if len(name) >= letters), 0)
    return word == name or (most > 0 and distance(word, name, most=most) <= most)


def _are_near(places: Sequence[Sequence[int]]) -> bool:
    """Whether two of the names stand together."""
    return any(
        0 < abs(one - other) <= APART
        for at, here in enumerate(places)
        for there in places[at + 1 :]
        for one in here
        for other in there
    )
