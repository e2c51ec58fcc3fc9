"""What the bitácora says of letters that arrived, compared with what is kept of them."""

from collections.abc import Iterator, Sequence

from escucha.contexts.documents.queries import has_bytes
from escucha.contexts.messaging.events import MailArrived
from escucha.contexts.messaging.models import Arrival
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.comparing import Difference
from escucha.kernel.words import _

LETTER_GONE = _("La llegada {number} que dice la bitácora ya no está, o perdió su carta: fue borrada.")
LETTER_ALTERED = _("La llegada {number} no tiene los bytes con que llegó: fue alterada.")


def letters_that_differ(facts: Sequence[MailArrived], *, org: Organisation) -> Iterator[Difference]:
    """Letters that are gone, or are not, byte for byte, what arrived."""
    numbers = {fact.subject: int(fact.subject.partition(":")[2]) for fact in facts}
    rows = Arrival.objects.filter(org=org).select_related("file").in_bulk(list(numbers.values()))
    for fact in facts:
        number = numbers[fact.subject]
        if wrong := _wrong_with(rows.get(number), fact.digest):
            yield Difference(fact, wrong, {"number": number})


def _wrong_with(row: Arrival | None, digest: str) -> str:
    if row is None or row.file is None:
        return LETTER_GONE
    try:
        return "" if has_bytes(row.file, digest) else LETTER_ALTERED
    except OSError:
        return LETTER_GONE
