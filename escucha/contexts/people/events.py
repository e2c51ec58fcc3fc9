"""The facts this context records. They name rows and digests: what was agreed, what was corrected, and who is of which
group, can be forgotten without rewriting the bitácora."""

from dataclasses import dataclass

from escucha.kernel.timeline.facts import Fact
from escucha.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Fact):
    consent: int
    digest: str
    proof_digest: str

    verb = "people.consent_given"
    sentence = _("La persona autorizó un uso de sus datos")


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Fact):
    consent: int
    digest: str
    proof_digest: str

    verb = "people.consent_withdrawn"
    sentence = _("La persona retiró la autorización de un uso de sus datos")


@dataclass(frozen=True, kw_only=True)
class GroupMarked(Fact):
    mark: int

    verb = "people.group_marked"
    sentence = _("Se marcó que la persona tiene atención preferencial")


@dataclass(frozen=True, kw_only=True)
class GroupUnmarked(Fact):
    mark: int

    verb = "people.group_unmarked"
    sentence = _("Se quitó una marca de atención preferencial")


@dataclass(frozen=True, kw_only=True)
class PersonCorrected(Fact):
    """`corrected` are the fields, with commas; their values are in the row."""

    correction: int
    corrected: str
    digest: str
    words_digest: str

    verb = "people.person_corrected"
    sentence = _("Se corrigieron datos de la persona: {corrected}")
