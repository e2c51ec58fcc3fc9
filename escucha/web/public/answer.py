"""The way to an answer, behind its message's link. Looking notifies nobody: programs follow links, people press."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from escucha.contexts.cases.operations.reaching import open_answer
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.contexts.cases.queries.holders import answer_by_token
from escucha.web.public.privacy import for_its_reader
from escucha.web.ui.access import public
from escucha.web.ui.requests import HouseRequest


@public
@require_http_methods(["GET", "HEAD", "POST"])
@for_its_reader
def answer(request: HouseRequest, token: str) -> HttpResponse:
    try:
        found = answer_by_token(org=request.org, token=token)
    except NoSuchCase:
        raise Http404 from None
    if request.method != "POST":
        return render(request, "public/answer_ready.html", {"case": found.case})
    case = open_answer(org=request.org, token=token, now=request.now)
    return render(request, "public/answer.html", {"case": case, "answer": found})
