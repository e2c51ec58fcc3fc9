"""Whether nobody wrote a letter: robots are never answered, and what they say is looked at before it becomes a case.

After RFC 3834 (Auto-Submitted), RFC 3464 and 6522 (delivery reports), and the habits of common programs.
"""

import re
from email.message import Message
from enum import StrEnum

from escucha.contexts.messaging.rules.mail_headers import Letter, mailboxes_of, raw_value, raw_values, words_of
from escucha.kernel.words import _


class Automatic(StrEnum):
    """What a letter is that no person wrote to us. `NO` is the ordinary one."""

    NO = ""
    BOUNCE = "bounce"
    AWAY = "away"
    REPLY = "automatic_reply"
    GENERATED = "generated"
    LIST = "list"
    NO_REPLY = "no_reply_sender"
    NO_RETURN = "no_return_path"
    RECEIPT = "read_receipt"
    OURS = "own_message"


WORDS = {
    Automatic.BOUNCE: _("Es el aviso de un servidor: un correo no se pudo entregar, o se demora."),
    Automatic.AWAY: _("Es la respuesta automática de alguien que no está."),
    Automatic.REPLY: _("Es una respuesta automática."),
    Automatic.GENERATED: _("Lo escribió un programa, según dice el mismo correo."),
    Automatic.LIST: _("Llegó por una lista o un envío masivo."),
    Automatic.NO_REPLY: _("Viene de una dirección que no recibe respuestas."),
    Automatic.NO_RETURN: _("No dice a quién devolverlo: lo escribió un servidor."),
    Automatic.RECEIPT: _("Es un comprobante de lectura o de entrega."),
    Automatic.OURS: _("Lo escribimos nosotros y volvió."),
}
MACHINES = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon|mailerdaemon|bounces?|bounce[+=-].*)@", re.IGNORECASE)
NO_REPLIES = re.compile(
    r"(?:no-?_?\.?reply|do-?_?not-?_?reply|donotreply|no-?_?responder|no-?_?responda|nao-?_?responda|noresponder"
    r")[^@]{0,20}@",
    re.IGNORECASE,
)
AWAY = re.compile(
    r"(?:out of (?:the )?office|auto(?:matic)?[- ]?(?:reply|response)|away from (?:the )?office"
    r"|on (?:vacation|leave|holiday)|fuera de (?:la )?oficina|respuesta autom[áa]tica|ausente(?: de la oficina)?"
    r"|estoy (?:de vacaciones|fuera de (?:la )?oficina)|(?:aviso|mensaje) de ausencia"
    r"|ausencia (?:de la oficina|temporal)|resposta autom[áa]tica|fora do escrit[óo]rio|estou de f[ée]rias"
    r"|aus[êe]ncia tempor[áa]ria|mensagem autom[áa]tica)\b",
    re.IGNORECASE,
)
UNDELIVERED = re.compile(
    r"(?:undeliver(?:able|ed)(?: mail)?(?: returned to sender)?|delivery status notification"
    r"|mail delivery (?:failed|failure|system)|returned mail|failure notice|delivery (?:failure|has failed)"
    r"|no se (?:pudo|puede) entregar|no entregado|(?:mensaje|correo) (?:no entregado|devuelto)"
    r"|error (?:de|en la) entrega|notificaci[óo]n (?:de|del) estado de (?:la )?entrega"
    r"|(?:mensagem )?n[ãa]o entregue|n[ãa]o (?:foi|é) poss[íi]vel entregar|falha na entrega)\b",
    re.IGNORECASE,
)
RECEIPTS = re.compile(r"(?:read|le[íi]do|lida|lido|delivered|entregado|confirmaci[óo]n de lectura)\s*:", re.IGNORECASE)
# What a program writes next: the title it answers, when it is back, or nothing. A person goes on with the sentence.
NEXT = re.compile(r"\s*(?:$|[:(\[.!–—-]|(?:re|rv|fw|fwd|enc|hasta|until|até)\b)", re.IGNORECASE)
CLICKED = re.compile(r"text/calendar\b.*\bmethod\s*=\s*\"?reply\b", re.IGNORECASE)
BULK = {"bulk", "junk", "list"}
REPLIERS = (
    *("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Mail-Autoreply", "X-Auto-Reply", "X-Autoreply-From"),
    *("X-FC-MachineGenerated", "X-POST-MessageClass"),
)


