"""When the data of who asked are put right from its case, and which letter it missed meanwhile."""

from collections.abc import Mapping, Sequence

from escucha.contexts.cases.rules.standing import UNANSWERED, State
from escucha.kernel.words import Saying, _

RECEIPT, ANSWER = "acknowledged", "answer_ready"
LETTERS: Mapping[str, str] = {RECEIPT: _("el recibo"), ANSWER: _("el aviso de su respuesta")}
ANONYMOUS = _("Es anónima: no hay datos de nadie que corregir.")
NOBODY = _("De un caso reservado, lo que la persona no dijo de sí no lo anota nadie por ella.")
KEPT = _("La persona pidió que no se sepa quién es. Diga antes, en el caso, para qué necesita ver sus datos.")


def blockers_to_correct_petitioner(*, anonymous: bool, known: bool, in_reserve: bool, kept: bool) -> Sequence[Saying]:
    """Why nothing of the person can be corrected from its case. Who left nothing may say it later, out of reserve.

    `kept` says that who it is, is kept from who asks.
    """
    if anonymous:
        return [Saying(ANONYMOUS)]
    if not known:
        return [Saying(NOBODY)] if in_reserve else []
    return [Saying(KEPT)] if kept else []


def letter_missed(*, state: State, reserved: bool) -> str:
    """What may be sent again once it is known where: what the person waits for now. Of a reserved case nothing is."""
    if reserved:
        return ""
    if state == State.SENT:
        return ANSWER
    return RECEIPT if state in UNANSWERED else ""
