"""Acts of boxes and hearings: opened, filled slip after slip from the keyboard, closed when whole, and printed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escucha.contexts.cases.models import Act, Case, Slip
from escucha.contexts.cases.operations import receiving
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.policy import BoxesPolicy
from escucha.contexts.cases.policy.receiving import label_of
from escucha.contexts.cases.queries.doors import NoSuchCase, cases_by_subject, numbers_kept_from
from escucha.contexts.cases.queries.receiving import (
    NoSuchAct,
    act_by_number,
    act_list,
    slip_at,
    slips_of,
    standing_of_act,
    text_of_slip,
)
from escucha.contexts.cases.rules.receiving import (
    BOX,
    VOID_REASONS,
    blockers_to_close_act,
    blockers_to_enter,
    in_ranges,
)
from escucha.web.desk.receiving import act_forms
from escucha.web.desk.receiving.forms import local_now, new_key
from escucha.web.desk.receiving.paging import place_in
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

LIMIT = 50


@require_safe
@desk("acts.open")
def acts(request: DeskRequest) -> HttpResponse:
    after, before = place_in(request, "desde"), place_in(request, "hasta")
    found = list(act_list(org=request.org, viewer=request.actor, after=after, before=before, limit=LIMIT))
    more = len(found) > LIMIT
    page = (found[1:] if before and not after else found[:LIMIT]) if more else found
    shown = {
        "rows": [(one, _where(request, one)) for one in page],
        "has_boxes": bool(request.profile.section(BoxesPolicy).sites),
        "next": _address("desde", page[-1]) if page and (more or before) else "",
        "previous": _address("hasta", page[0]) if page and (after or (before and more)) else "",
    }
    return render(request, "desk/receiving/acts.html", shown)


@require_http_methods(["GET", "POST"])
@desk("acts.open")
def new_box(request: DeskRequest) -> HttpResponse:
    policy = request.profile.section(BoxesPolicy)
    if not policy.sites:
        raise Http404
    return _open(request, act_forms.OpeningBox(request.POST or None, initial=_now(request), policy=policy), "new_box")


@require_http_methods(["GET", "POST"])
@desk("acts.open")
def new_hearing(request: DeskRequest) -> HttpResponse:
    return _open(request, act_forms.OpeningHearing(request.POST or None, initial=_now(request)), "new_hearing")


@require_safe
@desk("acts.open")
def act(request: DeskRequest, number: str) -> HttpResponse:
    return _page(request, _found(request, number))


@require_POST
@desk("acts.open")
def slips(request: DeskRequest, number: str) -> HttpResponse:
    """One slip more, and the page asks for the next. With the button of a reason, the slip is void."""
    found = _found(request, number)
    form, void = _form(found, request.POST), request.POST.get("void", "").replace("\x00", "")
    if form.is_valid():
        form.refuse_nothing(void)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    said = form.cleaned_data
    same: dict[str, Any] = {"org": request.org, "act_id": found.pk, "by": request.actor, "now": request.now}
    position = {"position": said["position"]} if "position" in said else {}
    try:
        if void:
            receiving.void_slip(reason=void, position=said.get("position", 0), **same)
        else:
            receiving.enter_slip(person=form.person, filing_key=form.filing_key, **position, **form.slip, **same)
    except Refused as refused:
        return _page(request, found, form, status=409, problem=refused.blockers)
    messages.success(request, _said(found, position, void), extra_tags=_kept(request, found))
    return redirect("desk:act", number=number)


@require_http_methods(["GET", "POST"])
@desk("acts.open")
def slip(request: DeskRequest, number: str, position: int) -> HttpResponse:
    """What was copied wrong is put right, while the act is open."""
    found = _found(request, number)
    one = slip_at(found, position) if position < 2**31 else None
    if one is None or (one.case and not _seen(request, [one])):
        raise Http404
    start = {name: getattr(one, name) for name in ("position", "written_on", "minute", "speaker", "commitment")}
    start["body"] = text_of_slip(one)
    form = _form(found, request.POST if request.method == "POST" else None, start)
    form.fields.pop("position", None)
    problem = None
    if form.is_valid():
        kept = {name: value for name, value in form.slip.items() if name != "matter"}
        try:
            receiving.correct_slip(
                org=request.org, act_id=found.pk, position=position, by=request.actor, now=request.now, **kept
            )
            return redirect("desk:act", number=number)
        except NoSuchCase:
            raise Http404 from None
        except Refused as refused:
            problem = refused.blockers
    status = 409 if problem else 422 if form.is_bound else 200
    shown = {"act": found, "slip": one, "form": form, "problem": problem}
    return render(request, "desk/receiving/slip.html", shown, status=status)


@require_POST
@desk("acts.open")
def closing(request: DeskRequest, number: str) -> HttpResponse:
    found = _found(request, number)
    try:
        receiving.close_act(org=request.org, act_id=found.pk, by=request.actor, now=request.now)
    except Refused as refused:
        return _page(request, found, status=409, problem=refused.blockers)
    return redirect("desk:act_on_paper", number=number)


@require_safe
@desk("acts.open")
def on_paper(request: DeskRequest, number: str) -> HttpResponse:
    """The act as it is signed. It names who opened and who saw it, and the number of each case, never what it says."""
    found = _found(request, number)
    rows = slips_of(found)
    kept = _kept_back(request, rows)
    shown = {
        "act": found,
        "where": _where(request, found),
        "slips": [(one, one.pk in kept) for one in rows],
        "is_box": found.kind == BOX,
    }
    return render(request, "desk/receiving/act_on_paper.html", shown)


def _open(request: DeskRequest, form: Any, page: str) -> HttpResponse:
    problem = None
    if form.is_valid():
        try:
            made = receiving.open_act(org=request.org, by=request.actor, now=request.now, **form.act)
            return redirect("desk:act", number=made.number)
        except Refused as refused:
            problem = refused.blockers
    status = 409 if problem else 422 if form.is_bound else 200
    return render(request, f"desk/receiving/{page}.html", {"form": form, "problem": problem}, status=status)


def _page(
    request: DeskRequest, found: Act, form: Any = None, *, status: int = 200, problem: Any = None
) -> HttpResponse:
    standing, rows = standing_of_act(found), slips_of(found)
    seen = _seen(request, rows)
    hidden = _kept_back(request, [one for one in rows if one.case and one.case.subject not in seen])
    start = {"position": standing.following, "key": new_key()}
    shown = {
        "act": found,
        "is_box": found.kind == BOX,
        "where": _where(request, found),
        "rows": [(one, one.case and seen.get(one.case.subject), one.pk in hidden) for one in reversed(rows)],
        "entered": len(rows),
        "missing": in_ranges(standing.missing),
        "whole": standing.following is None,
        "form": form or _form(found, None, start),
        "void_reasons": VOID_REASONS if found.kind == BOX else (),
        "enter_blockers": blockers_to_enter(standing, request.actor),
        "close_blockers": blockers_to_close_act(standing, request.actor),
        "kept": _kept(request, found),
        "problem": problem,
    }
    return render(request, "desk/receiving/act.html", shown, status=status)


def _seen(request: DeskRequest, rows: Sequence[Slip]) -> Mapping[str, Case]:
    """The cases of some slips that this member may see, by subject."""
    subjects = [one.case.subject for one in rows if one.case]
    return cases_by_subject(org=request.org, viewer=request.actor, subjects=subjects)


def _kept_back(request: DeskRequest, rows: Sequence[Slip]) -> set[int]:
    """The slips whose case is reserved and not this member's to open: neither its number is said nor who spoke."""
    numbers = [one.case.filing_number for one in rows if one.case]
    kept = numbers_kept_from(org=request.org, viewer=request.actor, numbers=numbers)
    return {one.pk for one in rows if one.case and one.case.filing_number in kept}


