"""What followed another case stands on its own again: as it was before, with the turn that its person has now."""

from datetime import datetime
from typing import Any

from escucha.contexts.cases.events import MergeUndone, TurnChanged
from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.owing import keep, owe
from escucha.contexts.cases.operations.turning import turn_of
from escucha.contexts.cases.queries.doors import profile_of_case
from escucha.contexts.cases.queries.joined import debts_of, join_of
from escucha.contexts.cases.rules.standing import State
from escucha.kernel.orgs.queries import profile_of
from escucha.kernel.timeline.facts import SYSTEM, Actor
from escucha.kernel.timeline.record import record


def separate(case: Case, *, by: Actor, now: datetime) -> None:
    """The case owes again what it owed, from its own receipt. It and the one it followed are locked already."""
    join = join_of(case)
    assert join is not None  # a case in that state has one
    join.undone_at, join.undone_by_id = now, by.member_id
    join.save(update_fields=["undone_at", "undone_by"])
    case.state, case.closed_at, case.merged_into = State(join.before["state"]), None, None
    if case.member and not case.member.active:
        case.member = None
    _take_turn(case, now=now)
    owed = [debt for debt in debts_of(case) if debt.kind in join.before["owed"]]
    owe(case, profile_of_case(case), owed, now=now)
    keep(case, "state", "closed_at", "merged_into", "member", "turn")


def tell_separated(case: Case, main: Case, *, by: Actor, now: datetime) -> None:
    parts: dict[str, Any] = {
        "case": case.pk,
        "into": main.pk,
        "number": case.filing_number,
        "into_number": main.filing_number,
    }
    for told in (case, main):
        record(MergeUndone(subject=told.subject, **parts), org=case.org, by=by, now=now)


def _take_turn(case: Case, *, now: datetime) -> None:
    """Who was marked meanwhile, or is no longer: turns are given to open cases only, and this one was not."""
    turn = turn_of(case.person, org=case.org, profile=profile_of(case.org, at=now), now=now)
    if turn != case.turn:
        case.turn = turn
        record(TurnChanged(subject=case.subject, turn=turn), org=case.org, by=SYSTEM, now=now)
