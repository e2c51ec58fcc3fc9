"""Filing a request. Whatever was typed comes back; whatever was not said is not asked for twice."""

from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.messaging.policy.channels import VIRTUAL_BOX, WEB, Channel, ChannelsPolicy
from escucha.contexts.people.policy import PeoplePolicy
from escucha.contexts.people.queries import place_code_of
from escucha.flows.person_files_with_papers_and_consents import file_with_papers
from escucha.web.public.channels import no_form
from escucha.web.public.filing_form import ANONYMOUS, KNOWN, RESERVED, UNSURE, Filing
from escucha.web.public.forms import reaches
from escucha.web.public.outlook import outlook
from escucha.web.public.papers import Papers
from escucha.web.public.reserved_door import report_url
from escucha.web.public.sending import Sent, goes_on, letter_key, send
from escucha.web.ui.access import public
from escucha.web.ui.requests import HouseRequest

EMERGENCY_LINES = {"co": "123"}
SUGGESTION = "suggestion"


class Door(NamedTuple):
    """By which channel the form files, and the kind it begins with."""

    channel: Channel
    kind: str = ""
    is_box: bool = False


@public
@require_http_methods(["GET", "HEAD", "POST"])
def filing(request: HouseRequest) -> HttpResponse:
    channel = request.profile.section(ChannelsPolicy).receiving_by(WEB)
    return no_form(request) if channel is None else _page(request, Door(channel))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def box(request: HouseRequest) -> HttpResponse:
    """The virtual box: the same form, which begins as a suggestion. It needs no act."""
    channel = request.profile.section(ChannelsPolicy).receiving_by(VIRTUAL_BOX)
    if channel is None:
        raise Http404
    kinds = request.profile.section(CasesPolicy).types.values()
    suggestion = next((kind.key for kind in kinds if kind.canonical == SUGGESTION and kind.public), "")
    return _page(request, Door(channel, suggestion, is_box=True))


def _page(request: HouseRequest, door: Door) -> HttpResponse:
    if request.method != "POST":
        form = Filing(profile=request.profile, kind=door.kind)
        return _shown(request, Sent(form, Papers(request, form)), door)
    form = Filing(request.POST, request.FILES, profile=request.profile, kind=door.kind)
    sent = send(request, form, lambda valid, papers: _filed(request, valid, papers, door))
    if sent.case:
        return goes_on(request, "public:receipt", sent.case.receipt_code)
    return _shown(request, sent, door, status=422)


def _filed(request: HouseRequest, form: Filing, papers: Papers, door: Door) -> Case:
    said = form.cleaned_data
    anonymous = said["who"] == ANONYMOUS
    place_code = place_code_of(said["place"])
    person = form.person | {"place_code": place_code}
    if said["requester_kind"] in form.organisations:
        person["kind"] = "organisation"
    return file_with_papers(
        org=request.org,
        channel=door.channel.key,
        papers=papers.all,
        agreed=form.agreed,
        groups=said.get("groups", ()),
        letter_key="" if anonymous else letter_key(person),
        body=said["body"],
        matter=said["matter"],
        suggested_type=said["suggested_type"] if said["suggested_type"] != UNSURE else "",
        emergency=said.get("emergency") == "yes",
        requester_kind=said["requester_kind"],
        anonymous=anonymous,
        identity_reserved=said["who"] == RESERVED,
        place_code=place_code,
        details={} if place_code or not said["place"] else {"place": said["place"]},
        person=None if anonymous else person,
        filing_key=form.filing_key,
        now=request.now,
    )


def _shown(request: HouseRequest, sent: Sent, door: Door, *, status: int = 200) -> HttpResponse:
    profile, form, policy = request.profile, sent.form, request.profile.section(CasesPolicy)
    kind = policy.types[door.kind or policy.general]
    response = render(
        request,
        "public/filing.html",
        {
            "form": form,
            "door": door,
            "kept": sent.papers.kept,
            "policy": policy,
            "told": profile.section(PeoplePolicy).told,
            "unsure": UNSURE,
            "known": KNOWN,
            "reaches": reaches(),
            "report_url": report_url(profile),
            "identity": profile.identity,
            "emergency_line": EMERGENCY_LINES.get(profile.identity.country, ""),
            "outlook": outlook(profile, kind, received_at=request.now, now=request.now),
        },
        status=status,
    )
    patch_cache_control(response, private=True, no_store=True)
    return response
