"""The tabs of an assistance besides the first one: costs, log, survey, the rest of its data, and its times."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from escucha.contexts.assistance.models import Assignment, Cost
from escucha.contexts.assistance.queries.previous import origin_of
from escucha.contexts.assistance.queries.work import (
    PAGE,
    assignments_of,
    costs_of,
    happened_to,
    log_of,
    times_of,
    totals_of,
)
from escucha.contexts.assistance.rules.assignments import STATE_NAMES as WORK_NAMES
from escucha.contexts.assistance.rules.assignments import Work
from escucha.contexts.assistance.rules.closing import CANCEL_REASONS, checklist
from escucha.contexts.assistance.rules.costs import PAYER_NAMES, Payer
from escucha.contexts.assistance.rules.duties import DUTY_NAMES
from escucha.contexts.assistance.rules.searching import CAUSES
from escucha.contexts.assistance.rules.serving import written
from escucha.web.desk.assistance.board import clock_there, number_of, url_of
from escucha.web.desk.assistance.log_words import lines_in_words
from escucha.web.desk.assistance.seen import Seen
from escucha.web.desk.assistance.survey_tab import asked_by_link
from escucha.web.ui import spanish
from escucha.web.ui.requests import DeskRequest


class Tab(NamedTuple):
    """A tab: what it is called and its template."""

    label: str
    template: str


TABS: Mapping[str, Tab] = {
    "": Tab(gettext_noop("Principal"), "show"),
    "costos": Tab(gettext_noop("Costos"), "costs"),
    "bitacora": Tab(gettext_noop("Bitácora"), "log"),
    "encuesta": Tab(gettext_noop("Encuesta"), "survey"),
    "datos": Tab(gettext_noop("Otros datos"), "data"),
    "tiempos": Tab(gettext_noop("Eventos y tiempos"), "times"),
}
OUTCOMES = {
    "met": gettext_noop("a tiempo"),
    "at_once": gettext_noop("de inmediato"),
    "met_late": gettext_noop("tarde"),
    "annulled": gettext_noop("no hizo falta"),
    "": gettext_noop("pendiente"),
}


class CostRow(NamedTuple):
    cost: Cost
    payer: str
    amount: str
    by: str


class TimeRow(NamedTuple):
    """A duty as it went."""

    what: str
    began: str
    due: str
    done: str
    allowed: str
    spent: str
    outcome: str
    late: bool


class Sent(NamedTuple):
    """A provider that went, or was to go."""

    work: Assignment
    state: str
    cause: str
    assigned: str
    eta: str
    arrived: str


def shown_in(request: DeskRequest, one: Seen, tab: str) -> dict[str, Any]:
    return SHOWN[tab](request, one)


def _costs(request: DeskRequest, one: Seen) -> dict[str, Any]:
    lines = costs_of(org=one.org, viewer=one.by, assistance=one.assistance)
    sums, currency = totals_of(one.assistance), one.assistance.currency
    return {
        "costs": [
            CostRow(
                cost,
                _(PAYER_NAMES[Payer(cost.payer)]),
                written(cost.amount, cost.currency),
                cost.member.account.name if cost.member else "",
            )
            for cost in lines
        ],
        "totals": [
            (_(PAYER_NAMES[Payer.COVERAGE]), written(sums.coverage, currency)),
            (_(PAYER_NAMES[Payer.AFFILIATE]), written(sums.affiliate, currency)),
            (_(PAYER_NAMES[Payer.COMPANY]), written(sums.company, currency)),
            (_("En total"), written(sums.whole, currency)),
        ],
        "quoted": _money(one.assistance.quoted, currency),
        "excess": _money(one.assistance.excess, currency),
        "cover": _("sin límite") if one.course.cover is None else written(one.course.cover, currency),
    }


def _log(request: DeskRequest, one: Seen) -> dict[str, Any]:
    asked = request.GET.get("antes", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    found = log_of(org=one.org, viewer=one.by, about=one.assistance, before=before, limit=PAGE + 1)
    lines = found[:PAGE]
    return {
        "lines": lines_in_words(one, lines, _names(one)),
        "next": f"?pestana=bitacora&antes={lines[-1].pk}" if len(found) > PAGE else "",
        "previous": "?pestana=bitacora" if before else "",
    }


def _names(one: Seen) -> Mapping[int, str]:
    """Of the providers that its lines may name: who gives the service there, and who went."""
    works = assignments_of(org=one.org, viewer=one.by, assistance=one.assistance)
    found = {key: each.shown["name"] for key, each in one.roster.found.items()}
    return found | {work.provider_id: work.provider.name for work in works}


def _survey(request: DeskRequest, one: Seen) -> dict[str, Any]:
    return {
        "tries": one.assistance.conformity_tries,
        "most": one.policy.times.conformity_tries,
        "has_survey": one.course.has_survey,
        "surveyed_at": one.assistance.surveyed_at,
        "checks": [(_(check.label), check.done, check.advice) for check in checklist(one.course)],
        **asked_by_link(request, one),
    }


def _data(request: DeskRequest, one: Seen) -> dict[str, Any]:
    found, file = one.assistance, one.file
    works = assignments_of(org=one.org, viewer=one.by, assistance=found)
    reasons = dict(CAUSES) | dict(CANCEL_REASONS)
    origin = origin_of(org=one.org, viewer=one.by, assistance=found)
    return {
        "origin": (number_of(origin.file, origin), url_of(origin.file, origin)) if origin else None,
        "works": [_sent(one, work) for work in works],
        "place": one.place,
        "contact": f"{file.contact_first_name} {file.contact_last_name}".strip(),
        "plan": one.policy.plan(file.plan),
        "cancel_reason": _(reasons[found.cancel_reason]) if found.cancel_reason in reasons else "",
        "consent": {True: _("Sí"), False: _("No"), None: _("Sin preguntar")}[found.consent],
    }


def _sent(one: Seen, work: Assignment) -> Sent:
    return Sent(
        work,
        _(WORK_NAMES[Work(work.state)]),
        _(CAUSES[work.cause]) if work.cause in CAUSES else "",
        *(clock_there(at, one.zone, one.now) if at else "" for at in (work.assigned_at, work.eta_at, work.arrived_at)),
    )


def _times(request: DeskRequest, one: Seen) -> dict[str, Any]:
    found = times_of(org=one.org, viewer=one.by, assistance=one.assistance)
    return {
        "moments": [(_(each.label), clock_there(each.at, one.zone, one.now)) for each in happened_to(one.assistance)],
        "times": [
            TimeRow(
                what=_(DUTY_NAMES[each.duty]) + (f" ({each.attempt})" if each.attempt > 1 else ""),
                began=clock_there(each.began_at, one.zone, one.now),
                due=clock_there(each.due_at, one.zone, one.now) if each.due_at else "",
                done=clock_there(each.done_at, one.zone, one.now) if each.done_at else "",
                allowed=_span(each.allowed),
                spent=_span(each.spent),
                outcome=_("vencido") if each.late and not each.done_at else _(OUTCOMES[each.outcome]),
                late=each.late,
            )
            for each in found
        ],
    }


def _span(length: timedelta | None) -> str:
    if length is None:
        return ""
    return spanish.span(length) if length else _("de inmediato")


def _money(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else written(amount, currency)


SHOWN: Mapping[str, Callable[[DeskRequest, Seen], dict[str, Any]]] = {
    "costos": _costs,
    "bitacora": _log,
    "encuesta": _survey,
    "datos": _data,
    "tiempos": _times,
}
