"""The search: one box for whatever somebody remembers of a case. A number alone opens its case."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.search import SHOWN, Drawn, Found, FoundPerson, cases_of_person, search_cases
from escucha.contexts.cases.rules.numbers import filing_number, readings, wrong_check
from escucha.contexts.people.rules.documents import pretty_document
from escucha.web.desk.cases import Row, row_of
from escucha.web.desk.closed_doors import petitioner_of
from escucha.web.ui import spanish
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest


class Hit(NamedTuple):
    """A case as the page of a search shows it."""

    row: Row
    drawn: Drawn | None


class Somebody(NamedTuple):
    """A person that was looked for, and where its cases are."""

    name: str
    document: str
    contact: str
    cases: int
    url: str


@desk("cases.see")
@require_safe
def search(request: DeskRequest) -> HttpResponse:
    said = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    if person := _person_asked(request):
        return _of_person(request, person)
    series, year = request.profile.section(CasesPolicy).series, timezone.localtime(request.now).year
    found = search_cases(org=request.org, viewer=request.actor, typed=said, series=series, year=year)
    if len(found.numbers) == 1 and not (found.people or found.cases):
        return redirect("desk:case", number=found.numbers[0].filing_number)
    shown = {
        "search": said,
        "found": found,
        "numbers": _hits(request, found.numbers, found),
        "people": [_somebody(one) for one in found.people],
        "cases": _hits(request, found.cases, found),
        "most": SHOWN,
        "example": " ".join(spanish.groups(filing_number(series, year, 123))),
        "wrong_check": wrong_check(readings(said, series=series, year=year)),
    }
    return render(request, "desk/search/results.html", shown)


def _of_person(request: DeskRequest, person_id: int) -> HttpResponse:
    """The cases of somebody that was found; of nobody the viewer may see, the empty page."""
    cases = cases_of_person(org=request.org, viewer=request.actor, person_id=person_id)
    shown = {
        "search": "",
        "person": petitioner_of(cases[0]) if cases else "",
        "cases": [Hit(row_of(case, request.profile, request.now), None) for case in cases],
        "of_person": True,
        "most": SHOWN,
    }
    return render(request, "desk/search/results.html", shown, status=200 if cases else 404)


def _person_asked(request: DeskRequest) -> int:
    asked = request.GET.get("persona", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 18 else 0


def _hits(request: DeskRequest, cases: Sequence[Case], found: Found) -> list[Hit]:
    return [Hit(row_of(case, request.profile, request.now), found.drawn.get(case.pk)) for case in cases]


def _somebody(found: FoundPerson) -> Somebody:
    person: Any = found.person
    return Somebody(
        name=person.name,
        document=f"{person.document_kind} {pretty_document(person.document_kind, person.document_number)}".strip(),
        contact=person.phone or person.other_phone or person.email,
        cases=found.cases,
        url=f"{reverse('desk:search')}?persona={person.pk}",
    )
