"""What the bitácora says of rows is compared with the rows.

The kernel does not know whose rows they are: the switchboard connects who compares when the process starts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.aloud import fact_of
from escucha.kernel.timeline.facts import Fact
from escucha.kernel.timeline.models import Entry
from escucha.kernel.timeline.seals import Finding

AT_ONCE = 500


class Difference(NamedTuple):
    """A row that is not what a fact says. What was erased on purpose leaves an empty text: told, but not wrong."""

    fact: Fact
    message: str
    values: Mapping[str, Any]
    erased: bool = False


class Comparison(Protocol):
    """Compares facts of one kind, of one organisation, with the rows they are about."""

    def __call__(self, facts: Sequence[Any], /, *, org: Organisation) -> Iterable[Difference]: ...


_comparisons: dict[str, Comparison] = {}


def compare(pairs: Iterable[tuple[type[Fact], Comparison]]) -> None:
    """Connect comparisons to facts. A pair given again changes nothing; TypeError for a second one of a fact."""
    for said, comparison in pairs:
        if _comparisons.setdefault(said.verb, comparison) is not comparison:
            raise TypeError(f"{said.verb} is compared already")


class Compared:
    """Entries are given in the order of the bitácora; their facts are compared some hundreds at a time."""

    def __init__(self, orgs: Iterable[Organisation]) -> None:
        self.orgs = {org.pk: org for org in orgs}
        self.org_id = 0
        self.waiting: list[Fact] = []

    def take(self, entry: Entry) -> Iterator[Finding]:
        if entry.org_id != self.org_id or len(self.waiting) >= AT_ONCE:
            yield from self.end()
            self.org_id = entry.org_id
        if entry.verb in _comparisons and (fact := fact_of(entry)):
            self.waiting.append(fact)

    def end(self) -> Iterator[Finding]:
        facts, self.waiting = self.waiting, []
        for comparison in dict.fromkeys(_comparisons[fact.verb] for fact in facts):
            mine = [fact for fact in facts if _comparisons[fact.verb] is comparison]
            for fact, message, values, erased in comparison(mine, org=self.orgs[self.org_id]):
                slug = self.orgs[self.org_id].slug
                yield Finding(message, dict(values), org=slug, subject=fact.subject, erased=erased)
