"""What the forms of the public face share. They refuse nothing that is missing: only an e-mail that cannot exist."""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from hashlib import sha256
from typing import Any, Self

from django import forms
from django.core.validators import EmailValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from escucha.contexts.people.rules import DOCUMENT_KINDS, phone_key

NOT_SAID = {"key", "token", "result"}
KEY = re.compile(r"[\w-]{22}")
IMPOSSIBLE_EMAIL = _("Revise el correo: debe llevar una arroba y lo que va después, como nombre@example.org.")
KINDS_OF_DOCUMENT = [(key, _(label)) for key, label in DOCUMENT_KINDS.items()]
NOT_KEPT = {"data-keep": "off"}  # what no browser keeps for the next time
OF_PERSON = (
    "name", "contact_name", "document_kind", "document_number", "email", "phone", "other_phone", "address",
)  # fmt: skip


class Said(forms.CharField):
    """What somebody typed, never refused: what no database keeps is left out, and what is too long is cut."""

    def __init__(self, *args, longest: int | None = None, **kwargs):
        self.longest = longest
        super().__init__(*args, required=False, **kwargs)
        self.validators = []

    def to_python(self, value):
        return super().to_python(str(value or "").replace("\x00", ""))[: self.longest]

    def widget_attrs(self, widget):
        return super().widget_attrs(widget) | ({"maxlength": str(self.longest)} if self.longest else {})


class Email(Said):
    """The one thing that is refused: an address to which no letter could ever leave."""

    def __init__(self, **kwargs):
        super().__init__(longest=254, **kwargs)

    def clean(self, value):
        email = super().clean(value)
        if email:
            EmailValidator(IMPOSSIBLE_EMAIL)(email)
        return email


class Chosen(forms.ChoiceField):
    """A choice that falls back to none when what came is not on the list."""

    def clean(self, value):
        return value if value and self.valid_value(value) else ""


class SomeChosen(forms.MultipleChoiceField):
    """Several of a list, as boxes: what is not on it is left out."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        return [one for one in value or () if self.valid_value(one)]


def document_kind() -> Chosen:
    return Chosen(
        label=_("Tipo de documento"),
        choices=[("", _("Escoja uno")), *KINDS_OF_DOCUMENT],
        required=False,
    )


class PublicForm(forms.Form):
    """What anybody may send. `key` makes the same form sent twice one; `website` is seen by programs only.

    `token` and `result` are there for who is asked a question first.
    """

    asks_before_blank = True  # whether who sends it without a word is asked once if it meant so

    key = forms.CharField(widget=forms.HiddenInput, required=False)
    website = Said(label=_("Deje esta casilla vacía"))
    token = Said(widget=forms.HiddenInput)
    result = Said(
        help_text=_("Escriba el resultado con números o con letras."),
        longest=20,
        widget=forms.TextInput(attrs=NOT_KEPT),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.asks = self.asks_for_words = False
        self.fields["key"].initial = secrets.token_urlsafe(16)

    def clean(self):
        """A full trap may be a helpful browser's doing: nothing is lost, the person presses once more."""
        if self.cleaned_data.get("website"):
            self.add_error(None, _("Envíela otra vez, por favor: así sabemos que no la envió un programa."))
        return self.cleaned_data

    def again(self, data: Any) -> Self:
        """The same form, for other data."""
        return type(self)(data, self.files)

    def asking(self, words: str, token: str) -> Self:
        """The same form with all that was typed, and a question to answer before it is sent."""
        data: Any = copy(self.data)
        missed = bool(str(data.get("result", "")).strip())
        data["token"], data["result"] = token, ""
        asked = self.again(data)
        asked.asks, asked.fields["result"].label = True, words
        why = _("Llegaron muchas solicitudes desde su red. Responda la pregunta y envíela otra vez: no se perdió nada.")
        wrong = _(
            "Ese no es el resultado, o la pregunta ya se usó. Responda esta y envíela otra vez: no se perdió nada."
        )
        asked.add_error("result", wrong if missed else why)
        return asked

    @property
    def says_nothing(self) -> bool:
        """Whether it came as the page gave it: no word, no choice. Perhaps a finger slipped."""
        said = {name: self.cleaned_data.get(name) for name in self.fields if name not in NOT_SAID}
        return not any(value and value != self.fields[name].initial for name, value in said.items())

    @property
    def own_key(self) -> str:
        """The key with which this form was first shown; empty if it is none of ours."""
        key = str(self["key"].value() or "")
        return key if KEY.fullmatch(key) else ""

    @property
    def filing_key(self) -> str:
        """The same for the same form with the same text: a second click is one case, a second text another."""
        if not self.own_key:
            return secrets.token_urlsafe(16)
        said = [self.own_key, *(self._told(name) for name in self.fields if name not in NOT_SAID)]
        return sha256("\x1f".join(said).encode()).hexdigest()[:40]

    @property
    def person(self) -> dict[str, str]:
        """What the person said about itself, as `recognise` takes it."""
        return {key: self.cleaned_data.get(key, "") for key in OF_PERSON if key in self.fields}

    def _told(self, name: str) -> str:
        value = self.cleaned_data.get(name, "")
        files = value if isinstance(value, list) else []
        return str([(one.name, one.size) if hasattr(one, "chunks") else one for one in files] or value or "")


class Tracking(forms.Form):
    number = Said(label=_("Número de radicado"), longest=60)
    factor = Said(label=_("Su documento, o el código del recibo"), longest=60)


class Withdrawal(forms.Form):
    code = Said(
        label=_("Código del recibo"),
        help_text=_("Las seis letras y números que están junto a su número de radicado."),
        longest=60,
    )


class Verification(forms.Form):
    code = Said(label=_("Código del recibo"), longest=200)


def typed(form: forms.Form, names: Iterable[str]) -> Mapping[str, str]:
    """What was typed so far in some fields, valid or not."""
    return {name: str(form[name].value() or "") for name in names if name in form.fields}


def reach_of(email: str, phones: Sequence[str]) -> str:
    """Which contact the answer will use, as the sending of answers decides it: e-mail, else telephone, else notice."""
    ways = reaches()
    if email.strip():
        return ways["email"].format(contact=email.strip())
    if phone := next((phone.strip() for phone in phones if phone_key(phone)), ""):
        return ways["phone"].format(contact=phone)
    return ways["none"]


def reaches() -> dict[str, str]:
    """The sentences, with a place for the contact."""
    return {
        "email": gettext("La respuesta llegará a su correo {contact}."),
        "phone": gettext("La respuesta llegará por teléfono: lo llamaremos al {contact}."),
        "none": gettext(
            "La respuesta llegará a la página de avisos, porque no dejó correo ni teléfono. "
            "Podrá leerla aquí con su número y el código del recibo."
        ),
    }
