"""Filing a request. Whatever was typed comes back; whatever was not said is not asked for twice."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.holders import case_filed_with
from escucha.contexts.messaging.policy.channels import WEB, ChannelsPolicy
from escucha.contexts.people.operations import note_try
from escucha.contexts.people.rules import mailbox_of
from escucha.contexts.people.rules.telephones import sms_number
from escucha.flows.person_files_and_gets_one_letter_an_hour import file_from_the_web
from escucha.web.public.channels import no_form
from escucha.web.public.forms import UNSURE, Filing, reaches
from escucha.web.public.limits import key_of, site_of, visitor_of
from escucha.web.public.outlook import outlook
from escucha.web.public.question import is_answered, new_question
from escucha.web.ui.access import public
from escucha.web.ui.requests import HouseRequest

EMERGENCY_LINES = {"co": "123"}
FREELY_AN_HOUR, FREELY_AN_HOUR_PER_SITE = 20, 60  # filings; more are filed after answering a question


@public
@require_http_methods(["GET", "HEAD", "POST"])
def filing(request: HouseRequest) -> HttpResponse:
    policy = request.profile.section(CasesPolicy)
    channel = request.profile.section(ChannelsPolicy).receiving_by(WEB)
    if channel is None:
        return no_form(request)
    form = Filing(request.POST if request.method == "POST" else None, policy=policy)
    if form.is_bound and form.is_valid():
        if case := _filed(request, form, channel.key):
            return redirect("public:receipt", code=case.receipt_code)
        form = form.asking(*new_question(now=request.now))
    response = render(
        request, "public/filing.html", _shown(request, form, policy), status=422 if form.is_bound else 200
    )
    patch_cache_control(response, private=True, no_store=True)
    return response


def _filed(request: HouseRequest, form: Filing, channel: str) -> Case | None:
    """The case of this form, however often it is sent; none where a visitor who files so often is asked first."""
    said = form.cleaned_data
    if made := case_filed_with(org=request.org, filing_key=form.filing_key):
        return made
    if _too_many(request) and not is_answered(request, token=said["token"], said=said["result"]):
        return None
    return file_from_the_web(
        org=request.org,
        channel=channel,
        letter_key=_letter_key(form.person),
        body=said["body"],
        matter=said["matter"],
        suggested_type=said["suggested_type"] if said["suggested_type"] != UNSURE else "",
        emergency=said.get("emergency") == "yes",
        person=form.person,
        filing_key=form.filing_key,
        now=request.now,
    )


def _letter_key(said: Mapping[str, str]) -> str:
    """Where the acknowledgement goes: the mailbox or, for who left none, the telephone that takes texts."""
    address = mailbox_of(said["email"]) if said.get("email") else ""
    texts = (sms_number(said.get(key, "")) for key in ("phone", "other_phone"))
    goes_to = address or next(filter(None, texts), "")
    return key_of("letter", goes_to) if goes_to else ""


def _too_many(request: HouseRequest) -> bool:
    limits = {key_of("filing", visitor_of(request)): FREELY_AN_HOUR}
    if site := site_of(request):
        limits[key_of("filing site", site)] = FREELY_AN_HOUR_PER_SITE
    return note_try(org=request.org, limits=limits, now=request.now) is not None


def _shown(request: HouseRequest, form: Filing, policy: CasesPolicy) -> dict[str, object]:
    profile = request.profile
    return {
        "form": form,
        "policy": policy,
        "unsure": UNSURE,
        "reaches": reaches(),
        "reach": form.reach,
        "identity": profile.identity,
        "emergency_line": EMERGENCY_LINES.get(profile.identity.country, ""),
        "outlook": outlook(profile, policy.types[policy.general], received_at=request.now, now=request.now),
    }
