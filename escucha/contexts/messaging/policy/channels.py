"""Which channels an organisation opens, where each is and when it attends, as its profile says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from escucha.kernel.profiles.organisation import week_of
from escucha.kernel.words import _
from escucha.kernel.worktime.calendar import Week

WEB, IN_PERSON, PHONE, EMAIL, LETTER, BOX = "web", "in_person", "phone", "email", "letter", "box"
VIRTUAL_BOX = "virtual_box"
KINDS: Mapping[str, str] = {
    WEB: _("Página web"),
    IN_PERSON: _("En persona"),
    PHONE: _("Teléfono"),
    EMAIL: _("Correo electrónico"),
    "sms": _("Mensaje de texto"),
    LETTER: _("Carta"),
    "fax": _("Fax"),
    BOX: _("Buzón"),
    VIRTUAL_BOX: _("Buzón virtual"),
    "hearing": _("Audiencia pública"),
    "assistant": _("Asistente virtual"),
    "mobile": _("Aplicación en el celular"),
    "chat": _("Chat"),
    "social": _("Red social"),
}


@dataclass(frozen=True)
class Channel:
    """[channels.<key>]: a way to reach the organisation. A case keeps the key of the one by which it came.

    `hours` are its own by day of the week, none being the office's; `always` is day and night; `by_notice`, only when
    it is announced. On holidays and closures it is shut unless `holidays`. What it `receives` is filed.
    """

    key: str
    label: str
    kind: str
    hours: Week | None = None
    always: bool = False
    by_notice: bool = False
    holidays: bool = False
    receives: bool = True
    address: str = ""
    phone: str = ""
    extension: str = ""
    short_code: str = ""  # `123`, `#603`: no valid telephone number
    email: str = ""
    url: str = ""
    unit: str = ""  # the unit that attends it
    note: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(_("{key}: no existe el medio «{kind}»").format(key=self.key, kind=self.kind))
        if sum((self.hours is not None, self.always, self.by_notice)) > 1:
            raise ValueError(_("{key}: escriba hours, always o by_notice, uno solo").format(key=self.key))

    @classmethod
    def read(cls, key: str, raw: Mapping[str, Any]) -> Self:
        own = {"hours": week_of(raw["hours"])} if "hours" in raw else {}
        return cls(key=key, **dict(raw) | own)


UNSAID = (
    Channel(key="web", label=KINDS[WEB], kind=WEB, always=True),
    Channel(key="phone", label=KINDS[PHONE], kind=PHONE),
    Channel(key="counter", label=KINDS[IN_PERSON], kind=IN_PERSON),
    Channel(key="email", label=KINDS[EMAIL], kind=EMAIL, always=True),
    Channel(key="letter", label=KINDS[LETTER], kind=LETTER),
    Channel(key="box", label=KINDS[BOX], kind=BOX),
)


@dataclass(frozen=True)
class ChannelsPolicy:
    """[channels]: those open by policy, in `order`. A profile that says nothing of them opens the usual ones."""

    name: ClassVar[str] = "channels"
    keyed: ClassVar[bool] = True

    channels: Mapping[str, Channel] = field(default_factory=dict)

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        if not raw:
            return cls({channel.key: channel for channel in UNSAID})
        keys = [key for key in raw if key != "order"]
        order = raw.get("order", keys)
        if sorted(order) != sorted(keys):
            raise ValueError(_("order nombra cada canal una vez"))
        return cls({key: Channel.read(key, raw[key]) for key in order})

    def receiving(self) -> Sequence[Channel]:
        """Those by which a case may come."""
        return [channel for channel in self.channels.values() if channel.receives]

    def receiving_by(self, kind: str) -> Channel | None:
        """The first by which a case of a kind comes: what our own form, mailboxes and numbers file under."""
        return next((channel for channel in self.receiving() if channel.kind == kind), None)

    def label_of(self, key: str) -> str:
        """How the organisation calls the channel of a case; the kind's name, or the key, where it has none any more."""
        known = self.channels.get(key) or next((one for one in UNSAID if one.key == key), None)
        return known.label if known else KINDS.get(key, key)
