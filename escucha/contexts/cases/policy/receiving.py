"""What an organisation's profile says about receiving: contacts that are no case, boxes, hearings, paper forms.

Each is a list: what is kept in the database forgets the order in which keys were written.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from escucha.kernel.words import _

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
SERIES = re.compile(r"[A-Z]{2,8}")
ASKS: Mapping[str, str] = {
    "information": _("Información"),
    "education": _("Educación"),
    "attention": _("Atención"),
}
OPENING, WRITTEN = "opening", "written"
# What a form may ask, and what each answer is: of the case, of the person, or a detail of the form.
UNIT, DATE, REASONS, BODY, MATTER = "unit", "date", "reasons", "body", "matter"
OF_CASE = (UNIT, DATE, REASONS, BODY, MATTER)
OF_PERSON = ("name", "document_number", "address", "phone", "email", "contact_name")
OF_PAGE = ("key", "token", "result", "website")  # what every form of the page has of its own
TEXT, NIT, CHOICE, FILES = "text", "nit", "choice", "files"


@dataclass(frozen=True)
class Choice:
    """One of a list: how it is kept, and how it is said."""

    key: str
    label: str

    def __post_init__(self) -> None:
        if not KEY.fullmatch(self.key):
            raise ValueError(_("la clave {key} lleva minúsculas, números y _, hasta 40").format(key=self.key))
        if not self.label.strip():
            raise ValueError(_("{key}: escriba cómo se llama").format(key=self.key))


@dataclass(frozen=True)
class Topic(Choice):
    """What somebody asks for. `asks` says whether it is information, education or attention."""

    asks: str = "information"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.asks not in ASKS:
            raise ValueError(_("{key}: asks es information, education o attention").format(key=self.key))


@dataclass(frozen=True)
class AttentionPolicy:
    """[attention]: who calls or visits without filing a request, and what for."""

    name: ClassVar[str] = "attention"

    stakeholders: tuple[Choice, ...] = ()
    topics: tuple[Topic, ...] = ()

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        stakeholders = unique(Choice(**one) for one in raw.get("stakeholders", ()))
        topics = unique(Topic(**one) for one in raw.get("topics", ()))
        if bool(stakeholders) != bool(topics):
            raise ValueError(_("diga quiénes llaman (stakeholders) y qué piden (topics), las dos cosas"))
        return cls(stakeholders=stakeholders, topics=topics)


@dataclass(frozen=True)
class Box(Choice):
    """A physical box: where it hangs, and the unit that opens it."""

    place: str = ""
    unit: str = ""


@dataclass(frozen=True)
class BoxesPolicy:
    """[boxes]: those that are opened by act, and how their acts and those of hearings are numbered.

    The term of a slip counts from the `opening` of its box, or from the day `written` on it.
    """

    name: ClassVar[str] = "boxes"

    sites: tuple[Box, ...] = ()
    counts_from: str = OPENING
    witnesses: int = 2
    series: str = "BUZ"
    hearings: str = "AUD"

    def __post_init__(self) -> None:
        if self.counts_from not in (OPENING, WRITTEN):
            raise ValueError(_("counts_from es opening o written"))
        if self.series == self.hearings or not all(map(SERIES.fullmatch, (self.series, self.hearings))):
            raise ValueError(_("series y hearings llevan de 2 a 8 letras mayúsculas, y son distintas"))
        if not 0 <= self.witnesses <= 5:
            raise ValueError(_("witnesses es de 0 a 5"))

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(**dict(raw) | {"sites": unique(Box(**one) for one in raw.get("sites", ()))})

    def box(self, key: str) -> Box | None:
        return next((one for one in self.sites if one.key == key), None)


@dataclass(frozen=True)
class Field:
    """What a form asks, in its words. A key that neither the case nor the person knows is a detail of the form.

    What is `wanted` and was not given is written down as missing; nothing is ever obligatory.
    """

    key: str
    label: str
    help: str = ""
    lines: int = 1
    kind: str = TEXT
    choices: tuple[Choice, ...] = ()
    wanted: bool = False

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(**dict(raw) | {"choices": unique(Choice(**one) for one in raw.get("choices", ()))})

    def __post_init__(self) -> None:
        if not KEY.fullmatch(self.key) or not self.label.strip():
            raise ValueError(_("cada campo lleva su clave y su pregunta"))
        if not 1 <= self.lines <= 24:
            raise ValueError(_("{key}: de 1 a 24 renglones").format(key=self.key))
        if self.kind not in (TEXT, NIT, CHOICE, FILES):
            raise ValueError(_("{key}: kind es text, nit, choice o files").format(key=self.key))
        if (self.kind == CHOICE) != bool(self.choices):
            raise ValueError(_("{key}: las opciones (choices) son de un campo choice").format(key=self.key))

    def mark(self, choice: Choice) -> str:
        """How its box to mark for a choice is called in the printed form."""
        return f"{self.key}_{choice.key}"


@dataclass(frozen=True)
class PaperForm:
    """[forms.<key>]: a form, field by field in the order in which it is read.

    It exists on `paper`, on the `web`, or on both. What the web files is of a `type` and a `requester`, if it says so.
    """

    key: str
    label: str
    fields: tuple[Field, ...]
    reasons: tuple[Choice, ...] = ()
    intro: str = ""
    personal: str = ""  # said before the personal data
    version: str = "1"
    paper: bool = True
    web: bool = False
    type: str = ""
    requester: str = ""

    @classmethod
    def read(cls, key: str, raw: Mapping[str, Any]) -> Self:
        fields = unique(Field.read(one) for one in raw["fields"])
        reasons = unique(Choice(**one) for one in raw.get("reasons", ()))
        if (REASONS in [one.key for one in fields]) != bool(reasons):
            raise ValueError(_("{key}: los motivos (reasons) son un campo con su lista").format(key=key))
        return cls(key=key, **dict(raw) | {"fields": fields, "reasons": reasons})

    def field(self, key: str) -> Field | None:
        return next((one for one in self.fields if one.key == key), None)

    @property
    def details(self) -> Sequence[Field]:
        """What only the form knows."""
        return [one for one in self.fields if one.key not in OF_CASE + OF_PERSON]


@dataclass(frozen=True)
class FormsPolicy:
    """[forms]: the forms that an organisation hands out on paper, or shows on its page."""

    name: ClassVar[str] = "forms"
    keyed: ClassVar[bool] = True

    forms: tuple[PaperForm, ...] = ()

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(tuple(PaperForm.read(key, raw[key]) for key in sorted(raw)))

    @property
    def on_web(self) -> Sequence[PaperForm]:
        """Those that anybody may fill in on the page."""
        return [one for one in self.forms if one.web]

    def form(self, key: str) -> PaperForm | None:
        return next((one for one in self.forms if one.key == key), None)


def unique[C: (Choice, Topic, Box, Field)](found: Iterable[C]) -> tuple[C, ...]:
    """The same in their order. Raises ValueError for a key said twice."""
    kept = tuple(found)
    keys = [one.key for one in kept]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(_("se repite la clave {key}").format(key=", ".join(twice)))
    return kept


def label_of(choices: Iterable[Choice], key: str) -> str:
    """How a key is said; the key itself where the policy no longer has it."""
    return next((one.label for one in choices if one.key == key), key)
