"""Which mailboxes an organisation reads, and what a letter in each becomes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from escucha.kernel.words import _

CASES, SUPPORT = "cases", "support"
PURPOSES = (CASES, SUPPORT)
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Mailbox:
    """[mailboxes.<key>]. A letter in it is filed with the `default_type`, the `form` whose fields it should bring and
    the kind of `requester` who writes there; if it has no title, with the `matter`.

    `move_to` is the folder where a letter is put once it is in the ledger; without it, it is only marked as read.
    """

    key: str
    label: str
    address: str
    purpose: str = CASES
    default_type: str = ""
    form: str = ""
    requester: str = ""
    matter: str = ""
    move_to: str = ""

    def __post_init__(self) -> None:
        if self.purpose not in PURPOSES:
            raise ValueError(_("{key}: purpose es cases o support").format(key=self.key))
        name, _at, place = self.address.partition("@")
        if not name or "." not in place or "+" in name:
            raise ValueError(_("{key}: address es la dirección del buzón, sin «+»").format(key=self.key))


@dataclass(frozen=True)
class MailboxesPolicy:
    """[mailboxes], in `order`. They are looked at every `every_seconds`; a letter above `largest_mb` is kept unread."""

    name: ClassVar[str] = "mailboxes"
    keyed: ClassVar[bool] = True

    boxes: Mapping[str, Mailbox] = field(default_factory=dict)
    every_seconds: int = 30
    largest_mb: int = 40

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        own = {key: raw[key] for key in ("every_seconds", "largest_mb") if key in raw}
        keys = [key for key in raw if key != "order" and key not in own]
        order = raw.get("order", keys)
        if sorted(order) != sorted(keys):
            raise ValueError(_("order nombra cada buzón una vez"))
        boxes = {key: Mailbox(key=key, **raw[key]) for key in order}
        if len({box.address.lower() for box in boxes.values()}) != len(boxes):
            raise ValueError(_("dos buzones tienen la misma dirección"))
        return cls(boxes=boxes, **own)

    def __post_init__(self) -> None:
        if not 5 <= self.every_seconds <= 3600:
            raise ValueError(_("every_seconds va de 5 a 3600"))
        if not 1 <= self.largest_mb <= 200:
            raise ValueError(_("largest_mb va de 1 a 200"))

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(box.address.lower() for box in self.boxes.values())

    @property
    def largest(self) -> int:
        return self.largest_mb * MEGABYTE

    def for_replies(self) -> Mailbox | None:
        """The one that answers to our letters come to: the first of those that receive cases."""
        return next((box for box in self.boxes.values() if box.purpose == CASES), None)
