"""The files of a case: had by who may open it, attached and taken off by who may write on it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.contexts.documents.models import Attachment
from escucha.contexts.documents.operations.refusal import Refused as FileRefused
from escucha.contexts.documents.policy import DocumentsPolicy
from escucha.contexts.documents.queries import NoSuchAttachment, file_to_read
from escucha.contexts.documents.rules.copying import has_nothing_hidden
from escucha.contexts.documents.rules.taking import blockers_to_download
from escucha.flows import staff_attach_files_to_case as journey
from escucha.flows import staff_opens_reserved_original as opening
from escucha.kernel.profiles.loader import Profile
from escucha.web.desk.attached import Attaching, may_be_opened, originals_with
from escucha.web.desk.case import found, page
from escucha.web.desk.reserved_forms import OpeningOriginal
from escucha.web.ui.access import desk
from escucha.web.ui.downloads import download
from escucha.web.ui.requests import DeskRequest
from escucha.web.ui.uploads import onward


@require_GET
@desk("cases.see")
def attachment(request: DeskRequest, number: str, attachment_id: int) -> HttpResponseBase:
    """The file, to be saved."""
    case = found(request, number)
    one = _to_read(request, case, attachment_id)
    if blockers := _blockers(one, request.profile):
        return page(request, case, status=409, problem=blockers)
    return download(one)


@require_GET
@desk("cases.see")
def picture(request: DeskRequest, number: str, attachment_id: int) -> HttpResponseBase:
    """Of an image, the picture drawn anew: the only thing that is seen in a page."""
    one = _to_read(request, found(request, number), attachment_id)
    if _blockers(one, request.profile):
        raise Http404
    return download(one, inline=True)


@require_POST
@desk("cases.see")
def original(request: DeskRequest, number: str, attachment_id: int) -> HttpResponseBase:
    """What is reserved, as it was received, once what for is said: who, when and what for are written down."""
    case = found(request, number)
    one = _to_read(request, case, attachment_id)
    if not may_be_opened(one, request.profile.section(DocumentsPolicy)):
        raise Http404
    form = OpeningOriginal(request.POST, attachment_id=attachment_id)
    if not form.is_valid():
        return page(request, case, status=422, originals=originals_with(request, case, form))
    same: dict[str, Any] = {"org": request.org, "case_id": case.pk, "by": request.actor, "now": request.now}
    try:
        one = opening.open_original(attachment_id=attachment_id, reason=form.cleaned_data["reason"], **same)
    except (Refused, FileRefused) as why:
        shown = originals_with(request, case, form)
        return page(request, case, status=409, problem=why.blockers, originals=shown)
    except (NoSuchCase, NoSuchAttachment):
        raise Http404 from None
    return download(one, sealed=True)


@require_POST
@desk("cases.see")
def attachments(request: DeskRequest, number: str) -> HttpResponseBase:
    case = found(request, number)
    form = Attaching(request.POST, request.FILES, policy=request.profile.section(DocumentsPolicy))
    if not form.is_valid():
        return page(request, case, status=422, attaching=form)
    uploads = [
        journey.Upload(content=one, name=one.name or "", claimed_kind=one.content_type or "")
        for one in form.cleaned_data["files"]
    ]
    try:
        refused = journey.attach_to_case(
            org=request.org, case_id=case.pk, uploads=uploads, kind="evidence", by=request.actor, now=request.now
        )
    except Refused as why:
        return page(request, case, status=409, problem=why.blockers)
    except NoSuchCase:
        raise Http404 from None
    if refused:
        form.add_error("files", [_(why.text).format(**why.values) for why in refused])
        return page(request, case, status=422, attaching=form)
    return onward(request, redirect(_place(case)))


@require_POST
@desk("cases.see")
def removal(request: DeskRequest, number: str, attachment_id: int) -> HttpResponse:
    return _move(
        request, number, attachment_id, journey.detach_from_case, _("El anexo quedó quitado: puede reponerlo.")
    )


@require_POST
@desk("cases.see")
def return_(request: DeskRequest, number: str, attachment_id: int) -> HttpResponse:
    return _move(request, number, attachment_id, journey.reattach_to_case, _("El anexo volvió a su lugar."))


def _move(request: DeskRequest, number: str, attachment_id: int, verb: Any, done: str) -> HttpResponse:
    case = found(request, number)
    try:
        verb(org=request.org, case_id=case.pk, attachment_id=attachment_id, by=request.actor, now=request.now)
    except Refused as why:
        return page(request, case, status=409, problem=why.blockers)
    except (NoSuchCase, NoSuchAttachment):
        raise Http404 from None
    messages.success(request, done)
    return redirect(_place(case))


def _to_read(request: DeskRequest, case: Case, attachment_id: int) -> Attachment:
    try:
        return file_to_read(org=request.org, attachment_id=attachment_id, subject=case.subject)
    except NoSuchAttachment:
        raise Http404 from None


def _blockers(one: Attachment, profile: Profile) -> Any:
    return blockers_to_download(
        state=one.file.state,
        serve_unscanned=profile.section(DocumentsPolicy).serve_unscanned,
        reserved=one.file.reserved,
        has_copy=bool(one.file.shown) or has_nothing_hidden(one.file.kind),
    )


def _place(case: Case) -> str:
    return f"{reverse('desk:case', args=[case.filing_number])}#anexos"
