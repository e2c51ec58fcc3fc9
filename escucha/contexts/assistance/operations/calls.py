"""Calls: what the switchboard tells of them, and who takes one. Who calls is never sent about: it is looked up."""

from datetime import datetime

from django.db import IntegrityError, transaction

from escucha.contexts.assistance.events import CallTaken
from escucha.contexts.assistance.models import AssistanceFile, IncomingCall
from escucha.contexts.assistance.queries.doors import policy_of
from escucha.contexts.assistance.rules.calls import CallEvent, Told, blockers_to_take
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.news import announce
from escucha.kernel.timeline.record import record
from escucha.kernel.words import Refused, Saying, _, refuse_if

TOPIC = "call"


def note_call(*, org: Organisation, event: CallEvent, now: datetime) -> IncomingCall:
    """Keep what happened to a call, once, in whatever order it was told. The open pages of the desk hear of it."""
    try:
        with transaction.atomic():
            return _noted(org, event, now)
    except IntegrityError:  # two events of a new call at once: the other was first, and now it is found
        with transaction.atomic():
            return _noted(org, event, now)


@transaction.atomic
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


@transaction.atomic
def bind_call(*, org: Organisation, call_id: int, file: AssistanceFile, by: Actor, now: datetime) -> None:
    """The call is about a file. Asked of a call of somebody else, nothing changes."""
    IncomingCall.objects.filter(org=org, pk=call_id, member=by.member_id, file=None).update(file=file)


def subject_of(call: IncomingCall) -> str:
    return f"call:{call.pk}"


def _noted(org: Organisation, event: CallEvent, now: datetime) -> IncomingCall:
    known = IncomingCall.objects.select_for_update(of=("self",)).filter(org=org, call_key=event.call).first()
    call = known or _new(org, event, now)
    if event.told is Told.ANSWERED and call.answered_at is None:
        call.answered_at, call.rings = event.at, event.rings
    elif event.told is Told.HELD and call.held_at is None:
        call.held_at = event.at
    elif event.told is Told.ENDED and call.ended_at is None:
        call.ended_at, call.abandoned = event.at, call.answered_at is None
    call.rings = max(call.rings, event.rings)
    call.save(update_fields=["answered_at", "rings", "held_at", "ended_at", "abandoned"])
    _tell(call)
    return call


def _new(org: Organisation, event: CallEvent, now: datetime) -> IncomingCall:
    account = policy_of(org, at=now).account_at(event.line)
    return IncomingCall.objects.create(
        org=org,
        call_key=event.call,
        line=event.line,
        caller=event.caller,
        account=account.key if account else "",
        turn=account.turn if account else 1,
        rang_at=event.at,
        rings=event.rings,
    )


def _tell(call: IncomingCall) -> None:
    """That something is new about a call. Neither who calls nor from where is said: the page asks, and is let see."""
    announce(org=call.org, topic=TOPIC, said={"call": call.pk})
