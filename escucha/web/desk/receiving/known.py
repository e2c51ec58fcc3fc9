"""What the form asks while it is filled: whether a person is known, and which municipality was meant."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from escucha.contexts.people.models import Person
from escucha.contexts.people.queries import person_who_says, places_like
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

MOST = 8


@require_POST
@desk("people.find")
def known(request: DeskRequest) -> HttpResponse:
    """Its name and document where both document and telephone are those of somebody; else nothing, whatever is wrong.

    They come in the body, never in an address that is written down on the way.
    """
    found = known_to(request)
    said = {"name": found.name, "document": f"{found.document_kind} {found.document_number}".strip()} if found else {}
    return JsonResponse(said)


@require_safe
@desk("cases.file", "attentions.record")
def places(request: DeskRequest) -> HttpResponse:
    """Municipalities for what was typed so far."""
    found = places_like(request.GET.get("q", "")[:80].replace("\x00", ""), limit=MOST)
    return JsonResponse({"places": [place.full_name for place in found]})


def known_to(request: DeskRequest) -> Person | None:
    if not request.actor.may("people.find"):
        return None
    document, phone = (request.POST.get(key, "")[:30].replace("\x00", "") for key in ("document_number", "phone"))
    return person_who_says(org=request.org, document_number=document, phone=phone)