def _form(found: Act, data: Any, initial: dict[str, Any] | None = None) -> Any:
    made = (act_forms.Slip if found.kind == BOX else act_forms.Word)(data, initial=initial)
    first = "body" if found.kind == BOX else "speaker"
    made.fields[first].widget.attrs["autofocus"] = not made.is_bound
    return made


def _found(request: DeskRequest, number: str) -> Act:
    try:
        return act_by_number(org=request.org, viewer=request.actor, number=number.replace("\x00", ""))
    except NoSuchAct:
        raise Http404 from None


def _where(request: DeskRequest, found: Act) -> str:
    return label_of(request.profile.section(BoxesPolicy).sites, found.site) if found.kind == BOX else found.topic


def _said(found: Act, position: Mapping[str, int], void: str) -> str:
    if found.kind != BOX:
        return _("La intervención quedó radicada.")
    said = _("La papeleta {number} quedó anulada.") if void else _("La papeleta {number} quedó radicada.")
    return said.format(number=position["position"])


def _kept(request: DeskRequest, found: Act) -> str:
    return f"act-{found.pk}-{request.member.pk}"


def _now(request: DeskRequest) -> dict[str, Any]:
    return {"held_at": local_now(request.now, request.profile.zone)}


def _address(name: str, one: Act) -> str:
    place = f"{one.held_at.isoformat()}_{one.pk}".replace("+", "%2B")
    return f"{reverse('desk:acts')}?{name}={place}"
