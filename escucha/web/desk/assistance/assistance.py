"""The page of an assistance: what is owed about it with the act that fulfils it, and everything it has gathered."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from escucha.contexts.assistance.models import Assistance, Reminder
from escucha.contexts.assistance.queries.work import going
from escucha.contexts.assistance.rules.acts import AUTHORISE, HANDLE, SEE
from escucha.contexts.assistance.rules.serving import written
from escucha.contexts.assistance.rules.stages import (
    CATEGORY_NAMES,
    CONFORMITY_NAMES,
    PRIORITY_NAMES,
    STATE_NAMES,
    STEP_NAMES,
    Category,
    Conformity,
    Priority,
    Stage,
    Step,
)
from escucha.kernel.commitments.models import Commitment
from escucha.web.desk.assistance.assistance_tabs import TABS, shown_in
from escucha.web.desk.assistance.board import BADGES, Timer, number_of, steps_of, url_of
from escucha.web.desk.assistance.calls import calls_shown
from escucha.web.desk.assistance.doings import BY_NAME, DOINGS
from escucha.web.desk.assistance.file_forms import Reminding
from escucha.web.desk.assistance.offered import Doing, Offered
from escucha.web.desk.assistance.searching import panel
from escucha.web.desk.assistance.seen import Seen, seen
from escucha.web.desk.assistance.todo import offer, timer_here, todos
from escucha.web.ui import spanish
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

IN_PANEL = ("calling", "assigning", "offering", "exhausting")  # they have their place beside who may be sent
ALWAYS = ("writing",)  # beside everything
OF_TAB = {"costos": ("costs", "taking_back"), "encuesta": ("conformity", "survey", "conclusion")}


class Recall(NamedTuple):
    """Something to be reminded of, and where it is said to be done."""

    timer: Timer
    done_url: str


@require_safe
@desk(HANDLE, SEE)
def assistance(request: DeskRequest, number: int, position: int) -> HttpResponse:
    return page(request, seen(request, number, position))


def address_of(one: Assistance, tab: str = "") -> str:
    return url_of(one.file, one) + (f"?pestana={tab}" if tab else "")


def page(
    request: DeskRequest,
    one: Seen,
    *,
    tried: Offered | None = None,
    reminding: Reminding | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, in the time of the place. `reminding` is a reminder that was not put, with what is wrong."""
    tab = request.GET.get("pestana", "")
    tab = tab if tab in TABS and tried is None else ""
    shown = _head(one) | {"tabs": list(_tabs(one, tab)), "tab": tab, "tried": tried}
    shown |= calls_shown(request) | {"mine": one.file.coordinator_id == request.member.pk}
    if not tab:
        shown |= _recalls(one, reminding)
    shown["problem"] = tried.problem if tried else None
    shown |= shown_in(request, one, tab) | _of_tab(one, tab) if tab else _now(one, tried)
    shown["writing"] = _writing(one, tried)
    with timezone.override(one.zone):
        return render(request, f"desk/assistance/assistance/{TABS[tab].template}.html", shown, status=status)


def _head(one: Seen) -> dict[str, Any]:
    found, file = one.assistance, one.file
    priority = Priority(found.priority) if found.priority else None
    country = one.policy.country(file.country)
    here = one.profile.zone.key == found.zone
    return {
        "assistance": found,
        "file": file,
        "number": number_of(file, found),
        "service": one.service.label if one.service else found.service,
        "stage": _(STATE_NAMES[Stage(found.stage)]),
        "steps": steps_of(found.stage),
        "priority": _(PRIORITY_NAMES[priority]) if priority else "",
        "colour": BADGES[priority] if priority else "",
        "category": _(CATEGORY_NAMES[Category(found.category)]),
        "conformity": _(CONFORMITY_NAMES[Conformity(found.conformity)]) if found.conformity else "",
        "nonconforming": found.conformity == Conformity.NONCONFORMING,
        "zone": "" if here or country is None else country.label,
        "clock": spanish.clock(one.now.astimezone(one.zone)),
        "who": file.affiliate.full_name if file.affiliate else f"{file.contact_first_name} {file.contact_last_name}",
        "account": getattr(one.policy.account(file.account), "label", file.account),
        "coordinator": file.coordinator.account.name if file.coordinator else _("Sin coordinador"),
        "file_url": url_of(file),
        "url": url_of(file, found),
    }


def _tabs(one: Seen, current: str) -> Iterator[dict[str, Any]]:
    for key, tab in TABS.items():
        yield {"label": _(tab.label), "url": address_of(one.assistance, key), "current": key == current}


