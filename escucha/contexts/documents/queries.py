"""The doors to files. The caller has already proved that the viewer may see the subject."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence

from django.db.models import Count

from escucha.contexts.documents.events import FileAttached, OriginalOpened
from escucha.contexts.documents.gateways import store
from escucha.contexts.documents.models import Attachment, File, LeftOut
from escucha.kernel.composed import Blank, Composed
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.comparing import Difference
from escucha.kernel.words import _

ALL_ABOUT = Composed(
    lambda: (
        Attachment.objects.filter(org=Blank("org"), subject=Blank("subject"))
        .select_related("file", "detached_by__account", "added_by__account")
        .order_by("number")
    )
)
FILE_GONE = _("El anexo {number} que dice la bitácora ya no está: fue borrado.")
FILE_ALTERED = _("El anexo {number} no tiene los bytes con que se adjuntó: fue alterado.")


class NoSuchAttachment(Exception):
    """There is none, or it is not about that subject."""


def files_about(*, org: Organisation, subject: str) -> Sequence[Attachment]:
    """The attachments of a subject in their order, each with its file. Those taken off are not among them."""
    found = Attachment.objects.filter(org=org, subject=subject, detached_at=None)
    return list(found.select_related("file").order_by("number"))


def all_about(*, org: Organisation, subject: str) -> Sequence[Attachment]:
    """Those taken off too, each with who did it."""
    return ALL_ABOUT.ask(org=org.pk, subject=subject)


def left_out_of(*, org: Organisation, letters: Collection[File]) -> Sequence[LeftOut]:
    """What some letters brought and was not taken, each with its letter, in their order."""
    found = LeftOut.objects.filter(org=org, letter__in=letters).select_related("letter")
    return list(found.order_by("letter_id", "place"))


def has_same(*, org: Organisation, subject: str, digest: str) -> bool:
    """Whether the subject already has those same bytes."""
    found = Attachment.objects.filter(org=org, subject=subject, detached_at=None)
    return found.filter(file__digest=digest).exists()


def file_counts(*, org: Organisation, subjects: Collection[str]) -> Mapping[str, int]:
    """How many attachments each subject has, for those that have any."""
    found = Attachment.objects.filter(org=org, subject__in=subjects, detached_at=None).order_by().values("subject")
    return {row["subject"]: row["many"] for row in found.annotate(many=Count("id"))}


def file_to_read(*, org: Organisation, attachment_id: int, subject: str) -> Attachment:
    """An attachment of that subject, with its file. Raises NoSuchAttachment."""
    found = Attachment.objects.filter(org=org, pk=attachment_id, subject=subject, detached_at=None)
    return _one(found.select_related("file").first())


def attachment_for_change(*, org: Organisation, attachment_id: int, subject: str) -> Attachment:
    """The attachment, taken off or not, locked until the transaction ends. Raises NoSuchAttachment."""
    found = Attachment.objects.filter(org=org, pk=attachment_id, subject=subject).select_related("file")
    return _one(found.select_for_update(of=("self",)).first())


def subjects_of(file: File) -> Sequence[str]:
    """What the file is about, or was."""
    return list(Attachment.objects.filter(file=file).order_by("pk").values_list("subject", flat=True))


def open_original(file: File) -> Iterator[bytes]:
    """The bytes as they were received. Raises OSError, before the first, where the store has lost them."""
    return _begun(store.chunks_of(file.key))


def open_shown(file: File) -> Iterator[bytes]:
    """The copy that is served in the place of the bytes received. Raises OSError where there is none."""
    if not file.shown:
        raise FileNotFoundError
    return _begun(store.chunks_of(file.shown))


def files_that_differ(facts: Sequence[FileAttached | OriginalOpened], *, org: Organisation) -> Iterator[Difference]:
    """Attachments whose file is gone, or is not, byte for byte, the one whose digest was recorded."""
    files = File.objects.filter(org=org).in_bulk([fact.file for fact in facts])
    for fact in facts:
        if wrong := _wrong_with(files.get(fact.file), fact.digest):
            yield Difference(fact, wrong, {"number": fact.number})


def has_bytes(file: File, digest: str) -> bool:
    """Whether the store has the bytes of that digest (SHA-256). Raises OSError where it has lost them."""
    found = hashlib.sha256()
    for chunk in store.chunks_of(file.key):
        found.update(chunk)
    return found.hexdigest() == digest


def _wrong_with(file: File | None, digest: str) -> str:
    try:
        return FILE_GONE if file is None else "" if has_bytes(file, digest) else FILE_ALTERED
    except OSError:
        return FILE_GONE


def _begun(chunks: Iterator[bytes]) -> Iterator[bytes]:
    first = next(chunks, b"")

    def flow() -> Iterator[bytes]:
        yield first
        yield from chunks

    return flow()


def _one(found: Attachment | None) -> Attachment:
    if found is None:
        raise NoSuchAttachment
    return found
