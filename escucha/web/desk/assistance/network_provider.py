"""A provider of the network: what it gives and where, when it works, its papers, who does not want it, how it does."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from escucha.contexts.assistance.models import Assignment, Paper, Provider, Reach, Veto
from escucha.contexts.assistance.operations.keeping import Overtaken
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.offers import area_in_words
from escucha.contexts.assistance.queries.providers import NoSuchProvider, last_works_of, provider_by_id, suspensions_of
from escucha.contexts.assistance.queries.records import Done, record_of
from escucha.contexts.assistance.rules.acts import HANDLE, NETWORK, SEE
from escucha.contexts.assistance.rules.assignments import STATE_NAMES, Work
from escucha.contexts.assistance.rules.serving import written
from escucha.contexts.people.rules.telephones import pretty_phone
from escucha.kernel.words import Refused
from escucha.web.desk.assistance.affiliates import policy_of
from escucha.web.desk.assistance.board import number_of, url_of
from escucha.web.desk.assistance.network_doings import DOINGS, Looked, offered_on, url_of_act
from escucha.web.desk.assistance.network_forms import KINDS, hours_in_words, laid_out
from escucha.web.desk.assistance.offered import Doing, Offered, wrong_with
from escucha.web.ui import spanish
from escucha.web.ui.access import View, desk
from escucha.web.ui.requests import DeskRequest

SOON = timedelta(days=30)
OVERTAKEN = _(
    "Otra persona cambió este proveedor mientras usted escribía. Lo que escribió sigue aquí: mire cómo quedó y, "
    "si todavía hace falta, vuelva a enviarlo."
)


class Given(NamedTuple):
    """A service in an area, as the page names it."""

    reach: Reach
    service: str
    area: str
    tariff: str


class Held(NamedTuple):
    """A document; `colour` says whether it still holds."""

    paper: Paper
    until: str
    state: str
    colour: str


class Wanted(NamedTuple):
    veto: Veto
    whose: str


class Tally(NamedTuple):
    """How it does with a service, each as the ranking expects it, and out of how much."""

    service: str
    answers: str
    accepts: str
    on_time: str
    conforms: str
    last: str


class Went(NamedTuple):
    work: Assignment
    number: str
    url: str
    service: str
    state: str
    day: str


@require_safe
@desk(HANDLE, SEE, NETWORK)
def provider(request: DeskRequest, provider_id: int) -> HttpResponse:
    return page(looked_at(request, provider_id))


def looked_at(request: DeskRequest, provider_id: int) -> Looked:
    """Raises Http404 for who may not see it."""
    policy = policy_of(request)
    try:
        found = provider_by_id(org=request.org, viewer=request.actor, provider_id=provider_id)
    except NoSuchProvider:
        raise Http404 from None
    return Looked(request, found, policy)


def page(one: Looked, *, tried: Offered | None = None, status: int = 200) -> HttpResponse:
    found, today = one.provider, one.request.now.astimezone(one.request.profile.zone).date()
    acts = offered_on(one, tried)
    shown = {
        "provider": found,
        "kind": _(str(KINDS[Provider.Kind(found.kind)])),
        "facts": list(_facts(found)),
        "week": list(_week(found)),
        "given": [_given(one, reach) for reach in one.reaches if reach.active],
        "ended": [_given(one, reach) for reach in one.reaches if not reach.active],
        "papers": [held(paper, today) for paper in one.papers],
        "vetoes": [_wanted(one.policy, veto) for veto in one.vetoes],
        "suspensions": suspensions_of(found),
        "tallies": [_tally(one, done) for done in record_of(found, now=one.request.now)],
        "works": [_went(one, work) for work in last_works_of(found)],
        "acts": acts,
        "opened": {"reach": one.chosen is not None},
        "rows": {name: laid_out(act.form) for name, act in acts.items()},
        "tried": tried,
    }
    return render(one.request, "desk/assistance/network/show.html", shown, status=status)


def act_on(doing: Doing[Looked]) -> View:
    """The POST of an act. A refusal keeps what was typed."""

    @require_POST
    @desk(NETWORK)
    def view(request: DeskRequest, provider_id: int) -> HttpResponse:
        one = looked_at(request, provider_id)
        form = doing.form(one, request.POST)
        if not form.is_valid():
            return _again(one, doing, form, [*wrong_with(form)], 422)
        try:
            doing.verb(**_said(one, doing, form))
        except Refused as refused:
            return _again(one, doing, form, refused.blockers, 422)
        except ValidationError as wrong:
            return _again(one, doing, form, wrong.messages, 422)
        except Overtaken:
            return _overtaken(request, provider_id, doing)
        messages.success(request, str(doing.done))
        return redirect("desk:provider", provider_id=provider_id)

    return view


def addresses(provider: str) -> list[URLPattern]:
    """One for each act, under that of a provider."""
    return [path(f"{provider}{one.noun}/", act_on(one), name=f"provider_{one.name}") for one in DOINGS]


def _said(one: Looked, doing: Doing[Looked], form: Any) -> dict[str, Any]:
    request = one.request
    said = {"org": request.org, "by": request.actor, "now": request.now, "version": form.cleaned_data["version"]}
    return {**said, **doing.said(one, form)}


def _again(one: Looked, doing: Doing[Looked], form: Any, problem: Any, status: int) -> HttpResponse:
    return page(one, tried=Offered(doing, form, url_of_act(doing, one.provider), problem=problem), status=status)


def _overtaken(request: DeskRequest, provider_id: int, doing: Doing[Looked]) -> HttpResponse:
    """The page as it is now, with what was typed and the version that is now current."""
    one, data = looked_at(request, provider_id), request.POST.copy()
    data["version"] = str(one.provider.version)
    return _again(one, doing, doing.form(one, data), [OVERTAKEN], 409)


def held(paper: Paper, today: date) -> Held:
    if paper.until is None:
        return Held(paper, _("No vence"), "", "")
    until = spanish.short_date(paper.until, year=True)
    if paper.until < today:
        return Held(paper, until, _("Vencido"), "danger")
    soon = paper.until <= today + SOON
    return Held(paper, until, _("Por vencer") if soon else _("Al día"), "warn" if soon else "ok")


def _facts(found: Provider) -> Iterator[tuple[str, str]]:
    said = (
        (_("Razón social"), found.legal_name),
        (_("NIT o documento"), found.document_number),
        (_("Con quién se habla"), found.contact_name),
        (_("Teléfono"), pretty_phone(found.phone) if found.phone else ""),
        (_("Otro teléfono"), pretty_phone(found.other_phone) if found.other_phone else ""),
        (_("Correo"), found.email),
        (_("Dirección"), found.address),
        (_("Código en la red"), found.key),
        (_("Trabajos a la vez"), str(found.capacity)),
    )
    return ((name, value) for name, value in said if value)


def _week(found: Provider) -> Iterator[tuple[str, str]]:
    """Its hours day by day; nothing where it always works."""
    for day, name in enumerate(spanish.WEEKDAYS if found.shifts else ()):
        spans = found.shifts.get(str(day), ())
        yield spanish.sentence(_(name)), hours_in_words(spans) if spans else _("no trabaja")


def _given(one: Looked, reach: Reach) -> Given:
    policy = one.policy
    service, country = policy.service(reach.service), policy.country(reach.area.partition("/")[0])
    words = area_in_words(policy, reach.area)
    place = ", ".join(filter(None, (words or _("Todo el país"), country.label if country else "")))
    label = service.label if service else reach.service
    return Given(reach, label, place, money(policy, reach.area, reach.tariff))


def money(policy: AssistancePolicy, area: str, amount: Decimal | None) -> str:
    """A price in the money of the place, which is that of the plans sold there."""
    if amount is None:
        return ""
    there = {one.key for one in policy.accounts if one.country == area.partition("/")[0]}
    currency = next((plan.currency for plan in policy.plans if plan.account in there), "")
    return written(amount, currency)


def _wanted(policy: AssistancePolicy, veto: Veto) -> Wanted:
    account = policy.account(veto.account)
    label = account.label if account else veto.account
    return Wanted(veto, veto.affiliate.full_name if veto.affiliate else label)


def _tally(one: Looked, done: Done) -> Tally:
    service, record = one.policy.service(done.service), done.record
    last = done.last_assigned_at
    return Tally(
        service=service.label if service else done.service,
        answers=_share(done.answers, record.asked),
        accepts=_share(done.accepts, record.answered),
        on_time=_share(done.on_time, record.jobs),
        conforms=_share(done.conforms, record.rated),
        last=spanish.short_date(last.astimezone(one.request.profile.zone).date(), year=True) if last else "",
    )


def _share(part: float, whole: float) -> str:
    return _("{part} % (de {whole})").format(part=round(part * 100), whole=round(whole))


def _went(one: Looked, work: Assignment) -> Went:
    assistance = work.assistance
    service = one.policy.service(assistance.service)
    return Went(
        work,
        number_of(assistance.file, assistance),
        url_of(assistance.file, assistance),
        service.label if service else assistance.service,
        _(STATE_NAMES[Work(work.state)]),
        spanish.short_date(work.assigned_at.astimezone(ZoneInfo(assistance.zone)).date(), year=True),
    )
