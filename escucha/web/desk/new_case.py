"""The short form of the staff: a request that an area received, handed over in under a minute, and read back."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.policy import FormsPolicy
from escucha.contexts.documents.operations.refusal import Refused
from escucha.contexts.people.queries import place_code_of
from escucha.flows.staff_files_for_who_goes_first import file_at_desk
from escucha.web.desk.receiving.forms import ANONYMOUS, RESERVED, NewCase, local_now, new_key
from escucha.web.desk.receiving.known import known_to
from escucha.web.desk.receiving.scans import scans_of
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest
from escucha.web.ui.uploads import onward

YEAR = timedelta(days=365)


@require_http_methods(["GET", "POST"])
@desk("cases.file")
def new_case(request: DeskRequest) -> HttpResponseBase:
    """Everyone may file. Nothing is obligatory: what is missing is asked for later."""
    start = {"key": new_key(), "received_at": local_now(request.now, request.profile.zone)}
    form = NewCase(request.POST or None, request.FILES or None, initial=start, profile=request.profile, now=request.now)
    form.fields["channel"].initial = _usual_channel(request, form)
    if not form.is_valid():
        return _page(request, form, status=422 if form.is_bound else 200)
    if "look" in request.POST:  # who has no script looks for a known person with this button
        return _page(request, form, known=known_to(request))
    if form.is_blank:
        return _page(request, form, status=422, blank=True)
    try:
        case = _filed(request, form)
    except Refused as refused:
        for blocker in refused.blockers:
            form.add_error(None, str(blocker))
        return _page(request, form, status=422)
    response = onward(request, redirect("desk:read_back", number=case.filing_number))
    response.set_cookie(
        _cookie(request),
        form.cleaned_data["channel"],
        max_age=YEAR,
        path=request.path,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _filed(request: DeskRequest, form: NewCase) -> Case:
    said = form.cleaned_data
    place_code = place_code_of(said["place"])
    return file_at_desk(
        org=request.org,
        channel=said["channel"],
        matter=said["matter"],
        body=said["body"],
        emergency=said.get("emergency", False),
        requester_kind=said["requester_kind"],
        anonymous=said["who"] == ANONYMOUS,
        identity_reserved=said["who"] == RESERVED,
        filled_by=form.filled_by,
        details=form.details | ({"place": said["place"]} if said["place"] and not place_code else {}),
        place_code=place_code,
        person=form.person | ({"place_code": place_code} if place_code else {}),
        groups=said.get("groups", ()),
        agreed=said.get("agreed", False),
        scans=scans_of(said["files"]),
        received_at=said["received_at"],
        received_unit=request.member.unit,
        filing_key=form.filing_key,
        by=request.actor,
        now=request.now,
    )


def _page(request: DeskRequest, form: NewCase, *, status: int = 200, **more: Any) -> HttpResponse:
    shown = {
        "form": form,
        "consent": form.consent,
        "may_find": request.actor.may("people.find"),
        "has_forms": any(one.paper for one in request.profile.section(FormsPolicy).forms),
    }
    return render(request, "desk/receiving/new.html", shown | more, status=status)


def _usual_channel(request: DeskRequest, form: NewCase) -> str:
    """The one by which this member filed last; else the first by which people speak, which is taken down here."""
    usual = request.COOKIES.get(_cookie(request), "")
    if usual in form.channels:
        return usual
    spoken = [key for key, one in form.channels.items() if one.kind == "phone"]
    return next(iter([*spoken, *form.channels]), "")


def _cookie(request: DeskRequest) -> str:
    return f"channel-{request.member.pk}"
