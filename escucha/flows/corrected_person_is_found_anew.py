"""When the data of a person are corrected, all that it asked is found by them, and no longer by what was wrong."""

from datetime import datetime

from escucha.contexts.cases.operations.correcting import find_by_person
from escucha.contexts.people.events import PersonCorrected
from escucha.kernel.orgs.models import Organisation


def find_anew(fact: PersonCorrected, *, org: Organisation, now: datetime) -> None:
    find_by_person(org=org, person_id=int(fact.subject.removeprefix("person:")))
