"""A reminder that is done."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from escucha.contexts.assistance.operations.reminding import finish_reminder
from escucha.contexts.assistance.queries.doors import NoSuchFile
from escucha.contexts.assistance.rules.acts import HANDLE
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest


@require_POST
@desk(HANDLE)
def done(request: DeskRequest, reminder_id: int) -> HttpResponse:
    """It comes back to where it was pressed: Hoy, or the file."""
    try:
        if reminder_id > 2**63 - 1:
            raise NoSuchFile
        reminder = finish_reminder(org=request.org, reminder_id=reminder_id, by=request.actor, now=request.now)
    except NoSuchFile:
        raise Http404 from None
    messages.success(request, _("El recordatorio quedó hecho."))
    back = request.headers.get("referer", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back) if safe else redirect("desk:assistance_file", number=reminder.file.number)
