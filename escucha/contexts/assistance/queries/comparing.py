"""What the bitácora recorded, against the rows as they are: for who verifies an installation."""

from collections.abc import Iterator, Sequence

from escucha.contexts.assistance.events import LineWritten
from escucha.contexts.assistance.models import LogLine
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.comparing import Difference
from escucha.kernel.timeline.digests import digest_of
from escucha.kernel.words import _

GONE = _("La anotación {number} de una asistencia ya no está: fue borrada.")
ALTERED = _("La anotación {number} de una asistencia no dice lo que se anotó: fue alterada.")
ERASED = _("Las palabras de la anotación {number} de una asistencia se borraron.")


def lines_that_differ(facts: Sequence[LineWritten], *, org: Organisation) -> Iterator[Difference]:
    """Lines of the log whose words are not those whose digest was recorded."""
    rows = LogLine.objects.filter(org=org).in_bulk([fact.line for fact in facts])
    for fact in facts:
        if wrong := _differs(fact, rows.get(fact.line)):
            yield Difference(fact, wrong, {"number": fact.line}, erased=wrong == ERASED)


def _differs(fact: LineWritten, line: LogLine | None) -> str:
    if line is None or (line.step, line.subtype) != (fact.step, fact.subtype):
        return GONE if line is None else ALTERED
    if not line.comment:
        return ERASED if fact.digest else ""
    return "" if digest_of(line.salt, line.comment) == fact.digest else ALTERED
