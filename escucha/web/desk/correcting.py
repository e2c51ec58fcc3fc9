"""The data of the person of a case are put right: written, looked at as they were and would be, and saved."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.correcting import correct_petitioner
from escucha.contexts.cases.queries.petitioners import may_be_told
from escucha.contexts.cases.rules.correcting import LETTERS, letter_missed
from escucha.contexts.cases.rules.standing import State
from escucha.contexts.messaging.queries import have_left, messages_about
from escucha.contexts.people.models import Correction, Person
from escucha.contexts.people.queries import corrections_of, data_of, nobody_yet, person_who_says
from escucha.contexts.people.rules.correcting import (
    WRITTEN_TO,
    addresses_left,
    blockers_to_correct,
    reached_at,
    what_changes,
)
from escucha.contexts.people.rules.doubts import doubts_about
from escucha.kernel.words import Refused
from escucha.web.desk.case import found
from escucha.web.desk.closed_doors import identity_of
from escucha.web.desk.corrected_words import changes_from, changes_in
from escucha.web.desk.correction_forms import Correcting
from escucha.web.desk.message_words import address_of, state_of
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

Corrections = Sequence[Correction]
DOCUMENT = frozenset({"document_kind", "document_number"})


@require_http_methods(["GET", "POST"])
@desk("people.correct")
def person(request: DeskRequest, number: str) -> HttpResponse:
    """By POST, what would change; once that was looked at, with `save`, it changes. With `edit` it is written again."""
    case = found(request, number)
    known = _known(request, case)
    corrected = corrections_of(known)
    if request.method != "POST":
        start = _undone(request, corrected) | {"seen": _last(corrected)}
        return _page(request, case, known, corrected, Correcting(person=known, start=start))
    form = Correcting(request.POST, person=known)
    if not form.is_valid() or "edit" in request.POST:
        return _page(request, case, known, corrected, form, status=422 if form.errors else 200)
    if "save" in request.POST:
        return _saved(request, case, known, form)
    if blockers := _blockers(request, known, corrected, form):
        return _refused(request, case, known, form, blockers)
    return _preview(request, case, known, form)


def _known(request: DeskRequest, case: Case) -> Person:
    """The person of the case, for whom it is not kept from; of who left nothing, one of whom nothing is known."""
    if may_be_told(case):
        return nobody_yet(request.org)
    known: Person | None = identity_of(request, case)["person"]
    if known is None:
        raise Http404
    return known


def _saved(request: DeskRequest, case: Case, known: Person, form: Correcting) -> HttpResponse:
    said = {name: form.cleaned_data[name] for name in ("reason", "seen", "send_again", "renew_keys")}
    try:
        correct_petitioner(org=request.org, case_id=case.pk, said=form.said, by=request.actor, now=request.now, **said)
    except Refused as refused:
        case = found(request, case.filing_number)
        return _refused(request, case, _known(request, case), form, refused.blockers)
    sent = _("Los datos quedaron corregidos, y lo que la persona espera sale otra vez.")
    messages.success(request, sent if said["send_again"] else _("Los datos quedaron corregidos."))
    return redirect("desk:case", number=case.filing_number)


def _last(corrected: Corrections) -> int:
    return corrected[0].pk if corrected else 0


def _undone(request: DeskRequest, corrected: Corrections) -> dict[str, Any]:
    """What stood before a correction, where who looks asks to put it back."""
    asked = request.GET.get("antes-de", "")
    return next((dict(one.before) for one in corrected if str(one.pk) == asked), {})


def _blockers(request: DeskRequest, known: Person, corrected: Corrections, form: Correcting) -> Any:
    before = data_of(known)
    return blockers_to_correct(
        request.actor,
        before=before,
        changes=what_changes(before, form.said),
        reason=form.cleaned_data["reason"],
        overtaken=form.cleaned_data["seen"] != _last(corrected),
    )


def _refused(request: DeskRequest, case: Case, known: Person, form: Correcting, blockers: Any) -> HttpResponse:
    """What was typed stays, beside what is known now."""
    corrected, before = corrections_of(known), data_of(known)
    overtaken = form.cleaned_data["seen"] != _last(corrected)
    form.seen_now(_last(corrected))
    differs = changes_from(before, what_changes(before, form.said)) if overtaken else ()
    return _page(request, case, known, corrected, form, status=409, problem=blockers, differs=differs)


def _page(
    request: DeskRequest,
    case: Case,
    known: Person,
    corrected: Corrections,
    form: Correcting,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    shown = {"case": case, "person": known, "form": form, "corrected": [(one, changes_in(one)) for one in corrected]}
    return render(request, "desk/cases/correcting.html", shown | more, status=status)


def _preview(request: DeskRequest, case: Case, known: Person, form: Correcting) -> HttpResponse:
    before = data_of(known)
    changes = what_changes(before, form.said)
    after = before | changes
    shown = {
        "case": case,
        "form": form,
        "changes": changes_from(before, changes),
        "doubts": [doubt for found in doubts_about(_doubted(changes, after)).values() for doubt in found],
        "alike": _alike(request, known, changes, after),
        "again": _again(request, case, before, changes, after),
    }
    return render(request, "desk/cases/correcting_seen.html", shown)


def _doubted(changes: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """What is corrected, as the counter doubts it; of a document, its kind with its number."""
    asked = WRITTEN_TO & changes.keys() | (DOCUMENT if DOCUMENT & changes.keys() else frozenset())
    return {field: after[field] for field in asked}


def _alike(request: DeskRequest, known: Person, changes: Mapping[str, str], after: Mapping[str, str]) -> Person | None:
    """Somebody else with this document and one of these telephones, for who may look for people. A document alone
    never says that we know somebody."""
    asked = {"document_number", "phone", "other_phone"} & changes.keys()
    if not asked or not request.actor.may("people.find"):
        return None
    document = after["document_number"]
    for phone in (after["phone"], after["other_phone"]):
        if other := person_who_says(org=request.org, document_number=document, phone=phone, besides=known):
            return other
    return None


def _again(
    request: DeskRequest, case: Case, before: Mapping[str, str], changes: Mapping[str, str], after: Mapping[str, str]
) -> dict[str, Any]:
    """The letter that can be sent again, now that it is known where; and how the last one fared."""
    if not WRITTEN_TO & changes.keys():
        return {}
    letter, to = letter_missed(state=State(case.state), reserved=case.reserved), reached_at(after)
    told = messages_about(org=request.org, subject=case.subject)
    strayed = have_left(told, for_any_of=addresses_left(before, after))
    last = next((one for one in reversed(told) if one.person_id and one.person_id == case.person_id), None)
    return {
        "letter": _(LETTERS[letter]) if letter and to else "",
        "to": to,
        "strayed": strayed and letter and to,
        "nowhere": bool(letter) and not to,
        "reserved": case.reserved,
        "last": last,
        "last_to": address_of(last) if last else "",
        "last_state": state_of(last) if last else "",
    }
