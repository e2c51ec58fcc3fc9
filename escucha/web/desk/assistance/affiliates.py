"""Afiliados: who may ask for assistance, looked up while a caller waits; one, with its plan and its beneficiaries."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from escucha.contexts.assistance.models import Affiliate
from escucha.contexts.assistance.operations.correcting import correct_status
from escucha.contexts.assistance.operations.registering import verify_affiliate
from escucha.contexts.assistance.policy import Account, AssistancePolicy, Coverage, Period, Plan
from escucha.contexts.assistance.queries.affiliates import (
    NoSuchAffiliate,
    Place,
    affiliate_by_id,
    affiliate_list,
    beneficiaries_of,
    find_affiliates,
)
from escucha.contexts.assistance.rules.acts import AFFILIATES, HANDLE, SEE
from escucha.contexts.assistance.rules.importing.asking import blockers_to_correct
from escucha.contexts.people.rules.documents import document_label, pretty_document
from escucha.contexts.people.rules.telephones import pretty_phone
from escucha.kernel.timeline.record import latest, sentence_of
from escucha.kernel.words import Refused
from escucha.web.desk.assistance.affiliate_forms import Correction, Verification
from escucha.web.ui import spanish
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

LIMIT, LONGEST = 50, 120
STATUSES = {
    Affiliate.Status.ACTIVE: (_("Activo"), "ok"),
    Affiliate.Status.TO_VERIFY: (_("Por verificar"), "warn"),
    Affiliate.Status.INACTIVE: (_("Inactivo"), ""),
}
PERIODS = {Period.YEAR: _("al año"), Period.MONTH: _("al mes"), Period.EVER: _("en total")}


class Row(NamedTuple):
    """An affiliate as the pages name it."""

    affiliate: Affiliate
    name: str
    document: str
    validator: str
    plan: str
    account: str
    phone: str
    status: str
    colour: str
    holder: str
    url: str


@require_safe
@desk(HANDLE, SEE, AFFILIATES)
def affiliates(request: DeskRequest) -> HttpResponse:
    """Looked up by a document, a field or a telephone in any account; by name, and listed, within one."""
    policy = policy_of(request)
    said = request.GET.get("q", "").strip()[:LONGEST]
    account = policy.account(request.GET.get("cuenta", ""))
    status = request.GET.get("estado", "") if request.GET.get("estado", "") in STATUSES else ""
    found, onward = _looked_up(request, said, account, status)
    shown = {
        "rows": [row_of(policy, one) for one in found],
        "said": said,
        "account": account,
        "accounts": [(one.key, one.label) for one in policy.accounts],
        "status": status,
        "statuses": [(key, _(label)) for key, (label, _colour) in STATUSES.items()],
        "validators": sorted({one.validator for one in policy.accounts if one.validator}),
        "next": onward,
        "first": f"?{_query(account, status)}" if request.GET.get("desde") else "",
        "may_import": request.actor.may(AFFILIATES),
    }
    return render(request, "desk/assistance/affiliates/list.html", shown)


@require_safe
@desk(HANDLE, SEE, AFFILIATES)
def affiliate(request: DeskRequest, affiliate_id: int) -> HttpResponse:
    return _page(request, found_or_404(request, affiliate_id))


@require_POST
@desk(AFFILIATES)
def status(request: DeskRequest, affiliate_id: int) -> HttpResponse:
    """Active, or no longer."""
    found, form = found_or_404(request, affiliate_id), Correction(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422)
    try:
        correct_status(org=request.org, affiliate_id=found.pk, by=request.actor, now=request.now, **form.cleaned_data)
    except Refused as refused:
        return _page(request, found, status=409, problem=refused.blockers)
    return redirect("desk:affiliate", affiliate_id=found.pk)


@require_POST
@desk(AFFILIATES)
def verification(request: DeskRequest, affiliate_id: int) -> HttpResponse:
    """What the client said of somebody that it had not sent."""
    found = found_or_404(request, affiliate_id)
    form = Verification(request.POST, policy=policy_of(request), account=found.account)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    said = dict(form.cleaned_data)
    active = said.pop("answer") == "yes"
    try:
        verify_affiliate(
            org=request.org, affiliate_id=found.pk, active=active, by=request.actor, now=request.now, **said
        )
    except Refused as refused:
        return _page(request, found, form=form, status=409, problem=refused.blockers)
    messages.success(request, _("Quedó verificado."))
    return redirect("desk:affiliate", affiliate_id=found.pk)


def policy_of(request: DeskRequest) -> AssistancePolicy:
    """Of an organisation that assists; the others have none of these pages."""
    policy = request.profile.section(AssistancePolicy)
    if not policy.accounts:
        raise Http404
    return policy


def found_or_404(request: DeskRequest, affiliate_id: int) -> Affiliate:
    policy_of(request)
    try:
        return affiliate_by_id(org=request.org, viewer=request.actor, affiliate_id=affiliate_id)
    except NoSuchAffiliate:
        raise Http404 from None


def row_of(policy: AssistancePolicy, one: Affiliate) -> Row:
    account, plan = policy.account(one.account), policy.plan(one.plan)
    label, colour = STATUSES[Affiliate.Status(one.status)]
    return Row(
        affiliate=one,
        name=one.full_name or _("Sin nombre"),
        document=document_of(one),
        validator=one.validator,
        plan=plan.label if plan else one.plan,
        account=account.label if account else one.account,
        phone=pretty_phone(one.phone) if one.phone else "",
        status=_(label),
        colour=colour,
        holder=one.holder.full_name if one.holder else "",
        url=reverse("desk:affiliate", args=[one.pk]),
    )


def document_of(one: Affiliate) -> str:
    return f"{one.document_kind} {pretty_document(one.document_kind or 'CC', one.document_number)}".strip()


def _looked_up(
    request: DeskRequest, said: str, account: Account | None, status: str
) -> tuple[Sequence[Affiliate], str]:
    """Who was found, and where the list goes on."""
    key = account.key if account else ""
    if said:
        found = find_affiliates(org=request.org, viewer=request.actor, said=said, account=key)
        return [one for one in found if status in ("", one.status)], ""
    if account is None:
        return [], ""
    after = _place_in(request.GET.get("desde", ""))
    listed = affiliate_list(org=request.org, viewer=request.actor, account=key, status=status, after=after, limit=LIMIT)
    page = listed[:LIMIT]
    if len(listed) <= LIMIT:
        return page, ""
    last: Any = page[-1]
    return page, f"?{_query(account, status, desde=f'{last.pk}_{last.name}')}"


def _place_in(said: str) -> Place | None:
    """What an address says, `<id>_<name>`; anything odd is the beginning."""
    number, _under, name = said.partition("_")
    return Place(name, int(number)) if number.isdecimal() and len(number) < 19 else None


def _query(account: Account | None, status: str, **more: str) -> str:
    said = {"cuenta": account.key if account else "", "estado": status} | more
    return urlencode({name: value for name, value in said.items() if value})


def _page(
    request: DeskRequest, found: Affiliate, *, form: Verification | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    policy = policy_of(request)
    plan = policy.plan(found.plan)
    other = Affiliate.Status.INACTIVE if found.status == Affiliate.Status.ACTIVE else Affiliate.Status.ACTIVE
    account = policy.account(found.account)
    beneficiaries = beneficiaries_of(org=request.org, viewer=request.actor, affiliate=found)
    shown = {
        "row": row_of(policy, found),
        "affiliate": found,
        "kind": _(document_label(found.document_kind)),
        "facts": [*_facts(policy, found, account)],
        "plan": plan,
        "coverages": [_coverage(policy, plan, one) for one in plan.coverages] if plan else [],
        "beneficiaries": [row_of(policy, one) for one in beneficiaries],
        "to_verify": found.status == Affiliate.Status.TO_VERIFY,
        "other_status": other,
        "blockers": blockers_to_correct(request.actor, status=found.status, after=other),
        "form": form or _start(policy, found),
        "story": [_told(one) for one in latest(org=request.org, subject=found.subject, limit=10)],
        "may_correct": request.actor.may(AFFILIATES),
    }
    return render(request, "desk/assistance/affiliates/show.html", shown | more, status=status)


def _start(policy: AssistancePolicy, found: Affiliate) -> Verification:
    start = {"plan": found.plan, "since_on": found.since_on, "until_on": found.until_on}
    return Verification(initial=start, policy=policy, account=found.account)


def _facts(policy: AssistancePolicy, found: Affiliate, account: Account | None) -> Sequence[tuple[str, str]]:
    area = policy.area(found.area)
    said = [
        (_("Documento"), document_of(found)),
        (account.validator if account and account.validator else _("Campo validador"), found.validator),
        (_("Teléfono"), pretty_phone(found.phone) if found.phone else ""),
        (_("Otro teléfono"), pretty_phone(found.other_phone) if found.other_phone else ""),
        (_("Correo"), found.email),
        (_("Dirección"), found.address),
        (_("Zona"), area.label if area else found.area),
        (_("Desde"), spanish.long_date(found.since_on, year=True) if found.since_on else ""),
        (_("Hasta"), spanish.long_date(found.until_on, year=True) if found.until_on else ""),
    ]
    return [(name, value) for name, value in said if value]


def _coverage(policy: AssistancePolicy, plan: Plan, one: Coverage) -> Mapping[str, Any]:
    service = policy.service(one.service)
    sharing = [other for other in plan.coverages if one.group and other.group == one.group and other is not one]
    labels = [found.label for other in sharing if (found := policy.service(other.service))]
    events = _("Sin límite")
    if one.max_events is not None:
        events = f"{one.max_events} {_(PERIODS[one.period])}"
    return {
        "service": service.label if service else one.service,
        "amount": _("Sin límite")
        if one.max_amount is None
        else f"{plan.currency} {spanish.points(int(one.max_amount))}",
        "events": events,
        "sharing": ", ".join(labels),
        "active": one.active,
    }


def _told(entry: Any) -> tuple[Any, str]:
    sentence, values = sentence_of(entry)
    words = {key: _(STATUSES[value][0]).lower() if value in STATUSES else value for key, value in values.items()}
    return entry.at, _(sentence).format(**words)
