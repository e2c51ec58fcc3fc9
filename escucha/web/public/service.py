"""The affiliate's page: who comes and when, how it goes, and what is asked of it; behind its link."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from escucha.contexts.assistance.models import Assistance
from escucha.contexts.assistance.operations.closing import cancel_later, record_conformity
from escucha.contexts.assistance.operations.monitoring import confirm_to_affiliate, record_contact
from escucha.contexts.assistance.operations.serving import accept_excess, reject_excess
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.doors import profile_of_file
from escucha.contexts.assistance.queries.following import Followed, NoSuchService, followed_by_code
from escucha.contexts.assistance.rules.course import AFFILIATE
from escucha.contexts.assistance.rules.monitoring import IDENTITIES, INBOUND
from escucha.contexts.assistance.rules.serving import written
from escucha.contexts.assistance.rules.stages import BEFORE_ARRIVAL, Conformity, Stage
from escucha.flows.nonconforming_assistance_files_case import record_nonconformity
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Refused, Saying
from escucha.web.public.privacy import for_its_reader
from escucha.web.ui import spanish
from escucha.web.ui.access import public
from escucha.web.ui.requests import HouseRequest

NOW: Mapping[Stage, object] = {
    Stage.OPENING: _("Estamos abriendo su asistencia."),
    Stage.TO_ASSIGN: _("Estamos buscando quién vaya."),
    Stage.ASSIGNED: _("Ya hay quién vaya."),
    Stage.CONFIRMED: _("Ya hay quién vaya."),
    Stage.ARRIVED: _("Ya llegó."),
    Stage.CONTACTED: _("Ya se encontraron: está mirando qué pasa."),
    Stage.DIAGNOSED: _("Ya sabe qué pasa: falta autorizar el trabajo."),
    Stage.AUTHORISED: _("Está haciendo el trabajo."),
    Stage.REFUNDING: _("Se autorizó un reembolso."),
    Stage.FINISHED: _("El trabajo terminó."),
    Stage.CONCLUDED: _("Su asistencia terminó."),
    Stage.CANCELLED_AT_ONCE: _("Esta asistencia se canceló."),
    Stage.CANCELLED_LATER: _("Esta asistencia se canceló."),
    Stage.PROVIDER_CANCELLED: _("Esta asistencia se canceló: no hubo quién fuera."),
}


class Plain(forms.Form):
    """What only has to be pressed."""


class Meeting(forms.Form):
    identity = forms.ChoiceField(
        label=_("¿Quién está con el proveedor?"),
        choices=[(key, _(label)) for key, label in IDENTITIES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Diga quién está con el proveedor.")},
    )


class Priced(forms.Form):
    """It carries the amount that was read, so that nobody decides about another one."""

    amount = forms.DecimalField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, excess, said=None, **kwargs):
        super().__init__(*args, initial={**(said or {}), "amount": excess}, **kwargs)


class Excess(Priced):
    who = forms.CharField(
        label=_("Su nombre"),
        max_length=120,
        help_text=_("Queda como constancia de que usted aceptó pagarlo."),
        error_messages={"required": _("Escriba su nombre: es la constancia de que acepta.")},
    )
    payment = forms.ChoiceField(
        label=_("¿Cómo lo va a pagar?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Escoja cómo lo va a pagar.")},
    )

    def __init__(self, *args, payments, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["payment"].choices = [(one, one) for one in payments]


class Verdict(forms.Form):
    outcome = forms.ChoiceField(
        label=_("¿Quedó conforme con el servicio?"),
        choices=[(Conformity.CONFORMING, _("Sí")), (Conformity.NONCONFORMING, _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Diga si quedó conforme.")},
    )
    comment = forms.CharField(
        label=_("Cuéntenos qué pasó"),
        required=False,
        max_length=2000,
        help_text=_("Si no quedó conforme lo revisa Calidad, le damos un número y le respondemos."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class Cancelling(forms.Form):
    comment = forms.CharField(
        label=_("¿Por qué ya no la necesita?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Escriba por qué ya no la necesita.")},
    )


class Ask(NamedTuple):
    """What the affiliate may do now: its noun, its words and its form."""

    noun: str
    title: str
    button: str
    form: forms.Form
    action: str
    danger: bool = False
    folded: bool = False  # behind its own words, so that it is not what is seen first


@public
@require_safe
@for_its_reader
def service(request: HouseRequest, code: str) -> HttpResponse:
    """How the assistance goes. Looking changes nothing."""
    return _page(request, _found(request, code))


@public
@require_POST
@for_its_reader
def answered(request: HouseRequest, code: str, act: str) -> HttpResponse:
    """What the affiliate tells or decides. What is no longer asked only shows the page as it is now."""
    found = _found(request, code)
    if act not in ACTS:
        raise Http404
    if act not in {one.noun for one in _asks(found)}:
        return redirect("public:service", code)
    form = _form(act, found, request.POST)
    if not form.is_valid():
        return _page(request, found, act=act, form=form, status=422)
    if isinstance(form, Priced) and form.cleaned_data["amount"] != found.excess:
        again = _form(act, found, said=form.cleaned_data)
        return _page(request, found, act=act, form=again, why=_repriced(found), status=409)
    try:
        ACTS[act](request, found, form.cleaned_data)
    except Refused as why:
        return _page(request, found, act=act, form=form, why=why, status=409)
    return redirect("public:service", code)


def _repriced(found: Followed) -> Refused:
    """The provider corrected its price while the page was open."""
    words = gettext(
        "El valor cambió mientras usted tenía abierta la página: ahora le toca pagar {excess}. Decida otra vez."
    )
    return Refused([Saying(words, {"excess": _money(found)["excess"]})])


def _confirmed(request: HouseRequest, found: Followed, said: Mapping[str, Any]) -> object:
    return confirm_to_affiliate(**_common(request, found))


def _met(request: HouseRequest, found: Followed, said: Mapping[str, Any]) -> object:
    return record_contact(**_common(request, found), contacted_at=request.now, identity=said["identity"])


def _accepted(request: HouseRequest, found: Followed, said: Mapping[str, Any]) -> object:
    proof = {"who": said["who"], "payment": said["payment"], "how": "link", "told_at": request.now}
    return accept_excess(**_common(request, found), amount=said["amount"], **proof)


def _rejected(request: HouseRequest, found: Followed, said: Mapping[str, Any]) -> object:
    return reject_excess(**_common(request, found))


def _judged(request: HouseRequest, found: Followed, said: Mapping[str, Any]) -> object:
    common = _common(request, found) | {"comment": said["comment"], "direction": INBOUND}
    if said["outcome"] == Conformity.NONCONFORMING:
        return record_nonconformity(**common)
    return record_conformity(**common, outcome=said["outcome"])


def _cancelled(request: HouseRequest, found: Followed, said: Mapping[str, Any]) -> object:
    return cancel_later(**_common(request, found), comment=said["comment"])


ACTS: Mapping[str, Callable[[HouseRequest, Followed, Mapping[str, Any]], object]] = {
    "confirmacion": _confirmed,
    "encuentro": _met,
    "excedente": _accepted,
    "rechazo": _rejected,
    "conformidad": _judged,
    "cancelacion": _cancelled,
}


def _asks(found: Followed) -> list[Ask]:
    """What may be done now, the most wanted first."""
    stage = Stage(found.assistance.stage)
    nouns = {
        Stage.ASSIGNED: ["confirmacion"],
        Stage.ARRIVED: ["encuentro"],
        Stage.DIAGNOSED: ["excedente", "rechazo"] if found.excess else [],
        Stage.FINISHED: [] if found.assistance.conformity else ["conformidad"],
    }.get(stage, [])
    if stage in BEFORE_ARRIVAL | {Stage.TO_ASSIGN}:
        nouns = [*nouns, "cancelacion"]
    return [_ask(noun, found) for noun in nouns]


def _ask(noun: str, found: Followed, form: forms.Form | None = None) -> Ask:
    words = {
        "confirmacion": (gettext("¿Le sirve la hora?"), gettext("Sí, los espero")),
        "encuentro": (gettext("¿Ya está con el proveedor?"), gettext("Sí, ya está aquí")),
        "excedente": (gettext("Hay una parte que su plan no cubre"), gettext("Acepto y lo pago")),
        "rechazo": (gettext("Si no quiere pagarlo"), gettext("No lo pago, cancelar")),
        "conformidad": (gettext("¿Cómo salió?"), gettext("Enviar")),
        "cancelacion": (gettext("¿Ya no la necesita?"), gettext("Cancelar la asistencia")),
    }
    title, button = words[noun]
    action = reverse("public:service_answered", args=[found.assistance.page_code, noun])
    return Ask(
        noun,
        title,
        button,
        form or _form(noun, found),
        action,
        danger=noun in {"rechazo", "cancelacion"},
        folded=noun == "cancelacion" and form is None,
    )


def _form(
    noun: str, found: Followed, data: Mapping[str, Any] | None = None, *, said: Mapping[str, Any] | None = None
) -> forms.Form:
    """The form of an act: as it was sent, or anew, with what was already `said` in it."""
    if noun == "excedente":
        return Excess(data, payments=found.payments, excess=found.excess, said=said)
    if noun == "rechazo":
        return Priced(data, excess=found.excess, said=said)
    made: Mapping[str, type[forms.Form]] = {"encuentro": Meeting, "conformidad": Verdict, "cancelacion": Cancelling}
    return made.get(noun, Plain)(data)


def _common(request: HouseRequest, found: Followed) -> dict[str, Any]:
    by = Actor(AFFILIATE, id=str(found.assistance.file.affiliate_id or ""))
    return {"org": request.org, "assistance_id": found.assistance.pk, "by": by, "now": request.now}


def _found(request: HouseRequest, code: str) -> Followed:
    try:
        return followed_by_code(org=request.org, code=code)
    except NoSuchService:
        raise Http404 from None


def _page(
    request: HouseRequest,
    found: Followed,
    *,
    act: str = "",
    form: forms.Form | None = None,
    why: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    assistance = found.assistance
    asks = [_ask(one.noun, found, form) if one.noun == act and form else one for one in _asks(found)]
    shown = {
        "found": found,
        "number": f"{assistance.file.number}/{assistance.position}",
        "service": _service(assistance),
        "now_words": NOW[Stage(assistance.stage)],
        "when": _when(found, request),
        "story": _story(assistance, request),
        "money": _money(found),
        "asks": asks,
        "verdict": _verdict(found),
        "form": form,
        "blockers": why.blockers if why else (),
    }
    return render(request, "public/assistance/service.html", shown, status=status)


def _verdict(found: Followed) -> str:
    """What it said of how it went, and what became of it."""
    if found.complaint:
        words = gettext("Nos dijo que no quedó conforme. Calidad lo revisa con el número {number} y le responde.")
        return words.format(number=found.complaint)
    conforms = found.assistance.conformity == Conformity.CONFORMING
    return gettext("Anotamos que quedó conforme. Gracias por decirnos.") if conforms else ""


def _money(found: Followed) -> dict[str, str]:
    """What it costs, what the plan pays and what is left, while it is asked."""
    assistance = found.assistance
    amounts = {"quoted": assistance.quoted, "cover": assistance.cover_amount, "excess": found.excess}
    return {key: written(one, assistance.currency) for key, one in amounts.items() if one is not None}


def _service(assistance: Assistance) -> str:
    known = profile_of_file(assistance.file).section(AssistancePolicy).service(assistance.service)
    return known.label if known else assistance.service


def _when(found: Followed, request: HouseRequest) -> str:
    """When somebody comes, in the time of the place."""
    assistance, zone = found.assistance, ZoneInfo(found.assistance.zone)
    if Stage(assistance.stage) not in BEFORE_ARRIVAL:
        return ""
    if assistance.window:
        opens, closes = (moment.astimezone(zone) for moment in assistance.window)
        day = spanish.sentence(spanish.short_date(opens.date()))
        return gettext("{day}, de {opens} a {closes}").format(
            day=day, opens=spanish.clock(opens), closes=spanish.clock(closes)
        )
    if found.eta_at is None:
        return ""
    return gettext("Hacia las {hour}").format(hour=spanish.clock(found.eta_at.astimezone(zone)))


def _story(assistance: Assistance, request: HouseRequest) -> list[tuple[str, str]]:
    """What has happened, with its hour there."""
    zone = ZoneInfo(assistance.zone)
    moments = [
        (gettext("La pidió"), assistance.opened_at),
        (gettext("Se asignó quién va"), assistance.assigned_at),
        (gettext("Llegó"), assistance.arrived_at),
        (gettext("Se encontraron"), assistance.contacted_at),
        (gettext("Dijo qué pasa"), assistance.diagnosed_at),
        (gettext("Se autorizó el trabajo"), assistance.authorised_at),
        (gettext("Terminó"), assistance.finished_at),
    ]
    return [(what, _hour(at.astimezone(zone))) for what, at in moments if at]


def _hour(local: Any) -> str:
    return f"{spanish.short_date(local.date())}, {spanish.clock(local)}"
