"""The facts of cases that are answered as one, or apart."""

from dataclasses import dataclass

from escucha.kernel.timeline.facts import Fact
from escucha.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class CasesMerged(Fact):
    """Told to both: `case` follows `into` from now on."""

    case: int
    into: int
    number: str
    into_number: str

    verb = "cases.cases_merged"
    sentence = _("{number} se juntó con {into_number}, que responde por los dos")


@dataclass(frozen=True, kw_only=True)
class MergeUndone(Fact):
    """Told to both: `case` follows `into` no longer."""

    case: int
    into: int
    number: str
    into_number: str

    verb = "cases.merge_undone"
    sentence = _("{number} se separó de {into_number}")


@dataclass(frozen=True, kw_only=True)
class CaseSplit(Fact):
    """Told to both: `case` was taken out of `out_of`, to be answered apart."""

    case: int
    out_of: int
    number: str
    out_of_number: str

    verb = "cases.case_split"
    sentence = _("De {out_of_number} salió {number}, que se responde aparte")


@dataclass(frozen=True, kw_only=True)
class CasesToldApart(Fact):
    """They looked like one case and are two."""

    other: int
    other_number: str

    verb = "cases.cases_told_apart"
    sentence = _("Se comprobó que {other_number} es otro caso")
