"""Proving the bitácora: every chain is reckoned again and compared with its head, and with what the anchors sealed;
and what it says of rows is compared with the rows.

Up to the last anchor nothing can be altered, removed or re-ordered unseen, whoever did it. Later, what was done by
somebody who also mended chain and head is not seen: only what leaves a gap is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection, transaction

from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import all_orgs, altered_versions
from escucha.kernel.timeline.anchors import CHUNK
from escucha.kernel.timeline.chain import FIRST, entry_hash
from escucha.kernel.timeline.comparing import Compared
from escucha.kernel.timeline.models import AnchoredHead, Entry, Head
from escucha.kernel.timeline.seals import Finding, Seals
from escucha.kernel.words import _

MISSING = _("Faltan los asientos {first} a {last}: fueron borrados.")
ALTERED = _("El asiento {number} fue alterado: su contenido no es el que se registró.")
MOVED = _("El asiento {number} fue cambiado de lugar o alterado: ni su contenido ni su orden son los registrados.")
REMADE = _("El asiento {number} no sigue al {before}: alguno de los dos fue rehecho.")
UNSEALED = _("El asiento {number} no es el que selló el sello del {day}: fue rehecho.")
GONE = _("El sello del {day} guarda el asiento {number}, que ya no está: fue borrado.")
NO_HEAD = _("Falta la cabeza de la cadena, que tiene {number} asientos.")
SHORT = _("La cabeza de la cadena dice que hay {said} asientos y quedan {number}: se borraron los últimos.")
OTHER_PROFILE = _("La versión {number} del perfil no da su resumen: fue alterada.")
OTHER_HEAD = _("La cabeza de la cadena no corresponde al último asiento, el {number}: uno de los dos fue cambiado.")


# In one statement, since writers go on meanwhile: head and entries are of the same moment.
HEAD_AND_ENTRIES = """
SELECT entry.*, head.number AS head_number, head.hash AS head_hash
FROM (SELECT * FROM timeline_head WHERE org_id = %(org)s AND subject = %(subject)s) head
FULL JOIN (SELECT * FROM timeline_entry WHERE org_id = %(org)s AND subject = %(subject)s) entry
    ON entry.org_id = head.org_id AND entry.subject = head.subject
ORDER BY entry.number
"""


class Problem(NamedTuple):
    """Something wrong in a chain, at the number of an entry."""

    number: int
    message: str
    values: dict[str, Any]


class Seal(NamedTuple):
    """What an anchor sealed of a chain."""

    number: int
    hash: str
    day: str


@dataclass(frozen=True)
class Verdict:
    """What can be said of one chain: how many entries it has, up to when it is sealed, where it first breaks."""

    ok: bool
    entries: int
    anchored_until: datetime | None
    broken_at: int | None


class Verification:
    """One reading of the whole bitácora, or of one organisation's. The counts are right when the findings are out."""

    def __init__(self, *, key: Ed25519PublicKey | None, folder: Path, org: Organisation | None = None) -> None:
        self.org = org
        self.seals = Seals(key=key, folder=folder)
        self.subjects = self.entries = self.entries_after_seal = 0

    def findings(self) -> Iterator[Finding]:
        """Everything that is wrong. Reads as of one moment, in constant memory."""
        self.seals.list_copies()
        alone = not connection.in_atomic_block
        with transaction.atomic():
            if alone:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield from self.seals.findings()
            orgs = [self.org] if self.org else all_orgs()
            for org in orgs:
                for number in altered_versions(org):
                    yield Finding(OTHER_PROFILE, {"number": number}, org=org.slug)
            compared = Compared(orgs)
            for (org_id, subject), rows in groupby(self._rows(), key=itemgetter(0)):
                self.subjects += 1
                slug = self.seals.slugs.get(org_id, str(org_id))
                yield from self._chain(slug, subject, (row for _key, row in rows), compared)
            yield from compared.end()

    def _rows(self) -> Iterator[tuple[tuple[int, str], Head | Seal | Entry]]:
        mine = {} if self.org is None else {"org": self.org}
        heads = Head.objects.filter(**mine).order_by("org_id", "subject")
        seals = AnchoredHead.objects.filter(**mine).order_by("org_id", "subject", "number")
        entries = Entry.objects.filter(**mine).order_by("org_id", "subject", "number")
        return merge(
            (((head.org_id, head.subject), head) for head in heads.iterator(CHUNK)),
            (
                ((seal.org_id, seal.subject), Seal(seal.number, seal.hash, self.seals.days.get(seal.anchor_id, "?")))
                for seal in seals.iterator(CHUNK)
            ),
            (((entry.org_id, entry.subject), entry) for entry in entries.iterator(CHUNK)),
            key=itemgetter(0),
        )

    def _chain(
        self, slug: str, subject: str, rows: Iterable[Head | Seal | Entry], compared: Compared
    ) -> Iterator[Finding]:
        chain = Chain()
        for row in rows:
            for problem in chain.take(row):
                yield Finding(problem.message, problem.values, org=slug, subject=subject)
            if isinstance(row, Entry):
                yield from compared.take(row)
        for problem in chain.end():
            yield Finding(problem.message, problem.values, org=slug, subject=subject)
        self.entries += chain.entries
        self.entries_after_seal += max(chain.number - chain.sealed, 0)


