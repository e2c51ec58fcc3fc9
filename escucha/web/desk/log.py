"""Bitácora: the newest entries of everything this viewer may see, and whether their chain holds."""

from django.http import HttpResponse
from django.shortcuts import render

from escucha.contexts.cases.queries.doors import cases_by_subject
from escucha.kernel.timeline.record import newest
from escucha.kernel.timeline.verify import chain_verdict
from escucha.web.desk.story import words_for
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

LIMIT = 40


@desk("timeline.see")
def log(request: DeskRequest) -> HttpResponse:
    before = request.GET.get("antes", "")
    found = newest(
        org=request.org, before=int(before) if before.isdecimal() and len(before) < 18 else None, limit=LIMIT + 1
    )
    page = found[:LIMIT]
    cases = cases_by_subject(org=request.org, viewer=request.actor, subjects={entry.subject for entry in page})
    words = words_for(request.org, request.profile, page, viewer=request.actor)
    chosen = request.GET.get("caso", "")
    shown = {
        "rows": [(words.happened(entry), cases[entry.subject], entry) for entry in page if entry.subject in cases],
        "next": f"?antes={page[-1].pk}" if len(found) > LIMIT else "",
        "previous": request.path if before else "",
        "verdict": chain_verdict(org=request.org, subject=chosen) if chosen in cases else None,
        "chosen": cases.get(chosen),
    }
    return render(request, "desk/log/log.html", shown)
