"""The definitions for who works here: every kind, also those that are not offered, and the points of each answer."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest
from escucha.web.ui.terms import desk_words, kinds_of, legal_words, our_words


@require_safe
@desk()
def terms(request: DeskRequest) -> HttpResponse:
    profile = request.profile
    shown = {
        "kinds": kinds_of(profile, on=localtime(request.now).date(), all_of_them=True),
        "checked": desk_words(),
        "ours": our_words(profile),
        "legal": legal_words(profile),
    }
    return render(request, "desk/policy/terms.html", shown)
