"""The board: the files in somebody's charge, everybody's open ones, and all; what runs out first is the largest."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from escucha.contexts.assistance.models import Assistance, AssistanceFile
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.files import (
    NOBODY,
    FileRow,
    Filters,
    Held,
    View,
    count_in,
    file_row,
    files_in,
    rows_in,
)
from escucha.contexts.assistance.queries.ways import place_of
from escucha.contexts.assistance.rules.acts import HANDLE, SEE, SUPERVISE
from escucha.contexts.assistance.rules.duties import DUTY_NAMES, Duty
from escucha.contexts.assistance.rules.risk import RISK_NAMES, Risk, Span, arrival, spent, worst, would_be_late
from escucha.contexts.assistance.rules.stages import (
    PRIORITY_NAMES,
    STATE_NAMES,
    STEP_OF,
    Priority,
    Stage,
    Step,
)
from escucha.kernel.commitments.models import Commitment
from escucha.web.desk.assistance.calls import calls_shown
from escucha.web.desk.assistance.watching import watch
from escucha.web.ui import spanish
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

VIEWS: Mapping[View, tuple[str, str]] = {
    "mine": ("a-cargo", _("A cargo")),
    "open": ("abiertos", _("Abiertos")),
    "all": ("todos", _("Todos")),
}
BY_SLUG: Mapping[str, View] = {slug: key for key, (slug, _label) in VIEWS.items()}
BADGES = {Priority.VITAL: "solid", Priority.EMERGENCY: "warn", Priority.PROGRAMMED: ""}
SIGNS = {Risk.SOON: ("clock", ""), Risk.AT_RISK: ("alert", "warn"), Risk.OVERDUE: ("flag", "danger")}
LIMIT, CAP, IN_CHARGE = 40, 1_000, 200
LONGEST_SEARCH, LARGEST_ID = 80, 2**63 - 1


class Timer(NamedTuple):
    """What is owed next: how long is left, of what, and its instant for the script that keeps it true."""

    what: str
    left: str
    at: str
    clock: str
    late: bool


class Sign(NamedTuple):
    """A word about a risk, with its own drawing."""

    icon: str
    label: str
    variant: str = ""


class Row(NamedTuple):
    """One assistance of a file, or a file that has none yet."""

    number: str
    live: str
    live_url: str
    url: str
    priority: str
    colour: str
    service: str
    who: str
    stage: str
    steps: Sequence[tuple[int, str]]
    provider: str
    coordinator: str
    timer: Timer | None
    signs: Sequence[Sign]
    mine: bool  # of who looks
    hand_over: str  # where the file is passed on
    opened: str


@require_safe
@desk(HANDLE, SEE)
def board(request: DeskRequest) -> HttpResponse:
    """A page of files: mine by what is due first, the rest the newest first."""
    view, filters = BY_SLUG.get(request.GET.get("vista", ""), _own(request)), _filters(request)
    before = _number(request.GET.get("antes", ""))
    policy = request.profile.section(AssistancePolicy)
    watches = view == "open" and request.actor.may(SUPERVISE)
    listed = _watched(request, filters, policy) if watches else _listed(request, view, filters, before, policy)
    shown = listed | {
        "tabs": list(_tabs(request, view, filters)),
        "filters": [one for one in _offered(request, policy) if not (watches and one["name"] == "turno")],
        "chips": _chips(request, policy),
        "view": view,
        "title": VIEWS[view][1],
        "text": filters.text,
        "watches": watches,
        "may_open": request.actor.may(HANDLE),
        "updated": spanish.clock(request.now.astimezone(request.profile.zone)),
    }
    return render(request, "desk/assistance/board/board.html", shown | calls_shown(request))


def _listed(
    request: DeskRequest, view: View, filters: Filters, before: int | None, policy: AssistancePolicy
) -> dict[str, Any]:
    limit = IN_CHARGE if view == "mine" else LIMIT + 1
    asked: dict[str, Any] = {"org": request.org, "viewer": request.actor, "view": view, "filters": filters}
    found = list(files_in(**asked, before=before, limit=limit))
    page = sorted(found, key=_by_due) if view == "mine" else found[:LIMIT]
    return {
        "rows": [row for one in page for row in rows_of(one, policy, request.now, me=request.member.pk)],
        "next": _older(request, page[-1].file) if view != "mine" and len(found) > LIMIT else "",
        "first": f"?vista={VIEWS[view][0]}" if before else "",
    }


def _watched(request: DeskRequest, filters: Filters, policy: AssistancePolicy) -> dict[str, Any]:
    """Everything open by its risk, for who supervises."""
    watched = watch(request, filters, policy)
    found = rows_in(org=request.org, viewer=request.actor, ids={line.file for line in watched.page})
    rows: dict[tuple[int, int], Row] = {}
    for one in found.values():
        shown = rows_of(one, policy, request.now, me=request.member.pk)
        held = [each.assistance.position for each in one.assistances] or [0]
        rows |= {(one.file.pk, position): row for position, row in zip(held, shown, strict=True)}
    names = [(line.file, line.position) for line in watched.page]
    return {
        "rows": [rows[name] for name in names if name in rows],  # one that closed meanwhile is not there
        "next": watched.next,
        "first": watched.first,
        "narrow": watched.narrow,
    }


@require_safe
@desk(HANDLE, SEE)
def board_row(request: DeskRequest, number: int, position: int = 0) -> HttpResponse:
    """One row as it is now, for the page that hears that it changed."""
    found = file_row(org=request.org, viewer=request.actor, number=number)
    policy = request.profile.section(AssistancePolicy)
    rows = list(rows_of(found, policy, request.now, me=request.member.pk)) if found else []
    wanted = f"{number}/{position}" if position else str(number)
    row = next((one for one in rows if one.live == wanted), None)
    if row is None:
        raise Http404
    return render(request, "desk/assistance/board/row.html", {"row": row, "watches": request.actor.may(SUPERVISE)})


def rows_of(one: FileRow, policy: AssistancePolicy, now: datetime, *, me: int | None = None) -> Iterator[Row]:
    """The rows of a file, each with what it owes next. What the file owes is on its first open one; `me`: who looks."""
    held: list[Held | None] = [*one.assistances] or [None]
    subjects = {each.assistance.subject for each in one.assistances}
    rest = [debt for subject, debts in one.owed.items() if subject not in subjects for debt in debts]
    first = next((each for each in held if each and each.assistance.is_open), held[0])
    for each in held:
        own = [*one.owed.get(each.assistance.subject, [])] if each else []
        debts = [*own, *(rest if each is first else [])]
        yield _row(one.file, each, policy, debts, now=now, me=me)


def _next_of(debts: Sequence[Commitment]) -> Commitment | None:
    return min((one for one in debts if one.due_at), key=lambda one: (one.due_at, one.pk), default=None)


def signs_of(
    debts: Sequence[Commitment], held: Held | None, file: AssistanceFile, policy: AssistancePolicy, now: datetime
) -> Iterator[Sign]:
    """What may fail, in words, before it does. A reminder is nobody's promise."""
    zone = policy.zone_of(file.country)
    seen = (one for one in debts if one.due_at and one.visible_at <= now and one.kind != Duty.MANUAL)
    spans = [Span(one.counted_from, one.due_at) for one in seen if one.due_at]
    until, way = (held.assistance.agreed_until, held.way) if held else (None, None)
    risk = worst(spans, late=False, now=now)
    if risk is not Risk.NONE:
        share = f" · {int(100 * max(spent(span, now) for span in spans))} %" if risk is not Risk.OVERDUE else ""
        icon, variant = SIGNS[risk]
        yield Sign(icon, f"{_(RISK_NAMES[risk])}{share}", variant)
    if way and until:
        way = way._replace(there=place_of(policy, file.area, file.lat, file.lon))
        hour = now.astimezone(zone).hour
        if would_be_late(way, until=until, hour=hour, now=now):
            expected = arrival(way, hour=hour, now=now)
            at = clock_there(expected, zone, now) if expected else ""
            yield Sign("car", _("Llegaría tarde: {hour}").format(hour=at), "warn")


