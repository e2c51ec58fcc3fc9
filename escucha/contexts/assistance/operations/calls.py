"""Calls: what the switchboard tells of them, and who takes one. Who calls is never sent about: it is looked up."""

from datetime import datetime

from django.db import IntegrityError, transaction

from escucha.contexts.assistance.events import CallTaken
from escucha.contexts.assistance.models import AssistanceFile, IncomingCall
from escucha.contexts.assistance.queries.doors import policy_of
from escucha.contexts.assistance.rules.calls import CallEvent, Told, blockers_to_take
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.news import announce
from escucha.kernel.timeline.record import record
from escucha.kernel.words import Refused, Saying, _, refuse_if

TOPIC = "call"
TOLD = (  # what an event may say of a call
    "line", "caller", "account", "turn", "rang_at", "rings", "answered_at", "held_at", "ended_at", "abandoned",
)  # fmt: skip


def note_call(*, org: Organisation, event: CallEvent, now: datetime) -> IncomingCall:
    """Keep what happened to a call, once, in whatever order it was told. The open pages of the desk hear of it."""
    try:
        with transaction.atomic():
            return _noted(org, event, now)
    except IntegrityError:  # two events of a new call at once: the other was first, and now it is found
        with transaction.atomic():
            return _noted(org, event, now)


@act
def take_call(*, org: Organisation, call_id: int, by: Actor, now: datetime) -> IncomingCall:
    """The call is of who takes it first: everybody else is told. Raises Refused."""
    call = IncomingCall.objects.select_for_update(of=("self",)).filter(org=org, pk=call_id).first()
    if call is None:
        raise Refused([Saying(_("Esa llamada ya no está."))])
    refuse_if(blockers_to_take(taken_by=call.member_id, ended=call.ended_at is not None, by=by))
    if call.member_id is None:
        call.member_id, call.taken_at = by.member_id, now
        call.save(update_fields=["member", "taken_at"])
        record(CallTaken(subject=subject_of(call), call=call.pk, rings=call.rings), org=org, by=by, now=now)
        _tell(call)
    return call


@act
def bind_call(*, org: Organisation, call_id: int, file: AssistanceFile, by: Actor, now: datetime) -> None:
    """The call is about a file. Asked of a call of somebody else, nothing changes."""
    IncomingCall.objects.filter(org=org, pk=call_id, member=by.member_id, file=None).update(file=file)


def subject_of(call: IncomingCall) -> str:
    return f"call:{call.pk}"


def _noted(org: Organisation, event: CallEvent, now: datetime) -> IncomingCall:
    known = IncomingCall.objects.select_for_update(of=("self",)).filter(org=org, call_key=event.call).first()
    call = known or IncomingCall(org=org, call_key=event.call, rang_at=event.at)
    call.rang_at = min(call.rang_at, event.at)  # what rang first may be told last
    call.rings = max(call.rings, event.rings)
    call.caller = call.caller or event.caller
    if event.line and not call.line:
        _on_line(call, event.line, now=now)
    if event.told is Told.ANSWERED:
        call.answered_at = call.answered_at or event.at
    elif event.told is Told.HELD:
        call.held_at = call.held_at or event.at
    elif event.told is Told.ENDED:
        call.ended_at = call.ended_at or event.at
    call.abandoned = call.ended_at is not None and call.answered_at is None
    call.save(update_fields=TOLD if known else None)
    _tell(call)
    return call


def _on_line(call: IncomingCall, line: str, *, now: datetime) -> None:
    """The number that was dialled is that of an account, and it says whose turn comes first."""
    account = policy_of(call.org, at=now).account_at(line)
    call.line = line
    if account:
        call.account, call.turn = account.key, account.turn


def _tell(call: IncomingCall) -> None:
    """That something is new about a call. Neither who calls nor from where is said: the page asks, and is let see."""
    announce(org=call.org, topic=TOPIC, said={"call": call.pk})
