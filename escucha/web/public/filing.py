"""Filing a request. Whatever was typed comes back; whatever was not said is not asked for twice."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.filing import file_case
from escucha.contexts.cases.policy import CasesPolicy
from escucha.kernel.timeline.facts import CITIZEN
from escucha.web.public.forms import UNSURE, Filing, reaches
from escucha.web.public.outlook import outlook
from escucha.web.ui.access import public
from escucha.web.ui.requests import HouseRequest

EMERGENCY_LINES = {"co": "123"}


@public
@require_http_methods(["GET", "HEAD", "POST"])
def filing(request: HouseRequest) -> HttpResponse:
    policy = request.profile.section(CasesPolicy)
    form = Filing(request.POST if request.method == "POST" else None, policy=policy)
    if form.is_bound and form.is_valid():
        return redirect("public:receipt", code=_filed(request, form).receipt_code)
    response = render(
        request, "public/filing.html", _shown(request, form, policy), status=422 if form.is_bound else 200
    )
    patch_cache_control(response, private=True, no_store=True)
    return response


def _filed(request: HouseRequest, form: Filing) -> Case:
    """The case of this form, however often it is sent."""
    said = form.cleaned_data
    return file_case(
        org=request.org,
        channel="web",
        body=said["body"],
        matter=said["matter"],
        suggested_type=said["suggested_type"] if said["suggested_type"] != UNSURE else "",
        emergency=said.get("emergency") == "yes",
        person=form.person,
        filing_key=form.filing_key,
        by=CITIZEN,
        now=request.now,
    )


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
