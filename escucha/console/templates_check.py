"""The texts of a profile: which ones the product sends, and which values each may have in braces."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from string import Formatter

from escucha.contexts.messaging.rules.texts import measured
from escucha.kernel.words import _

PLACE = re.compile(r"\{[^{}]*\}")
EVERYWHERE = {"organisation", "number"}
STAFF = EVERYWHERE | {"name", "unit", "case_url"}
CITIZEN = EVERYWHERE | {"tracking_url"}
WORK = EVERYWHERE | {"service", "area", "priority", "window"}  # of a provider: nothing by which a person is known


@dataclass(frozen=True)
class Template:
    """A text the product sends: what it is for, the values it may use and those it must."""

    says: str
    may: frozenset[str]
    must: frozenset[str]
    optional: bool = False  # the product has words of its own where a profile has none


def _template(says: str, may: set[str], must: set[str]) -> Template:
    return Template(says, frozenset(may | must), frozenset(must))


def _optional(says: str, may: set[str], must: set[str]) -> Template:
    return replace(_template(says, may, must), optional=True)


GOES = {"organisation", "provider", "service"}
# The receipt goes to an address nobody has verified: it may carry nothing the sender wrote, not even the name.
TEMPLATES: Mapping[str, Template] = {
    "acknowledged": _template(
        _("Recibo electrónico para la persona"),
        CITIZEN | {"starts", "check_digit"},
        {"number", "received_on", "received_time", "due_on", "receipt_url", "tracking_url", "contact_code"},
    ),
    "answer_ready": _template(_("Aviso de que hay respuesta"), CITIZEN | {"name"}, {"number", "answer_url"}),
    "answer_again": _template(
        _("Segundo aviso de que hay respuesta"), CITIZEN | {"name"}, {"number", "answer_url", "notice_days"}
    ),
    "acknowledged.sms": replace(
        _template(
            _("Recibo por mensaje de texto"),
            CITIZEN | {"received_on", "received_time", "starts", "receipt_url", "due_on", "contact_code"},
            {"number"},
        ),
        optional=True,
    ),
    "answer_ready.sms": replace(
        _template(_("Aviso por mensaje de texto de que hay respuesta"), CITIZEN | {"name"}, {"number", "answer_url"}),
        optional=True,
    ),
    "withdrawal_recorded": replace(
        _template(_("Constancia de que la persona desistió"), CITIZEN | {"name"}, {"number"}), optional=True
    ),
    "nobody_keeps": _optional(_("Aviso de que nadie puede abrir una denuncia reservada"), {"organisation"}, {"label"}),
    "survey_invitation": replace(
        _template(_("Invitación a una encuesta"), {"organisation", "intro", "questions"}, {"survey_url"}), optional=True
    ),
    "survey_invitation.sms": replace(
        _template(_("Invitación a una encuesta por mensaje de texto"), {"organisation"}, {"survey_url"}), optional=True
    ),
    "work_offer": _optional(_("Trabajo que se ofrece a un proveedor"), WORK, {"service", "area", "until", "offer_url"}),
    "work_offer.sms": _optional(
        _("Trabajo que se ofrece por mensaje de texto"), WORK, {"service", "area", "until", "offer_url"}
    ),
    "work_assigned": _optional(_("Trabajo que se da a un proveedor"), WORK, {"number", "work_url"}),
    "work_assigned.sms": _optional(_("Trabajo que se da por mensaje de texto"), WORK, {"number", "work_url"}),
    "work_called_off": _optional(_("Aviso al proveedor de que ya no vaya"), WORK, {"number"}),
    "work_called_off.sms": _optional(_("Mensaje de texto al proveedor: que ya no vaya"), WORK, {"number"}),
    "somebody_goes": _optional(_("Aviso al afiliado de quién va"), GOES, {"number", "service_url"}),
    "somebody_goes.sms": _optional(_("Mensaje de texto al afiliado: quién va"), GOES, {"number", "service_url"}),
    "case_assigned": _template(_("Caso nuevo para la dependencia"), STAFF, {"number", "unit", "case_url"}),
    "answer_returned": _template(_("Respuesta devuelta a la dependencia"), STAFF, {"number", "case_url"}),
    "step_reminder": _template(_("Recordatorio a quien debe algo"), STAFF, {"number", "owed", "due_on", "case_url"}),
    "step_escalation": _template(
        _("Escalamiento a quien puede ayudar"), STAFF, {"number", "owed", "due_on", "case_url"}
    ),
}


def wrong_with(name: str, text: str) -> Sequence[str]:
    """What is wrong with a text of a profile, in words; empty when nothing is."""
    template = TEMPLATES.get(name)
    if template is None:
        return [_("nadie envía este mensaje")]
    wrong = _odd_shape_of_text(text) if name.endswith(".sms") else _odd_shape(text)
    try:
        used, dressed = placeholders(text), formatted(text)
    except ValueError:
        return [*wrong, _("hay una llave sin cerrar o sin abrir")]
    wrong += [_("escriba {{{key}}} sin formato: entre llaves va solo el nombre").format(key=key) for key in dressed]
    wrong += [_("no se conoce {{{key}}}").format(key=key) for key in sorted(used - template.may)]
    return wrong + [_("falta {{{key}}}").format(key=key) for key in sorted(template.must - used)]


def _odd_shape(text: str) -> list[str]:
    title, _line, body = text.partition("\n")
    wrong = []
    if not title.startswith("Asunto: ") or not title.removeprefix("Asunto: ").strip():
        wrong.append(_("la primera línea debe decir «Asunto: …»"))
    if not body.startswith("\n") or not body.strip():
        wrong.append(_("después del asunto va una línea vacía y el texto"))
    return wrong


def _odd_shape_of_text(text: str) -> list[str]:
    """A text message has no title and is short: what its values add to it is not in sight here."""
    wrong = [] if text.strip() else [_("el mensaje de texto está vacío")]
    if text.startswith("Asunto:"):
        wrong.append(_("un mensaje de texto no lleva asunto"))
    if measured(PLACE.sub("", text.strip())).segments > 1:
        wrong.append(_("el mensaje de texto es muy largo: escríbalo en menos de 160 letras"))
    return wrong


def placeholders(text: str) -> set[str]:
    """The values a text asks for. Raises ValueError where a brace has no pair."""
    return {field for _before, field, _format, _conversion in Formatter().parse(text) if field is not None}


def formatted(text: str) -> Sequence[str]:
    """The values a text asks for with a format or a conversion, which nobody applies."""
    return sorted({str(field) for _before, field, spec, conversion in Formatter().parse(text) if spec or conversion})
