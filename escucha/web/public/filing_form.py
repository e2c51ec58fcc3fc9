"""The form by which a request is filed: short for who wants it short, and complete for who needs it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.documents.policy import DocumentsPolicy
from escucha.contexts.people.policy import PeoplePolicy, Purpose
from escucha.contexts.people.rules.doubts import doubts_about
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.words import Saying
from escucha.web.public.forms import (
    NOT_KEPT,
    Chosen,
    Email,
    PublicForm,
    Said,
    SomeChosen,
    document_kind,
    reach_of,
    reaches,
    typed,
)
from escucha.web.public.papers import ask_for_files

UNSURE = "no-se"
KNOWN, RESERVED, ANONYMOUS = "known", "reserved", "anonymous"
WHO = {
    KNOWN: (
        _("Digo quién soy"),
        _("Quien atiende su caso ve su nombre. La respuesta le llega a su correo o teléfono."),
    ),
    RESERVED: (
        _("Que mi nombre quede en reserva"),
        _(
            "Sabemos quién es para responderle a su correo o teléfono, pero quien investiga no ve su nombre. "
            "Verlo exige un motivo, y queda escrito quién lo vio."
        ),
    ),
    ANONYMOUS: (
        _("No digo quién soy"),
        _(
            "No guardamos su nombre, su documento ni cómo encontrarlo, aunque los escriba. La respuesta la lee usted "
            "aquí, con el número y el código del recibo: no podemos enviársela ni llamarlo."
        ),
    ),
}
AGREE = "agree_"  # of the name of a purpose's box


class Filing(PublicForm):
    """A request. Nothing is obligatory; only an e-mail that cannot exist comes back."""

    suggested_type = Chosen(label=_("¿Qué clase de solicitud es?"), widget=forms.RadioSelect, required=False)
    body = Said(
        label=_("¿Qué pasó y qué espera que hagamos?"),
        help_text=_("Diga dónde y cuándo fue. No escriba claves ni números de tarjeta."),
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    matter = Said(label=_("En una frase, ¿de qué se trata?"), longest=200)
    emergency = Chosen(widget=forms.RadioSelect, choices=[("no", _("No")), ("yes", _("Sí"))], required=False)
    requester_kind = Chosen(label=_("¿A nombre de quién?"), widget=forms.RadioSelect, required=False)
    contact_name = Said(
        label=_("Persona de contacto"), help_text=_("Para saber por quién preguntar en la organización."), longest=200
    )
    name = Said(
        label=_("Nombre completo"),
        help_text=_(
            "Para dirigirle la respuesta y encontrar su caso. Si escribe por una organización, su razón social."
        ),
        longest=200,
    )
    document_kind = document_kind()
    document_number = Said(
        label=_("Número de documento"),
        help_text=_("Para que nadie más vea su respuesta: con él y su número de radicado la consulta usted."),
        longest=30,
    )
    email = Email(label=_("Correo electrónico"), help_text=_("Para enviarle el recibo y la respuesta."))
    phone = Said(label=_("Teléfono"), help_text=_("Para llamarlo si el correo falla o falta un dato."), longest=30)
    other_phone = Said(label=_("Otro teléfono"), help_text=_("Por si en el primero no contesta nadie."), longest=30)
    place = Said(label=_("Municipio"), help_text=_("Para saber dónde pasó o dónde vive usted."), longest=120)
    who = Chosen(
        label=_("¿Quiere que se sepa quién es?"),
        widget=forms.RadioSelect,
        choices=[(key, name) for key, (name, _about) in WHO.items()],
        initial=KNOWN,
        required=False,
    )

    def __init__(self, *args, profile: Profile, kind: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.profile, self.kind = profile, kind
        policy, self.people = profile.section(CasesPolicy), profile.section(PeoplePolicy)
        about: Any = self.fields["who"]
        about.about = {key: what for key, (_name, what) in WHO.items()}
        self._offer_kinds(policy)
        requesters: Any = self.fields["requester_kind"]
        requesters.choices = [(one.key, gettext(one.label)) for one in policy.requesters.values()]
        requesters.initial = next(iter(policy.requesters), "")
        self.fields["emergency"].initial = "no"
        self.fields["emergency"].label = policy.emergency_question
        if not policy.emergency_question:
            del self.fields["emergency"]
        label = _("Fotos o documentos")
        ask_for_files(self, "files", policy=profile.section(DocumentsPolicy), label=label)
        self._offer_uses()

    @property
    def organisations(self) -> Sequence[str]:
        """The requesters who are no person, for whom there is somebody to ask for."""
        policy = self.profile.section(CasesPolicy)
        return [one.key for one in policy.requesters.values() if one.kind == "organisation"]

    @property
    def uses(self) -> Sequence[tuple[Any, Purpose]]:
        """The uses of data that are asked for, each with its own empty box; that of the groups stands beside them."""
        asked = [one for one in self.people.asked if one.key != self.people.group_purpose]
        return [(self[AGREE + one.key], one) for one in asked]

    @property
    def group_use(self) -> tuple[Any, Purpose] | None:
        """The box without which nothing sensitive is written down, with its text."""
        purpose = self.people.purposes.get(self.people.group_purpose)
        return (self[AGREE + purpose.key], purpose) if purpose and "groups" in self.fields else None

    @property
    def agreed(self) -> Sequence[str]:
        """The purposes whose boxes were ticked."""
        return [one.key for one in self.people.asked if self.cleaned_data.get(AGREE + one.key)]

    @property
    def doubts(self) -> Mapping[str, Sequence[Saying]]:
        """What looks odd in what was typed, beside each field. It stops nothing."""
        return doubts_about(typed(self, ("document_kind", "document_number", "phone", "other_phone")))

    @property
    def reach(self) -> str:
        """Which contact the answer will use, from what was typed so far."""
        if not self.is_bound or self.errors.get("email"):
            return ""
        said = typed(self, ("email", "phone", "other_phone", "who"))
        if said["who"] == ANONYMOUS:
            return reaches()["none"]
        return reach_of(said["email"], [said["phone"], said["other_phone"]])

    def again(self, data):
        return Filing(data, self.files, profile=self.profile, kind=self.kind)

    def _offer_kinds(self, policy: CasesPolicy) -> None:
        """Those of the policy. What is reserved has a form of its own, where less is asked."""
        kinds = [kind for kind in policy.types.values() if kind.public and not kind.reserved]
        unsure = gettext("Está bien: leemos su texto y la clasificamos; el plazo cuenta igual.")
        chosen: Any = self.fields["suggested_type"]
        chosen.choices = [*((one.key, one.label) for one in kinds), (UNSURE, gettext("No estoy seguro"))]
        chosen.about = {one.key: one.definition for one in kinds} | {UNSURE: unsure}
        chosen.initial = self.kind or UNSURE

    def _offer_uses(self) -> None:
        groups = [(one.key, f"{one.label}. {one.says}") for one in self.people.groups.values()]
        if groups:
            box = forms.CheckboxSelectMultiple(attrs=NOT_KEPT)
            label = _("¿Es de alguno de estos grupos?")
            self.fields["groups"] = SomeChosen(label=label, choices=groups, widget=box, required=False)
        for one in self.people.asked:
            if one.key == self.people.group_purpose and not groups:
                continue
            self.fields[AGREE + one.key] = forms.BooleanField(
                label=one.text,
                help_text=gettext(one.notice) if one.notice else "",
                widget=forms.CheckboxInput(attrs=NOT_KEPT),
                required=False,
            )