def timer_of(owed: Commitment | None, file: AssistanceFile, policy: AssistancePolicy, now: datetime) -> Timer | None:
    if owed is None or owed.due_at is None:
        return None
    zone, country = policy.zone_of(file.country), policy.country(file.country)
    elsewhere = country.label if country and zone.key != policy.zone_of("").key else ""
    return timer(Duty(owed.kind), owed.due_at, zone=zone, elsewhere=elsewhere, now=now)


def timer(duty: Duty, due_at: datetime, *, zone: ZoneInfo, elsewhere: str = "", now: datetime) -> Timer:
    """A due time as it is shown, in the hour of its place; `elsewhere` names a place that is not here."""
    late, left = due_at <= now, brief(abs(due_at - now))
    hour = clock_there(due_at, zone, now)
    return Timer(
        what=_(DUTY_NAMES[duty]),
        left=f"−{left}" if late else left,
        at=due_at.isoformat(),
        clock=f"{hour}, {elsewhere}" if elsewhere else hour,
        late=late,
    )


def brief(length: timedelta) -> str:
    """A length for a narrow column: `1 h 48 min`, `18 min`, `< 1 min`."""
    return "< 1 min" if length < timedelta(minutes=1) else spanish.span(length)


def clock_there(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """The hour of the place, with its day when it is not today there."""
    local = moment.astimezone(zone)
    hour = spanish.clock(local)
    return hour if local.date() == now.astimezone(zone).date() else f"{spanish.short_date(local.date())}, {hour}"


def steps_of(stage: str) -> Sequence[tuple[int, str]]:
    """The five steps as a drawing: those gone, the one it is at, those to come, each with its place."""
    at = int(STEP_OF[Stage(stage)])
    kind = {True: "on", False: "off"}
    return [(15 * (int(step) - 1), "at" if int(step) == at else kind[int(step) < at]) for step in Step]


def _row(
    file: AssistanceFile,
    held: Held | None,
    policy: AssistancePolicy,
    debts: Sequence[Commitment],
    *,
    now: datetime,
    me: int | None,
) -> Row:
    assistance = held.assistance if held else None
    service = policy.service(assistance.service) if assistance else None
    priority = Priority(assistance.priority) if assistance and assistance.priority else None
    return Row(
        number=number_of(file, assistance),
        live=f"{file.number}/{assistance.position}" if assistance else str(file.number),
        live_url=_live_url(file, assistance),
        url=url_of(file, assistance),
        priority=_(PRIORITY_NAMES[priority]) if priority else "",
        colour=BADGES[priority] if priority else "",
        service=service.label if service else _("Sin asistencia todavía"),
        who=_who(file, policy),
        stage=_(STATE_NAMES[Stage(assistance.stage)]) if assistance else _("Expediente abierto"),
        steps=steps_of(assistance.stage if assistance else Stage.OPENING),
        provider=held.provider if held else "",
        coordinator=file.coordinator.account.name if file.coordinator else _("Sin coordinador"),
        timer=timer_of(_next_of(debts), file, policy, now),
        signs=list(signs_of(debts, held, file, policy, now)),
        mine=me is not None and file.coordinator_id == me,
        hand_over=f"{url_of(file)}#entrega",
        opened=spanish.short_date(file.opened_at.astimezone(policy.zone_of(file.country)).date()),
    )


def number_of(file: AssistanceFile, assistance: Assistance | None = None) -> str:
    """How a file or an assistance is called aloud: `153567`, `153567/1`."""
    return f"{file.number}/{assistance.position}" if assistance else str(file.number)


def url_of(file: AssistanceFile, assistance: Assistance | None = None) -> str:
    if assistance is None:
        return reverse("desk:assistance_file", args=[file.number])
    return reverse("desk:assistance", args=[file.number, assistance.position])


def _live_url(file: AssistanceFile, assistance: Assistance | None) -> str:
    if assistance is None:
        return reverse("desk:assistance_file_row", args=[file.number])
    return reverse("desk:assistance_row", args=[file.number, assistance.position])


def _who(file: AssistanceFile, policy: AssistancePolicy) -> str:
    name = file.affiliate.full_name if file.affiliate else f"{file.contact_first_name} {file.contact_last_name}".strip()
    area = policy.area(file.area) if file.area else None
    country = policy.country(file.country)
    place = area.label if area else (country.label if country else "")
    return " · ".join(part for part in (name, place) if part)


def _by_due(row: FileRow) -> tuple[bool, datetime, int]:
    due = row.next.due_at if row.next and row.next.due_at else None
    return due is None, due or row.file.opened_at, row.file.pk


def _own(request: DeskRequest) -> View:
    """What who looks begins with: everybody's, for who supervises."""
    return "mine" if request.actor.may(HANDLE) and not request.actor.may(SUPERVISE) else "open"


def _filters(request: DeskRequest) -> Filters:
    """The filters of the address that mean something."""
    said = request.GET
    stage, priority = said.get("etapa", ""), said.get("prioridad", "")
    return Filters(
        account=said.get("cuenta", ""),
        stage=stage if stage in set(Stage) else "",
        priority=priority if priority in set(Priority) else "",
        coordinator=NOBODY if said.get("turno") else None,
        country=said.get("pais", ""),
        text=said.get("q", "").replace("\x00", "")[:LONGEST_SEARCH],
    )


def _offered(request: DeskRequest, policy: AssistancePolicy) -> list[dict[str, Any]]:
    offered = {
        "cuenta": (_("Cuenta"), [(one.key, one.label) for one in policy.accounts]),
        "etapa": (_("Etapa"), [(stage.value, _(name)) for stage, name in STATE_NAMES.items()]),
        "prioridad": (_("Prioridad"), [(one.value, _(name)) for one, name in PRIORITY_NAMES.items()]),
        "pais": (_("País"), [(one.key, one.label) for one in policy.countries]),
        "turno": (_("Coordinador"), [("1", _("Sin coordinador"))]),
    }
    return [
        {"name": name, "label": label, "options": options, "value": request.GET.get(name, "")}
        for name, (label, options) in offered.items()
    ]


def _chips(request: DeskRequest, policy: AssistancePolicy) -> list[dict[str, str]]:
    chips = []
    for one in _offered(request, policy):
        if label := dict(one["options"]).get(one["value"]):
            query = _without(request, one["name"])
            chips.append({"name": one["label"], "value": label, "url": f"?{query.urlencode()}"})
    return chips


def _tabs(request: DeskRequest, current: View, filters: Filters) -> Iterator[dict[str, Any]]:
    for key, (slug, label) in VIEWS.items():
        if key == "mine" and not request.actor.may(HANDLE):
            continue
        count: int | str | None = None
        if key != "all":
            found = count_in(org=request.org, viewer=request.actor, view=key, cap=CAP)
            count = _("más de 1.000") if found > CAP else found
        yield {"label": _(label), "url": f"?vista={slug}", "count": count, "current": key == current}


def _older(request: DeskRequest, last: AssistanceFile) -> str:
    query = _without(request)
    query["antes"] = str(last.pk)
    return f"?{query.urlencode()}"


def _without(request: DeskRequest, *names: str) -> QueryDict:
    query = request.GET.copy()
    for gone in ("antes", "despues", *names):
        query.pop(gone, None)
    return query


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 and int(text) <= LARGEST_ID else None
