"""Casos reservados: their own list, apart from every other; what was shown of what they keep; and their own acts."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations import reserving
from escucha.contexts.cases.queries.reserved import reserved_list, reveals_seen
from escucha.contexts.cases.rules.reserve import REVEALED_NAMES
from escucha.kernel.orgs.queries import member_by_id, units_of
from escucha.web.desk import reserved_forms as forms
from escucha.web.desk.acts import act_on, same, versioned
from escucha.web.desk.cases import row_of
from escucha.web.desk.closed_doors import accusing_of
from escucha.web.desk.forms import Versioned
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

VIEWS = {"abiertos": _("Abiertos"), "cerrados": _("Cerrados"), "identidades": _("Identidades vistas")}
LIMIT = 50


@desk("cases.reserved")
def reserved(request: DeskRequest) -> HttpResponse:
    """The reserved cases of who has the channel, the newest first; and every identity that was shown, to whom."""
    asked, said = request.GET.get("vista", ""), request.GET.get("antes", "")
    view = asked if asked in VIEWS else "abiertos"
    before = int(said) if said.isdecimal() and len(said) < 18 else None
    common: dict[str, Any] = {"org": request.org, "viewer": request.actor, "before": before, "limit": LIMIT}
    shown: dict[str, Any] = {
        "view": view,
        "label": _(VIEWS[view]),
        "tabs": [{"label": _(label), "url": f"?vista={key}", "current": key == view} for key, label in VIEWS.items()],
        "previous": f"{reverse('desk:reserved')}?vista={view}" if before else "",
    }
    if view == "identidades":
        reveals = reveals_seen(**common)
        shown |= {
            "reveals": [(one, case, _(REVEALED_NAMES[one.what])) for one, case in reveals[:LIMIT]],
            "next": _next(view, [one for one, _case in reveals]),
        }
    else:
        found = reserved_list(**common, closed=view == "cerrados")
        shown |= {
            "rows": [row_of(case, request.profile, request.now) for case in found[:LIMIT]],
            "next": _next(view, found),
        }
    return render(request, "desk/reserved/list.html", shown)


def _next(view: str, found: Any) -> str:
    return f"?vista={view}&antes={found[LIMIT - 1].pk}" if len(found) > LIMIT else ""


@act_on("revealing", lambda request, case: forms.Revealing(request.POST))
def identity(request: DeskRequest, case: Case, form: Any) -> None:
    reserving.reveal_identity(reason=form.cleaned_data["reason"], **same(request, case))


@act_on("seen", lambda request, case: Versioned(request.POST))
def reserve(request: DeskRequest, case: Case, form: Any) -> None:
    reserving.reserve_case(**versioned(request, case, form))


@act_on("opening_up", lambda request, case: forms.OpeningUp(request.POST))
def opening(request: DeskRequest, case: Case, form: Any) -> None:
    reserving.open_up_case(reason=form.cleaned_data["reason"], **versioned(request, case, form))


@act_on("accusing", lambda request, case: accusing_of(request, request.POST))
def accusing(request: DeskRequest, case: Case, form: Any) -> None:
    chosen = form.cleaned_data["accused"]
    kind, number = chosen[0], int(chosen[1:])
    member = member_by_id(org=request.org, member_id=number) if kind == "p" else None
    unit = next(one for one in units_of(request.org) if one.pk == number) if kind == "d" else None
    reserving.name_accused(member=member, unit=unit, **same(request, case))


@act_on("lifting", lambda request, case: forms.Lifting(request.POST))
def lifting(request: DeskRequest, case: Case, form: Any) -> None:
    reserving.lift_accused(accused_id=form.cleaned_data["accused"], **same(request, case))
