"""Facts: what happened, as ids and plain values. Never a name, an address or free text.

A person can then be forgotten without rewriting the bitácora. `verb` is stored for ever: fields are only added,
with defaults, and no verb is renamed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Actor:
    """Who acts. Carries what it may do, so that rules ask and never look anything up."""

    kind: str  # staff, citizen, system
    id: str = ""
    acts: frozenset[str] = frozenset()
    member_id: int | None = None
    unit_id: int | None = None
    roles: frozenset[str] = frozenset()
    everywhere: bool = False  # sees and handles what belongs to every unit

    def may(self, act: str) -> bool:
        return act in self.acts

    def holds(self, unit_id: int | None) -> bool:
        """Whether what a unit holds is this actor's to handle."""
        return self.everywhere or (unit_id is not None and unit_id == self.unit_id)


SYSTEM = Actor("system")
CITIZEN = Actor("citizen")

_known: dict[str, type["Fact"]] = {}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What every fact has: its subject. Subclasses say `verb` and `sentence` (Spanish, read aloud by the timeline)."""

    subject: str

    verb: ClassVar[str] = ""
    sentence: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        if cls.verb in _known:
            raise TypeError(f"{cls.verb} is said by {_known[cls.verb].__name__} already")
        _known[cls.verb] = cls


def fact_class(verb: str) -> type[Fact] | None:
    """The class that says a verb, or None for one that is no longer said."""
    return _known.get(verb)


def known_facts() -> Iterable[type[Fact]]:
    return _known.values()
