"""What an organisation's profile says of people's data: what it is used for, and who is attended first."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from escucha.kernel.words import _

OPTIONAL = _(
    "No está obligado a contestar: es un dato sensible. Si prefiere no decirlo, lo atendemos y le respondemos igual."
)


@dataclass(frozen=True)
class Purpose:
    """[people.purposes.<key>]: one use of people's data, with the text that the person reads.

    Where the law itself allows the use, `consent` is false: it is told, and nobody is asked. A new meaning of the
    text is a new `version`, and whoever agreed to the one before is asked again.
    """

    key: str
    label: str
    text: str
    legal_basis: str
    version: str
    consent: bool = True
    sensitive: bool = False

    def __post_init__(self) -> None:
        _refuse_odd(self.key, self.label, self.text, self.legal_basis)
        if not re.fullmatch(r"\S{1,20}", self.version):
            raise ValueError(f"{self.key}: a version is up to 20 signs, without spaces")
        if {type(self.consent), type(self.sensitive)} != {bool}:
            raise ValueError(f"{self.key}: consent and sensitive are true or false")
        if self.sensitive and not self.consent:
            raise ValueError(f"{self.key}: sensitive data is asked for, so consent can't be false")

    @property
    def notice(self) -> str:
        """What must be read together with the text: that a sensitive datum is never owed."""
        return OPTIONAL if self.sensitive else ""


@dataclass(frozen=True)
class Group:
    """[people.groups.<key>]: who is attended first. `{age}` in the explanation is `from_age`."""

    key: str
    label: str
    explanation: str
    law: str
    sensitive: bool = False
    from_age: int | None = None

    def __post_init__(self) -> None:
        _refuse_odd(self.key, self.label, self.explanation, self.law)
        if type(self.sensitive) is not bool:
            raise ValueError(f"{self.key}: sensitive is true or false")
        if self.from_age is not None and not 50 <= self.from_age <= 80:
            raise ValueError(f"{self.key}: from_age is between 50 and 80 years")
        if ("{age}" in self.explanation) != (self.from_age is not None):
            raise ValueError(f"{self.key}: the explanation says {{age}} where there is a from_age")

    @property
    def says(self) -> str:
        """The explanation, with its age."""
        return self.explanation.replace("{age}", str(self.from_age))

    @property
    def notice(self) -> str:
        return OPTIONAL if self.sensitive else ""


@dataclass(frozen=True)
class PeoplePolicy:
    """[people]. Sensitive groups are marked only under the consent that `group_purpose` asks for.

    The orders say how both are listed: what is kept in the database forgets the order in which keys were written.
    """

    name: ClassVar[str] = "people"

    purposes: Mapping[str, Purpose]
    groups: Mapping[str, Group]
    purpose_order: tuple[str, ...] = ()
    group_order: tuple[str, ...] = ()
    group_purpose: str = ""

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        purpose_order = _order(raw, "purpose_order", "purposes")
        group_order = _order(raw, "group_order", "groups")
        policy = cls(
            purposes={key: Purpose(key=key, **raw["purposes"][key]) for key in purpose_order},
            groups={key: Group(key=key, **raw["groups"][key]) for key in group_order},
            purpose_order=purpose_order,
            group_order=group_order,
            group_purpose=raw.get("group_purpose", ""),
        )
        policy._refuse_unasked()
        return policy

    @property
    def asked(self) -> Sequence[Purpose]:
        """The purposes a person is asked about, in order. An answer to a petition never waits for any of them."""
        return [purpose for purpose in self.purposes.values() if purpose.consent]

    @property
    def told(self) -> Sequence[Purpose]:
        """The purposes that the law allows without asking, in order."""
        return [purpose for purpose in self.purposes.values() if not purpose.consent]

    def _refuse_unasked(self) -> None:
        """Raises ValueError where something sensitive would be kept without asking for it."""
        asked = self.purposes.get(self.group_purpose)
        if self.group_purpose and asked is None:
            raise ValueError(f"no purpose {self.group_purpose!r}")
        sensitive = [group.key for group in self.groups.values() if group.sensitive]
        if sensitive and not (asked and asked.sensitive):
            raise ValueError(f"{sensitive} need a sensitive purpose that asks for consent: group_purpose")


def _refuse_odd(key: str, *texts: str) -> None:
    if not re.fullmatch(r"[a-z0-9_]{1,40}", key):
        raise ValueError(f"{key}: a key is small letters, digits and _, up to 40")
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise ValueError(f"{key}: no text is empty")


def _order(raw: Mapping[str, Any], order: str, table: str) -> tuple[str, ...]:
    keys = raw.get(table, {})
    said = tuple(raw.get(order) or keys)
    if sorted(said) != sorted(keys):
        raise ValueError(f"{order} lists all of {table} once")
    return said
