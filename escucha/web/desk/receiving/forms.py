"""The forms by which staff takes down what it receives. They never save, and nothing is required."""

import re
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escucha.contexts.cases.policy import AttentionPolicy, CasesPolicy
from escucha.contexts.cases.policy.receiving import ASKS
from escucha.contexts.cases.rules.debts import LONGEST_AGO
from escucha.contexts.documents.policy import DocumentsPolicy
from escucha.contexts.messaging.policy.channels import ChannelsPolicy
from escucha.contexts.people.policy import PeoplePolicy
from escucha.contexts.people.rules import DOCUMENT_KINDS
from escucha.contexts.people.rules.recognising import ORGANISATION
from escucha.kernel.profiles.loader import Profile
from escucha.web.desk.forms import LONGEST, LongText, offer
from escucha.web.ui.uploads import Files

KEY = re.compile(r"[\w-]{22}")
KINDS_OF_DOCUMENT = [(key, _(label)) for key, label in DOCUMENT_KINDS.items()]
PAPER = ("letter", "fax", "email")  # what the person itself wrote, and staff copies
OF_SOMEBODY = ("name", "document_kind", "document_number", "phone", "email", "address")
AS_IS = "as_is"  # the button of who files it without a word
ANONYMOUS, RESERVED = "anonymous", "reserved"
WHO = [
    ("", _("Dice quién es")),
    (RESERVED, _("Pide que no se sepa quién es")),
    (ANONYMOUS, _("No dice quién es")),
]


