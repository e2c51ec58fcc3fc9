"""Asked while a form is filled: municipalities for what somebody types, and what looks odd in its data."""

from datetime import timedelta

from django.http import HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST, require_safe

from escucha.contexts.people.queries import DOUBTED, places_like
from escucha.contexts.people.rules.doubts import doubts_about
from escucha.web.public.limits import Allowance, within
from escucha.web.ui.access import public
from escucha.web.ui.requests import HouseRequest
from escucha.web.ui.templatetags.ui import reason

MOST, LONGEST = 8, 120
KEPT = 3600  # seconds
SUGGESTIONS = Allowance(120, timedelta(minutes=1))
DOUBTS = Allowance(60, timedelta(minutes=1))


@public
@require_safe
@within(SUGGESTIONS, as_json=True)
def places(request: HouseRequest) -> HttpResponse:
    found = places_like(request.GET.get("q", "")[:LONGEST].replace("\x00", ""), limit=MOST)
    response = JsonResponse({"places": [place.full_name for place in found]}, json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, public=True, max_age=KEPT)
    return response


@public
@require_POST
@within(DOUBTS, as_json=True)
def doubts(request: HouseRequest) -> HttpResponse:
    """By field. What was typed comes in the body, never in an address; it is looked at and kept nowhere."""
    found = doubts_about({key: request.POST[key][:30] for key in DOUBTED if key in request.POST})
    said = {field: [reason(doubt) for doubt in doubts] for field, doubts in found.items()}
    response = JsonResponse(said, json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, private=True, no_store=True)
    return response
