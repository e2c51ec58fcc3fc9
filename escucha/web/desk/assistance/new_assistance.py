"""Asking for one service more in a file: what its plan still gives is beside it, and what was asked for before."""

from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from escucha.contexts.assistance.models import Assistance, AssistanceFile
from escucha.contexts.assistance.operations.keeping import Overtaken
from escucha.contexts.assistance.operations.starting import open_assistance, standing_of
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.cover import cover_of_file
from escucha.contexts.assistance.queries.doors import NoSuchAssistance, NoSuchFile, file_by_number, policy_of_file
from escucha.contexts.assistance.queries.previous import Previous, previous_assistances
from escucha.contexts.assistance.rules.acts import AUTHORISE, HANDLE
from escucha.contexts.assistance.rules.cover import Covered
from escucha.contexts.assistance.rules.opening import Served, blockers_to_work_on
from escucha.contexts.assistance.rules.serving import written
from escucha.contexts.assistance.rules.stages import STATE_NAMES, Stage
from escucha.kernel.orgs.models import Member
from escucha.kernel.orgs.queries import members_of
from escucha.kernel.timeline.actors import actor_of
from escucha.kernel.words import Refused
from escucha.web.desk.assistance.board import number_of, url_of
from escucha.web.desk.assistance.opening_forms import Wanted
from escucha.web.ui import spanish
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

PREVIOUS = 10


@require_http_methods(["GET", "POST"])
@desk(HANDLE)
def new_assistance(request: DeskRequest, number: int) -> HttpResponse:
    file = _found(request, number)
    policy = policy_of_file(file)
    before = list(previous_assistances(org=request.org, viewer=request.actor, file=file, limit=PREVIOUS))
    done = [one.assistance for one in before if one.assistance.finished_at]
    form = Wanted(
        *([request.POST] if request.method == "POST" else []),
        policy=policy,
        initial={} if any(one.assistance.file_id == file.pk for one in before) else {"happened": file.description},
        guarantees=[(one.pk, _named(one, policy)) for one in done],
        authorisers=_authorisers(request, file),
    )
    problem = blockers_to_work_on(file_open=file.is_open, by=request.actor)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                found = open_assistance(
                    org=request.org, file_id=file.pk, by=request.actor, now=request.now, **form.cleaned_data
                )
                return redirect(url_of(file, found))
            except Refused as refused:
                problem = refused.blockers
            except (Overtaken, NoSuchAssistance, NoSuchFile):
                raise Http404 from None
    shown = {
        "file": file,
        "number": number_of(file),
        "file_url": url_of(file),
        "who": file.affiliate.full_name if file.affiliate else "",
        "form": form,
        "problem": problem,
        "plan": policy.plan(file.plan),
        "cover": [_covered(policy, file, one) for one in _cover(request, file)],
        "before": [_before(policy, one) for one in before],
    }
    return render(request, "desk/assistance/assistance/new.html", shown, status=status)


def _found(request: DeskRequest, number: int) -> AssistanceFile:
    if number > 2**31 - 1:
        raise Http404
    try:
        return file_by_number(org=request.org, viewer=request.actor, number=number)
    except NoSuchFile:
        raise Http404 from None


def _authorisers(request: DeskRequest, file: AssistanceFile) -> list[Member]:
    """Who may order to serve who has no plan in force; nobody has to where it has."""
    if standing_of(file, now=request.now) == Served.YES:
        return []
    return [one for one in members_of(org=request.org) if actor_of(one, request.profile).may(AUTHORISE)]


def _cover(request: DeskRequest, file: AssistanceFile) -> list[Covered]:
    return list(cover_of_file(org=request.org, viewer=request.actor, file=file, now=request.now))


def _covered(policy: AssistancePolicy, file: AssistanceFile, one: Covered) -> tuple[str, str, str, bool]:
    service, plan = policy.service(one.service), policy.plan(file.plan)
    amount = _("sin límite") if one.max_amount is None else written(one.max_amount, plan.currency if plan else "")
    events = _("sin límite")
    if one.max_events is not None:
        events = _("{used} usados de {most}").format(used=one.used, most=one.max_events)
    return service.label if service else one.service, amount, events, one.gives


def _before(policy: AssistancePolicy, one: Previous) -> tuple[str, str, str, str, str]:
    found = one.assistance
    total = written(one.total, found.currency) if one.total else ""
    return url_of(found.file, found), _named(found, policy), _(STATE_NAMES[Stage(found.stage)]), one.provider, total


def _named(one: Assistance, policy: AssistancePolicy) -> str:
    service = policy.service(one.service)
    label = service.label if service else one.service
    return (
        f"{number_of(one.file, one)} {label}, {spanish.short_date(one.opened_at.astimezone(ZoneInfo(one.zone)).date())}"
    )
