"""The page of a file: who calls and from where, its assistances, what is owed, its plan, and who had it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from escucha.contexts.assistance.models import Affiliate, AssistanceFile
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.cover import cover_of_file
from escucha.contexts.assistance.queries.doors import NoSuchFile, file_by_number, policy_of_file
from escucha.contexts.assistance.queries.files import FileRow, coordinators_of, file_row
from escucha.contexts.assistance.queries.offers import area_in_words
from escucha.contexts.assistance.queries.owed import Owing, owed_on_file
from escucha.contexts.assistance.queries.previous import Before, previous_assistances
from escucha.contexts.assistance.queries.work import Totals, totals_of_file
from escucha.contexts.assistance.rules.acts import AFFILIATES, HANDLE, SEE
from escucha.contexts.assistance.rules.cover import Covered
from escucha.contexts.assistance.rules.duties import DUTY_NAMES, Duty
from escucha.contexts.assistance.rules.files import STATE_NAMES as FILE_STATES
from escucha.contexts.assistance.rules.files import FileState
from escucha.contexts.assistance.rules.serving import written
from escucha.contexts.assistance.rules.stages import CATEGORY_NAMES, STATE_NAMES, Category, Stage
from escucha.web.desk.assistance.affiliates import PERIODS, row_of
from escucha.web.desk.assistance.board import Timer, clock_there, number_of, rows_of, timer_of, url_of
from escucha.web.desk.assistance.calls import calls_shown
from escucha.web.desk.assistance.file_doings import offered_on
from escucha.web.desk.assistance.offered import Offered
from escucha.web.desk.assistance.todo import ANCHORS
from escucha.web.ui import spanish
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

LARGEST, PAGE = 2**31 - 1, 20
TABS = {
    "principal": _("Principal"),
    "plan": _("Servicios del plan"),
    "previas": _("Asistencias previas"),
    "coordinadores": _("Historial de coordinadores"),
}


class Todo(NamedTuple):
    """Something owed, where it is done, and the reminder that it may be."""

    timer: Timer
    about: str
    url: str
    done_url: str


class Given(NamedTuple):
    """What a plan gives of a service, in words."""

    service: str
    amount: str
    events: str
    used: int
    left: str
    gives: bool


class Past(NamedTuple):
    number: str
    url: str
    on: str
    service: str
    who: str
    stage: str
    provider: str
    coordinator: str
    total: str


@require_safe
@desk(HANDLE, SEE)
def file(request: DeskRequest, number: int) -> HttpResponse:
    return page(request, found(request, number))


def found(request: DeskRequest, number: int) -> AssistanceFile:
    """The file, if who asks may see it; else the page is not found."""
    try:
        if number > LARGEST:
            raise NoSuchFile
        return file_by_number(org=request.org, viewer=request.actor, number=number)
    except NoSuchFile:
        raise Http404 from None


def page(request: DeskRequest, one: AssistanceFile, *, tried: Offered | None = None, status: int = 200) -> HttpResponse:
    """The tab that was asked for. `tried` is the act that did not go through, with what was typed and why."""
    policy = policy_of_file(one)
    tab = request.GET.get("pestana", "")
    tab = tab if tab in TABS and not tried else "principal"
    here = reverse("desk:assistance_file", args=[one.number])
    zone = policy.zone_of(one.country)
    shown = {
        "file": one,
        "tab": tab,
        "tabs": [
            {"label": _(label), "url": f"{here}?pestana={key}", "current": key == tab} for key, label in TABS.items()
        ],
        "state": _(FILE_STATES[FileState(one.state)]),
        "account": account.label if (account := policy.account(one.account)) else one.account,
        "opened": clock_there(one.opened_at, zone, request.now),
        "elsewhere": elsewhere(policy, one, request),
        "fresh": bool(request.GET.get("nuevo")),
        "may_handle": request.actor.may(HANDLE),
        "tried": tried,
    } | calls_shown(request)
    return render(
        request, "desk/assistance/files/show.html", shown | SHOWN_IN[tab](request, one, policy, tried), status=status
    )


def elsewhere(policy: AssistancePolicy, one: AssistanceFile, request: DeskRequest) -> str:
    """The country in whose time the hours of a file are, where that is not the organisation's own."""
    country = policy.country(one.country)
    zone = policy.zone_of(one.country)
    return country.label if country and str(zone) != str(request.profile.zone) else ""


def _principal(
    request: DeskRequest, one: AssistanceFile, policy: AssistancePolicy, tried: Offered | None
) -> dict[str, Any]:
    row = file_row(org=request.org, viewer=request.actor, number=one.number)
    held = row.assistances if row else []
    owed = owed_on_file(org=request.org, viewer=request.actor, file=one, assistances=[each.assistance for each in held])
    return {
        "rows": _assistances(row, policy, request.now),
        "totals": [_paid(each) for each in totals_of_file(one)],
        "contact": [*_contact(one, policy)],
        "affiliate": row_of(policy, one.affiliate) if one.affiliate else None,
        "valid": _valid(one.affiliate) if one.affiliate else "",
        "to_verify": one.affiliate is not None and one.affiliate.status == Affiliate.Status.TO_VERIFY,
        "may_verify": request.actor.may(AFFILIATES),
        "todo": [*_todo(one, owed, policy, request)],
        "acts": offered_on(request, one, policy, tried),
    }


def _paid(totals: Totals) -> list[tuple[str, str]]:
    """What each bears, in one currency."""
    said = ((_("Cobertura"), totals.coverage), (_("Afiliado"), totals.affiliate), (_("La empresa"), totals.company))
    return [(who, written(amount, totals.currency)) for who, amount in said]


