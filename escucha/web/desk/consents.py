"""What the person of a case agreed to, with its proof, and whether it goes first: read, taken down and withdrawn."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from escucha.contexts.cases.models import Case
from escucha.contexts.messaging.policy.channels import ChannelsPolicy
from escucha.contexts.people.models import Person
from escucha.contexts.people.operations import consenting
from escucha.contexts.people.operations.marking import mark_group, unmark_group
from escucha.contexts.people.policy import PeoplePolicy
from escucha.contexts.people.queries import agreements_of, groups_of
from escucha.contexts.people.rules.consenting import blockers_to_unmark_group
from escucha.kernel.words import Refused
from escucha.web.desk.case import found
from escucha.web.desk.closed_doors import identity_of
from escucha.web.desk.consent_forms import Agreeing, Marking, TakingBack, Unmarking
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest


@require_http_methods(["GET", "POST"])
@desk("cases.see")
def consents(request: DeskRequest, number: str) -> HttpResponse:
    """What was agreed to; by POST, one consent more. The text is read to the person before."""
    if request.method != "POST":
        return _page(request, *_known(request, number))
    form = Agreeing(request.POST, channels=_channels(request), purposes=_policy(request).asked)
    return _acted(request, number, form, "agreeing", consenting.give_consent, _("La autorización quedó anotada."))


@require_POST
@desk("cases.see")
def taking_back(request: DeskRequest, number: str) -> HttpResponse:
    form = TakingBack(request.POST, channels=_channels(request))
    return _acted(request, number, form, "taken", consenting.withdraw_consent, _("La autorización quedó retirada."))


@require_POST
@desk("cases.see")
def marking(request: DeskRequest, number: str) -> HttpResponse:
    form = Marking(request.POST, channels=_channels(request), groups=[*_policy(request).groups.values()])
    return _acted(request, number, form, "marking", mark_group, _("Queda anotado que se le atiende primero."))


@require_POST
@desk("cases.see")
def unmarking(request: DeskRequest, number: str) -> HttpResponse:
    return _acted(request, number, Unmarking(request.POST), "unmarking", unmark_group, _("La marca quedó quitada."))


def _acted(request: DeskRequest, number: str, form: Any, name: str, do: Callable[..., Any], done: str) -> HttpResponse:
    """One act about the person of a case, and back to its page; a refusal keeps what was typed."""
    case, person = _known(request, number)
    if not form.is_valid():
        return _page(request, case, person, status=422, wrong=form, **{name: form})
    try:
        do(org=request.org, person_id=person.pk, by=request.actor, now=request.now, **form.cleaned_data)
    except Refused as refused:
        return _page(request, case, person, status=409, problem=refused.blockers, **{name: form})
    messages.success(request, done)
    return redirect("desk:consents", number=number)


def _known(request: DeskRequest, number: str) -> tuple[Case, Person]:
    """The case and its person, for whom it is not kept from."""
    case = found(request, number)
    person = identity_of(request, case)["person"]
    if person is None:
        raise Http404
    return case, person


def _page(request: DeskRequest, case: Case, person: Person, *, status: int = 200, **more: Any) -> HttpResponse:
    same: dict[str, Any] = {"org": request.org, "viewer": request.actor, "person": person, "at": request.now}
    channels, policy = _channels(request), _policy(request)
    start = {"channel": case.channel}
    marked = groups_of(**same)
    known = {one.group.key for one in marked}
    others = [one for one in policy.groups.values() if one.key not in known]
    agreements = [
        (one, TakingBack(initial=start | {"purpose": one.key}, key=one.key, channels=channels))
        for one in agreements_of(**same)
    ]
    shown = {
        "case": case,
        "person": person,
        "agreements": agreements,
        "marked": marked,
        "channels": channels,
        "blockers": blockers_to_unmark_group(request.actor, marked=True),
        "agreeing": Agreeing(initial=start, channels=channels, purposes=policy.asked) if policy.asked else None,
        "marking": Marking(initial=start, channels=channels, groups=others) if others else None,
    }
    return render(request, "desk/cases/consents.html", shown | more, status=status)


def _policy(request: DeskRequest) -> PeoplePolicy:
    return request.profile.section(PeoplePolicy)


def _channels(request: DeskRequest) -> dict[str, str]:
    return {one.key: one.label for one in request.profile.section(ChannelsPolicy).channels.values()}
