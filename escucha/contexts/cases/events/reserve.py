"""The facts of closed doors: what is reserved, whom it is about, what of it was shown and to whom."""

from dataclasses import dataclass

from escucha.kernel.timeline.facts import Fact
from escucha.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class CaseReserved(Fact):
    verb = "cases.case_reserved"
    sentence = _("El caso pasó al canal reservado")


@dataclass(frozen=True, kw_only=True)
class CaseOpenedUp(Fact):
    remark: int
    digest: str

    verb = "cases.case_opened_up"
    sentence = _("El caso dejó de ser reservado")


@dataclass(frozen=True, kw_only=True)
class AccusedNamed(Fact):
    """Whom the case is about. The row knows who; the bitácora, only that somebody was named."""

    accused: int

    verb = "cases.accused_named"
    sentence = _("Se señaló a quien no debe ver el caso")


@dataclass(frozen=True, kw_only=True)
class AccusedLifted(Fact):
    accused: int

    verb = "cases.accused_lifted"
    sentence = _("Se retiró a alguien de los señalados")


@dataclass(frozen=True, kw_only=True)
class IdentityRevealed(Fact):
    reveal: int
    digest: str

    verb = "cases.identity_revealed"
    sentence = _("Se mostró la identidad reservada")


@dataclass(frozen=True, kw_only=True)
class OriginalRevealed(Fact):
    reveal: int
    attachment: int
    number: int
    digest: str  # of what for

    verb = "cases.original_revealed"
    sentence = _("Se dijo para qué se abre el original del anexo {number}")
