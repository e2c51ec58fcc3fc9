"""What an answer is, and who is asked. Values in, values out."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple

from escucha.contexts.surveys.policy import Instrument, Kind, Question
from escucha.kernel.words import Saying, _

SEE = "surveys.see"
ACTS: Mapping[str, str] = {SEE: _("Ve lo que se contestó en las encuestas")}
CONFORMING, EVERYONE = "conforming", "everyone"
LONGEST = 2000
CLOSED = _("Esta encuesta ya se cerró. Gracias por querer contestarla.")
ANSWERED = _("Esta encuesta ya se contestó.")
NOTHING = _("Conteste al menos una pregunta, o cierre la página: nada es obligatorio.")
TOO_LONG = _("Escriba hasta {most} letras.")
NO_SUCH_GRADE = _("Escoja una de las respuestas que aparecen.")


class Reply(NamedTuple):
    """What was answered to one question: a value of its scale, or words."""

    question: str
    value: Decimal | None = None
    text: str = ""


def replies_to(instrument: Instrument, said: Mapping[str, str]) -> tuple[Sequence[Reply], Mapping[str, Saying]]:
    """What was answered, and what is wrong by question. What was left blank is no answer, and never zero."""
    replies, wrong = [], {}
    for question in instrument.questions:
        text = said.get(question.key, "").strip()
        if not text:
            continue
        if why := _why_not(question, text):
            wrong[question.key] = why
        elif question.kind is Kind.SCALE:
            replies.append(Reply(question.key, value=Decimal(text)))
        else:
            replies.append(Reply(question.key, text=text))
    return replies, wrong


def blockers_to_answer(*, answered: bool, open_until: datetime, now: datetime) -> Sequence[Saying]:
    if answered:
        return [Saying(ANSWERED)]
    return [Saying(CLOSED)] if now >= open_until else []


def closes_at(instrument: Instrument, *, now: datetime) -> datetime:
    return now + timedelta(days=instrument.open_days)


def in_share(subject: str, share: float) -> bool:
    """Whether a subject is of the part of everybody that is asked. The same one always answers the same."""
    drawn = int.from_bytes(sha256(f"everyone:{subject}".encode()).digest()[:8]) / 2**64
    return drawn < share


def _why_not(question: Question, text: str) -> Saying | None:
    if question.kind is Kind.TEXT:
        return Saying(TOO_LONG, {"most": LONGEST}) if len(text) > LONGEST else None
    known = {str(one.value) for one in question.grades}
    return None if text in known else Saying(NO_SUCH_GRADE)
