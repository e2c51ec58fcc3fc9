"""The forms of the acts from the opening of an assistance until somebody goes."""

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.rules.assignments import ASKED_NAMES, Asked
from escucha.contexts.assistance.rules.searching import BY_CALL, CAUSES
from escucha.contexts.assistance.rules.stages import PRIORITY_NAMES, Priority
from escucha.kernel.orgs.models import Member
from escucha.web.desk.assistance.act_forms import INCOMPLETE, OTHER_DAY, YES_NO, Act, Radio, Tick
from escucha.web.desk.assistance.hours import Day, Hour
from escucha.web.desk.assistance.seen import Seen
from escucha.web.desk.forms import LongText, Short, offer


class Acceptance(Act):
    """T5, T5b: how soon, when somebody may be received, and whether the data may be given."""

    priority = Radio([*PRIORITY_NAMES.items()], label=_("Prioridad"), required=False)
    declined = Short(
        label=_("Por qué no quiere programarla"),
        help_text=_("Si no es una emergencia, ofrezca programarla; si no quiere, va como emergencia."),
    )
    opens = Hour(label=_("Puede desde"), day="day")
    closes = Hour(label=_("Hasta"), day="day", begins="opens")
    day = Day(label=OTHER_DAY)
    other_opens = Hour(label=_("También puede desde"), day="other_day")
    other_closes = Hour(label=_("Hasta"), day="other_day", begins="other_opens")
    other_day = Day(label=OTHER_DAY)
    agreed = Radio([("first", _("La primera")), ("other", _("La segunda"))], label=_("Franja acordada"), required=False)
    consent = Radio(YES_NO, label=_("¿Autoriza dar sus datos al proveedor?"), required=False)
    consent_reason = Short(label=_("Si no autoriza y hay riesgo de vida, por qué va alguien"))

    @staticmethod
    def begin(seen: Seen) -> dict[str, Any]:
        given = {True: "yes", False: "no", None: ""}[seen.assistance.consent]
        return {"priority": seen.assistance.priority, "agreed": "first", "consent": given}

    def fit(self, seen: Seen) -> None:
        self.fields["consent"].help_text = seen.policy.consent
        if seen.service and seen.service.flow == "phone":
            self.drop("consent", "consent_reason")
        if not self.is_bound:
            self.fields["priority"].widget.attrs["autofocus"] = True

    @property
    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        first, other = self.window("opens", "closes"), self.window("other_opens", "other_closes")
        second = data.get("agreed") == "other" and data["priority"] == Priority.PROGRAMMED
        return {
            "priority": data["priority"],
            "offered": first,
            "other": other,
            "agreed": other if second else None,
            "declined": data["declined"],
            "consent": {"yes": True, "no": False}.get(data.get("consent", "")),
            "consent_reason": data.get("consent_reason", ""),
        }


class Courtesy(Act):
    in_house = Tick(label=_("La resuelve un técnico de la casa, a bajo costo"))
    reason = Short(label=_("Por qué se da la cortesía"))


class Connection(Act):
    told_payment = Tick(label=_("Ya sabe cómo puede pagar"))
    told_guarantee = Tick(label=_("Ya sabe qué garantía tiene el trabajo"))
    accepted = Tick(label=_("Acepta la conexión"))
    payment = forms.ChoiceField(label=_("Cómo va a pagar"), required=False)

    def fit(self, seen: Seen) -> None:
        self.offer("payment", [("", _("Todavía no sabe")), *((one, one) for one in seen.policy.payments)])


class CancellingAtOnce(Act):
    offered = Tick(label=_("Se le ofreció el servicio por conexión"))
    rejected = Tick(label=_("No lo acepta"))
    words = Short(label=_("Qué dijo"))


class Order(Act):
    ordered_by = forms.TypedChoiceField(label=_("Quién lo ordena"), required=False, coerce=int, empty_value=None)
    reason = Short(label=_("Por qué se le atiende"))

    def fit(self, seen: Seen) -> None:
        named = [(one.pk, one.account.name) for one in seen.authorisers]
        self.offer("ordered_by", [("", _("Yo")), *named])


class Description(Act):
    """What is known of it; it begins with what was typed when it was opened."""

    happened = LongText(label=_("Qué pasó"))
    failure = LongText(label=_("Detalle de la falla"))
    plate = Short(label=_("Placa, si es de un vehículo"), max_length=12)
    comments = LongText(label=_("Comentarios"))

    @staticmethod
    def begin(seen: Seen) -> dict[str, Any]:
        return {name: getattr(seen.assistance, name) for name in ("happened", "failure", "plate", "comments")}


