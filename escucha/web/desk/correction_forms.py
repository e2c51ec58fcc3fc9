"""The form by which the data of a person are put right: the one of the counter, with what is known already."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escucha.contexts.people.models import Person
from escucha.contexts.people.queries import data_of
from escucha.contexts.people.rules.correcting import FIELDS
from escucha.contexts.people.rules.documents import document_label
from escucha.web.desk.forms import LongText, offer
from escucha.web.desk.receiving.forms import KINDS_OF_DOCUMENT, Somebody


class Correcting(Somebody):
    contact_name = forms.CharField(label=_("Persona de contacto"), max_length=200, required=False)
    other_phone = forms.CharField(label=_("Otro teléfono"), max_length=30, required=False)
    reason = LongText(
        label=_("Por qué se corrige"),
        help_text=_("Quién lo dijo, cuándo y cómo comprobó que es la persona. Lo lee quien puede ver sus datos."),
        rows=2,
    )
    seen = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("La página llegó incompleta. Vuelva a abrirla desde el caso.")
        ),
    )
    send_again = forms.BooleanField(required=False)
    renew_keys = forms.BooleanField(required=False)

    def __init__(self, said: Any = None, *, person: Person, start: Mapping[str, Any] | None = None) -> None:
        super().__init__(said, initial={**data_of(person), **(start or {})})
        del self.fields["key"]  # pressed twice, the second finds nothing to correct
        known = person.document_kind
        if known and known not in dict(KINDS_OF_DOCUMENT):  # of before, or of another country
            offer(self, "document_kind", [("", "—"), *KINDS_OF_DOCUMENT, (known, _(document_label(known)))])
        if not (person.is_organisation or person.contact_name):
            del self.fields["contact_name"]

    def seen_now(self, last: int) -> None:
        """Sent again as it was typed, it is about what is known now."""
        self.data = dict(self.data.items()) | {"seen": str(last)}  # by `items`: a form that was sent holds lists

    @property
    def said(self) -> dict[str, str]:
        """Of the person, what the form asked."""
        return {field: self.cleaned_data[field] for field in FIELDS if field in self.cleaned_data}
