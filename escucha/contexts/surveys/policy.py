"""[surveys]: what an organisation asks after it has served somebody. Lists: what is kept forgets the order of keys."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Self

from escucha.kernel.words import _

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Kind(StrEnum):
    SCALE = "scale"  # one of its values
    TEXT = "text"


@dataclass(frozen=True)
class Grade:
    """A value of a scale, as it is said. What a word is worth is the organisation's, and belongs to its instrument."""

    value: Decimal
    label: str


@dataclass(frozen=True)
class Question:
    key: str
    text: str
    kind: Kind = Kind.SCALE
    grades: tuple[Grade, ...] = ()

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        grades = tuple(Grade(Decimal(str(one["value"])), one["label"]) for one in raw.get("grades", ()))
        return cls(**dict(raw) | {"kind": Kind(raw.get("kind", Kind.SCALE)), "grades": grades})

    def __post_init__(self) -> None:
        if not KEY.fullmatch(self.key) or not self.text.strip():
            raise ValueError(_("cada pregunta lleva su clave y su texto"))
        if (self.kind is Kind.SCALE) != (len({one.value for one in self.grades}) > 1):
            raise ValueError(_("{key}: una escala tiene al menos dos valores distintos").format(key=self.key))


@dataclass(frozen=True)
class Instrument:
    """A short questionnaire. Its version changes with any of its words: answers keep the profile they were asked by."""

    key: str
    label: str
    intro: str
    questions: tuple[Question, ...]
    thanks: str = ""
    open_days: int = 15

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        questions = tuple(Question.read(one) for one in raw["questions"])
        return cls(**dict(raw) | {"questions": questions})

    def __post_init__(self) -> None:
        keys = [one.key for one in self.questions]
        if not keys or len(set(keys)) < len(keys):
            raise ValueError(_("{key}: hay preguntas, y cada una con su clave").format(key=self.key))
        if not 1 <= self.open_days <= 90:
            raise ValueError(_("{key}: open_days es de 1 a 90").format(key=self.key))


@dataclass(frozen=True)
class SurveysPolicy:
    """`after_assistance`: what who was assisted and conforms is asked. `everyone_share`: of all who were assisted,
    conforming or not, the part that is asked too, so that the score of the conforming can be told from everybody's."""

    name: ClassVar[str] = "surveys"

    instruments: tuple[Instrument, ...] = ()
    after_assistance: str = ""
    everyone_share: float = 0.0

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(**dict(raw) | {"instruments": _once(map(Instrument.read, raw.get("instruments", ())))})

    def __post_init__(self) -> None:
        if self.after_assistance and self.instrument(self.after_assistance) is None:
            raise ValueError(_("after_assistance nombra una encuesta que no está"))
        if not 0 <= self.everyone_share <= 1:
            raise ValueError(_("everyone_share es de 0 a 1"))

    def instrument(self, key: str) -> Instrument | None:
        return next((one for one in self.instruments if one.key == key), None)


def _once(found: Iterable[Instrument]) -> tuple[Instrument, ...]:
    kept = tuple(found)
    if len({one.key for one in kept}) < len(kept):
        raise ValueError(_("dos encuestas tienen la misma clave"))
    return kept