class KindSelect(forms.Select):
    """Each option carries its kind, so that the page shows what belongs to it."""

    kinds: dict[str, str] = {}

    def create_option(self, name: Any, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-kind"] = self.kinds.get(str(value), "")
        return option


class SentOnce(forms.Form):
    """A form with its key: pressed twice it is one act, and another text is another."""

    GIVEN = ("key", "channel", "received_at", "filled_by")  # what every one has from the beginning

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was said by a button that does not say that it is meant so: perhaps a key slipped."""
        said = (value for name, value in self.cleaned_data.items() if name not in self.GIVEN)
        return AS_IS not in self.data and not any(said)

    @property
    def filing_key(self) -> str:
        key = self.cleaned_data["key"]
        if not KEY.fullmatch(key):
            return secrets.token_urlsafe(16)
        said = "\x1f".join([key, *(str(self.cleaned_data.get(name, "")) for name in self.fields if name != "key")])
        return sha256(said.encode()).hexdigest()[:40]


class Day(forms.DateField):
    """A day that may not be known."""

    def __init__(self, **kwargs):
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, required=False, **kwargs)


class Moment(forms.DateTimeField):
    def __init__(self, **kwargs):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)


class Somebody(SentOnce):
    """Who says it, as far as it says so."""

    name = forms.CharField(label=_("Nombre completo"), max_length=200, required=False)
    document_kind = forms.ChoiceField(
        label=_("Documento"),
        choices=[("", "—"), *KINDS_OF_DOCUMENT],
        required=False,
    )
    document_number = forms.CharField(label=_("Número de documento"), max_length=30, required=False)
    phone = forms.CharField(label=_("Teléfono"), max_length=30, required=False)
    email = forms.EmailField(label=_("Correo electrónico"), required=False)
    address = forms.CharField(label=_("Dirección"), max_length=200, required=False)

    @property
    def person(self) -> dict[str, str]:
        """What was said of it, as `recognise` takes it."""
        return {key: self.cleaned_data.get(key, "") for key in OF_SOMEBODY}

    @property
    def tells_who(self) -> bool:
        """Whether anything was said of it so far: then the page does not fold it away."""
        return any(self[key].value() for key in OF_SOMEBODY if key in self.fields)


class NewCase(Somebody):
    """The short form: whoever receives a request hands it over in under a minute."""

    channel = forms.ChoiceField(label=_("Cómo llegó"), widget=KindSelect)
    received_at = Moment(
        label=_("Cuándo la recibió su área"), help_text=_("El plazo cuenta desde ese momento."), required=False
    )
    emergency = forms.BooleanField(required=False)
    body = LongText(
        label=_("Qué dijo la persona"),
        help_text=_("Con sus palabras. Si adjuntó papeles, diga cuáles."),
        rows=6,
        most=5 * LONGEST,
    )
    matter = forms.CharField(label=_("En una frase"), max_length=200, required=False)
    requester_kind = forms.ChoiceField(label=_("Quién pide"), widget=KindSelect, required=False)
    contact_name = forms.CharField(
        label=_("Persona de contacto"), help_text=_("Por quién preguntar allí."), max_length=200, required=False
    )
    who = forms.ChoiceField(label=_("Su nombre"), choices=WHO, required=False)
    place = forms.CharField(label=_("Municipio"), max_length=120, required=False)
    groups = forms.MultipleChoiceField(
        label=_("Es una persona que se atiende primero"), widget=forms.CheckboxSelectMultiple, required=False
    )
    agreed = forms.BooleanField(label=_("Le leí el texto y la persona dijo que sí"), required=False)
    written_on = Day(label=_("Fecha de la carta"))
    folios = forms.IntegerField(label=_("Folios"), min_value=1, max_value=9999, required=False)
    courier = forms.CharField(
        label=_("Quién la trajo"), help_text=_("Empresa de correo y guía."), max_length=120, required=False
    )

    def __init__(self, *args, profile: Profile, now: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["body"].widget.attrs["autofocus"] = True  # the person is already talking
        self.now, policy, self.people = now, profile.section(CasesPolicy), profile.section(PeoplePolicy)
        self.channels = {one.key: one for one in profile.section(ChannelsPolicy).receiving()}
        offer(self, "channel", [(key, one.label) for key, one in self.channels.items()])
        self.requesters = policy.requesters
        for name, known in (("channel", self.channels), ("requester_kind", policy.requesters)):
            widget: Any = self.fields[name].widget
            widget.kinds = {key: one.kind for key, one in known.items()}
        offer(
            self,
            "requester_kind",
            [("", _("Sin decir")), *((one.key, one.label) for one in policy.requesters.values())],
        )
        offer(self, "groups", [(one.key, f"{one.label}. {one.says}") for one in self.people.groups.values()])
        documents = profile.section(DocumentsPolicy)
        self.fields["files"] = Files(policy=documents, label=_("Papeles escaneados o fotos"), required=False)
        if policy.emergency_question:
            self.fields["emergency"].label = policy.emergency_question
        else:
            del self.fields["emergency"]
        if not self.people.groups:
            del self.fields["groups"], self.fields["agreed"]

    def clean_received_at(self):
        return in_time(self.cleaned_data["received_at"], self.now)

    def clean_written_on(self):
        written_on = self.cleaned_data["written_on"]
        if written_on and written_on > timezone.localdate(self.now) + timedelta(days=1):
            raise forms.ValidationError(_("Ese día todavía no llega. Copie la fecha que tiene la carta."))
        return written_on

    @property
    def person(self) -> dict[str, str]:
        said = self.cleaned_data
        asks = self.requesters.get(said["requester_kind"])
        kind = {"kind": ORGANISATION} if asks and asks.kind == ORGANISATION else {}
        return super().person | {"contact_name": said["contact_name"]} | kind

    @property
    def consent(self) -> Any:
        """The text that is read aloud before a sensitive group is written down."""
        return self.people.purposes.get(self.people.group_purpose)

    @property
    def filled_by(self) -> str:
        """Who wrote what the form says: of a letter, the person; of a call, whoever took it down."""
        return "person" if self.channels[self.cleaned_data["channel"]].kind in PAPER else "staff"

    @property
    def details(self) -> dict[str, Any]:
        """What only some channels have: when the letter was written, how long it is, who brought it."""
        said = self.cleaned_data
        written_on = said["written_on"]
        known = {
            "written_on": written_on.isoformat() if written_on else "",
            "folios": said["folios"],
            "courier": said["courier"],
        }
        return {name: value for name, value in known.items() if value}


def new_key() -> str:
    return secrets.token_urlsafe(16)


def local_now(now: datetime, zone) -> datetime:
    """The moment without seconds, for a datetime-local control."""
    return timezone.localtime(now, zone).replace(second=0, microsecond=0)


def in_time(moment: datetime | None, now: datetime) -> datetime | None:
    if moment and moment > now:
        raise forms.ValidationError(_("Esa hora todavía no llega. Escriba cuándo la recibió de verdad."))
    if moment and moment < now - LONGEST_AGO:
        raise forms.ValidationError(_("Esa fecha es de hace más de dos años. Revise el año y escríbala otra vez."))
    return moment


class NewAttention(Somebody):
    """A contact that asks for no answer in writing, taken down in seconds."""

    channel = forms.ChoiceField(label=_("Cómo llegó"))
    stakeholder = forms.ChoiceField(label=_("Quién es"))
    topic = forms.ChoiceField(label=_("Qué busca"))
    note = LongText(label=_("Algo que convenga recordar"), rows=2)
    minutes = forms.IntegerField(label=_("Minutos"), min_value=0, max_value=999, required=False)
    place = forms.CharField(label=_("Municipio"), max_length=120, required=False)

    def __init__(self, *args, profile: Profile, **kwargs):
        super().__init__(*args, **kwargs)
        policy = profile.section(AttentionPolicy)
        self.channels = profile.section(ChannelsPolicy).channels
        offer(self, "channel", [(key, one.label) for key, one in self.channels.items()])
        if not self.is_bound:
            self.fields["stakeholder"].widget.attrs["autofocus"] = True
        offer(self, "stakeholder", [("", _("Escoja quién es")), *((one.key, one.label) for one in policy.stakeholders)])
        asked = [
            (ASKS[asks], [(one.key, one.label) for one in policy.topics if one.asks == asks])
            for asks in ASKS
            if any(one.asks == asks for one in policy.topics)
        ]
        offer(self, "topic", [("", _("Escoja qué busca")), *asked])


class BecomingCase(Somebody):
    """The request that was behind a contact, and who asks, to be answered."""

    body = LongText(label=_("Qué pide la persona"), rows=6, most=5 * LONGEST)
    matter = forms.CharField(label=_("En una frase"), max_length=200, required=False)
