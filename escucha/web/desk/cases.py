"""The lists of cases: saved views, filters in the address, pages by position."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.lists import MOST_COUNTED, Position, case_list, view_count
from escucha.contexts.cases.queries.tallies import view_counts
from escucha.contexts.cases.rules.standing import STATE_NAMES, State
from escucha.kernel.orgs.models import Unit
from escucha.kernel.orgs.queries import units_of
from escucha.kernel.profiles.loader import Profile
from escucha.web.desk.closed_doors import petitioner_of
from escucha.web.ui import spanish
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

VIEWS = {
    "open": ("abiertos", _("Abiertos")),
    "mine": ("mios", _("A mi cargo")),
    "unclassified": ("por-clasificar", _("Por clasificar")),
    "check": ("por-revisar", _("Por revisar y enviar")),
    "reach": ("por-notificar", _("Por notificar")),
    "words": ("con-mensajes", _("Con mensajes nuevos")),
    "closed": ("cerrados", _("Cerrados")),
}
BY_SLUG = {slug: key for key, (slug, _label) in VIEWS.items()}
LIMIT = 50


class Row(NamedTuple):
    number: str
    url: str
    matter: str
    person: str
    kind: str
    unit: str
    state: str
    due: str
    late: bool
    first: bool


@desk("cases.see")
def cases(request: DeskRequest) -> HttpResponse:
    """A page of a view."""
    units = units_of(request.org)
    view, chosen = chosen_in(request, units)
    after, before = _position(request, "desde"), _position(request, "hasta")
    found = list(
        case_list(org=request.org, viewer=request.actor, view=view, after=after, before=before, limit=LIMIT, **chosen)
    )
    more = len(found) > LIMIT
    page = (found[1:] if before and not after else found[:LIMIT]) if more else found
    shown = {
        "tabs": _tabs(request, view),
        "rows": [row_of(case, request.profile, request.now) for case in page],
        "chips": _chips(request, units),
        "filters": _filters(request, units),
        "view": VIEWS[view][1],
        "export": f"{reverse('desk:case_export')}?{_without_place(request).urlencode()}",
        "next": _address(request, "desde", page[-1], view) if page and (more or before) else "",
        "previous": _address(request, "hasta", page[0], view) if page and (after or (before and more)) else "",
    }
    return render(request, "desk/cases/list.html", shown)


def _tabs(request: DeskRequest, current: str) -> list[dict[str, Any]]:
    kept = view_counts(org=request.org, viewer=request.actor)
    return [_tab(request, key, current, kept) for key in VIEWS]


def _tab(request: DeskRequest, key: str, current: str, kept: Mapping[str, int]) -> dict[str, Any]:
    """A view with how many it has. Kept counts are exact; a view without one is counted as far as needed."""
    slug, label = VIEWS[key]
    shown: int | str | None = kept.get(key)
    if shown is None and key != "closed":
        count = view_count(org=request.org, viewer=request.actor, view=key)
        shown = _("más de 1.000") if count > MOST_COUNTED else count
    return {"label": _(label), "url": f"?vista={slug}", "count": shown, "current": key == current}


def chosen_in(request: DeskRequest, units: Sequence[Unit]) -> tuple[str, dict[str, Any]]:
    """The view and the filters of the address that mean something; the rest are as if they were not there."""
    policy = request.profile.section(CasesPolicy)
    kind, state = request.GET.get("tipo", ""), request.GET.get("estado", "")
    unit = next((unit.pk for unit in units if unit.key == request.GET.get("dependencia")), None)
    return BY_SLUG.get(request.GET.get("vista", ""), "open"), {
        "case_type": kind if kind in policy.types else "",
        "state": state if state in set(State) else "",
        "unit_id": unit,
    }


def _filters(request: DeskRequest, units: Sequence[Unit]) -> list[dict[str, Any]]:
    policy = request.profile.section(CasesPolicy)
    offered = {
        "tipo": (_("Tipo"), [(kind.key, kind.label) for kind in policy.types.values()]),
        "dependencia": (_("Dependencia"), [(unit.key, unit.label) for unit in units]),
        "estado": (_("Estado"), [(state.value, _(name)) for state, name in STATE_NAMES.items()]),
    }
    return [
        {"name": name, "label": label, "options": options, "value": request.GET.get(name, "")}
        for name, (label, options) in offered.items()
    ]


def _chips(request: DeskRequest, units: Sequence[Unit]) -> list[dict[str, str]]:
    """One chip a filter in force; its link takes it away."""
    chips = []
    for one in _filters(request, units):
        label = dict(one["options"]).get(one["value"])
        if label:
            query = _without_place(request)
            query.pop(one["name"], None)
            chips.append({"name": one["label"], "value": label, "url": f"?{query.urlencode()}"})
    return chips


def row_of(case: Case, profile: Profile, now: datetime) -> Row:
    kind = profile.section(CasesPolicy).type_of(case.case_type or case.suggested_type)
    owes = case.due_at and case.notified_at is None and case.closed_at is None
    due = spanish.short_date(last_day_of(case, profile)) if owes else ""
    return Row(
        number=case.filing_number,
        url=reverse("desk:case", args=[case.filing_number]),
        matter=case.matter or case.body[:90] or _("Sin asunto"),
        person=petitioner_of(case),
        kind=(kind.label if case.case_type else f"{kind.label}?") if kind else "",
        unit=case.unit.label if case.unit else "",
        state=_(STATE_NAMES[State(case.state)]),
        due=due,
        late=bool(due) and case.due_at is not None and case.due_at <= now,
        first=case.turn == 0,
    )


def last_day_of(case: Case, profile: Profile) -> date:
    assert case.due_at is not None
    return (case.due_at - timedelta(microseconds=1)).astimezone(profile.zone).date()


def _position(request: DeskRequest, name: str) -> Position | None:
    """Where a page begins: `<instant>_<turn>_<id>`; anything odd is the beginning."""
    moment, _under, rest = request.GET.get(name, "").partition("_")
    turn, _under, number = rest.partition("_")
    try:
        at = datetime.fromisoformat(moment)
        known = at.tzinfo and len(turn) < 3 and len(number) < 19
        return Position(at.astimezone(UTC), int(turn), int(number)) if known else None
    except (ValueError, OverflowError):
        return None


def _address(request: DeskRequest, name: str, case: Case, view: str) -> str:
    query, place = _without_place(request), place_of(case, view)
    query[name] = f"{place.moment.isoformat()}_{place.turn}_{place.case_id}"
    return f"?{query.urlencode()}"


def place_of(case: Case, view: str) -> Position:
    """Where a case stands in a view: closed cases by when they were filed, the rest by when they are due."""
    moment = case.filed_at if view == "closed" else case.due_at
    assert moment is not None
    return Position(moment, case.turn, case.pk)


def _without_place(request: DeskRequest) -> QueryDict:
    """The address as it is, from the first page."""
    query = request.GET.copy()
    for gone in ("desde", "hasta", "q"):
        query.pop(gone, None)
    return query