class Chain:
    """One chain, walked once: its head and its seals are given first, then its entries in order."""

    def __init__(self) -> None:
        self.head: Head | None = None
        self.waiting: dict[int, Seal] = {}
        self.number = self.entries = self.sealed = 0
        self.hash = FIRST

    def take(self, row: Head | Seal | Entry) -> Iterator[Problem]:
        if isinstance(row, Head):
            self.head = row
        elif isinstance(row, Seal):
            self.waiting[row.number] = row
            self.sealed = row.number
        else:
            yield from self._entry(row)

    def end(self) -> Iterator[Problem]:
        for seal in self.waiting.values():
            yield Problem(seal.number, GONE, {"number": seal.number, "day": seal.day})
        if self.head is None:
            if self.entries:
                yield Problem(self.number, NO_HEAD, {"number": self.number})
        elif self.head.number > self.number:
            yield Problem(self.number + 1, SHORT, {"said": self.head.number, "number": self.number})
        elif (self.head.number, self.head.hash) != (self.number, self.hash):
            yield Problem(self.number, OTHER_HEAD, {"number": self.number})

    def _entry(self, entry: Entry) -> Iterator[Problem]:
        expected, follows, whole = self.number + 1, entry.previous == self.hash, _rehashed(entry) == entry.hash
        if entry.number > expected:
            yield Problem(expected, MISSING, {"first": expected, "last": entry.number - 1})
        elif whole and not follows:
            yield Problem(entry.number, REMADE, {"number": entry.number, "before": entry.number - 1})
        if not whole:
            yield Problem(entry.number, ALTERED if follows else MOVED, {"number": entry.number})
        seal = self.waiting.pop(entry.number, None)
        if seal and seal.hash != entry.hash:
            yield Problem(entry.number, UNSEALED, {"number": entry.number, "day": seal.day})
        self.number, self.hash, self.entries = entry.number, entry.hash, self.entries + 1


def chain_verdict(*, org: Organisation, subject: str) -> Verdict:
    """Whether the chain about one subject holds; reads no more than that subject's entries."""
    chain, problems, until = Chain(), list[Problem](), None
    for sealed in AnchoredHead.objects.filter(org=org, subject=subject).select_related("anchor").order_by("number"):
        until = sealed.anchor.taken_at
        problems += chain.take(Seal(sealed.number, sealed.hash, str(sealed.anchor.taken_on)))
    rows: Iterable[Any] = Entry.objects.raw(HEAD_AND_ENTRIES, {"org": org.pk, "subject": subject})
    for row in rows:
        if row.head_number is not None and chain.head is None:
            problems += chain.take(Head(org=org, subject=subject, number=row.head_number, hash=row.head_hash))
        if row.pk is not None:
            problems += chain.take(row)
    problems += chain.end()
    broken_at = min((problem.number for problem in problems), default=None)
    return Verdict(ok=not problems, entries=chain.entries, anchored_until=until, broken_at=broken_at)


def _rehashed(entry: Entry) -> str:
    return entry_hash(
        previous=entry.previous,
        org_id=entry.org_id,
        subject=entry.subject,
        number=entry.number,
        verb=entry.verb,
        data=entry.data,
        actor_kind=entry.actor_kind,
        actor_id=entry.actor_id,
        member_id=entry.member_id,
        at=entry.at,
    )
