"""What became of a message, in words for staff: where it is, why it did not arrive, and what to do about it."""

from django.utils.translation import gettext_lazy as _

from escucha.contexts.messaging.models import Message
from escucha.contexts.messaging.rules.trying import ADDRESS_CORRECTED
from escucha.contexts.people.rules.telephones import pretty_phone

SMS = "sms"
CHANNELS = {"email": _("Correo"), SMS: _("Texto")}
STATES = {
    "queued": _("Por salir"),
    "sent": _("La recibió el servidor de correo"),
    "delivered": _("Llegó al teléfono"),
    "kept": _("Guardado: no salió"),
    "failed": _("No se pudo entregar"),
}
SENT_TEXT = _("Lo recibió la empresa de mensajería")
WHY = {  # by the first word of what was kept of the failure
    "number": _("El número no recibe mensajes de texto. Revíselo con la persona o llámela."),
    "opt_out": _("La persona pidió no recibir más mensajes de texto. Llámela."),
    "text": _("La empresa de mensajería no acepta el texto. Revise la plantilla."),
    "blocked": _("El operador lo rechazó. Llame a la persona."),
    "account": _("La empresa de mensajería no acepta nuestra cuenta o nuestro número. Avise a quien la administra."),
    "busy": _("La empresa de mensajería está ocupada. Se intenta otra vez."),
    "phone_off": _("El teléfono está apagado o fuera de servicio."),
    "day_spent": _("Se acabó lo que se puede gastar hoy en mensajes. Sale mañana."),
}
CORRECTED = _("No salió: se corrigió a dónde escribirle.")
HELD_BACK = _("se corrigió antes a dónde escribirle")
STATUSES = {
    **dict.fromkeys(["accepted", "queued", "sending"], _("En camino")),
    "sent": _("Entregado al operador"),
    **dict.fromkeys(["delivered", "read"], _("Llegó al teléfono")),
    **dict.fromkeys(
        ["failed", "undelivered", "canceled", "sending_failed", "delivery_failed", "expired"],
        _("No llegó"),
    ),
}

OTHER_STATUS = _("Otra noticia de la empresa de mensajería")


def channel_of(message: Message) -> str:
    return str(CHANNELS.get(message.channel, message.channel))


def state_of(message: Message) -> str:
    if message.channel == SMS and message.state == Message.State.SENT:
        return str(SENT_TEXT)
    return str(STATES[message.state])


def why_of(message: Message) -> str:
    """Why it did not arrive, or waits; of a mail server, the kind of failure that it said."""
    if not message.error:
        return ""
    kind = message.error.partition(" ")[0]
    if kind == ADDRESS_CORRECTED:
        return str(CORRECTED)
    return str(WHY[kind]) if message.channel == SMS and kind in WHY else message.error


def error_in_story(error: str) -> str:
    """The same, as the end of a sentence."""
    return str(HELD_BACK) if error == ADDRESS_CORRECTED else error


def title_of(message: Message, *, body: str) -> str:
    """The title of a letter; of a text, which has none, its first words as staff may read them."""
    if message.title:
        return message.title
    return body if len(body) <= 60 else body[:60].rpartition(" ")[0].rstrip(".,:;") + "…"


def address_of(message: Message) -> str:
    return pretty_phone(message.to) if message.channel == SMS else message.to


def status_in_words(status: str) -> str:
    return str(STATUSES.get(status, OTHER_STATUS))
