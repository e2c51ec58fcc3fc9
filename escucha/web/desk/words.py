"""What the person added to its case: marked as read, or made a case of its own where it came too late."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations import words as verbs
from escucha.contexts.cases.operations.refusal import Refused
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.web.desk.acts import act_on, same
from escucha.web.desk.case import found, page
from escucha.web.desk.forms import OnCase
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

INCOMPLETE = gettext_lazy("La página llegó incompleta. Vuelva a intentarlo desde aquí.")


class Reading(OnCase):
    """Which was the last that the page showed: what came meanwhile stays unread."""

    last = forms.IntegerField(
        widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), INCOMPLETE)
    )


@act_on("seen", lambda request, case: Reading(request.POST))
def reading(request: DeskRequest, case: Case, form: Any) -> None:
    verbs.read_words(last=form.cleaned_data["last"], **same(request, case))


@require_POST
@desk("cases.see")
def becoming_case(request: DeskRequest, number: str, word_id: int) -> HttpResponse:
    case = found(request, number)
    try:
        made = verbs.file_word(word_id=word_id, **same(request, case))
    except NoSuchCase:
        raise Http404 from None
    except Refused as refused:
        return page(request, case, status=409, problem=refused.blockers)
    messages.success(request, _("Quedó radicada con el número {number}.").format(number=made.filing_number))
    return redirect("desk:case", number=made.filing_number)
