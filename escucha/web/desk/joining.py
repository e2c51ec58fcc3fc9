"""Putting two cases together after looking at both, taking them apart, answering a part of one on its own."""

import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations import joining as verbs
from escucha.contexts.cases.operations.refusal import Overtaken, Refused
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.alike import alike_to
from escucha.contexts.cases.queries.doors import NoSuchCase, case_by_number, profile_of_case
from escucha.contexts.cases.queries.joined import side_of
from escucha.contexts.cases.queries.standing import standing_of
from escucha.contexts.cases.rules import joining as rules
from escucha.contexts.cases.rules.numbers import readings
from escucha.contexts.cases.rules.standing import STATE_NAMES, State
from escucha.web.desk.acts import act_on, same, versioned
from escucha.web.desk.case import found
from escucha.web.desk.closed_doors import petitioner_of
from escucha.web.desk.forms import LongText, Versioned
from escucha.web.desk.together import likely
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

LONGEST_NUMBER = 60


class Splitting(Versioned):
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)
    matter = forms.CharField(label=gettext_lazy("En una frase, ¿de qué se trata?"), max_length=200, required=False)
    body = LongText(
        rows=8,
        label=gettext_lazy("Lo que se responde aparte"),
        help_text=gettext_lazy("Copie aquí lo que la persona dijo de ese asunto, con sus palabras."),
    )


class Told(NamedTuple):
    """One of the two cases, as the page shows both."""

    case: Case
    kind: str
    state: str
    person: str


@desk("cases.see")
@require_http_methods(["GET", "HEAD", "POST"])
def joining(request: DeskRequest, number: str) -> HttpResponse:
    """Asks with which case; then shows both, one beside the other; then puts them together."""
    case = found(request, number)
    if request.method == "POST":
        return _joined(request, case)
    asked = request.GET.get("con", "").replace("\x00", "").strip()[:LONGEST_NUMBER]
    other = _other(request, asked) if asked else None
    return _page(request, case, other, asked=asked, status=404 if asked and other is None else 200)


@act_on("seen", lambda request, case: Versioned(request.POST))
def separation(request: DeskRequest, case: Case, form: Any) -> None:
    verbs.undo_merge(**versioned(request, case, form))


@act_on("seen", lambda request, case: Versioned(request.POST))
def distinct(request: DeskRequest, case: Case, form: Any) -> None:
    """They are two: neither is shown beside the other again."""
    if (other := _other(request, request.POST.get("con", "")[:LONGEST_NUMBER])) is None:
        raise NoSuchCase
    verbs.tell_apart(other_id=other.pk, **same(request, case))


@desk("cases.see")
@require_http_methods(["GET", "HEAD", "POST"])
def division(request: DeskRequest, number: str) -> HttpResponse:
    """A part of the case becomes another: what was written comes back when it could not."""
    case = found(request, number)
    start = {"version": case.version, "key": secrets.token_urlsafe(16)}
    form = Splitting(request.POST if request.method == "POST" else None, initial=start)
    shown: dict[str, Any] = {"case": case, "form": form, "told": _told(case)}
    blockers = rules.blockers_to_split(standing_of(case), request.actor)
    if request.method != "POST" or not form.is_valid():
        status = 200 if request.method != "POST" else 422
        return render(request, "desk/joining/division.html", shown | {"blockers": blockers}, status=status)
    said = form.cleaned_data
    try:
        made = verbs.split_case(
            body=said["body"],
            matter=said["matter"],
            filing_key=f"split-{said['key']}" if said["key"] else "",
            **versioned(request, case, form),
        )
    except Refused as refused:
        return render(request, "desk/joining/division.html", shown | {"problem": refused.blockers}, status=409)
    except Overtaken as overtaken:
        form.data = request.POST.copy()
        form.data["version"] = str(overtaken.case.version)  # type: ignore[index]  # bound by now
        return render(request, "desk/joining/division.html", shown | {"problem": [CHANGED]}, status=409)
    messages.success(request, _("Quedó radicado {number} con esa parte.").format(number=made.filing_number))
    return redirect("desk:case", number=made.filing_number)


CHANGED = gettext_lazy("Otra persona actuó sobre uno de los casos mientras usted los miraba. Mírelos otra vez.")


def _joined(request: DeskRequest, case: Case) -> HttpResponse:
    other = _other(request, request.POST.get("con", "")[:LONGEST_NUMBER])
    if other is None:
        raise Http404
    follows, main = (case, other) if request.POST.get("queda") == other.filing_number else (other, case)
    versions = {one.pk: _version(request, name) for one, name in ((case, "version"), (other, "other_version"))}
    try:
        verbs.merge_cases(
            org=request.org,
            case_id=follows.pk,
            into_id=main.pk,
            version=versions[follows.pk],
            into_version=versions[main.pk],
            by=request.actor,
            now=request.now,
        )
    except Refused as refused:
        return _page(request, case, other, problem=refused.blockers, status=409)
    except Overtaken:
        again = found(request, case.filing_number), _other(request, other.filing_number)
        return _page(request, *again, problem=[CHANGED], status=409)
    said = _("{number} quedó junto con este caso, que responde por los dos.")
    messages.success(request, said.format(number=follows.filing_number))
    return redirect("desk:case", number=main.filing_number)


def _version(request: DeskRequest, name: str) -> int:
    said = request.POST.get(name, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else -1  # which no case has


def _page(
    request: DeskRequest,
    case: Case,
    other: Case | None,
    *,
    asked: str = "",
    problem: Sequence[Any] = (),
    status: int = 200,
) -> HttpResponse:
    shown: dict[str, Any] = {"case": case, "asked": asked, "problem": problem}
    if other is None:
        shown["alike"] = likely(alike_to(case, viewer=request.actor))
    else:
        one, two = side_of(case), side_of(other)
        first = min((case, other), key=lambda side: (side.received_at, side.pk))
        shown |= {
            "other": other,
            "both": [_told(case), _told(other)],
            "stays": first.filing_number,
            "blockers": rules.blockers_to_merge(one, two, request.actor)
            and rules.blockers_to_merge(two, one, request.actor),
        }
    return render(request, "desk/joining/joining.html", shown, status=status)


def _told(case: Case) -> Told:
    kind = profile_of_case(case).section(CasesPolicy).type_of(case.case_type)
    label = kind.label if kind else _("Sin clasificar")
    return Told(case, label, STATE_NAMES[State(case.state)], petitioner_of(case))


def _other(request: DeskRequest, said: str) -> Case | None:
    """The case that a number means, however it is typed, if its reader may see it."""
    series, year = request.profile.section(CasesPolicy).series, timezone.localtime(request.now).year
    for reading in readings(said.replace("\x00", ""), series=series, year=year):
        try:
            if reading.is_sound:
                return case_by_number(org=request.org, viewer=request.actor, number=reading.number)
        except NoSuchCase:
            continue
    return None
