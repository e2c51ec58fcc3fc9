"""Importar afiliados: a client's file is sent, seen before it goes in, followed while it does, and answered for."""

from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escucha.contexts.assistance.models import AffiliateImport
from escucha.contexts.assistance.operations.importing.asking import ask_import, confirm_import, drop_import
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.imports import NoSuchImport, Preview, import_by_id, newest_imports, preview_of
from escucha.contexts.assistance.rules.acts import AFFILIATES
from escucha.contexts.assistance.rules.importing.asking import MOST_OCTETS, SHOWN
from escucha.contexts.assistance.rules.importing.columns import LABELS
from escucha.contexts.assistance.rules.importing.reading import Fault
from escucha.contexts.assistance.rules.importing.reporting import FILE_REASONS
from escucha.contexts.documents.operations.refusal import Refused as FileRefused
from escucha.contexts.documents.rules.taking import megabytes
from escucha.kernel.words import Refused
from escucha.web.desk.assistance.affiliate_forms import ALL_OR_NOTHING, MISSING_END, Confirmation, NewImport
from escucha.web.desk.assistance.affiliates import policy_of
from escucha.web.ui.access import desk
from escucha.web.ui.downloads import download_kept
from escucha.web.ui.requests import DeskRequest
from escucha.web.ui.uploads import takes_up_to

LIMIT = 20
STATES = {
    AffiliateImport.State.SHOWN: (_("Por confirmar"), "warn"),
    AffiliateImport.State.WAITING: (_("En espera"), "accent"),
    AffiliateImport.State.RUNNING: (_("Leyendo"), "accent"),
    AffiliateImport.State.DONE: (_("Importado"), "ok"),
    AffiliateImport.State.REFUSED: (_("No entró nada"), "danger"),
    AffiliateImport.State.FAILED: (_("No se pudo"), "danger"),
    AffiliateImport.State.DROPPED: (_("Descartado"), ""),
}
GOING = (AffiliateImport.State.WAITING, AffiliateImport.State.RUNNING)


class Row(NamedTuple):
    """An import as the pages name it."""

    one: AffiliateImport
    account: str
    file: str
    size: str
    member: str
    state: str
    colour: str
    url: str


@require_safe
@desk(AFFILIATES)
def imports(request: DeskRequest) -> HttpResponse:
    policy, before = policy_of(request), request.GET.get("antes", "")
    found = newest_imports(
        org=request.org,
        viewer=request.actor,
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
        limit=LIMIT + 1,
    )
    shown = {
        "rows": [_row(policy, one) for one in found[:LIMIT]],
        "next": f"?antes={found[LIMIT - 1].pk}" if len(found) > LIMIT else "",
        "previous": request.path if before else "",
    }
    return render(request, "desk/assistance/affiliates/imports.html", shown)


@takes_up_to(MOST_OCTETS)
@require_http_methods(["GET", "POST"])
@desk(AFFILIATES)
def new_import(request: DeskRequest) -> HttpResponseBase:
    policy = policy_of(request)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = NewImport(*sent, policy=policy)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            one = ask_import(
                org=request.org,
                account=form.cleaned_data["account"],
                content=file,
                name=file.name,
                by=request.actor,
                now=request.now,
            )
            return redirect("desk:affiliate_import", import_id=one.pk)
        except (Refused, FileRefused) as refused:
            for blocker in refused.blockers:
                form.add_error("file", _(blocker.text).format(**blocker.values))
    shown = {"form": form, "labels": [_(label) for label in LABELS.values()]}
    return render(request, "desk/assistance/affiliates/new_import.html", shown, status=422 if form.errors else 200)


@require_safe
@desk(AFFILIATES)
def affiliate_import(request: DeskRequest, import_id: int) -> HttpResponse:
    return _page(request, _found(request, import_id))


@require_POST
@desk(AFFILIATES)
def confirmation(request: DeskRequest, import_id: int) -> HttpResponse:
    one, form = _found(request, import_id), Confirmation(request.POST)
    if not form.is_valid():
        return _page(request, one, form=form, status=422)
    try:
        confirm_import(
            org=request.org,
            import_id=one.pk,
            all_or_nothing=form.cleaned_data["bad_rows"] == ALL_OR_NOTHING,
            ends_missing=form.cleaned_data["missing"] == MISSING_END,
            by=request.actor,
            now=request.now,
        )
    except Refused as refused:
        return _page(request, one, status=409, problem=refused.blockers)
    return redirect("desk:affiliate_import", import_id=one.pk)


@require_POST
@desk(AFFILIATES)
def dropping(request: DeskRequest, import_id: int) -> HttpResponse:
    one = _found(request, import_id)
    try:
        drop_import(org=request.org, import_id=one.pk, by=request.actor, now=request.now)
    except Refused as refused:
        return _page(request, one, status=409, problem=refused.blockers)
    return redirect("desk:affiliate_imports")


@require_safe
@desk(AFFILIATES)
def bad_rows(request: DeskRequest, import_id: int) -> HttpResponseBase:
    """All of them, to be given back to who sent the file: row, column and what to put right."""
    one = _found(request, import_id)
    if one.bad_file is None:
        raise Http404
    return download_kept(one.bad_file)


def _found(request: DeskRequest, import_id: int) -> AffiliateImport:
    policy_of(request)
    try:
        return import_by_id(org=request.org, viewer=request.actor, import_id=import_id)
    except NoSuchImport:
        raise Http404 from None


def _page(
    request: DeskRequest, one: AffiliateImport, *, form: Confirmation | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    policy = policy_of(request)
    shown = {
        "row": _row(policy, one),
        "one": one,
        "going": one.state in GOING,
        "form": form or Confirmation(),
        "faults": [_told(Fault(**fault)) for fault in one.bad],
        "reason": _(FILE_REASONS[one.reason]) if one.reason else "",
    }
    if one.state == SHOWN:
        shown["preview"] = _shown(preview_of(one, policy))
    return render(request, "desk/assistance/affiliates/import.html", shown | more, status=status)


def _shown(preview: Preview) -> dict[str, Any]:
    columns = preview.columns
    known = [(_(LABELS[key]), columns.heading(key)) for key in LABELS if key in columns.places] if columns else []
    return {
        "problem": _(FILE_REASONS[preview.problem]) if preview.problem else "",
        "known": known,
        "unknown": columns.unknown if columns else [],
        "rows": preview.rows,
        "whole": preview.whole,
        "bad": preview.bad,
        "faults": [_told(one) for one in preview.faults],
    }


def _told(fault: Fault) -> tuple[int, str, str]:
    said = fault.words
    return fault.row, fault.column, _(said.text).format(**said.values)


def _row(policy: AssistancePolicy, one: AffiliateImport) -> Row:
    account = policy.account(one.account)
    label, colour = STATES[AffiliateImport.State(one.state)]
    return Row(
        one=one,
        account=account.label if account else one.account,
        file=one.file.name if one.file else "",
        size=megabytes(one.file.size) if one.file else "",
        member=one.member.account.name if one.member else "",
        state=_(label),
        colour=colour,
        url=reverse("desk:affiliate_import", args=[one.pk]),
    )