def _assistances(row: FileRow | None, policy: AssistancePolicy, now: datetime) -> list[tuple[Any, str, str]]:
    """Its rows as the board shows them, each with its category and where it stands."""
    if row is None or not row.assistances:
        return []
    rows = rows_of(row, policy, now)
    return [
        (shown, _(CATEGORY_NAMES[Category(held.assistance.category)]), held.provider)
        for shown, held in zip(rows, row.assistances, strict=True)
    ]


def _contact(one: AssistanceFile, policy: AssistancePolicy) -> Iterator[tuple[str, str]]:
    country = policy.country(one.country)
    said = (
        (_("Quien llama"), f"{one.contact_first_name} {one.contact_last_name}".strip()),
        (_("Teléfono"), one.contact_phone),
        (_("Dirección"), one.address),
        (_("Referencias"), one.references),
        (_("Zona"), area_in_words(policy, one.area)),
        (_("País"), country.label if country else ""),
        (_("Qué pasó"), one.description),
        (_("Se cerró sin asistencias"), one.empty_reason),
    )
    return ((name, value) for name, value in said if value)


def _valid(one: Affiliate) -> str:
    if one.until_on:
        return _("hasta el {day}").format(day=spanish.long_date(one.until_on, year=True))
    return _("desde el {day}").format(day=spanish.long_date(one.since_on, year=True)) if one.since_on else ""


def _todo(one: AssistanceFile, owed: Sequence[Owing], policy: AssistancePolicy, request: DeskRequest) -> Iterator[Todo]:
    for each in owed:
        timer = timer_of(each.debt, one, policy, request.now)
        if timer is None or each.debt.visible_at > request.now:
            continue
        if each.reminder:
            timer = timer._replace(what=each.reminder.text or _(DUTY_NAMES[Duty.MANUAL]))
        done = reverse("desk:reminder_done", args=[each.reminder.pk]) if each.reminder else ""
        held = each.assistance
        url = f"{url_of(one, held)}#{ANCHORS[Duty(each.debt.kind)]}" if held else ""
        yield Todo(timer, number_of(one, held) if held else "", url, done)


def _plan(request: DeskRequest, one: AssistanceFile, policy: AssistancePolicy, _tried: Any) -> dict[str, Any]:
    plan = policy.plan(one.plan)
    covered = cover_of_file(org=request.org, viewer=request.actor, file=one, now=request.now)
    return {
        "plan": plan,
        "given": [_given(each, policy, plan.currency) for each in covered] if plan else [],
    }


def _given(one: Covered, policy: AssistancePolicy, currency: str) -> Given:
    service = policy.service(one.service)
    unlimited = _("Sin límite")
    return Given(
        service=service.label if service else one.service,
        amount=unlimited if one.max_amount is None else written(one.max_amount, currency),
        events=unlimited if one.max_events is None else f"{one.max_events} {_(PERIODS[one.period])}",
        used=one.used,
        left=unlimited if one.left is None else str(one.left),
        gives=one.gives,
    )


def _previous(request: DeskRequest, one: AssistanceFile, policy: AssistancePolicy, _tried: Any) -> dict[str, Any]:
    only, before = _narrowed(request, policy), request.GET.get("antes", "")
    place = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    rows = previous_assistances(
        org=request.org, viewer=request.actor, file=one, only=only, before=place, limit=PAGE + 1
    )
    query = request.GET.copy()
    query["antes"] = str(rows[PAGE - 1].assistance.pk) if len(rows) > PAGE else ""
    query["pestana"] = "previas"
    return {
        "past": [_past(each, policy) for each in rows[:PAGE]],
        "next": f"?{query.urlencode()}" if len(rows) > PAGE else "",
        "first": "?pestana=previas" if place else "",
        "only": only,
        "services": [(each.key, each.label) for each in policy.services],
        "types": [(each.key, each.label) for each in policy.types],
        "narrowed": only != Before(),
    }


def _past(each: Any, policy: AssistancePolicy) -> Past:
    found, of = each.assistance, each.assistance.file
    service = policy.service(found.service)
    local = found.opened_at.astimezone(ZoneInfo(found.zone))
    return Past(
        number=number_of(of, found),
        url=url_of(of, found),
        on=spanish.short_date(local.date(), year=True),
        service=service.label if service else found.service,
        who=of.affiliate.full_name if of.affiliate else "",
        stage=_(STATE_NAMES[Stage(found.stage)]),
        provider=each.provider,
        coordinator=of.coordinator.account.name if of.coordinator else _("Sin coordinador"),
        total=written(each.total, found.currency) if each.total else "",
    )


def _narrowed(request: DeskRequest, policy: AssistancePolicy) -> Before:
    said = request.GET
    service, kind = policy.service(said.get("servicio", "")), said.get("tipo", "")
    return Before(
        service=service.key if service else "",
        type=kind if kind in {one.key for one in policy.types} else "",
        from_on=_day(said.get("desde", "")),
        until_on=_day(said.get("hasta", "")),
    )


def _day(said: str) -> date | None:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def _coordinators(request: DeskRequest, one: AssistanceFile, policy: AssistancePolicy, _tried: Any) -> dict[str, Any]:
    when = partial(clock_there, zone=policy.zone_of(one.country), now=request.now)
    had = coordinators_of(org=request.org, viewer=request.actor, file=one)
    queue = _("La cola del turno")
    return {
        "had": [
            (
                each.member.account.name if each.member else queue,
                when(each.at),
                each.by.account.name if each.by and each.by_id != each.member_id else "",
            )
            for each in had
        ]
    }


SHOWN_IN: Mapping[str, Any] = {
    "principal": _principal,
    "plan": _plan,
    "previas": _previous,
    "coordinadores": _coordinators,
}
