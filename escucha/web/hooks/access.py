"""Who may call a hook: a machine that proves who it is in each request. No session, no form, no page."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from math import ceil

from django.http import HttpResponse
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from escucha.contexts.messaging.gateways.errors import Forged
from escucha.contexts.people.operations import note_try
from escucha.web.ui.requests import HouseRequest

MOST_BYTES = 64 * 1024  # a receipt has two thousand
MOST_FORGED = 30  # of one address, in an hour; what is proved is never counted
SALT = "escucha.hooks.forged"

View = Callable[..., HttpResponse]


def hook(view: View) -> View:
    """An address for machines. What does not prove itself gets 403 and no reason; too often from one place, 429."""

    @csrf_exempt
    @never_cache
    @require_POST
    @wraps(view)
    def enter(request: HouseRequest, *args: object, **kwargs: object) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or ""
        if not length.isdecimal():
            return HttpResponse(status=411)
        if int(length[:12]) > MOST_BYTES:
            return HttpResponse(status=413)
        try:
            return view(request, *args, **kwargs)
        except Forged:
            return _refused(request)

    enter.entry = "hook"  # type: ignore[attr-defined]  # as ui.access marks a view
    return enter


def _refused(request: HouseRequest) -> HttpResponse:
    address = request.META.get("REMOTE_ADDR", "")
    key = salted_hmac(SALT, address, algorithm="sha256").hexdigest()
    again_at = note_try(org=request.org, limits={key: MOST_FORGED}, now=request.now)
    if again_at is None:
        return HttpResponse(status=403)
    wait: timedelta = again_at - request.now
    return HttpResponse(status=429, headers={"Retry-After": str(max(1, ceil(wait.total_seconds())))})
