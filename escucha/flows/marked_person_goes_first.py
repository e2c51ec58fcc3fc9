"""When a person is marked as of a group that is attended first, or no longer is, its open cases take that turn."""

from datetime import datetime

from escucha.contexts.cases.operations.turning import give_turn
from escucha.contexts.people.events import GroupMarked, GroupUnmarked
from escucha.kernel.orgs.models import Organisation


def turn_cases(fact: GroupMarked | GroupUnmarked, *, org: Organisation, now: datetime) -> None:
    give_turn(org=org, person_id=int(fact.subject.removeprefix("person:")), now=now)
