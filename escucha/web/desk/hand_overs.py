"""Entregas: how long each area took to hand over to User Attention what it received."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from escucha.contexts.cases.queries.times import hand_over_times
from escucha.web.ui import spanish
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

PERIODS = {"mes": _("Este mes"), "anterior": _("El mes pasado"), "ano": _("Este año")}


@desk("profile.see", "agenda.all")
def hand_overs(request: DeskRequest) -> HttpResponse:
    """By area, the slowest first, in a period: this month, the one before, this year."""
    asked = request.GET.get("periodo", "")
    period = asked if asked in PERIODS else "mes"
    first, last = days_of(period, today=timezone.localtime(request.now).date())
    calendar = request.profile.calendar
    since, until = calendar.midnight_of(first), calendar.midnight_after_date(last)
    found = hand_over_times(org=request.org, viewer=request.actor, since=since, until=until)
    shown: dict[str, Any] = {
        "rows": [(one.unit, one.cases, spanish.span(one.median), spanish.span(one.worst)) for one in found],
        "tabs": [
            {"label": _(label), "url": f"?periodo={key}", "current": key == period} for key, label in PERIODS.items()
        ],
        "first": first,
        "last": last,
    }
    return render(request, "desk/reports/hand_overs.html", shown)


def days_of(period: str, *, today: date) -> tuple[date, date]:
    """The first and the last day of a period; one that is not over ends today."""
    first = today.replace(day=1)
    if period == "ano":
        return today.replace(month=1, day=1), today
    if period == "anterior":
        last = first - timedelta(days=1)
        return last.replace(day=1), last
    return first, today