def automatic_of(letter: Letter) -> Automatic:
    """What kind of robot wrote it, by the first sign found, the surest first."""
    for looks in (_by_type, _by_return, _by_submission, _by_habit, _by_sender):
        if verdict := looks(letter):
            return verdict
    return Automatic.NO


def may_be_answered(letter: Letter) -> bool:
    """Some letters that people write ask that no program answers them."""
    if automatic_of(letter):
        return False
    asked = " ".join(raw_values(letter, "X-Auto-Response-Suppress")).lower()
    return not re.search(r"\b(?:all|oof|autoreply)\b", asked)


def _by_type(letter: Letter) -> Automatic:
    if letter.get_content_type() == "multipart/report":
        kind = str(letter.get_param("report-type", "") or "").lower()
        return Automatic.RECEIPT if "disposition" in kind else Automatic.BOUNCE
    if letter.get_content_type() in ("message/delivery-status", "message/disposition-notification"):
        return Automatic.BOUNCE
    return Automatic.REPLY if _is_click(letter) else Automatic.NO


def _is_click(letter: Letter) -> bool:
    """What a calendar sends when somebody presses `Aceptar` on an invitation."""
    below = letter.get_payload()
    parts = [letter, *(one for one in below if isinstance(one, Message))] if isinstance(below, list) else [letter]
    return any(CLICKED.match(raw_value(one, "Content-Type").strip()) for one in parts)


def _by_return(letter: Letter) -> Automatic:
    path = [value.strip() for value in raw_values(letter, "Return-Path")]
    title = words_of(raw_value(letter, "Subject"), 300)
    senders = [one.address for one in mailboxes_of(letter, "From")]
    if any(MACHINES.match(one) for one in senders):
        return Automatic.BOUNCE
    if path and path[0] == "<>":
        return _by_title(title) or Automatic.NO_RETURN
    if any(name in letter for name in ("X-Failed-Recipients", "X-MS-Exchange-Message-Is-Ndr")):
        return Automatic.BOUNCE
    return Automatic.NO


def _by_title(title: str) -> Automatic:
    """What else a title says of a letter that a program wrote by other signs."""
    if UNDELIVERED.match(title):
        return Automatic.BOUNCE
    if AWAY.match(title):
        return Automatic.AWAY
    return Automatic.RECEIPT if RECEIPTS.match(title) else Automatic.NO


def _by_title_alone(letter: Letter, title: str) -> Automatic:
    """With no other sign of a program: people complain in the same words, so the whole title has to be a program's."""
    found = _by_title(title)
    if found == Automatic.RECEIPT:
        return found if any(name in letter for name in ("In-Reply-To", "References")) else Automatic.NO
    words = UNDELIVERED.match(title) or AWAY.match(title)
    return found if words and NEXT.match(title[words.end() :]) else Automatic.NO


def _by_submission(letter: Letter) -> Automatic:
    said = " ".join(raw_values(letter, "Auto-Submitted")).lower().partition(";")[0].strip()
    title = words_of(raw_value(letter, "Subject"), 300)
    if said.startswith("auto-replied") or said.startswith("auto-notified"):
        return _by_title(title) or Automatic.REPLY
    if said and said != "no":
        return Automatic.GENERATED
    return Automatic.NO


def _by_habit(letter: Letter) -> Automatic:
    title = words_of(raw_value(letter, "Subject"), 300)
    precedence = raw_value(letter, "Precedence").strip().lower()
    if _says_it_replies(letter) or precedence in ("auto_reply", "auto-reply"):
        return _by_title(title) or Automatic.REPLY
    if found := _by_title_alone(letter, title):
        return found
    if precedence in BULK or any(name in letter for name in ("List-Id", "List-Unsubscribe", "Feedback-ID")):
        return Automatic.LIST
    return Automatic.NO


def _says_it_replies(letter: Letter) -> bool:
    for name in REPLIERS:
        if raw_value(letter, name).strip().lower() not in ("", "no", "false", "0"):
            return True
    return False


def _by_sender(letter: Letter) -> Automatic:
    senders = [one.address for one in mailboxes_of(letter, "From")]
    return Automatic.NO_REPLY if any(NO_REPLIES.match(one) for one in senders) else Automatic.NO
