"""The reserved channel: reports of wrongdoing, by who may stay unknown. Its receipt is shown and sent to nobody."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import NoSuchCase, case_by_id
from escucha.contexts.documents.policy import DocumentsPolicy
from escucha.contexts.messaging.policy.channels import WEB, ChannelsPolicy
from escucha.flows.person_files_with_papers_and_consents import file_with_papers
from escucha.web.public.forms import Email, PublicForm, Said
from escucha.web.public.papers import Papers, ask_for_files
from escucha.web.public.privacy import for_its_reader
from escucha.web.public.reserved_door import report_url, reserved_kind
from escucha.web.public.sending import Sent, goes_on, send
from escucha.web.ui.access import public
from escucha.web.ui.requests import HouseRequest

KEY = "reported"
SHOWN_FOR = timedelta(minutes=30)


class Report(PublicForm):
    """What somebody knows. Who it is, only if it wants."""

    body = Said(
        label=_("¿Qué pasó?"),
        help_text=_("Diga qué vio o qué sabe, y cómo lo sabe. No escriba quién es usted si no quiere."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    accused = Said(
        label=_("¿A quién señala?"),
        help_text=_(
            "Escriba el nombre si lo sabe: desde que la envíe, esa persona y sus jefes no pueden abrirla. Si solo sabe "
            "el cargo o el área, lo anota quien la recibe."
        ),
        longest=500,
    )
    happened = Said(label=_("¿Cuándo y dónde fue?"), help_text=_("Una fecha aproximada sirve."), longest=300)
    name = Said(label=_("Nombre"), longest=200)
    phone = Said(label=_("Teléfono"), longest=30)
    email = Email(label=_("Correo electrónico"))

    def __init__(self, *args, documents: DocumentsPolicy, **kwargs):
        super().__init__(*args, **kwargs)
        self.documents = documents
        ask_for_files(self, "files", policy=documents, label=_("Pruebas"))

    @property
    def is_anonymous(self) -> bool:
        return not any(value.strip() for value in self.person.values())

    @property
    def details(self) -> dict[str, str]:
        return {key: self.cleaned_data[key] for key in ("accused", "happened") if self.cleaned_data[key].strip()}

    def again(self, data):
        return Report(data, self.files, documents=self.documents)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@for_its_reader
def report(request: HouseRequest) -> HttpResponse:
    """No letter leaves, no browser keeps a word, and what the attachments hide about who made them is left out."""
    if not report_url(request.profile):
        raise Http404
    documents = request.profile.section(DocumentsPolicy)
    if request.method != "POST":
        form = Report(documents=documents)
        return _shown(request, Sent(form, Papers(request, form)))
    form = Report(request.POST, request.FILES, documents=documents)
    sent = send(request, form, lambda valid, papers: _filed(request, valid, papers))
    if sent.case is None:
        return _shown(request, sent, status=422)
    until = request.now + SHOWN_FOR
    request.session[KEY] = {"org": request.org.pk, "case": sent.case.pk, "until": until.isoformat()}
    return goes_on(request, "public:report_receipt")


@public
@require_safe
@for_its_reader
def report_receipt(request: HouseRequest) -> HttpResponse:
    """Number and code, for half an hour and in this browser only: its address opens nothing anywhere else."""
    case = _reported(request)
    if case is None:
        return redirect("public:tracking")
    response = render(request, "public/report_receipt.html", {"case": case})
    response["Referrer-Policy"] = "no-referrer"  # it has no form, so its address need not be told even to itself
    return response


def _filed(request: HouseRequest, form: Report, papers: Papers) -> Case:
    kind, channel = reserved_kind(request.profile), request.profile.section(ChannelsPolicy).receiving_by(WEB)
    assert kind is not None and channel is not None  # the page is not there without both
    return file_with_papers(
        org=request.org,
        channel=channel.key,
        papers=papers.all,
        reserved=True,
        letter_key="",
        body=form.cleaned_data["body"],
        suggested_type=kind.key,
        anonymous=form.is_anonymous,
        person=form.person,
        details=form.details,
        filing_key=form.filing_key,
        now=request.now,
    )


def _reported(request: HouseRequest) -> Case | None:
    kept: dict[str, Any] = request.session.get(KEY) or {}
    if kept.get("org") != request.org.pk or datetime.fromisoformat(kept["until"]) <= request.now:
        return None
    try:
        return case_by_id(org=request.org, case_id=kept["case"])
    except NoSuchCase:
        return None


def _shown(request: HouseRequest, sent: Sent, *, status: int = 200) -> HttpResponse:
    kind, above = reserved_kind(request.profile), request.profile.section(CasesPolicy).above
    shown = {"form": sent.form, "kept": sent.papers.kept, "kind": kind, "above": above}
    return render(request, "public/report.html", shown, status=status)
