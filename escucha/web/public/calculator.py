"""The term calculator: the engine in the open. Its question is in the address, so that an answer can be shared."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from escucha.kernel.norms.pack import load_pack
from escucha.kernel.norms.questions import answer
from escucha.kernel.worktime.calendar import Week
from escucha.kernel.worktime.days import DayRow, Reason
from escucha.kernel.worktime.terms import BY_INSTANT, Unit
from escucha.web.public.calculator_form import OFFICE, Calculation, filled_from, layers_of
from escucha.web.public.limits import RECKONINGS, within
from escucha.web.public.outlook import span
from escucha.web.ui import strip
from escucha.web.ui.access import anywhere
from escucha.web.ui.requests import HouseRequest
from escucha.web.ui.spanish import BUSINESS, CALENDAR
from escucha.web.ui.strip import Strip
from escucha.web.ui.strip_calendar import names_of
from escucha.web.ui.strip_hours import HourStrip, build_hours

HOME = "co"
LONGEST_DRAWN = 3 * 366  # days


class Place(NamedTuple):
    """Whose calendar is used."""

    country: str
    zone: ZoneInfo
    hours: Week


class Result(NamedTuple):
    """What the engine answered, for reading and for drawing."""

    effective_receipt: date
    due_on: date | None
    due_at: datetime | None
    in_hours: bool
    strip: Strip | HourStrip
    paused_since: date | None
    person_until: date | None
    refused: list[str]
    span: str


@anywhere
@require_safe
@within(RECKONINGS)
def calculator(request: HouseRequest) -> HttpResponse:
    profile = request.profile if request.org else None
    place = Place(profile.identity.country, profile.zone, profile.office.hours) if profile else _country()
    here = request.now.astimezone(place.zone)
    start = filled_from(profile) | {"received_on": here.date(), "received_time": here.strftime("%H:%M")}
    form = Calculation(request.GET or None, initial=start)
    with timezone.override(place.zone):
        result = _result(form, place, here) if form.is_bound and form.is_valid() else None
        layout = "ui/public.html" if profile else "ui/plain.html"
        context = {"form": form, "result": result, "layout": layout, "shared": request.build_absolute_uri()}
        return render(request, "public/calculator.html", context, status=422 if form.errors else 200)


def _country() -> Place:
    return Place(HOME, load_pack(HOME).zone, OFFICE)


def _result(form: Calculation, place: Place, here: datetime) -> Result | None:
    found = answer(form.question(country=place.country, zone=place.zone.key, hours=place.hours))
    if "error" in found:
        form.complain(found["error"])
        return None
    if len(found["ledger"]) > LONGEST_DRAWN:
        form.add_error("amount", _("El plazo dura más de tres años: esta página no lo dibuja. Escriba menos."))
        return None
    said = form.cleaned_data
    unit = Unit(said["unit"])
    due_at = datetime.fromisoformat(found["due_at"]).astimezone(place.zone) if found["due_at"] else None
    by_instant = unit in BY_INSTANT and due_at is not None
    return Result(
        effective_receipt=date.fromisoformat(found["effective_receipt"]),
        due_on=_day(found["due_date"]),
        due_at=due_at,
        in_hours=by_instant,
        strip=_hours(said, due_at, place, here) if by_instant and due_at else _days(found, said, place, here),
        paused_since=_day(found["paused_since"]),
        person_until=_day(found["person_until"]),
        refused=[one["why"] for one in found["refused"]],
        span=span(said["amount"], unit.value),
    )


def _days(found: Mapping[str, Any], said: Mapping[str, Any], place: Place, here: datetime) -> Strip:
    rows = [
        DayRow(date.fromisoformat(row["date"]), Reason(row["reason"]), row["n"], row["norm"]) for row in found["ledger"]
    ]
    calendar = load_pack(place.country).calendar(layers=layers_of(said["layers"]), keep=True)
    longer = next((row.date for row in rows if row.n and row.n > said["amount"]), None)
    return strip.build(
        rows,
        strip.Term(
            today=here.date(),
            legal_on=_day(found["due_date"]),
            extended_from=longer,
            paused_since=_day(found["paused_since"]),
            names=names_of(calendar, [row.date for row in rows]),
            unit=BUSINESS if said["unit"] == Unit.BUSINESS_DAYS else CALENDAR,
        ),
    )


def _hours(said: Mapping[str, Any], due_at: datetime, place: Place, here: datetime) -> HourStrip:
    received_at = datetime.combine(said["received_on"], said["received_time"], place.zone)
    return build_hours(received_at=received_at, due_at=due_at, now=here)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
