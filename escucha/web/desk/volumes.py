"""Cantidades: how many requests were filed, by kind and month, of what the viewer may see."""

import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.preferential import FEWEST, preferential_counts
from escucha.contexts.cases.queries.tallies import MonthCount, counts_by_kind_and_month
from escucha.web.desk.case_export import MARK, harmless
from escucha.web.ui import spanish
from escucha.web.ui.access import desk
from escucha.web.ui.charts import bars
from escucha.web.ui.requests import DeskRequest

ALL_YEARS = "todos"
HAND_OVERS = ("profile.see", "agenda.all")  # who may open the other report


@desk("cases.see")
def volumes(request: DeskRequest) -> HttpResponse:
    """A year by month, or all years by year; `formato=csv` gives the same as a file."""
    counts = counts_by_kind_and_month(org=request.org, viewer=request.actor)
    years = sorted({one.month.year for one in counts}, reverse=True)
    asked = request.GET.get("periodo", "")
    today = timezone.localtime(request.now).date()
    this_year = today.year
    year = next((one for one in years if str(one) == asked), this_year if this_year in years else None)
    one_year = None if asked == ALL_YEARS else year
    columns, table = _table(counts, one_year)
    heads = [_month(column) if one_year else str(column.year) for column in columns]
    kinds = _kinds(request, table)
    if request.GET.get("formato") == "csv":
        return _file(kinds, columns, table)
    sums = [sum(table[key, column] for key, _label in kinds) for column in columns]
    first, last = _span(columns, one_year)
    preferential, groups = preferential_counts(
        org=request.org, viewer=request.actor, since=first, until=last, at=request.now
    )
    shown: dict[str, Any] = {
        "preferential": spanish.points(preferential) if preferential else "",
        "groups": [
            (one.label, _("menos de {few}").format(few=FEWEST) if one.cases is None else one.cases) for one in groups
        ],
        "tabs": _tabs(years, asked, year),
        "heads": heads,
        "rows": [(label, _cells(key, columns, table)) for key, label in kinds],
        "sums": [*map(spanish.points, sums), spanish.points(sum(sums))],
        "chart": bars(list(zip(heads, sums, strict=True)), now=today.month - 1 if one_year == this_year else -1)
        if sum(sums)
        else None,
        "total": spanish.points(sum(sums)),
        "export": f"?periodo={asked}&formato=csv",
        "hand_overs": any(map(request.actor.may, HAND_OVERS)),
    }
    return render(request, "desk/reports/volumes.html", shown)


def _table(counts: Sequence[MonthCount], year: int | None) -> tuple[list[date], dict[tuple[str, date], int]]:
    """The columns, a month or a year each, and how many of each kind in each. `year` is None for all years."""
    table: dict[tuple[str, date], int] = defaultdict(int)
    for one in counts:
        if year in (None, one.month.year):
            table[one.case_type, one.month if year else one.month.replace(month=1)] += one.cases
    if year:
        return [date(year, month, 1) for month in range(1, 13)], table
    return sorted({column for _key, column in table}), table


def _kinds(request: DeskRequest, table: dict[tuple[str, date], int]) -> list[tuple[str, str]]:
    """The kinds of the profile in its order, then those that only older cases have, then what nobody classified."""
    policy, found = request.profile.section(CasesPolicy), {key for key, _column in table}
    known = [(key, kind.label) for key, kind in policy.types.items()]
    gone = [(key, key) for key in sorted(found - set(policy.types) - {""})]
    return [*known, *gone, *([("", _("Por clasificar"))] if "" in found else [])]


def _cells(key: str, columns: Sequence[date], table: dict[tuple[str, date], int]) -> list[str]:
    row = [table[key, column] for column in columns]
    return [*(spanish.points(cases) if cases else "" for cases in row), spanish.points(sum(row))]


def _span(columns: Sequence[date], one_year: int | None) -> tuple[date, date]:
    """The first and the last day of what is shown."""
    if not columns:
        return date.min, date.min
    return columns[0], date(one_year or columns[-1].year, 12, 31)


def _month(column: date) -> str:
    return str(spanish.MONTHS[column.month - 1])[:3]


def _tabs(years: Sequence[int], asked: str, year: int | None) -> list[dict[str, Any]]:
    whole = asked == ALL_YEARS
    of_years = [{"label": str(one), "url": f"?periodo={one}", "current": not whole and one == year} for one in years]
    return [*of_years, {"label": _("Todos"), "url": f"?periodo={ALL_YEARS}", "current": whole}]


def _file(
    kinds: Sequence[tuple[str, str]], columns: Sequence[date], table: dict[tuple[str, date], int]
) -> HttpResponse:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_("Tipo"), *(column.isoformat()[:7] for column in columns)])
    for key, label in kinds:
        writer.writerow([harmless(label), *(table[key, column] for column in columns)])
    response = HttpResponse(MARK + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="cantidades.csv"'
    return response
