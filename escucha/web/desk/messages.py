"""Correos: every message with what became of it. Those of sample organisations never left."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from escucha.contexts.cases.queries.doors import cases_by_subject, subjects_kept_from, subjects_seen
from escucha.contexts.cases.rules.reserve import MASKED
from escucha.contexts.messaging.models import Message
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
        **_doors(request),
        before=int(before) if before.isdecimal() and len(before) < 18 else None,
        limit=LIMIT + 1,
    )
    page = found[:LIMIT]
    kept = _to_somebody_kept(request, page)
    shown = {
        "rows": [(one, _(MASKED) if one.pk in kept else one.to, _(STATES[one.state])) for one in page],
        "next": f"?antes={page[-1].pk}" if len(found) > LIMIT else "",
        "previous": request.path if before else "",
        "is_sample": request.profile.identity.sample,
    }
    return render(request, "desk/messages/list.html", shown)


@desk("messages.see")
def message(request: DeskRequest, message_id: int) -> HttpResponse:
    """A letter, if it is about something that who asks may see; else the page is not found."""
    found = kept_message(org=request.org, viewer=request.actor, **_doors(request), message_id=message_id)
    if found is None:
        raise Http404
    kept = bool(_to_somebody_kept(request, [found]))
    body = body_for_staff(found, sample=request.profile.identity.sample)
    shown = {
        "message": found,
        "to": _(MASKED) if kept else found.to,
        "state": _(STATES[found.state]),
        "body": "" if kept else body,
        "is_kept": kept,
        "is_masked": body != found.body,
    }
    return render(request, "desk/messages/show.html", shown)


def _doors(request: DeskRequest) -> dict[str, Any]:
    """What a viewer reads of: the cases it sees; who sees everything, all but the reserved ones of others."""
    seen = {"org": request.org, "viewer": request.actor}
    return {"about": subjects_seen(**seen), "kept_from": subjects_kept_from(**seen)}


def _to_somebody_kept(request: DeskRequest, page: Sequence[Message]) -> set[int]:
    """The letters to people who asked not to be known. Their address would say who they are."""
    to_people = [one for one in page if one.person_id]
    cases = cases_by_subject(org=request.org, viewer=request.actor, subjects={one.subject for one in to_people})
    return {one.pk for one in to_people if one.subject in cases and cases[one.subject].identity_reserved}
