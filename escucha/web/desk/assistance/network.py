"""La red: the providers, found by name or by what they give and where; a new one; the whole of it as a sheet."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any, NamedTuple

from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from escucha.contexts.assistance.models import Provider, Reach
from escucha.contexts.assistance.operations.network import add_provider, import_network
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.providers import Look, providers, reaches_of
from escucha.contexts.assistance.rules.acts import HANDLE, NETWORK, SEE
from escucha.contexts.assistance.rules.importing.sheets import Unreadable, kind_of_sheet, rows_of
from escucha.contexts.people.rules.places import folded
from escucha.contexts.people.rules.telephones import pretty_phone
from escucha.kernel.words import Refused, Saying
from escucha.web.desk.assistance.affiliates import policy_of
from escucha.web.desk.assistance.network_forms import KINDS, NetworkSheet, NewProvider, areas, laid_out
from escucha.web.desk.assistance.network_provider import SOON
from escucha.web.desk.case_export import MARK, Line, harmless
from escucha.web.ui import spanish
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

LIMIT, LONGEST, BATCH = 40, 80, 200
MOST_ROWS = 1_000  # of a sheet that is brought in at once
GUARDED = re.compile(r"^'(?=[=+\-@])")  # as our own export keeps a text from being a formula
STATES = {"activo": _("En la red"), "suspendido": _("Suspendido")}
PAPERS = {"vencidos": _("Vencidos"), "por-vencer": _("Vencen en 30 días")}
COLUMNS = ("clave", "nombre", "telefono", "correo", "servicio", "zona", "posicion", "tarifa")


class Row(NamedTuple):
    """A provider as the list names it."""

    name: str
    url: str
    kind: str
    services: str
    areas: str
    phone: str
    papers: str
    colour: str
    active: bool


@require_safe
@desk(HANDLE, SEE, NETWORK)
def network(request: DeskRequest) -> HttpResponse:
    """A page of the network by name."""
    policy, look = policy_of(request), look_of(request)
    after = _place_in(request.GET.get("desde", ""))
    found = providers(org=request.org, viewer=request.actor, look=look, after=after, limit=LIMIT + 1)
    page, filters = found[:LIMIT], _filters(request, policy)
    chips = _chips(request, filters)
    shown = {
        "rows": _rows(request, policy, page),
        "filters": filters,
        "chips": chips,
        "said": look.text,
        "next": _onward(request, page[-1]) if len(found) > LIMIT else "",
        "first": f"?{_without(request).urlencode()}" if after else "",
        "export": f"{reverse('desk:network_export')}?{_without(request).urlencode()}",
        "may_change": request.actor.may(NETWORK),
    }
    return render(request, "desk/assistance/network/list.html", shown)


@require_safe
@desk(HANDLE, SEE, NETWORK)
def export(request: DeskRequest) -> StreamingHttpResponse:
    """The list as it is narrowed, a line for each service in an area. It can be brought in again as it is."""
    policy_of(request)
    response = StreamingHttpResponse(_lines(request, look_of(request)), content_type="text/csv; charset=utf-8")
    noun = _("red")
    name = f"{noun}-{timezone.localtime(request.now):%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "POST"])
@desk(NETWORK)
def new_provider(request: DeskRequest) -> HttpResponse:
    policy_of(request)
    form = NewProvider(request.POST or None)
    if form.is_valid():
        try:
            one = add_provider(org=request.org, by=request.actor, now=request.now, **form.cleaned_data)
            return redirect("desk:provider", provider_id=one.pk)
        except Refused as refused:
            for blocker in refused.blockers:
                form.add_error("key", _(blocker.text).format(**blocker.values))
    shown = {"form": form, "rows": laid_out(form)}
    return render(request, "desk/assistance/network/new.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@desk(NETWORK)
def importing(request: DeskRequest) -> HttpResponse:
    """A sheet of the network, brought in at once: the good rows stay, the others are told."""
    policy_of(request)
    form = NetworkSheet(*((request.POST, request.FILES) if request.method == "POST" else ()))
    shown: dict[str, Any] = {"form": form, "columns": COLUMNS}
    if form.is_valid():
        try:
            rows = _sheet(form.cleaned_data["file"])
        except Unreadable:
            form.add_error("file", _("No se encontraron las columnas. Revise los títulos de la primera fila."))
        except Refused as refused:
            form.add_error("file", [_(one.text).format(**one.values) for one in refused.blockers])
        else:
            shown |= _brought(request, rows)
    return render(request, "desk/assistance/network/import.html", shown, status=422 if form.errors else 200)


def look_of(request: DeskRequest) -> Look:
    """The filters of the address that mean something."""
    said, today = request.GET, request.now.astimezone(request.profile.zone).date()
    ends = {"vencidos": today - timedelta(days=1), "por-vencer": today + SOON}
    return Look(
        text=said.get("q", "").replace("\x00", "").strip()[:LONGEST],
        service=said.get("servicio", ""),
        area=said.get("zona", ""),
        kind=said.get("condicion", "") if said.get("condicion", "") in KINDS else "",
        active={"activo": True, "suspendido": False}.get(said.get("estado", "")),
        ends_by=ends.get(said.get("documentos", "")),
    )


def _rows(request: DeskRequest, policy: AssistancePolicy, page: Sequence[Provider]) -> list[Row]:
    today = request.now.astimezone(request.profile.zone).date()
    given: dict[int, list[Reach]] = {one.pk: [] for one in page}
    for reach in reaches_of(*page):
        if reach.active:
            given[reach.provider_id].append(reach)
    return [_row(policy, one, given[one.pk], today) for one in page]


def _row(policy: AssistancePolicy, one: Provider, given: Sequence[Reach], today: date) -> Row:
    services = dict.fromkeys(_service(policy, reach.service) for reach in given)
    places = dict.fromkeys(_area(policy, reach.area) for reach in given)
    until = one.papers_until
    late, soon = until is not None and until < today, until is not None and until <= today + SOON
    return Row(
        name=one.name,
        url=reverse("desk:provider", args=[one.pk]),
        kind=_(str(KINDS[Provider.Kind(one.kind)])),
        services=", ".join(services),
        areas=", ".join(places),
        phone=pretty_phone(one.phone) if one.phone else "",
        papers=spanish.short_date(until, year=True) if until else "",
        colour="danger" if late else "warn" if soon else "",
        active=one.active,
    )


def _service(policy: AssistancePolicy, key: str) -> str:
    service = policy.service(key)
    return service.label if service else key


def _area(policy: AssistancePolicy, path: str) -> str:
    found = policy.area(path) or policy.country(path)
    return found.label if found else path


def _filters(request: DeskRequest, policy: AssistancePolicy) -> list[dict[str, Any]]:
    flat = [option for _country, options in areas(policy) for option in options]
    offered: Mapping[str, tuple[str, Any]] = {
        "servicio": (_("Servicio"), [(one.key, one.label) for one in policy.services]),
        "zona": (_("Zona"), flat),
        "condicion": (_("Condición"), [(key.value, _(str(label))) for key, label in KINDS.items()]),
        "estado": (_("Estado"), [(key, _(label)) for key, label in STATES.items()]),
        "documentos": (_("Documentos"), [(key, _(label)) for key, label in PAPERS.items()]),
    }
    return [
        {"name": name, "label": label, "options": options, "value": request.GET.get(name, "")}
        for name, (label, options) in offered.items()
    ]


def _chips(request: DeskRequest, filters: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    found = [(one, dict(one["options"]).get(one["value"])) for one in filters]
    return [
        {"name": one["label"], "value": label, "url": f"?{_without(request, one['name']).urlencode()}"}
        for one, label in found
        if label
    ]


def _onward(request: DeskRequest, last: Any) -> str:
    query = _without(request)
    query["desde"] = f"{last.pk}_{last.place}"
    return f"?{query.urlencode()}"


def _without(request: DeskRequest, *names: str) -> QueryDict:
    query = request.GET.copy()
    for gone in ("desde", *names):
        query.pop(gone, None)
    return query


def _place_in(said: str) -> tuple[str, int] | None:
    """What an address says, `<id>_<name>`; anything odd is the beginning."""
    number, _under, name = said.replace("\x00", "").partition("_")
    return (name, int(number)) if number.isascii() and number.isdecimal() and len(number) < 19 else None


def _lines(request: DeskRequest, look: Look) -> Iterator[str]:
    writer = csv.writer(Line())
    yield MARK + writer.writerow(COLUMNS)
    after: tuple[str, int] | None = None
    while found := providers(org=request.org, viewer=request.actor, look=look, after=after, limit=BATCH):
        last: Any = found[-1]
        after = last.place, last.pk
        given: dict[int, list[Reach]] = {one.pk: [] for one in found}
        for reach in reaches_of(*found):
            if reach.active:
                given[reach.provider_id].append(reach)
        cells = (line for one in found for line in _cells(one, given[one.pk]))
        yield "".join(writer.writerow([harmless(cell) for cell in line]) for line in cells)


def _cells(one: Provider, given: Sequence[Reach]) -> Iterator[Sequence[str]]:
    """A line for each service in an area; one for who gives nothing yet."""
    who = (one.key, one.name, one.phone, one.email)
    if not given:
        yield *who, "", "", "", ""
    for reach in given:
        tariff = "" if reach.tariff is None else str(reach.tariff)
        yield *who, reach.service, reach.area, str(reach.position), tariff


def _sheet(file: Any) -> Mapping[int, Mapping[str, str]]:
    """The rows of a sheet by their numbers, under the names of their columns. Raises Unreadable, and Refused for more
    than are taken at once: those are only counted.
    """
    found = rows_of(file, kind_of_sheet(file))
    heads = [folded(cell) for cell in next(found, (0, ()))[1]]
    if missing := {"clave", "nombre", "servicio", "zona", "posicion"} - set(heads):
        raise Unreadable(missing)
    rows = {
        number: dict(zip(heads, (GUARDED.sub("", cell) for cell in cells), strict=False))
        for number, cells in islice(found, MOST_ROWS)
    }
    if more := sum(1 for _row in found):
        raise Refused([_too_many(MOST_ROWS + more)])
    return rows


def _too_many(rows: int) -> Saying:
    said = _(
        "El archivo trae {rows} filas y se reciben hasta {most} a la vez. "
        "Divídalo en {parts} archivos, cada uno con la fila de títulos, y súbalos uno por uno."
    )
    parts = -(-rows // MOST_ROWS)
    return Saying(said, {"rows": spanish.points(rows), "most": spanish.points(MOST_ROWS), "parts": parts})


def _brought(request: DeskRequest, rows: Mapping[int, Mapping[str, str]]) -> dict[str, Any]:
    try:
        bad = import_network(org=request.org, rows=[*rows.values()], by=request.actor, now=request.now)
    except Refused as refused:
        return {"problem": refused.blockers}
    numbers = [*rows]
    faults = [(numbers[place - 1], _(why.text).format(**why.values)) for place, why in bad]
    return {"done": len(rows) - len(bad), "bad": len(bad), "faults": faults[:LIMIT]}
