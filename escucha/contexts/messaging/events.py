"""Facts of messaging."""

from dataclasses import dataclass

from escucha.kernel.timeline.facts import Fact
from escucha.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class MessageSent(Fact):
    message: int
    template: str

    verb = "messaging.message_sent"
    sentence = _("El servidor de correo recibió el mensaje")


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Fact):
    message: int
    template: str
    error: str

    verb = "messaging.message_failed"
    sentence = _("El mensaje no pudo entregarse: {error}")


@dataclass(frozen=True, kw_only=True)
class TextSent(Fact):
    message: int
    template: str

    verb = "messaging.text_sent"
    sentence = _("La empresa de mensajería recibió el mensaje de texto")


@dataclass(frozen=True, kw_only=True)
class MessageDelivered(Fact):
    message: int
    template: str

    verb = "messaging.message_delivered"
    sentence = _("El mensaje llegó al teléfono")


@dataclass(frozen=True, kw_only=True)
class TextArrived(Fact):
    arrival: int

    verb = "messaging.text_arrived"
    sentence = _("Llegó un mensaje de texto")


@dataclass(frozen=True, kw_only=True)
class TextFiled(Fact):
    about: str

    verb = "messaging.text_filed"
    sentence = _("El mensaje de texto quedó en su caso")


@dataclass(frozen=True, kw_only=True)
class TextParked(Fact):
    reason: str

    verb = "messaging.text_parked"
    sentence = _("El mensaje de texto espera a que alguien lo lea")


@dataclass(frozen=True, kw_only=True)
class TextsStopped(Fact):
    verb = "messaging.texts_stopped"
    sentence = _("Quien escribió pidió no recibir más mensajes de texto")


@dataclass(frozen=True, kw_only=True)
class TextsResumed(Fact):
    verb = "messaging.texts_resumed"
    sentence = _("Quien escribió pidió recibir otra vez mensajes de texto")


@dataclass(frozen=True, kw_only=True)
class MailArrived(Fact):
    mailbox: str
    digest: str

    verb = "messaging.mail_arrived"
    sentence = _("Llegó un correo al buzón {mailbox}")


@dataclass(frozen=True, kw_only=True)
class MailFiled(Fact):
    about: str

    verb = "messaging.mail_filed"
    sentence = _("El correo quedó en su caso")


@dataclass(frozen=True, kw_only=True)
class MailParked(Fact):
    reason: str

    verb = "messaging.mail_parked"
    sentence = _("El correo espera a que alguien lo lea")


@dataclass(frozen=True, kw_only=True)
class MailRepeated(Fact):
    arrival: int

    verb = "messaging.mail_repeated"
    sentence = _("El correo es el mismo de la entrada {arrival}")


@dataclass(frozen=True, kw_only=True)
class MailReleased(Fact):
    verb = "messaging.mail_released"
    sentence = _("El correo se leyó otra vez desde el principio")


@dataclass(frozen=True, kw_only=True)
class MailDiscarded(Fact):
    reason: str
    before: str  # why it had been parked

    verb = "messaging.mail_discarded"
    sentence = _("El correo se descartó")


@dataclass(frozen=True, kw_only=True)
class MailRestored(Fact):
    reason: str

    verb = "messaging.mail_restored"
    sentence = _("El correo volvió a la bandeja por revisar")


@dataclass(frozen=True, kw_only=True)
class MailboxUnbalanced(Fact):
    mailbox: str
    day: str
    missing: int

    verb = "messaging.mailbox_unbalanced"
    sentence = _("En el buzón {mailbox} hay {missing} correos que no están en el libro de entradas")
