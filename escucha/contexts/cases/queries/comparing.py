"""What the bitácora says of rows, compared with the rows."""

from collections.abc import Iterator, Sequence

from escucha.contexts.cases.events import (
    AnswerRejected,
    CaseAnswered,
    CaseOpenedUp,
    CaseReturned,
    IdentityRevealed,
    NoteWritten,
    OriginalRevealed,
    WithdrawalRecorded,
)
from escucha.contexts.cases.models import Answer, Remark, Reveal
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.comparing import Difference
from escucha.kernel.timeline.digests import digest_of
from escucha.kernel.words import _

Revealed = IdentityRevealed | OriginalRevealed
Remarked = CaseReturned | AnswerRejected | NoteWritten | WithdrawalRecorded | CaseOpenedUp
ANSWER_GONE = _("La respuesta {number} que dice la bitácora ya no está: fue borrada.")
ANSWER_ALTERED = _("La respuesta {number} no tiene el texto que entregó la dependencia: fue alterada.")
ANSWER_ERASED = _("El texto de la respuesta {number} fue borrado; la bitácora guarda su resumen.")
REMARK_GONE = _("La nota {number} que dice la bitácora ya no está: fue borrada.")
REMARK_ALTERED = _("La nota {number} no tiene el texto con que se escribió: fue alterada.")
REMARK_ERASED = _("El texto de la nota {number} fue borrado; la bitácora guarda su resumen.")

REVEAL_GONE = _("La consulta de identidad {number} que dice la bitácora ya no está: fue borrada.")
REVEAL_ALTERED = _("La consulta de identidad {number} no tiene la razón con que se pidió: fue alterada.")
REVEAL_ERASED = _("La razón de la consulta de identidad {number} fue borrada; la bitácora guarda su resumen.")


OPENING_GONE = _("La consulta de original {number} que dice la bitácora ya no está: fue borrada.")
OPENING_ALTERED = _("La consulta de original {number} no tiene la razón con que se pidió: fue alterada.")
OPENING_ERASED = _("La razón de la consulta de original {number} fue borrada; la bitácora guarda su resumen.")
OF_IDENTITY = (REVEAL_GONE, REVEAL_ALTERED, REVEAL_ERASED)
OF_ORIGINAL = (OPENING_GONE, OPENING_ALTERED, OPENING_ERASED)


def answers_that_differ(facts: Sequence[CaseAnswered], *, org: Organisation) -> Iterator[Difference]:
    """Answers that do not have the text whose digest was recorded when they were handed in."""
    rows = Answer.objects.filter(org=org).in_bulk([fact.answer for fact in facts])
    for fact in facts:
        if wrong := _differs(fact, rows.get(fact.answer), ANSWER_GONE, ANSWER_ALTERED, ANSWER_ERASED):
            yield Difference(fact, wrong, {"number": fact.answer}, erased=wrong == ANSWER_ERASED)


def remarks_that_differ(facts: Sequence[Remarked], *, org: Organisation) -> Iterator[Difference]:
    """Notes, and reasons of acts, that do not have the text whose digest was recorded."""
    rows = Remark.objects.filter(org=org).in_bulk([fact.remark for fact in facts])
    for fact in facts:
        if wrong := _differs(fact, rows.get(fact.remark), REMARK_GONE, REMARK_ALTERED, REMARK_ERASED):
            yield Difference(fact, wrong, {"number": fact.remark}, erased=wrong == REMARK_ERASED)


def reveals_that_differ(facts: Sequence[Revealed], *, org: Organisation) -> Iterator[Difference]:
    """Identities and originals that were shown, whose reason is not the one that was recorded."""
    rows = Reveal.objects.filter(org=org).in_bulk([fact.reveal for fact in facts])
    for fact in facts:
        row = rows.get(fact.reveal)
        words = OF_ORIGINAL if isinstance(fact, OriginalRevealed) else OF_IDENTITY
        if wrong := _against(fact, row, row.reason if row else "", *words):
            yield Difference(fact, wrong, {"number": fact.reveal}, erased=wrong == words[-1])


def _differs(fact: CaseAnswered | Remarked, row: Answer | Remark | None, gone: str, altered: str, erased: str) -> str:
    return _against(fact, row, row.body if row else "", gone, altered, erased)


def _against(
    fact: CaseAnswered | Remarked | Revealed,
    row: Answer | Remark | Reveal | None,
    text: str,
    gone: str,
    altered: str,
    erased: str,
) -> str:
    if row is None or fact.subject != f"case:{row.case_id}":
        return gone
    if digest_of(row.salt, text) == fact.digest:
        return ""
    return altered if text else erased
