"""The doors to people."""

from collections.abc import Collection, Mapping

from escucha.contexts.people.models import Person
from escucha.kernel.orgs.models import Organisation


def person_by_id(*, org: Organisation, person_id: int) -> Person:
    return Person.objects.get(org=org, pk=person_id)


def people_by_id(*, org: Organisation, ids: Collection[int]) -> Mapping[int, Person]:
    return Person.objects.filter(org=org).in_bulk(ids)
