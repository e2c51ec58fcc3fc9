"""The organisation's paper form, copied by staff in the order in which it is read, or read from its filled PDF."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.policy import FormsPolicy
from escucha.contexts.cases.policy.receiving import PaperForm
from escucha.contexts.documents.operations.holding import Held, hold, is_held
from escucha.contexts.documents.operations.refusal import Refused
from escucha.flows.staff_files_for_who_goes_first import Scan, file_at_desk
from escucha.web.desk.receiving.filled_form import MOST_BYTES, TOO_BIG, Unreadable, answers_in
from escucha.web.desk.receiving.forms import local_now, new_key
from escucha.web.desk.receiving.paper_form import Copying
from escucha.web.desk.receiving.scans import scans_of
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest
from escucha.web.ui.uploads import onward


@require_safe
@desk("cases.file")
def forms(request: DeskRequest) -> HttpResponse:
    """The forms of the organisation that exist on paper."""
    found = [one for one in request.profile.section(FormsPolicy).forms if one.paper]
    return render(request, "desk/receiving/forms.html", {"forms": found})


@require_http_methods(["GET", "POST"])
@desk("cases.file")
def paper(request: DeskRequest, key: str) -> HttpResponseBase:
    paper_form = _form(request, key)
    form = _copying(request, paper_form, request.POST or None)
    if not form.is_valid():
        return _page(request, form, status=422 if form.is_bound else 200)
    if form.is_blank:
        return _page(request, form, status=422, blank=True)
    try:
        case = _filed(request, form)
    except Refused as refused:
        return _page(request, form, status=422, problem=refused.blockers)
    return onward(request, redirect("desk:read_back", number=case.filing_number))


@require_POST
@desk("cases.file")
def reading(request: DeskRequest, key: str) -> HttpResponse:
    """The page with what the chosen PDF says, for staff to look at before it is filed. The PDF itself is attached."""
    paper_form = _form(request, key)
    upload = request.FILES.get("pdf")
    try:
        if not isinstance(upload, UploadedFile) or (upload.size or 0) > MOST_BYTES:
            raise Unreadable(TOO_BIG)
        answers = answers_in(upload.read(), paper_form)
        reference = _held(request, upload)
    except Unreadable as why:
        return _page(request, _copying(request, paper_form), status=422, problem=[why.blocker])
    except Refused as refused:
        return _page(request, _copying(request, paper_form), status=422, problem=refused.blockers)
    form = _copying(request, paper_form, initial=answers | {"held": reference, "filled_by": "person"})
    return _page(request, form, read=True)


def _filed(request: DeskRequest, form: Copying) -> Case:
    said = form.cleaned_data
    held = _read(request, said["held"])
    scans = [Scan(held.chunks(), held.name, held.claimed_kind)] if held and is_held(held) else []
    return file_at_desk(
        org=request.org,
        channel=said["channel"],
        matter=said.get("matter", ""),
        body=said.get("body", ""),
        form=form.paper.key,
        reasons=said.get("reasons", ()),
        details=form.details,
        filled_by=said["filled_by"],
        person=form.person,
        scans=[*scans, *scans_of(said["files"])],
        received_at=said["received_at"],
        received_unit=request.member.unit,
        filing_key=form.filing_key,
        by=request.actor,
        now=request.now,
    )


def _form(request: DeskRequest, key: str) -> PaperForm:
    found = request.profile.section(FormsPolicy).form(key)
    if found is None or not found.paper:
        raise Http404
    return found


def _copying(
    request: DeskRequest, paper_form: PaperForm, data: Any = None, initial: Mapping[str, Any] | None = None
) -> Copying:
    start = {"key": new_key(), "received_at": local_now(request.now, request.profile.zone)}
    files = request.FILES if data is not None else None
    return Copying(
        data, files, paper=paper_form, profile=request.profile, now=request.now, initial=start | dict(initial or {})
    )


def _page(
    request: DeskRequest,
    form: Copying,
    *,
    status: int = 200,
    problem: Any = None,
    read: bool = False,
    blank: bool = False,
) -> HttpResponse:
    held = _read(request, str(form["held"].value() or ""))
    shown = {"form": form, "paper": form.paper, "problem": problem, "read": read, "held": held, "blank": blank}
    return render(request, "desk/receiving/paper.html", shown, status=status)


def _held(request: DeskRequest, upload: UploadedFile) -> str:
    """The signed name of the PDF, whose bytes wait in the store until the form is filed."""
    upload.seek(0)
    held = hold(
        org=request.org,
        content=upload,  # type: ignore[arg-type]  # an upload is read as a file is
        name=upload.name or "",
        claimed_kind=upload.content_type or "",
        size=upload.size or 0,
        now=request.now,
    )
    return _signer(request).sign_object([*held], compress=True)


def _read(request: DeskRequest, reference: str) -> Held | None:
    try:
        return Held(*_signer(request).unsign_object(reference)) if reference else None
    except (BadSignature, ValueError, TypeError):
        return None


def _signer(request: DeskRequest) -> Signer:
    """A reference serves the member who chose the file, and nobody else."""
    return Signer(salt=f"escucha.desk.paper:{request.org.pk}:{request.member.pk}")
