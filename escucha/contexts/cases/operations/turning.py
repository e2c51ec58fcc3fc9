"""Who is attended first among those whose term ends at the same moment. No due time is ever moved by it."""

import logging
from datetime import datetime

from django.db import transaction

from escucha.contexts.cases.events import TurnChanged
from escucha.contexts.cases.models import Case
from escucha.contexts.cases.queries.doors import open_cases_of
from escucha.contexts.people.models import Person
from escucha.contexts.people.policy import PeoplePolicy
from escucha.contexts.people.queries import is_preferential, person_by_id
from escucha.kernel.commitments import ledger
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_of
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.facts import SYSTEM
from escucha.kernel.timeline.record import record

FIRST, USUAL = 0, 1
log = logging.getLogger(__name__)


def take_turn(case: Case, *, profile: Profile, now: datetime) -> None:
    """Who is attended first is, from its filing on: also who was marked while this waited for its number."""
    case.turn = turn_of(case.person, org=case.org, profile=profile, now=now)
    if case.turn != USUAL:
        ledger.place(org=case.org, subject=case.subject, turn=case.turn, reserved=case.reserved)


def turn_of(person: Person | None, *, org: Organisation, profile: Profile, now: datetime) -> int:
    """The turn of what a person files. Whatever goes wrong here, it is filed: then it is given the usual one."""
    if person is None or person.known_since == now:  # nobody has been marked before being known
        return USUAL
    try:
        with transaction.atomic():
            return _turn(org, person, profile, now)
    except Exception as error:
        log.warning("no turn could be told: %s", type(error).__name__)  # its message may name a person
        return USUAL


@transaction.atomic
def give_turn(*, org: Organisation, person_id: int, now: datetime) -> int:
    """The open cases of a person take the turn it has now. Returns how many changed; twice is as once."""
    turn = _turn(org, person_by_id(org=org, person_id=person_id), profile_of(org, at=now), now)
    changed: list[Case] = [case for case in open_cases_of(org=org, person_id=person_id) if case.turn != turn]
    for case in changed:
        case.turn = turn
        case.save(update_fields=["turn"])
        ledger.place(org=org, subject=case.subject, turn=turn, reserved=case.reserved)
        record(TurnChanged(subject=case.subject, turn=turn), org=org, by=SYSTEM, now=now)
    return len(changed)


def _turn(org: Organisation, person: Person, profile: Profile, now: datetime) -> int:
    if not profile.section(PeoplePolicy).groups:
        return USUAL
    return FIRST if is_preferential(org=org, person=person, at=now) else USUAL
