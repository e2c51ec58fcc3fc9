"""Text messages, as the profile says: by which gateway, from which number, until how much a day and not at night."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, ClassVar, Self

from escucha.kernel.words import _

GATEWAYS = ("twilio", "telnyx")
SENDER = re.compile(r"\+\d{8,15}|\d{3,8}|[A-Za-z0-9]{1,11}|MG[0-9a-f]{32}")


@dataclass(frozen=True)
class SmsPolicy:
    """[sms]. Without a `gateway` no text leaves: it is kept for staff to see.

    `sender` is the number, short code or name that the telephone shows. `spend_a_day` is in the money of
    `segment_price`, of which a text costs one for each segment; 0 is no ceiling. Between `quiet_from` and
    `quiet_until` a text waits, unless a life is at risk. With `transliterate` a text of few odd signs is written
    without them, so that it fits in less segments.
    """

    name: ClassVar[str] = "sms"

    gateway: str = ""
    sender: str = ""
    segment_price: int = 0
    spend_a_day: int = 0
    quiet_from: time = time(20)
    quiet_until: time = time(7)
    transliterate: bool = False

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        clocks = {key: time.fromisoformat(raw[key]) for key in ("quiet_from", "quiet_until") if key in raw}
        return cls(**dict(raw) | clocks)

    def __post_init__(self) -> None:
        if self.gateway and self.gateway not in GATEWAYS:
            raise ValueError(_("no existe el proveedor de mensajes «{key}»").format(key=self.gateway))
        if self.gateway and not SENDER.fullmatch(self.sender):
            raise ValueError(_("sender es un número como +573000000001, un código corto o un nombre corto"))
        if self.spend_a_day and not self.segment_price > 0:
            raise ValueError(_("para poner un tope diga cuánto cuesta un mensaje: segment_price"))

    @property
    def segments_a_day(self) -> int | None:
        """How many segments the day's money pays; None without a ceiling."""
        return self.spend_a_day // self.segment_price if self.spend_a_day else None
