"""The first page: of an organisation, or of the installation where the host belongs to none. And its one colour."""

import re
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.timezone import localtime

from escucha.contexts.cases.policy import CasesPolicy, FormsPolicy
from escucha.contexts.messaging.policy.channels import VIRTUAL_BOX, WEB, ChannelsPolicy
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import all_orgs, profile_of
from escucha.web.public.forms import Tracking
from escucha.web.public.opening import channels_of, nearest
from escucha.web.public.outlook import outlook
from escucha.web.public.reserved_door import report_url
from escucha.web.public.sample_sign_ins import sample_sign_ins
from escucha.web.ui.access import anywhere, public
from escucha.web.ui.requests import HouseRequest

OKLCH = re.compile(r"oklch\(\s*[\d.]+%?\s+[\d.]+%?\s+[\d.]+(deg)?\s*\)")
YEAR = 365 * 24 * 3600


@anywhere
def front(request: HouseRequest) -> HttpResponse:
    return _landing(request) if request.org is None else _home(request)


def _home(request: HouseRequest) -> HttpResponse:
    """What one can do here, what to expect, and who is open now."""
    profile, policy = request.profile, request.profile.section(CasesPolicy)
    general = policy.types[policy.general]
    here = localtime(request.now)
    return render(
        request,
        "public/home.html",
        {
            "identity": profile.identity,
            "kinds": [kind for kind in policy.types.values() if kind.public],
            "kind": general,
            "outlook": outlook(profile, general, received_at=request.now, now=request.now),
            "form": Tracking(),
            "channels": nearest(channels_of(profile, now=request.now)),
            "web": profile.section(ChannelsPolicy).receiving_by(WEB),
            "box": profile.section(ChannelsPolicy).receiving_by(VIRTUAL_BOX),
            "forms": profile.section(FormsPolicy).on_web,
            "report_url": report_url(profile),
            "here": here,
            "minutes": here.hour * 60 + here.minute,
        },
    )


def _landing(request: HouseRequest) -> HttpResponse:
    """The organisations of this installation, each with its address."""
    orgs = [
        {"name": org.name, "address": _address(org, request), "identity": profile_of(org, at=request.now).identity}
        for org in all_orgs()
    ]
    sign_ins = sample_sign_ins(now=request.now, address_of=lambda org: _address(org, request))
    return render(request, "public/landing.html", {"orgs": orgs, "sample": settings.SAMPLE, "sign_ins": sign_ins})


@public
def accent(request: HouseRequest, digest: str) -> HttpResponse:
    """The organisation's colour. The address carries the profile's digest, so what was kept is never out of date."""
    colour = request.profile.identity.accent
    body = f":root {{ --org-accent: {colour}; }}\n" if OKLCH.fullmatch(colour) else ""
    response = HttpResponse(body, content_type="text/css; charset=utf-8")
    if request.profile.digest.startswith(digest):
        patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    return response


def _address(org: Organisation, request: HouseRequest) -> str:
    """Where the organisation answers, at the port by which the reader came."""
    parts = urlsplit(settings.ADDRESS.format(host=org.host))
    port = request.get_host().rpartition("]")[2].rpartition(":")[2]
    place = f"{parts.hostname}:{port}" if port.isdigit() and not settings.BEHIND_TLS else parts.netloc
    return urlunsplit((parts.scheme, place, "/", "", ""))
