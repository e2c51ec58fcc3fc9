"""Who had a case in charge has it no longer."""

from datetime import datetime

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.owing import entrust, keep
from escucha.contexts.cases.queries.reserved import keepers_of
from escucha.kernel.timeline.facts import Actor


def release(case: Case, *, by: Actor, now: datetime) -> None:
    """Nobody in particular has the case in charge, nor owes what it owes; the caller keeps it."""
    if case.member and case.member.unit_id:
        entrust(case, None, unit_id=case.member.unit_id, by=by, now=now)
    case.member = None


def let_go(case: Case, *, by: Actor, now: datetime) -> None:
    """Who is accused, or leads whom is, has the case in charge no longer."""
    if case.member is not None and case.member not in keepers_of(case, now=now):
        release(case, by=by, now=now)
        keep(case, "member")
