"""The facts this context records. Ids and plain values only; what people wrote is a row, and its digest is here."""

from dataclasses import dataclass

from escucha.kernel.timeline.facts import Fact
from escucha.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class CaseFiled(Fact):
    channel: str
    suggested_type: str
    filing_number: str
    received_at: str
    emergency: bool = False
    unit: int | None = None
    filled_by: str = ""

    verb = "cases.case_filed"
    sentence = _("Se radicó por este canal: {channel}")


@dataclass(frozen=True, kw_only=True)
class CaseClassified(Fact):
    case_type: str
    before: str = ""

    verb = "cases.case_classified"
    sentence = _("Se clasificó como {case_type}")


@dataclass(frozen=True, kw_only=True)
class CaseRouted(Fact):
    unit: int
    before: int | None = None

    verb = "cases.case_routed"
    sentence = _("Pasó a {unit}")


@dataclass(frozen=True, kw_only=True)
class CaseReturned(Fact):
    unit: int
    remark: int
    digest: str

    verb = "cases.case_returned"
    sentence = _("{unit} lo devolvió: no es de su competencia")


@dataclass(frozen=True, kw_only=True)
class CaseAssigned(Fact):
    member: int | None

    verb = "cases.case_assigned"
    sentence = _("Quedó a cargo de {member}")


@dataclass(frozen=True, kw_only=True)
class CaseAnswered(Fact):
    answer: int
    digest: str
    at_once: bool = False

    verb = "cases.case_answered"
    sentence = _("La dependencia entregó la respuesta")


@dataclass(frozen=True, kw_only=True)
class AnswerApproved(Fact):
    answer: int
    checked: bool = True

    verb = "cases.answer_approved"
    sentence = _("La respuesta cumplió las cinco características")


@dataclass(frozen=True, kw_only=True)
class AnswerRejected(Fact):
    answer: int
    failed: str
    remark: int
    digest: str

    verb = "cases.answer_rejected"
    sentence = _("La respuesta volvió a la dependencia: no cumple {failed}")


@dataclass(frozen=True, kw_only=True)
class AnswerSent(Fact):
    answer: int
    by_email: bool

    verb = "cases.answer_sent"
    sentence = _("Se envió la respuesta")


@dataclass(frozen=True, kw_only=True)
class PersonCalled(Fact):
    call: int
    result: str

    verb = "cases.person_called"
    sentence = _("Se llamó a la persona: {result}")


@dataclass(frozen=True, kw_only=True)
class PersonReminded(Fact):
    answer: int

    verb = "cases.person_reminded"
    sentence = _("Se escribió otra vez a la persona: su respuesta la espera")


@dataclass(frozen=True, kw_only=True)
class NoticePublished(Fact):
    until: str

    verb = "cases.notice_published"
    sentence = _("Se publicó el aviso de la respuesta hasta el {until}")


@dataclass(frozen=True, kw_only=True)
class CaseNotified(Fact):
    how: str

    verb = "cases.case_notified"
    sentence = _("La respuesta llegó a la persona: {how}")


@dataclass(frozen=True, kw_only=True)
class CaseClosed(Fact):
    verb = "cases.case_closed"
    sentence = _("Se cerró el caso")


@dataclass(frozen=True, kw_only=True)
class CaseWithdrawn(Fact):
    verb = "cases.case_withdrawn"
    sentence = _("La persona retiró su solicitud")


@dataclass(frozen=True, kw_only=True)
class WithdrawalRecorded(Fact):
    remark: int
    digest: str

    verb = "cases.withdrawal_recorded"
    sentence = _("Se registró el desistimiento")


@dataclass(frozen=True, kw_only=True)
class NoteWritten(Fact):
    remark: int
    digest: str

    verb = "cases.note_written"
    sentence = _("Se escribió una nota interna")


@dataclass(frozen=True, kw_only=True)
class AttentionRecorded(Fact):
    channel: str
    stakeholder: str
    topic: str

    verb = "cases.attention_recorded"
    sentence = _("Se registró una atención por {channel}")


@dataclass(frozen=True, kw_only=True)
class AttentionBecameCase(Fact):
    """Told of both: of the contact, and of the case."""

    case: int
    attention: int

    verb = "cases.attention_became_case"
    sentence = _("La atención pasó a ser una solicitud")


@dataclass(frozen=True, kw_only=True)
class ActOpened(Fact):
    kind: str
    number: str
    site: str
    held_at: str
    first_slip: int | None = None
    last_slip: int | None = None

    verb = "cases.act_opened"
    sentence = _("Se abrió el acta {number}")


@dataclass(frozen=True, kw_only=True)
class SlipEntered(Fact):
    """Told of both: of the act, and of the case."""

    position: int
    case: int
    number: str

    verb = "cases.slip_entered"
    sentence = _("Se radicó la número {position} del acta {number}")


@dataclass(frozen=True, kw_only=True)
class SlipVoided(Fact):
    position: int

    verb = "cases.slip_voided"
    sentence = _("Se anuló la número {position} del acta")


@dataclass(frozen=True, kw_only=True)
class SlipCorrected(Fact):
    position: int

    verb = "cases.slip_corrected"
    sentence = _("Se corrigió la número {position} del acta")


@dataclass(frozen=True, kw_only=True)
class ActClosed(Fact):
    cases: int
    voids: int

    verb = "cases.act_closed"
    sentence = _("Se cerró el acta: {cases} solicitudes y {voids} anuladas")


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


@dataclass(frozen=True, kw_only=True)
class TurnChanged(Fact):
    """It goes before, or no longer goes before, what is due at the same instant. Why is not told."""

    turn: int

    verb = "cases.turn_changed"
    sentence = _("Cambió el turno en que se atiende")


@dataclass(frozen=True, kw_only=True)
class WordAdded(Fact):
    """The person said something more. `about` is the case it named, where that one follows the subject."""

    word: int
    channel: str
    digest: str
    about: int | None = None

    verb = "cases.word_added"
    sentence = _("La persona agregó algo por {channel}")


@dataclass(frozen=True, kw_only=True)
class WordsRead(Fact):
    words: int
    last: int

    verb = "cases.words_read"
    sentence = _("Se leyeron los mensajes nuevos: {words}")


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
