"""The definitions of the words people meet: the organisation's kinds, our words and those of the law."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from escucha.web.ui.access import public
from escucha.web.ui.requests import HouseRequest
from escucha.web.ui.terms import kinds_of, legal_words, our_words

KEPT = 3600  # seconds


@public
@require_safe
def terms(request: HouseRequest) -> HttpResponse:
    profile = request.profile
    shown = {
        "kinds": kinds_of(profile, on=localtime(request.now).date()),
        "ours": our_words(profile),
        "legal": legal_words(profile),
        "country": profile.pack.name,
    }
    response = render(request, "public/terms.html", shown)
    patch_cache_control(response, public=True, max_age=KEPT)
    return response
