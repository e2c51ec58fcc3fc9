"""The published notices: answers whose people could not be reached. They name the number and nobody."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from escucha.contexts.cases.queries.holders import published_notices
from escucha.web.public.reserved_door import reserved_kind
from escucha.web.ui.access import public
from escucha.web.ui.requests import HouseRequest

INSTANT = timedelta(microseconds=1)  # a term's end is kept as the instant after it


@public
@require_safe
def notices(request: HouseRequest) -> HttpResponse:
    found = published_notices(org=request.org, now=request.now)
    shown = [(notice.case.filing_number, notice.published_at, notice.until - INSTANT) for notice in found]
    has_reserve = reserved_kind(request.profile) is not None
    return render(request, "public/notices.html", {"notices": shown, "has_reserve": has_reserve})
