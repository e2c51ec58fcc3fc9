"""Correos: every message with what became of it. Those of sample organisations never left."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from escucha.contexts.cases.queries.doors import subjects_seen
from escucha.contexts.messaging.queries import body_for_staff, kept_message, kept_messages
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

LIMIT = 30
STATES = {
    "queued": _("Por salir"),
    "sent": _("La recibió el servidor de correo"),
    "kept": _("Guardado: no salió"),
    "failed": _("No se pudo entregar"),
}


@desk("messages.see")
def messages(request: DeskRequest) -> HttpResponse:
    before = request.GET.get("antes", "")
    found = kept_messages(
        org=request.org,
        viewer=request.actor,
        about=subjects_seen(org=request.org, viewer=request.actor),
        before=int(before) if before.isdecimal() and len(before) < 18 else None,
        limit=LIMIT + 1,
    )
    page = found[:LIMIT]
    shown = {
        "rows": [(one, _(STATES[one.state])) for one in page],
        "next": f"?antes={page[-1].pk}" if len(found) > LIMIT else "",
        "previous": request.path if before else "",
        "is_sample": request.profile.identity.sample,
    }
    return render(request, "desk/messages/list.html", shown)


@desk("messages.see")
def message(request: DeskRequest, message_id: int) -> HttpResponse:
    """A letter, if it is about something that who asks may see; else the page is not found."""
    about = subjects_seen(org=request.org, viewer=request.actor)
    found = kept_message(org=request.org, viewer=request.actor, about=about, message_id=message_id)
    if found is None:
        raise Http404
    body = body_for_staff(found, sample=request.profile.identity.sample)
    shown = {"message": found, "state": _(STATES[found.state]), "body": body, "is_masked": body != found.body}
    return render(request, "desk/messages/show.html", shown)
