"""Marks texts for translation. Plain Python: the faces translate on showing."""

from collections.abc import Mapping
from typing import NamedTuple

_ = str


class Saying(NamedTuple):
    """A sentence for a person: a text that can be translated, and the values that go in its braces."""

    text: str
    values: Mapping[str, object] = {}

    def __str__(self) -> str:
        return self.text.format(**self.values)
