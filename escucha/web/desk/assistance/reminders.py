"""Reminders: one that is put on an assistance, and one that is done."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from escucha.contexts.assistance.operations.reminding import finish_reminder, set_reminder
from escucha.contexts.assistance.queries.doors import NoSuchFile
from escucha.contexts.assistance.rules.acts import HANDLE
from escucha.kernel.words import Refused
from escucha.web.desk.assistance.assistance import page
from escucha.web.desk.assistance.calls import said as words
from escucha.web.desk.assistance.file_doings import BY_NAME, Looked
from escucha.web.desk.assistance.file_forms import Reminding
from escucha.web.desk.assistance.seen import seen
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest


@require_POST
@desk(HANDLE)
def reminder(request: DeskRequest, number: int, position: int) -> HttpResponse:
    """Who puts it is reminded at that hour of the place; what was wrong comes back with what was typed."""
    one = seen(request, number, position)
    form = Reminding(request.POST, auto_id="reminding-%s")
    if form.is_valid():
        try:
            said = {**BY_NAME["reminder"].said(Looked(request, one.file, one.policy), form)}
            said |= {"file_id": one.file.pk, "assistance_id": one.assistance.pk}
            set_reminder(org=request.org, **said, by=request.actor, now=request.now)
        except Refused as refused:
            form.add_error(None, " ".join(words(each) for each in refused.blockers))
        except ValidationError as wrong:
            form.add_error("hour", wrong)
        else:
            messages.success(request, _("Se le recordará a esa hora."))
            return redirect("desk:assistance", number=number, position=position)
    return page(request, one, reminding=form, status=422)


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
