"""The acts on an assistance. Each reads its form, calls its verb and comes back; a refusal keeps what was typed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from escucha.contexts.assistance.operations.keeping import Overtaken
from escucha.contexts.assistance.queries.doors import NoSuchAssistance
from escucha.contexts.assistance.queries.providers import NoSuchProvider
from escucha.contexts.assistance.rules.acts import HANDLE, SEE
from escucha.kernel.words import Refused
from escucha.web.desk.assistance.act_forms import Act
from escucha.web.desk.assistance.assistance import Tried, address_of, page
from escucha.web.desk.assistance.doings import DOINGS, Doing
from escucha.web.desk.assistance.seen import Seen, seen
from escucha.web.ui.access import View, desk
from escucha.web.ui.requests import DeskRequest

OVERTAKEN = _(
    "Otra persona actuó sobre esta asistencia mientras usted escribía. Lo que escribió sigue aquí: "
    "mire cómo quedó y, si todavía hace falta, vuelva a enviarlo."
)


def act_on(doing: Doing) -> View:
    """The POST of an act."""

    @require_POST
    @desk(HANDLE, SEE)
    def view(request: DeskRequest, number: int, position: int) -> HttpResponse:
        one = seen(request, number, position)
        form = doing.form(request.POST, seen=one, name=doing.name)
        if not form.is_valid():
            return page(request, one, tried=Tried(doing, form, _wrong_with(form)), status=422)
        try:
            doing.verb(**_said(one, doing, form))
        except Refused as refused:
            return page(request, one, tried=Tried(doing, form, refused.blockers), status=422)
        except (NoSuchAssistance, NoSuchProvider):
            raise Http404 from None
        except Overtaken:
            return _overtaken(request, number, position, doing)
        messages.success(request, _("Anotado: {what}.").format(what=_(doing.title)))
        return redirect(address_of(one.assistance, doing.tab))

    return view


def _said(one: Seen, doing: Doing, form: Act) -> dict[str, Any]:
    said = {"org": one.org, "assistance_id": one.assistance.pk, "by": one.by, "now": one.now} | form.said
    return said | {"version": form.cleaned_data["version"]} if doing.versioned else said


def _overtaken(request: DeskRequest, number: int, position: int, doing: Doing) -> HttpResponse:
    """The page as it is now, with what was typed and the version that is now current."""
    now = seen(request, number, position)
    data = request.POST.copy()
    data["version"] = str(now.assistance.version)
    form = doing.form(data, seen=now, name=doing.name)
    return page(request, now, tried=Tried(doing, form, [OVERTAKEN]), status=409)


def _wrong_with(form: Act) -> list[str]:
    """What must be corrected, each with the label of its field."""
    return [
        str(error) if name == "__all__" or form[name].is_hidden else f"{form[name].label}: {error}"
        for name, errors in form.errors.items()
        for error in errors
    ]


def addresses(assistance: str) -> list[URLPattern]:
    """One for each act, under that of an assistance."""
    return [path(f"{assistance}{one.noun}/", act_on(one), name=f"assistance_{one.name}") for one in DOINGS]
