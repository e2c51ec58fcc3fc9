"""What may be corrected of a person, by whom, and why not. A document says nothing of who else has it."""

from collections.abc import Mapping, Sequence

from escucha.contexts.people.rules.documents import kind_of_person
from escucha.contexts.people.rules.recognising import as_kept
from escucha.contexts.people.rules.telephones import sms_number
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _

CORRECTS = "people.correct"
FIELDS: Mapping[str, str] = {  # as the form shows them
    "name": _("el nombre"),
    "contact_name": _("la persona de contacto"),
    "document_kind": _("el tipo de documento"),
    "document_number": _("el número de documento"),
    "email": _("el correo"),
    "phone": _("el teléfono"),
    "other_phone": _("el otro teléfono"),
    "address": _("la dirección"),
}
WRITTEN_TO = frozenset({"email", "phone", "other_phone"})  # where an answer may go
NAMES = ("name", "document_number", "email", "phone", "other_phone", "address")  # what tells who somebody is
NOT_YOURS = _("Su rol no corrige los datos de una persona. Pídalo a quien atiende al público.")
NOTHING_NEW = _("No cambió ningún dato. Escriba el que está mal como debe quedar.")
NOTHING_LEFT = _("Así no quedaría ningún dato de la persona. Deje al menos su nombre o un contacto.")
NO_REASON = _("Escriba por qué se corrige: quién lo dijo y cómo se comprobó.")
OVERTAKEN = _(
    "Otra persona corrigió estos datos mientras usted escribía. Lo que escribió sigue aquí: compárelo con lo que dicen "
    "ahora y, si todavía hace falta, vuelva a guardarlo."
)


def what_changes(before: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """Of what was said, the fields that are not as they stood, as they will be kept. What was not said stays."""
    kept = as_kept({field: said[field] for field in FIELDS if field in said})
    return {field: text for field, text in kept.items() if text != before[field]}


def reached_at(data: Mapping[str, str]) -> str:
    """Where a letter goes: the e-mail or, without one, the first mobile. Empty where nothing can be sent."""
    mobiles = (data[field] for field in ("phone", "other_phone") if sms_number(data[field]))
    return data["email"] or next(mobiles, "")


def addresses_left(before: Mapping[str, str], after: Mapping[str, str]) -> frozenset[str]:
    """Where letters went and should no longer go: e-mails and mobiles, as they are written to."""
    return _addresses(before) - _addresses(after)


def _addresses(data: Mapping[str, str]) -> frozenset[str]:
    return frozenset({data["email"], *(sms_number(data[field]) for field in ("phone", "other_phone"))} - {""})


def kind_after(kind: str, before: Mapping[str, str], changes: Mapping[str, str]) -> str:
    """Whether it is a person or an organisation, once its document is another one. What only it said stays."""
    told = kind_of_person(before["document_kind"], before["document_number"])
    if told != kind:
        return kind
    now = {**before, **changes}
    return kind_of_person(now["document_kind"], now["document_number"])


def blockers_to_correct(
    by: Actor,
    *,
    before: Mapping[str, str] | None = None,
    changes: Mapping[str, str] | None = None,
    reason: str | None = None,
    overtaken: bool = False,
) -> Sequence[Saying]:
    """Why a person may not be corrected. Without `changes` and `reason` a page only asks."""
    blockers = [] if by.may(CORRECTS) else [Saying(NOT_YOURS)]
    if overtaken:
        return [*blockers, Saying(OVERTAKEN)]
    if changes is not None and before is not None:
        after = {**before, **changes}
        if not changes:
            blockers.append(Saying(NOTHING_NEW))
        elif not any(after[field] for field in NAMES):
            blockers.append(Saying(NOTHING_LEFT))
    if reason is not None and not reason.strip():
        blockers.append(Saying(NO_REASON))
    return blockers
