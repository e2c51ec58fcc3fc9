"""The acts on an assistance. Each reads its form, calls its verb and comes back; a refusal keeps what was typed."""

from collections.abc import Sequence
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
from escucha.web.desk.assistance.assistance import address_of, page
from escucha.web.desk.assistance.doings import DOINGS
from escucha.web.desk.assistance.offered import Doing, Offered, wrong_with
from escucha.web.desk.assistance.seen import Seen, seen
from escucha.web.desk.assistance.todo import act_url
from escucha.web.ui.access import View, desk
from escucha.web.ui.requests import DeskRequest

OVERTAKEN = _(
    "Otra persona actuó sobre esta asistencia mientras usted escribía. Lo que escribió sigue aquí: "
    "mire cómo quedó y, si todavía hace falta, vuelva a enviarlo."
)


def act_on(doing: Doing[Seen]) -> View:
    """The POST of an act."""

    @require_POST
    @desk(HANDLE, SEE)
    def view(request: DeskRequest, number: int, position: int) -> HttpResponse:
        one = seen(request, number, position)
        form = doing.form(one, request.POST)
        if not form.is_valid():
            return _again(request, one, doing, form, [*wrong_with(form)], 422)
        try:
            doing.verb(**_said(one, doing, form))
        except Refused as refused:
            return _again(request, one, doing, form, refused.blockers, 422)
        except (NoSuchAssistance, NoSuchProvider):
            raise Http404 from None
        except Overtaken:
            return _overtaken(request, number, position, doing)
        messages.success(request, _("Anotado: {what}.").format(what=_(doing.title)))
        return redirect(address_of(one.assistance, doing.tab))

    return view


def _said(one: Seen, doing: Doing[Seen], form: Any) -> dict[str, Any]:
    said = {"org": one.org, "assistance_id": one.assistance.pk, "by": one.by, "now": one.now}
    said |= doing.said(one, form)
    return said | {"version": form.cleaned_data["version"]} if doing.versioned else said


def _again(
    request: DeskRequest, one: Seen, doing: Doing[Seen], form: Any, problem: Sequence[Any], status: int
) -> HttpResponse:
    tried = Offered(doing, form, act_url(one, doing), problem=problem)
    return page(request, one, tried=tried, status=status)


def _overtaken(request: DeskRequest, number: int, position: int, doing: Doing[Seen]) -> HttpResponse:
    """The page as it is now, with what was typed and the version that is now current."""
    now = seen(request, number, position)
    data = request.POST.copy()
    data["version"] = str(now.assistance.version)
    return _again(request, now, doing, doing.form(now, data), [OVERTAKEN], 409)


def addresses(assistance: str) -> list[URLPattern]:
    """One for each act, under that of an assistance."""
    return [path(f"{assistance}{one.noun}/", act_on(one), name=f"assistance_{one.name}") for one in DOINGS]
