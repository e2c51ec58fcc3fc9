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
