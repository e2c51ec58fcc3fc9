"""The channels and whether each is open now: a page that may be kept only as long as what it says holds."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.messaging.policy.channels import WEB, ChannelsPolicy
from escucha.web.public.opening import Shown, channels_of, days_off, off_today
from escucha.web.public.outlook import outlook
from escucha.web.ui.access import public
from escucha.web.ui.requests import HouseRequest

LONGEST_KEPT = timedelta(minutes=1)


@public
@require_safe
def channels(request: HouseRequest) -> HttpResponse:
    profile, policy = request.profile, request.profile.section(CasesPolicy)
    shown = channels_of(profile, now=request.now)
    here = localtime(request.now)
    response = render(
        request,
        "public/channels.html",
        {
            "receiving": [one for one in shown if one.channel.receives],
            "others": [one for one in shown if not one.channel.receives],
            "here": here,
            "minutes": here.hour * 60 + here.minute,
            "off_today": off_today(profile, now=request.now),
            "days_off": days_off(profile, now=request.now),
            "outlook": outlook(profile, policy.types[policy.general], received_at=request.now, now=request.now),
            "web": profile.section(ChannelsPolicy).receiving_by(WEB),
        },
    )
    return _kept_while_true(response, shown, now=request.now)


@public
@require_safe
def channels_json(request: HouseRequest) -> HttpResponse:
    """The same for machines: each channel, whether it is open, and the next moment at which that changes."""
    shown = channels_of(request.profile, now=request.now)
    said = [
        {
            "key": one.channel.key,
            "label": one.name,
            "kind": one.channel.kind,
            "receives": one.channel.receives,
            "open": one.open,
            "changes_at": one.until.isoformat() if one.until else None,
        }
        for one in shown
    ]
    response = JsonResponse({"at": localtime(request.now).isoformat(), "channels": said})
    return _kept_while_true(response, shown, now=request.now)


def no_form(request: HouseRequest) -> HttpResponse:
    """What is shown in place of the form where no web channel is open by policy: the others."""
    shown = channels_of(request.profile, now=request.now)
    here = localtime(request.now)
    context = {
        "receiving": [one for one in shown if one.channel.receives],
        "here": here,
        "minutes": here.hour * 60 + here.minute,
    }
    return render(request, "public/no_form.html", context, status=404)


def _kept_while_true(response: HttpResponse, shown: Sequence[Shown], *, now: datetime) -> HttpResponse:
    """Kept by caches for a minute, or until the first channel opens or closes if that comes sooner."""
    left = min([LONGEST_KEPT, *(one.until - now for one in shown if one.until)])
    patch_cache_control(response, public=True, max_age=int(left.total_seconds()))
    return response
