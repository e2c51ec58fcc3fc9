"""The way from a page of the desk to the stream of news."""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from escucha.web.live.passes import pass_for
from escucha.web.live.stream import PATH
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest


@require_GET
@desk()
def live_pass(request: DeskRequest) -> HttpResponse:
    """Where the news of the organisation are told now, with a pass that opens them for a minute."""
    return JsonResponse(
        {"url": f"{settings.EVENTS.format(host=request.org.host)}{PATH}?pase={pass_for(request.org.pk)}"}
    )
