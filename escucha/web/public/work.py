"""The page of who was sent: where to go, and one button for what happens next. Short, since the network may be poor.

Every act may be sent twice and is done once: what was done already only shows the page as it is now.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from escucha.contexts.assistance.models import Assignment
from escucha.contexts.assistance.operations.disclosing import Disclosed, disclose
from escucha.contexts.assistance.operations.monitoring import record_arrival, record_contact, record_departure
from escucha.contexts.assistance.operations.serving import (
    record_diagnosis,
    record_diagnosis_with_photo,
    record_finish,
)
from escucha.contexts.assistance.queries.doors import profile_of_file
from escucha.contexts.assistance.queries.offers import NoSuchWork, described, work_by_code
from escucha.contexts.assistance.rules.assignments import GOING, Work
from escucha.contexts.assistance.rules.course import PROVIDER
from escucha.contexts.assistance.rules.monitoring import IDENTITIES
from escucha.contexts.assistance.rules.stages import BEFORE_ARRIVAL, PRIORITY_NAMES, Priority, Stage
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Refused
from escucha.web.public.privacy import for_its_reader
from escucha.web.ui import spanish
from escucha.web.ui.access import public
from escucha.web.ui.money import Money
from escucha.web.ui.requests import HouseRequest

LONGEST_WORK = 24 * 60  # minutes
LONGEST_WAIT = timedelta(hours=12)  # for the network, of what was pressed without it


class Plain(forms.Form):
    """What only has to be pressed."""


class Meeting(forms.Form):
    identity = forms.ChoiceField(
        label=_("¿Con quién se encontró?"),
        choices=[(key, _(label)) for key, label in IDENTITIES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Diga con quién se encontró, después de mirar su documento.")},
    )


class Diagnosis(forms.Form):
    text = forms.CharField(
        label=_("¿Qué encontró y qué hay que hacer?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Escriba qué encontró.")},
    )
    cost = Money(
        label=_("¿Cuánto cuesta?"),
        error_messages={"required": _("Escriba cuánto cuesta, con números.")},
    )
    minutes = forms.IntegerField(
        label=_("¿En cuántos minutos termina?"),
        min_value=1,
        max_value=LONGEST_WORK,
        error_messages={"required": _("Escriba en cuántos minutos termina."), "invalid": _("Escríbalo con números.")},
    )
    photo = forms.FileField(label=_("Foto de lo que encontró"), required=False)


Act = Callable[[HouseRequest, Assignment, Mapping[str, Any]], object]
FORMS: Mapping[str, type[forms.Form]] = {
    "salida": Plain,
    "llegada": Plain,
    "encuentro": Meeting,
    "diagnostico": Diagnosis,
    "termino": Plain,
}


@public
@require_GET
@for_its_reader
def work(request: HouseRequest, code: str) -> HttpResponse:
    """Where the work stands. Who asks is shown once it was asked for: programs follow links, people press."""
    found = _found(request, code)
    return _page(request, found, _to_do(found))


@public
@require_http_methods(["POST"])
@for_its_reader
def place(request: HouseRequest, code: str) -> HttpResponse:
    """The first time that the address and the telephone are seen; it stays written. Then the page shows them."""
    found = _found(request, code)
    try:
        disclose(org=request.org, code=code, now=request.now)
    except Refused as why:
        return _page(request, found, _to_do(found), why=why, status=409)
    return redirect("public:work", code)


@public
@require_POST
@for_its_reader
def progress(request: HouseRequest, code: str, act: str) -> HttpResponse:
    """What happened, told by who does the work. Told again it changes nothing."""
    found = _found(request, code)
    if act not in FORMS:
        raise Http404
    form = FORMS[act](request.POST, request.FILES)
    if act != _to_do(found):
        return redirect("public:work", code)
    if not form.is_valid():
        return _page(request, found, act, form=form, status=422)
    try:
        ACTS[act](request, found, form.cleaned_data)
    except Refused as why:
        return _page(request, found, act, form=form, why=why, status=409)
    return redirect("public:work", code)


def _departed(request: HouseRequest, found: Assignment, said: Mapping[str, Any]) -> object:
    return record_departure(**_common(request, found))


def _arrived(request: HouseRequest, found: Assignment, said: Mapping[str, Any]) -> object:
    return record_arrival(**_common(request, found), arrived_at=_pressed_at(request, found))


def _met(request: HouseRequest, found: Assignment, said: Mapping[str, Any]) -> object:
    return record_contact(
        **_common(request, found), contacted_at=_pressed_at(request, found), identity=said["identity"]
    )


def _diagnosed(request: HouseRequest, found: Assignment, said: Mapping[str, Any]) -> object:
    ends_at, photo = request.now + timedelta(minutes=said["minutes"]), said["photo"]
    diagnosis = _common(request, found) | {"text": said["text"], "cost": said["cost"], "ends_at": ends_at}
    if photo:
        return record_diagnosis_with_photo(**diagnosis, photo=photo, name=photo.name)
    return record_diagnosis(**diagnosis)


def _finished(request: HouseRequest, found: Assignment, said: Mapping[str, Any]) -> object:
    return record_finish(**_common(request, found), finished_at=_pressed_at(request, found))


ACTS: Mapping[str, Act] = {
    "salida": _departed,
    "llegada": _arrived,
    "encuentro": _met,
    "diagnostico": _diagnosed,
    "termino": _finished,
}


def _pressed_at(request: HouseRequest, found: Assignment) -> datetime:
    """When it happened: what was pressed without network arrives later. Never before what came before it."""
    said = request.POST.get("ago", "")
    ago = timedelta(seconds=int(said)) if said.isascii() and said.isdecimal() and len(said) < 7 else timedelta()
    one = found.assistance
    before = (one.assigned_at, one.arrived_at, one.contacted_at, one.authorised_at)
    return max([request.now - min(ago, LONGEST_WAIT), *(moment for moment in before if moment)])


def _common(request: HouseRequest, found: Assignment) -> dict[str, Any]:
    return {"org": request.org, "assistance_id": found.assistance_id, "by": _who(found), "now": request.now}


def _who(found: Assignment) -> Actor:
    return Actor(PROVIDER, id=str(found.provider_id))


def _found(request: HouseRequest, code: str) -> Assignment:
    try:
        return work_by_code(org=request.org, code=code)
    except NoSuchWork:
        raise Http404 from None


def _to_do(found: Assignment) -> str:
    """What this provider tells next; empty while it waits for us, and when it is over."""
    if Work(found.state) not in GOING:
        return ""
    stage = Stage(found.assistance.stage)
    if stage in BEFORE_ARRIVAL:
        return "salida" if found.state == Work.ASSIGNED else "llegada"
    after = {Stage.ARRIVED: "encuentro", Stage.CONTACTED: "diagnostico", Stage.AUTHORISED: "termino"}
    return after.get(stage, "")


def _page(
    request: HouseRequest,
    found: Assignment,
    act: str,
    *,
    form: forms.Form | None = None,
    why: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    assistance = found.assistance
    eta = found.eta_at.astimezone(ZoneInfo(assistance.zone)) if found.eta_at else None
    shown = {
        "work": found,
        "eta": spanish.clock(eta) if eta else "",
        "priority": gettext(PRIORITY_NAMES[Priority(assistance.priority)]) if assistance.priority else "",
        "number": f"{assistance.file.number}/{assistance.position}",
        "described": described(assistance, profile_of_file(assistance.file), now=request.now),
        "told": _told(request, found),
        "act": act,
        "action": reverse("public:work_progress", args=[found.page_code, act]) if act else "",
        "form": form if form is not None else (FORMS[act]() if act else None),
        "blockers": why.blockers if why else (),
        "is_over": Work(found.state) not in GOING,
        "waits": assistance.stage == Stage.DIAGNOSED,
        "currency": assistance.currency,
    }
    return render(request, "public/assistance/work.html", shown, status=status)


def _told(request: HouseRequest, found: Assignment) -> Disclosed | None:
    """Whom it goes to, once it asked, while it goes."""
    if found.disclosed_at is None or Work(found.state) not in GOING:
        return None
    try:
        return disclose(org=request.org, code=found.page_code, now=request.now)
    except Refused:
        return None
