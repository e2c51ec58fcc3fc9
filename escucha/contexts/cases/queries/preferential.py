"""How many requests came from people who are attended first, by group. Few of a sensitive group are not told."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from escucha.contexts.cases.queries.doors import listed_cases
from escucha.contexts.people.queries import people_of_group, policy_of
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor

FEWEST = 5  # of a sensitive group: fewer could be recognised


class GroupCount(NamedTuple):
    """`cases` is None where there are some, but too few to be told."""

    label: str
    cases: int | None


def preferential_counts(
    *, org: Organisation, viewer: Actor, since: date, until: date, at: datetime
) -> tuple[int, Sequence[GroupCount]]:
    """The cases that go first among those filed from `since` to `until`, both included, and how many of each group.

    Somebody of two groups counts in both. As many queries as the policy has groups, and one.
    """
    found = listed_cases(org=org, viewer=viewer).filter(turn=0, filed_on__gte=since, filed_on__lte=until).order_by()
    counts = []
    for group in policy_of(org, at=at).groups.values():
        cases = found.filter(person__in=people_of_group(org=org, group=group.key), identity_reserved=False).count()
        told = None if group.sensitive and 0 < cases < FEWEST else cases
        counts.append(GroupCount(group.label, told))
    return found.count(), counts
