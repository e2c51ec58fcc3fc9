"""The forms of a file: the call as it comes in, and what is changed of it afterwards. They never save."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escucha.contexts.assistance.models import Affiliate
from escucha.contexts.assistance.policy import Account, AssistancePolicy
from escucha.contexts.people.rules.documents import kinds_of
from escucha.kernel.orgs.models import Member
from escucha.web.desk.forms import LongText, Short, offer

INCOMPLETE = _("La página llegó incompleta. Vuelva a intentarlo desde aquí.")
ELSEWHERE = "—"


class Place(forms.Form):
    """Where somebody has to go."""

    place = forms.ChoiceField(label=_("País y zona"), required=False)
    address = Short(label=_("Dirección"))
    references = Short(label=_("Referencias para llegar"))

    def __init__(self, *args: Any, policy: AssistancePolicy, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offer(self, "place", [("", _("Escoja el lugar")), *places(policy)])

    @property
    def place_said(self) -> dict[str, Any]:
        place = self.cleaned_data["place"]
        country = place.partition("/")[0]
        kept = {name: self.cleaned_data[name] for name in ("address", "references")}
        return kept | {"country": country, "area": place if "/" in place else ""}


class Contact(Place):
    """Who calls, from where, and what about."""

    contact_first_name = Short(label=_("Nombre de quien llama"), max_length=80)
    contact_last_name = Short(label=_("Apellidos de quien llama"), max_length=80)
    contact_phone = Short(label=_("Teléfono de quien llama"), max_length=30)
    description = LongText(label=_("Qué pasó"), most=4_000)

    @property
    def contact_said(self) -> dict[str, Any]:
        names = ("contact_first_name", "contact_last_name", "contact_phone", "description")
        return {name: self.cleaned_data[name] for name in names} | self.place_said


class Newcomer(forms.Form):
    """Somebody who was not found: a name is enough to go on."""

    first_name = Short(label=_("Nombre del afiliado"), max_length=80)
    last_name = Short(label=_("Apellidos del afiliado"), max_length=80)
    document_kind = forms.ChoiceField(label=_("Tipo de documento"), required=False)
    document_number = Short(label=_("Número de documento"), max_length=30)
    validator = Short(label=_("Dato de la cuenta"), max_length=60)
    phone = Short(label=_("Teléfono del afiliado"), max_length=30)
    of_newcomer = ("first_name", "last_name", "document_kind", "document_number", "validator", "phone")

    def __init__(self, *args: Any, account: Account | None, country: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        kinds = kinds_of(account.country if account else country)
        offer(self, "document_kind", [("", _("Sin documento")), *kinds.items()])
        if account and account.validator:
            self.fields["validator"].label = account.validator

    @property
    def newcomer(self) -> dict[str, str] | None:
        said = {name: self.cleaned_data[name].strip() for name in self.of_newcomer}
        return said if said["first_name"] or said["last_name"] else None


class NewFile(Newcomer, Contact):
    """A call as it is taken down. Of the affiliate only what identifies it is asked."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput(attrs={"id": False}))
    account = forms.ChoiceField(
        label=_("Cuenta por la que llama"), error_messages={"required": _("Escoja la cuenta por la que llama.")}
    )
    looked_for = Short(label=_("Buscar al afiliado"), max_length=120)
    affiliate = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    same = forms.BooleanField(label=_("Llama el mismo afiliado"), required=False)
    field_order = ("account", "looked_for")

    def __init__(self, *args: Any, policy: AssistancePolicy, account: Account | None, **kwargs: Any):
        super().__init__(*args, policy=policy, account=account, country=_first_country(policy), **kwargs)
        accounts = [(one.key, one.label) for one in policy.accounts]
        offer(self, "account", [("", _("Escoja la cuenta")), *accounts])
        if not self.is_bound:  # a caller is waiting: the hands begin here
            self.fields["looked_for" if account else "account"].widget.attrs["autofocus"] = True


class Versioned(forms.Form):
    """An act on a file as who does it saw it."""

    version = forms.IntegerField(
        widget=forms.HiddenInput(attrs={"id": False}),
        error_messages=dict.fromkeys(("required", "invalid"), INCOMPLETE),
    )


class Details(Versioned, Contact):
    """What is said of who calls and of where, put right."""


class Naming(Versioned):
    """The affiliate of a file, found after it was opened."""

    affiliate_id = forms.IntegerField(min_value=1, max_value=2**63 - 1)


class Registering(Versioned, Newcomer):
    """Who is not found, registered for a file that is open."""

    def clean(self) -> dict[str, Any]:
        if not self.newcomer:
            raise forms.ValidationError(_("Escriba el nombre del afiliado."))
        return self.cleaned_data


class HandingOver(Versioned):
    member_id = forms.TypedChoiceField(label=_("Quién queda a cargo"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, members: Iterable[Member] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        named = [(one.pk, one.account.name) for one in members]
        offer(self, "member_id", [("", _("La cola del turno")), *named])


class Closing(Versioned):
    empty_reason = Short(label=_("Por qué se cierra sin asistencias"))


class Reopening(Versioned):
    reason = Short(label=_("Por qué se abre otra vez"))


class Reminding(forms.Form):
    text = Short(label=_("Qué recordar"))
    hour = forms.TimeField(
        label=_("Hora del lugar"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Escriba la hora así: 15:30.")),
    )
    day = forms.DateField(
        label=_("Día, si es otro"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Escriba el día así: 2026-05-04.")},
    )


class Noting(forms.Form):
    comment = LongText(label=_("Anotación"), most=4_000)


def places(policy: AssistancePolicy) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Every place by its country, each after what it is a part of and with it in its name."""
    for country in policy.countries:
        found = [(country.key, _("{country}, sin zona").format(country=country.label))]
        named = {country.key: ""}
        for area in policy.areas():
            above = area.path.rpartition("/")[0]
            if above in named:
                named[area.path] = f"{named[above]} {ELSEWHERE} {area.label}" if named[above] else area.label
                found.append((area.path, named[area.path]))
        yield country.label, found


def place_of(affiliate: Affiliate, policy: AssistancePolicy, account: Account | None) -> dict[str, str]:
    """Where an affiliate lives, to begin with; its country, where its zone is not known."""
    area = affiliate.area if policy.area(affiliate.area) else ""
    return {"place": area or (account.country if account else ""), "address": affiliate.address}


def _first_country(policy: AssistancePolicy) -> str:
    return next((one.key for one in policy.countries), "")