class Consent(Act):
    given = Radio(YES_NO, label=_("¿Autoriza dar sus datos al proveedor?"))
    reason = Short(label=_("Qué dijo"))

    def fit(self, seen: Seen) -> None:
        self.fields["given"].help_text = seen.policy.consent

    @property
    def said(self) -> dict[str, Any]:
        return super().said | {"given": self.cleaned_data["given"] == "yes"}


class OfProvider(Act):
    provider_id = forms.IntegerField(
        widget=forms.HiddenInput(attrs={"id": False}), min_value=1, max_value=2**63 - 1,
        error_messages=dict.fromkeys(("required", "invalid"), INCOMPLETE),
    )  # fmt: skip


class Calling(OfProvider):
    """T6: what came of the call; the button pressed says which."""

    outcome = forms.ChoiceField(
        choices=[(one.value, ASKED_NAMES[one]) for one in Asked if one in BY_CALL],
        label=_("Qué pasó con la llamada"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Diga qué pasó con la llamada.")),
    )
    reason = Short(label=_("Motivo, si se pasa al siguiente"))


class Assigning(OfProvider):
    """T7: it accepted, and says at what hour it arrives."""

    eta_at = Hour(label=_("Llega a las"), day="eta_day")
    eta_day = Day(label=OTHER_DAY)
    override = Short(label=_("Por qué este y no el que sigue"))

    def fit(self, seen: Seen) -> None:
        if seen.is_programmed:
            self.drop("eta_at", "eta_day")
        elif seen.roster.search.by_telephone:
            self.fields["eta_at"].label = _("Termina a las")


class Caused(Act):
    cause = forms.ChoiceField(label=_("Por qué"), choices=[("", _("Escoja una")), *CAUSES.items()], required=False)
    comment = Short(label=_("Qué pasó"))


class Refund(Act):
    number = Short(label=_("Número de la autorización"), max_length=30)


class Wanted(forms.Form):
    """What is asked for. A form sent twice is one assistance."""

    form_key = forms.CharField(max_length=40, widget=forms.HiddenInput(attrs={"id": False}))
    service = forms.ChoiceField(label=_("Servicio"))
    priority = forms.ChoiceField(label=_("Prioridad, si ya se sabe"), required=False)
    happened = LongText(label=_("Qué pasó"))
    failure = LongText(label=_("Detalle de la falla"))
    plate = forms.CharField(label=_("Placa, si es de un vehículo"), max_length=12, required=False)
    comments = LongText(label=_("Comentarios"))
    guarantee_of = forms.TypedChoiceField(
        label=_("Garantía de"), required=False, coerce=int, empty_value=None,
        help_text=_("Si es el mismo daño de una asistencia que ya se prestó."),
    )  # fmt: skip
    ordered_by = forms.TypedChoiceField(label=_("Quién ordena atender"), required=False, coerce=int, empty_value=None)
    order_reason = forms.CharField(label=_("Por qué se atiende"), max_length=200, required=False)

    def __init__(
        self,
        *args: Any,
        policy: AssistancePolicy,
        guarantees: Sequence[tuple[int, str]],
        authorisers: Sequence[Member],
        **kwargs: Any,
    ):
        kwargs["initial"] = {"form_key": secrets.token_urlsafe(16)} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        kinds = {one.key: one.label for one in policy.types}
        services = [(one.key, f"{one.label} ({kinds.get(one.type, one.type)})") for one in policy.services]
        offer(self, "service", [("", _("Escoja uno")), *services])
        offer(
            self, "priority", [("", _("Se dice al aceptar")), *((key, _(name)) for key, name in PRIORITY_NAMES.items())]
        )
        offer(self, "guarantee_of", [("", _("No es garantía")), *guarantees])
        offer(self, "ordered_by", [("", _("Nadie más")), *((one.pk, one.account.name) for one in authorisers)])
        if not self.is_bound:  # who calls is waiting: the hands begin here
            self.fields["service"].widget.attrs["autofocus"] = True
        if not guarantees:
            del self.fields["guarantee_of"]
        if not authorisers:
            del self.fields["ordered_by"], self.fields["order_reason"]
