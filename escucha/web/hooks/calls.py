"""Where the switchboard tells of calls. One event for every switchboard; its signature is over the bytes."""

from django.conf import settings
from django.http import Http404, HttpResponse

from escucha.contexts.assistance.operations.calls import note_call
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.rules.calls import Malformed, event_in, is_signed
from escucha.contexts.messaging.gateways.errors import Forged
from escucha.web.hooks.access import hook
from escucha.web.ui.requests import HouseRequest

STAMP, SIGNATURE = "X-Escucha-Stamp", "X-Escucha-Signature"


@hook
def calls(request: HouseRequest) -> HttpResponse:
    """204 once it is kept. 404 where the organisation has no switchboard; 400 for what is signed and says nothing."""
    secret = settings.SWITCHBOARDS.get(f"ESCUCHA_SWITCHBOARD_{request.org.slug.upper().replace('-', '_')}", "")
    if not (secret and request.profile.has(AssistancePolicy)):
        raise Http404
    body = request.body
    given, stamp = request.headers.get(SIGNATURE, ""), request.headers.get(STAMP, "")
    if not is_signed(body, stamp=stamp, given=given, secret=secret, now=request.now):
        raise Forged("call")
    try:
        event = event_in(body, now=request.now)
    except Malformed:
        return HttpResponse(status=400)
    note_call(org=request.org, event=event, now=request.now)
    return HttpResponse(status=204)
