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
