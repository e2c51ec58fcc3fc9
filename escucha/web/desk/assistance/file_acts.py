"""The acts on a file. Each reads its form, calls its verb and comes back; a refusal keeps what was typed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from escucha.contexts.assistance.models import AssistanceFile
from escucha.contexts.assistance.operations.keeping import Overtaken
from escucha.contexts.assistance.queries.doors import NoSuchFile, policy_of_file
from escucha.contexts.assistance.rules.acts import HANDLE, SEE
from escucha.kernel.words import Refused
from escucha.web.desk.assistance.file_doings import (
    BY_NAME,
    DOINGS,
    Looked,
    search_for,
    url_of_act,
)
from escucha.web.desk.assistance.files import found, page
from escucha.web.desk.assistance.offered import Doing, Offered, wrong_with
from escucha.web.ui.access import View, desk
from escucha.web.ui.requests import DeskRequest

OVERTAKEN = _(
    "Otra persona cambió este expediente mientras usted escribía. Lo que escribió sigue aquí: "
    "mire cómo quedó y, si todavía hace falta, vuelva a enviarlo."
)
LONGEST = 120


def act_on(doing: Doing[Looked]) -> View:
    """The POST of an act."""

    @require_POST
    @desk(HANDLE, SEE)
    def view(request: DeskRequest, number: int) -> HttpResponse:
        file = found(request, number)
        one = Looked(request, file, policy_of_file(file))
        form: Any = doing.form(one, request.POST)
        if not form.is_valid():
            return _again(one, doing, form, [*wrong_with(form)], 422)
        try:
            doing.verb(**_said(one, doing, form))
        except Refused as refused:
            return _again(one, doing, form, refused.blockers, 422)
        except ValidationError as wrong:
            return _again(one, doing, form, wrong.messages, 422)
        except NoSuchFile:
            raise Http404 from None
        except Overtaken:
            return _overtaken(request, number, doing)
        messages.success(request, str(doing.done))
        return redirect("desk:assistance_file", number=number)

    return view


@require_POST
@desk(HANDLE)
def search(request: DeskRequest, number: int) -> HttpResponse:
    """Who may be its affiliate, found by what was typed; nothing changes."""
    file = found(request, number)
    one, doing = Looked(request, file, policy_of_file(file)), BY_NAME["naming"]
    said = request.POST.get("looked_for", "").replace("\x00", "").strip()[:LONGEST]
    people = search_for(one, said)[:8] if said else []
    return page(request, file, tried=Offered(doing, doing.form(one, None), url_of_act(doing, file), found=people))


def _said(one: Looked, doing: Doing[Looked], form: Any) -> dict[str, Any]:
    said = {"org": one.request.org, "file_id": one.file.pk, "by": one.request.actor, "now": one.request.now}
    said |= doing.said(one, form)
    return said | {"version": form.cleaned_data["version"]} if doing.versioned else said


def _again(one: Looked, doing: Doing[Looked], form: Any, problem: Any, status: int) -> HttpResponse:
    tried = Offered(doing, form, url_of_act(doing, one.file), (), problem)
    return page(one.request, one.file, tried=tried, status=status)


def _overtaken(request: DeskRequest, number: int, doing: Doing[Looked]) -> HttpResponse:
    """The page as it is now, with what was typed and the version that is now current."""
    file: AssistanceFile = found(request, number)
    one, data = Looked(request, file, policy_of_file(file)), request.POST.copy()
    data["version"] = str(file.version)
    return _again(one, doing, doing.form(one, data), [OVERTAKEN], 409)


def addresses(file: str) -> list[URLPattern]:
    """One for each act, under that of a file."""
    return [path(f"{file}{one.noun}/", act_on(one), name=f"file_{one.name}") for one in DOINGS]
