"""The receipt, at an address nobody can guess; and its verification, open to anyone with the printed code."""

import re
from collections.abc import Sequence

import segno
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.notices import ACKNOWLEDGED
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.alike import alike_among
from escucha.contexts.cases.queries.doors import NoSuchCase, profile_of_case
from escucha.contexts.cases.queries.holders import case_by_receipt, case_by_verification
from escucha.contexts.cases.queries.joined import told_by
from escucha.contexts.messaging.queries import messages_about
from escucha.contexts.people.queries import doubts_of
from escucha.kernel.commitments.queries import history_about
from escucha.kernel.timeline.verify import chain_verdict
from escucha.web.public.forms import Verification, reach_of
from escucha.web.public.limits import VERIFICATIONS, within
from escucha.web.public.outlook import outlook_of
from escucha.web.public.privacy import for_its_reader
from escucha.web.public.received import papers_of, receipts_seen, remember
from escucha.web.public.story import ahead_of, begun
from escucha.web.ui.access import public
from escucha.web.ui.requests import HouseRequest


@public
@require_safe
@for_its_reader
def receipt(request: HouseRequest, code: str) -> HttpResponse:
    case = _case_of(request, code)
    profile = profile_of_case(case)
    history = history_about(org=request.org, subject=case.subject)
    found = outlook_of(case, profile, history, now=request.now)
    kind = profile.section(CasesPolicy).type_of(case.case_type or case.suggested_type)
    address = settings.ADDRESS.format(host=request.org.host) + reverse("public:verify", args=[case.verify_code])
    person, seen = case.person, [one for one in receipts_seen(request) if one != code]
    response = render(
        request,
        "public/receipt.html",
        {
            "case": case,
            "kind": kind,
            "outlook": found,
            "qr": qr_of(address),
            "address": address,
            "reach": reach_of(masked(person.email), [person.phone, person.other_phone]) if person else reach_of("", []),
            "email": masked(person.email) if person else "",
            "sent": person is not None and bool(person.email) and _was_acknowledged(case),
            "begun": begun(case),
            "ahead": ahead_of(case, profile, history, found, now=request.now),
            "papers": papers_of(case),
            "doubts": doubts_of(person, asked_kind=not case.form),
            "alike": _alike(request, case, seen),
        },
    )
    remember(request, response, [code, *seen])
    response["Referrer-Policy"] = "no-referrer"  # it has no form, so its address need not be told even to itself
    return response


def _alike(request: HouseRequest, case: Case, codes: Sequence[str]) -> Case | None:
    """Another request of the same person that says the same, of those whose receipts this browser opened."""
    return alike_among(org=request.org, codes=codes, told=told_by(case)) if codes else None


def _case_of(request: HouseRequest, code: str) -> Case:
    """The case of a receipt. A reserved one has none at an address that a browser remembers."""
    try:
        case = case_by_receipt(org=request.org, code=code)
    except NoSuchCase:
        raise Http404 from None
    if case.reserved:
        raise Http404
    return case


@public
@require_safe
@within(VERIFICATIONS)
def verification(request: HouseRequest) -> HttpResponse:
    """Asks for the code, which may come as the whole address that the QR carries."""
    form = Verification(request.GET or None)
    if form.is_bound and form.is_valid() and form.cleaned_data["code"]:
        code = form.cleaned_data["code"].rstrip("/").rpartition("/")[2]
        try:
            case = case_by_verification(org=request.org, code=re.sub(r"\s", "", code))
            return redirect("public:verify", code=case.verify_code)
        except NoSuchCase:
            form.add_error("code", _("No hay un recibo con ese código. Cópielo como está debajo del código QR."))
    return render(request, "public/verification.html", {"form": form}, status=404 if form.errors else 200)


@public
@require_safe
@within(VERIFICATIONS)
@for_its_reader
def verify(request: HouseRequest, code: str) -> HttpResponse:
    """Number, instants, and whether the log is whole: no person, subject, text, kind or unit."""
    try:
        case = case_by_verification(org=request.org, code=code)
    except NoSuchCase:
        raise Http404 from None
    instants = [
        (_("Se recibió"), case.received_at),
        (_("Se radicó"), case.filed_at),
        (_("Se envió la respuesta"), case.sent_at),
        (_("La respuesta llegó a la persona"), case.notified_at),
        (_("Se cerró"), case.closed_at),
    ]
    verdict = chain_verdict(org=request.org, subject=case.subject)
    context = {"number": case.filing_number, "instants": [pair for pair in instants if pair[1]], "verdict": verdict}
    return render(request, "public/verify.html", context)


def _was_acknowledged(case: Case) -> bool:
    return any(one.template == ACKNOWLEDGED for one in messages_about(org=case.org, subject=case.subject))


def qr_of(address: str) -> SafeString:
    """The address as a drawing of one path, black on white also in the dark. Carries no style attribute."""
    made = segno.make(address, error="m", micro=False)
    drawing = made.svg_inline(svgclass="qr", lineclass=None, border=2, omitsize=True, dark="#000", light="#fff")
    label = _("Código QR: abre la página que comprueba este recibo")
    return mark_safe(drawing.replace("<svg", f'<svg role="img" aria-label="{label}"', 1))


def masked(email: str) -> str:
    """`a…@example.org`: enough for its owner to recognise it."""
    name, _at, place = email.partition("@")
    return f"{name[:1]}…@{place}" if place else ""
