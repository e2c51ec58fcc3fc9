"""The forms of an organisation's profile, each on its page: what the web files by them is a case like any other."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.policy import CasesPolicy, FormsPolicy
from escucha.contexts.cases.policy.receiving import PaperForm
from escucha.contexts.messaging.policy.channels import WEB, ChannelsPolicy
from escucha.contexts.people.policy import PeoplePolicy
from escucha.flows.person_files_with_papers_and_consents import file_with_papers
from escucha.web.public.papers import Papers
from escucha.web.public.profile_form import ProfileForm
from escucha.web.public.sending import Sent, goes_on, letter_key, send
from escucha.web.ui.access import public
from escucha.web.ui.requests import HouseRequest


@public
@require_http_methods(["GET", "HEAD", "POST"])
def profile_form(request: HouseRequest, key: str) -> HttpResponse:
    paper = request.profile.section(FormsPolicy).form(key)
    channel = request.profile.section(ChannelsPolicy).receiving_by(WEB)
    if paper is None or not paper.web or channel is None:
        raise Http404
    if request.method != "POST":
        form = ProfileForm(paper=paper, profile=request.profile)
        return _shown(request, Sent(form, Papers(request, form)), paper)
    form = ProfileForm(request.POST, request.FILES, paper=paper, profile=request.profile)
    sent = send(request, form, lambda valid, papers: _filed(request, valid, papers, channel.key))
    if sent.case:
        return goes_on(request, "public:receipt", sent.case.receipt_code)
    return _shown(request, sent, paper, status=422)


def _filed(request: HouseRequest, form: ProfileForm, papers: Papers, channel: str) -> Case:
    said, paper = form.cleaned_data, form.paper
    requester = request.profile.section(CasesPolicy).requesters.get(paper.requester)
    kind = {"kind": "organisation"} if requester and requester.kind == "organisation" else {}
    return file_with_papers(
        org=request.org,
        channel=channel,
        papers=papers.all,
        letter_key=letter_key(form.person),
        body=said.get("body", ""),
        matter=said.get("matter", "") or (paper.label if paper.type else ""),
        suggested_type=paper.type,
        requester_kind=paper.requester,
        form=paper.key,
        reasons=said.get("reasons", ()),
        details=form.details(papers),
        person=form.person | kind,
        filing_key=form.filing_key,
        now=request.now,
    )


def _shown(request: HouseRequest, sent: Sent, paper: PaperForm, *, status: int = 200) -> HttpResponse:
    people = request.profile.section(PeoplePolicy)
    shown = {"form": sent.form, "paper": paper, "kept": sent.papers.kept, "told": people.told}
    response = render(request, "public/form.html", shown, status=status)
    patch_cache_control(response, private=True, no_store=True)
    return response
