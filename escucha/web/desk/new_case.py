"""The short form of the staff: a request that an area received, handed over in under a minute."""

import secrets

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from escucha.contexts.cases.operations.filing import file_case
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import NoSuchCase, case_by_number
from escucha.web.desk.forms import NewCase, local_now
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest


@require_http_methods(["GET", "POST"])
@desk("cases.file")
def new_case(request: DeskRequest) -> HttpResponse:
    """Everyone may file; who may not see cases afterwards gets the number and nothing more."""
    start = {
        "key": secrets.token_urlsafe(16),
        "channel": "phone",
        "received_at": local_now(request.now, request.profile.zone),
    }
    form = NewCase(request.POST or None, initial=start, policy=request.profile.section(CasesPolicy), now=request.now)
    if not form.is_valid():
        shown = {"form": form, "intro": _("Nada es obligatorio: lo que falte se pide después.")}
        return render(request, "desk/cases/new.html", shown, status=422 if form.is_bound else 200)
    said = form.cleaned_data
    case = file_case(
        org=request.org,
        channel=said["channel"],
        matter=said["matter"],
        body=said["body"],
        emergency=said.get("emergency", False),
        person=form.person,
        received_at=said["received_at"],
        received_unit=request.member.unit,
        filing_key=form.filing_key,
        by=request.actor,
        now=request.now,
    )
    try:
        case_by_number(org=request.org, viewer=request.actor, number=case.filing_number)
    except NoSuchCase:
        return render(request, "desk/cases/handed_over.html", {"case": case})
    messages.success(request, _("La solicitud quedó radicada."), extra_tags=f"new-case-{request.member.pk}")
    return redirect("desk:case", number=case.filing_number)
