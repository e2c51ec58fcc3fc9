"""Calls at the desk: those that wait with what is said on answering, and taking one."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from escucha.contexts.assistance.models import IncomingCall
from escucha.contexts.assistance.operations.calls import take_call
from escucha.contexts.assistance.policy import Account, AssistancePolicy
from escucha.contexts.assistance.queries.calls import Caller, caller_of, waiting_calls
from escucha.contexts.assistance.rules.acts import HANDLE
from escucha.contexts.assistance.rules.calls import greeting, hold_words
from escucha.contexts.people.rules.telephones import pretty_phone
from escucha.kernel.words import Refused, Saying
from escucha.web.desk.assistance.affiliates import policy_of
from escucha.web.ui import spanish
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

SHOWN = 3  # who may be calling, of many who share a telephone
VITAL_TURN = 0  # of an account that is answered before the others


class Shown(NamedTuple):
    """A call as the panel shows it."""

    call: IncomingCall
    account: str
    hello: str
    emergency: str
    phone: str
    who: Sequence[str]
    files: Sequence[tuple[str, str]]
    rings: str
    mine: bool
    first: bool
    take_url: str
    file_url: str


@require_safe
@desk(HANDLE)
def panel(request: DeskRequest) -> HttpResponse:
    """What waits, as it is now, for the page that hears of a call."""
    policy_of(request)
    return render(request, "desk/assistance/calls/panel.html", calls_shown(request))


@require_POST
@desk(HANDLE)
def taking(request: DeskRequest, call_id: int) -> HttpResponse:
    """The call is of who takes it first, who goes on to a file with what is known of it."""
    if call_id > 2**63 - 1:
        return redirect("desk:assistance_board")
    try:
        take_call(org=request.org, call_id=call_id, by=request.actor, now=request.now)
    except Refused as refused:
        messages.error(request, " ".join(_(one.text) for one in refused.blockers))
        return redirect("desk:assistance_board")
    return redirect(f"{reverse('desk:new_assistance_file')}?llamada={call_id}")


def calls_shown(request: DeskRequest, *, but: int | None = None) -> dict[str, Any]:
    """What the panel needs, wherever it stands, without the call that the page is about. Nothing for who only looks."""
    policy = request.profile.section(AssistancePolicy)
    if not (request.actor.may(HANDLE) and policy.accounts):
        return {"answers": False}
    found = waiting_calls(org=request.org, viewer=request.actor, now=request.now)
    shown = [_shown(request, policy, call) for call in found if call.pk != but]
    return {
        "answers": True,
        "calls": shown,
        "hold_words": said(hold_words(request.member.account.name)) if len(found) > 1 else "",
    }


def said(saying: Saying) -> str:
    """A sentence in the language of the page, the pieces it is made of included."""
    values = {name: _(value) if isinstance(value, str) and value else value for name, value in saying.values.items()}
    return _(saying.text).format(**values)


def greetings(request: DeskRequest, policy: AssistancePolicy, account: Account | None) -> tuple[str, str]:
    """What is said on answering for an account, and where it is an emergency; by the hour of who calls."""
    if account is None:
        return "", ""
    zone, name, now = policy.zone_of(account.country), request.member.account.name, request.now
    either = (greeting(account.label, name=name, emergency=one, now=now, zone=zone) for one in (False, True))
    hello, emergency = map(said, either)
    return hello, emergency


def who_calls(caller: Caller, policy: AssistancePolicy) -> Iterator[str]:
    for one in caller.affiliates[:SHOWN]:
        plan = policy.plan(one.plan)
        yield " · ".join(filter(None, (one.full_name, plan.label if plan else "")))


def _shown(request: DeskRequest, policy: AssistancePolicy, call: IncomingCall) -> Shown:
    account = policy.account(call.account)
    caller = caller_of(org=request.org, viewer=request.actor, call=call)
    hello, emergency = greetings(request, policy, account)
    return Shown(
        call=call,
        account=account.label if account else _("Cuenta sin identificar"),
        hello=hello,
        emergency=emergency,
        phone=pretty_phone(call.caller) if call.caller else _("Número oculto"),
        who=list(who_calls(caller, policy)),
        files=[(str(one.number), reverse("desk:assistance_file", args=[one.number])) for one in caller.files],
        rings=_waits(call, request.now),
        mine=call.member_id is not None,
        first=call.turn == VITAL_TURN,
        take_url=reverse("desk:call_taking", args=[call.pk]),
        file_url=f"{reverse('desk:new_assistance_file')}?llamada={call.pk}",
    )


def _waits(call: IncomingCall, now: datetime) -> str:
    length = spanish.span(now - call.rang_at)
    if call.held_at:
        return _("en espera, {length}").format(length=length)
    rings = spanish.counted(call.rings, _("timbre"), _("timbres")) if call.rings else ""
    return ", ".join(filter(None, (rings, length)))
