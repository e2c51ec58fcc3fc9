"""The facts of the life of a case, from its filing to its end."""

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
class PersonPutRight(Fact):
    """`corrected` are fields of the person, with commas: what they said and say is in the row of the correction."""

    correction: int
    corrected: str

    verb = "cases.person_put_right"
    sentence = _("Se corrigieron datos de la persona: {corrected}")


@dataclass(frozen=True, kw_only=True)
class PersonPutRightElsewhere(Fact):
    """Told to the other cases of the same person."""

    correction: int
    corrected: str

    verb = "cases.person_put_right_elsewhere"
    sentence = _("Se corrigieron datos de la persona desde otra de sus solicitudes: {corrected}")


@dataclass(frozen=True, kw_only=True)
class LetterSentAgain(Fact):
    letter: str

    verb = "cases.letter_sent_again"
    sentence = _("Se envió otra vez a la persona {letter}")


@dataclass(frozen=True, kw_only=True)
class KeysRenewed(Fact):
    verb = "cases.keys_renewed"
    sentence = _("Se cambiaron el enlace y el código con que la persona sigue la solicitud")


@dataclass(frozen=True, kw_only=True)
class NoticePublished(Fact):
    until: str

    verb = "cases.notice_published"
    sentence = _("Se publicó el aviso de la respuesta hasta el {until}")


@dataclass(frozen=True, kw_only=True)
class NoticeKept(NoticePublished):
    verb = "cases.notice_kept"
    sentence = _("La respuesta espera a la persona en su página hasta el {until}, sin aviso público")


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