def _writing(one: Seen, tried: Offered | None) -> Offered | None:
    doing = BY_NAME["writing"]
    if (tried and tried.doing is doing) or doing.why_not(one):
        return None
    return offer(one, doing)


def _of_tab(one: Seen, tab: str) -> dict[str, Any]:
    """The acts that a tab is for."""
    doings = [BY_NAME[name] for name in OF_TAB.get(tab, ())] if _acts(one) else []
    why_not = {doing.name: doing.why_not(one) for doing in doings}
    return {
        "acts": [offer(one, doing) for doing in doings if not why_not[doing.name]],
        "blocked": [(_(doing.title), why_not[doing.name]) for doing in doings if why_not[doing.name]],
    }


def _now(one: Seen, tried: Offered | None) -> dict[str, Any]:
    """What is owed by its hour, what else may be done, and what may not and why."""
    used = {tried.doing.name} if tried else set()
    why_not = {doing.name: doing.why_not(one) for doing in DOINGS if _acts(one)}
    todo = list(todos(one, why_not, used))
    here = {offered.doing.name for each in todo for offered in each.acts} | used | {*IN_PANEL, *ALWAYS}
    rest = [doing for doing in DOINGS if doing.name in why_not and doing.name not in here]
    return {
        "todo": todo,
        "later": [
            timer_here(one, each.debt) for each in one.owed if each.assistance and each.debt.visible_at > one.now
        ],
        "panel": panel(one) if one.assistance.stage == Stage.TO_ASSIGN else None,
        "groups": list(_groups(one, [doing for doing in rest if not why_not[doing.name]])),
        "blocked": [(_(doing.title), why_not[doing.name]) for doing in rest if why_not[doing.name]],
        "acts_here": bool(why_not),
    } | shown_in_principal(one)


def shown_in_principal(one: Seen) -> dict[str, Any]:
    found = one.assistance
    windows = [(found.agreed_from, found.agreed_until), (found.other_from, found.other_until)]
    return {
        "windows": [(opens, closes) for opens, closes in windows if opens],
        "consent": {True: _("Sí"), False: _("No"), None: _("Sin preguntar")}[found.consent],
        "place": one.place,
        "cover": _cover(one),
        "going": going(found),
        "quoted": "" if found.quoted is None else written(found.quoted, found.currency),
        "excess": "" if found.excess is None else written(found.excess, found.currency),
        "conditions": getattr(one.policy.plan(one.file.plan), "conditions", ""),
    }


def _cover(one: Seen) -> str:
    """What its plan bears of this event, in words; while it is not accepted, as it is today."""
    if one.assistance.stage != Stage.OPENING:
        cover = one.course.cover
        return _("sin límite") if cover is None else written(cover, one.assistance.currency)
    if one.cover is None or not one.cover.active:
        return _("el plan no lo cubre")
    plan = one.policy.plan(one.file.plan)
    amount = one.cover.max_amount
    upto = (
        _("sin límite")
        if amount is None
        else _("hasta {amount}").format(amount=written(amount, plan.currency if plan else ""))
    )
    if one.cover.max_events is None:
        return upto
    return _("{upto}; le quedan {left} de {most} eventos").format(
        upto=upto, left=one.cover.left, most=one.cover.max_events
    )


def _recalls(one: Seen, reminding: Reminding | None) -> dict[str, Any]:
    """What somebody wants to be reminded of here, and the form to put another."""
    found = [each for each in one.owed if each.reminder and each.reminder.assistance_id in (None, one.assistance.pk)]
    may = one.by.may(HANDLE) and one.file.is_open and one.assistance.is_open
    return {
        "recalls": [_recall(one, each.reminder, each.debt) for each in found if each.reminder and each.debt.due_at],
        "reminding": (reminding or Reminding(auto_id="reminding-%s")) if may else None,
        "reminding_url": reverse("desk:assistance_reminder", args=[one.file.number, one.assistance.position]),
        "may_handle": one.by.may(HANDLE),
    }


def _recall(one: Seen, reminder: Reminder, owed: Commitment) -> Recall:
    timer = timer_here(one, owed)
    timer = timer._replace(what=reminder.text) if reminder.text else timer
    return Recall(timer, reverse("desk:reminder_done", args=[reminder.pk]))


def _acts(one: Seen) -> bool:
    """Whether who looks may do anything here at all."""
    return one.by.may(HANDLE) or one.by.may(AUTHORISE)


def _groups(one: Seen, doings: Sequence[Doing[Seen]]) -> Iterator[tuple[str, Sequence[Offered]]]:
    """What may be done, under the steps of the procedure."""
    for step in Step:
        if acts := [offer(one, doing) for doing in doings if doing.step == step]:
            yield _(STEP_NAMES[step]), acts
