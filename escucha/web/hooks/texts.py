"""Where the gateways of text messages call: receipts of what we sent, and what people answered."""

from django.http import Http404, HttpResponse

from escucha.contexts.messaging.operations.callbacks import NoGateway, take_callback
from escucha.web.hooks.access import hook
from escucha.web.ui.requests import HouseRequest


@hook
def texts(request: HouseRequest, gateway: str) -> HttpResponse:
    """The signature is over the bytes: they are handed on as they came, and no form is read of them here."""
    try:
        kind, reply = take_callback(
            org=request.org,
            gateway=gateway,
            query=request.META.get("QUERY_STRING", ""),
            headers=request.headers,
            body=request.body,
            now=request.now,
        )
    except NoGateway as unknown:
        raise Http404 from unknown
    return HttpResponse(reply, content_type=kind)
