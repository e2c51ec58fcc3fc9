"""The acts a role may be given, and how they are said aloud."""

from collections.abc import Mapping

from escucha.kernel.words import _

ACTS: Mapping[str, str] = {
    "cases.see": _("Ve los casos"),
    "cases.file": _("Radica"),
    "cases.classify": _("Clasifica"),
    "cases.route": _("Pasa el caso a una dependencia"),
    "cases.return": _("Devuelve lo que no es de su dependencia"),
    "cases.assign": _("Reparte y reasigna el trabajo"),
    "cases.answer": _("Escribe la respuesta"),
    "cases.check": _("Revisa la respuesta antes de enviarla"),
    "cases.send": _("Envía la respuesta"),
    "cases.contact": _("Llama a la persona"),
    "cases.publish": _("Publica el aviso de quien no se pudo contactar"),
    "cases.close": _("Cierra el caso"),
    "cases.note": _("Escribe notas internas"),
    "cases.withdraw": _("Registra el desistimiento"),
    "cases.join": _("Junta y separa casos"),
    "attentions.record": _("Registra atenciones que no son solicitudes"),
    "attentions.see": _("Ve las atenciones registradas"),
    "acts.open": _("Lleva actas de buzones y audiencias"),
    "intake.review": _("Revisa lo que llega por correo y no se sabe de qué caso es"),
    "people.find": _("Busca a quien ya es conocido, con su documento y su teléfono"),
    "people.correct": _("Corrige los datos de una persona"),
    "cases.reserved": _("Atiende los casos reservados"),
    "cases.identity": _("Ve identidades reservadas, diciendo para qué"),
    "agenda.team": _("Ve los pendientes de su equipo"),
    "agenda.all": _("Ve los pendientes de toda la organización"),
    "timeline.see": _("Ve la bitácora"),
    "messages.see": _("Ve los mensajes enviados"),
    "profile.see": _("Ve la política"),
}

# Without somebody for each of these a case would stop half way.
PATH = (
    "cases.file", "cases.classify", "cases.route", "cases.return", "cases.answer", "cases.send", "cases.contact",
    "cases.publish", "cases.close",
)  # fmt: skip
CHECK = "cases.check"
