"""Marks texts for translation. Plain Python: the faces translate on showing."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

_ = str


class Saying(NamedTuple):
    """A sentence for a person: a text that can be translated, and the values that go in its braces."""

    text: str
    values: Mapping[str, object] = {}

    def __str__(self) -> str:
        return self.text.format(**self.values)


class Refused(Exception):
    """An act may not be done now: why, in words for who tried. How every verb says no."""

    def __init__(self, blockers: Sequence[Saying]):
        super().__init__(" ".join(map(str, blockers)))
        self.blockers = blockers


def refuse_if(blockers: Sequence[Saying]) -> None:
    """Raises Refused where there is a reason to."""
    if blockers:
        raise Refused(blockers)
