"""The forms of the public face. Filing refuses nothing for what is missing: only an e-mail that cannot exist."""

import re
import secrets
from collections.abc import Iterable
from copy import copy
from hashlib import sha256
from typing import Any

from django import forms
from django.core.validators import EmailValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.people.rules import DOCUMENT_KINDS, phone_key

UNSURE = "no-se"
NOT_SAID = {"key", "token", "result"}
KEY = re.compile(r"[\w-]{22}")
IMPOSSIBLE_EMAIL = _("Revise el correo: debe llevar una arroba y lo que va después, como nombre@example.org.")


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


class Chosen(forms.ChoiceField):
    """A choice that falls back to none when what came is not on the list."""

    def clean(self, value):
        return value if value and self.valid_value(value) else ""


class Filing(forms.Form):
    """A request. `key` makes the same form sent twice one case; `website` is seen by programs only."""

    key = forms.CharField(widget=forms.HiddenInput, required=False)
    suggested_type = Chosen(label=_("¿Qué clase de solicitud es?"), widget=forms.RadioSelect, required=False)
    body = Said(
        label=_("¿Qué pasó y qué espera que hagamos?"),
        help_text=_("Diga dónde y cuándo fue. No escriba claves ni números de tarjeta."),
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    matter = Said(label=_("En una frase, ¿de qué se trata?"), longest=200)
    emergency = Chosen(widget=forms.RadioSelect, choices=[("no", _("No")), ("yes", _("Sí"))], required=False)
    name = Said(
        label=_("Nombre completo"), help_text=_("Para dirigirle la respuesta y encontrar su caso."), longest=200
    )
    document_kind = Chosen(
        label=_("Tipo de documento"), choices=[("", _("Escoja uno")), *DOCUMENT_KINDS.items()], required=False
    )
    document_number = Said(
        label=_("Número de documento"),
        help_text=_("Para que nadie más vea su respuesta: con él y su número de radicado la consulta usted."),
        longest=30,
    )
    email = Said(label=_("Correo electrónico"), help_text=_("Para enviarle el recibo y la respuesta."), longest=254)
    phone = Said(label=_("Teléfono"), help_text=_("Para llamarlo si el correo falla o falta un dato."), longest=30)
    other_phone = Said(label=_("Otro teléfono"), help_text=_("Por si en el primero no contesta nadie."), longest=30)
    website = Said(label=_("Deje esta casilla vacía"))
    token = Said(widget=forms.HiddenInput)
    result = Said(
        help_text=_("Escriba el resultado con números o con letras."),
        longest=20,
        widget=forms.TextInput(attrs={"data-keep": "off"}),
    )

    def __init__(self, *args, policy: CasesPolicy, **kwargs):
        super().__init__(*args, **kwargs)
        self.policy, self.asks = policy, False
        kinds = [kind for kind in policy.types.values() if kind.public]
        unsure = gettext("Está bien: leemos su texto y la clasificamos; el plazo cuenta igual.")
        chosen: Any = self.fields["suggested_type"]
        chosen.choices = [*((kind.key, kind.label) for kind in kinds), (UNSURE, gettext("No estoy seguro"))]
        chosen.about = {kind.key: kind.definition for kind in kinds} | {UNSURE: unsure}
        chosen.initial = UNSURE
        self.fields["key"].initial = secrets.token_urlsafe(16)
        self.fields["emergency"].initial = "no"
        self.fields["emergency"].label = policy.emergency_question
        if not policy.emergency_question:
            del self.fields["emergency"]

    def clean_email(self):
        email = self.cleaned_data["email"]
        if email:
            EmailValidator(IMPOSSIBLE_EMAIL)(email)
        return email

    def clean(self):
        """A full trap may be a helpful browser's doing: nothing is lost, the person presses once more."""
        if self.cleaned_data.get("website"):
            self.add_error(None, _("Envíela otra vez, por favor: así sabemos que no la envió un programa."))
        return self.cleaned_data

    def asking(self, words: str, token: str) -> "Filing":
        """The same form with all that was typed, and a question to answer before it is filed."""
        data: Any = copy(self.data)
        data["token"], data["result"] = token, ""
        asked = Filing(data, policy=self.policy)
        asked.asks, asked.fields["result"].label = True, words
        why = _("Llegaron muchas solicitudes desde su red. Responda la pregunta y envíela otra vez: no se perdió nada.")
        asked.add_error("result", why)
        return asked

    @property
    def person(self) -> dict[str, str]:
        """What the person said about itself."""
        keys = ("name", "document_kind", "document_number", "email", "phone", "other_phone")
        return {key: self.cleaned_data.get(key, "") for key in keys}

    @property
    def filing_key(self) -> str:
        """The same for the same form with the same text: a second click is one case, a second text another."""
        key = self.cleaned_data.get("key", "")
        if not KEY.fullmatch(key):
            return secrets.token_urlsafe(16)
        names = [name for name in self.fields if name not in NOT_SAID]
        said = "\x1f".join([key, *(str(self.cleaned_data.get(name, "")) for name in names)])
        return sha256(said.encode()).hexdigest()[:40]

    @property
    def reach(self) -> str:
        """Which contact the answer will use, from what was typed so far."""
        if not self.is_bound or self.errors.get("email"):
            return ""
        said = {name: str(self[name].value() or "") for name in ("email", "phone", "other_phone")}
        return reach_of(said["email"], [said["phone"], said["other_phone"]])


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


def reach_of(email: str, phones: Iterable[str]) -> str:
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
