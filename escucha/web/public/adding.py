"""Who follows its case adds to it: a text, a file. It goes to who has the case, and is answered with it."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.queries.joined import main_of
from escucha.contexts.documents.policy import DocumentsPolicy
from escucha.contexts.messaging.policy.channels import WEB, ChannelsPolicy
from escucha.flows.person_adds_papers_to_case import add_with_papers
from escucha.web.public.forms import PublicForm, Said
from escucha.web.public.guard import WORDS
from escucha.web.public.papers import Papers, ask_for_files
from escucha.web.public.privacy import for_its_reader
from escucha.web.public.sending import Sent, goes_on, send
from escucha.web.public.tracking import of_the_followed
from escucha.web.ui.access import public
from escucha.web.ui.requests import HouseRequest


class Adding(PublicForm):
    asks_before_blank = False  # nothing is not added, and its own words say so
    body = Said(
        label=_("¿Qué quiere agregar?"),
        help_text=_("Lo lee quien tiene su solicitud, y se responde con ella."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args, documents: DocumentsPolicy, **kwargs):
        super().__init__(*args, **kwargs)
        self.documents = documents
        ask_for_files(self, "files", policy=documents, label=_("Fotos o documentos"))

    def again(self, data):
        return Adding(data, self.files, documents=self.documents)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@for_its_reader
@of_the_followed
def adding(request: HouseRequest, case: Case) -> HttpResponse:
    """What is closed is not added to: the page of the case says how to present another."""
    if not main_of(case).is_open:
        return redirect("public:followed")
    documents = request.profile.section(DocumentsPolicy)
    if request.method != "POST":
        form = Adding(documents=documents)
        return _shown(request, case, Sent(form, Papers(request, form)))
    form = Adding(request.POST, request.FILES, documents=documents)
    sent = send(request, form, lambda valid, papers: _added(request, case, valid, papers), of=WORDS)
    return goes_on(request, "public:followed") if sent.case else _shown(request, case, sent, status=422)


def _added(request: HouseRequest, case: Case, form: Adding, papers: Papers) -> Case:
    web = request.profile.section(ChannelsPolicy).receiving_by(WEB)
    return add_with_papers(
        org=request.org,
        case=case,
        body=form.cleaned_data["body"],
        channel=web.key if web else WEB,
        papers=papers.all,
        word_key=form.filing_key,
        now=request.now,
    )


def _shown(request: HouseRequest, case: Case, sent: Sent, *, status: int = 200) -> HttpResponse:
    shown = {"case": case, "form": sent.form, "kept": sent.papers.kept}
    return render(request, "public/adding.html", shown, status=status)
