"""What was corrected of a person, in words: for who may see it, with what it said before and says since."""

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escucha.contexts.cases.rules.standing import listed
from escucha.contexts.people.models import Correction
from escucha.contexts.people.rules.correcting import FIELDS
from escucha.contexts.people.rules.documents import document_label, pretty_document
from escucha.contexts.people.rules.telephones import pretty_phone

LABELS = {
    "name": gettext_lazy("Nombre completo"),
    "contact_name": gettext_lazy("Persona de contacto"),
    "document_kind": gettext_lazy("Tipo de documento"),
    "document_number": gettext_lazy("Número de documento"),
    "email": gettext_lazy("Correo electrónico"),
    "phone": gettext_lazy("Teléfono"),
    "other_phone": gettext_lazy("Otro teléfono"),
    "address": gettext_lazy("Dirección"),
}


class Change(NamedTuple):
    label: str
    before: str
    after: str

    @property
    def line(self) -> str:
        empty = _("(vacío)")
        return f"{self.label}: {self.before or empty} → {self.after or empty}"


def changes_in(correction: Correction) -> list[Change]:
    kind = {"document_kind": correction.person.document_kind}
    return changes_from(kind | correction.before, correction.after)


def changes_from(before: dict[str, str], after: dict[str, str]) -> list[Change]:
    """Field by field, in the order of the form."""
    changed = [field for field in FIELDS if field in after]
    return [Change(str(LABELS[one]), _shown(one, before, before), _shown(one, after, before)) for one in changed]


def fields_in_words(corrected: str) -> str:
    """`email,phone` is «el correo y el teléfono»."""
    return listed([_(FIELDS.get(field, field)) for field in corrected.split(",")])


def _shown(field: str, said: dict[str, str], before: dict[str, str]) -> str:
    text = said.get(field, "")
    if field == "document_kind":
        text = _(document_label(text)) if text else ""
    elif field == "document_number":
        text = pretty_document(said.get("document_kind", before.get("document_kind", "")), text)
    elif field in ("phone", "other_phone") and text:
        text = pretty_phone(text)
    return text
