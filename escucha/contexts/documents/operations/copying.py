"""Making the copy that is served: an image drawn anew, or a document without its hidden data. One file at a time."""

import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import IO

from django.db import transaction

from escucha.contexts.documents.gateways import store
from escucha.contexts.documents.models import File
from escucha.contexts.documents.operations.redrawing import redrawn
from escucha.contexts.documents.operations.stripping import stripped_office, stripped_pdf
from escucha.contexts.documents.rules.copying import PICTURES, NoCopy, wait_to_copy

LEASE = timedelta(minutes=15)


def make_copies(*, now: datetime, limit: int = 20) -> int:
    """How many files were tried. What the scanner has not seen yet waits for it, where there is one."""
    for taken in range(limit):
        file = _claimed(now)
        if file is None:
            return taken
        _copy(file, now)
    return limit


@transaction.atomic
def _claimed(now: datetime) -> File | None:
    """Counted as a try before it is one: a file that kills its worker is given up after a few."""
    ready = File.objects.filter(copy_at__lte=now, state__in=[File.State.CLEAN, File.State.UNSCANNED])
    file = ready.order_by("copy_at").select_for_update(skip_locked=True, of=("self",)).first()
    if file is None:
        return None
    wait = wait_to_copy(file.copies)
    file.copies += 1
    file.copy_at = None if wait is None else now + max(wait, LEASE)
    file.save(update_fields=["copies", "copy_at"])
    return file


def _copy(file: File, now: datetime) -> None:
    with tempfile.TemporaryFile() as made:
        try:
            with store.opened(file.key) as original:
                kind = _made(file.kind, original, made)
        except NoCopy as why:
            _give_up(file, str(why))
            return
        except OSError as error:
            File.objects.filter(pk=file.pk).update(error=f"store {type(error).__name__}"[:60])
            return
        size = made.tell()
        made.seek(0)
        key = store.put(_chunks(made), on=now.date())
    waiting = File.objects.filter(pk=file.pk, shown="", state__in=[File.State.CLEAN, File.State.UNSCANNED])
    if not waiting.update(shown=key, shown_kind=kind, shown_size=size, copy_at=None, error=""):
        store.remove(key)  # another worker was first, or the scanner found something meanwhile


def _made(kind: str, original: IO[bytes], made: IO[bytes]) -> str:
    """Writes the copy and says of which kind it is. Raises NoCopy."""
    if kind in PICTURES:
        return redrawn(original, made)
    if kind == "application/pdf":
        stripped_pdf(original, made)
    else:
        stripped_office(original, made)
    return kind


def _give_up(file: File, why: str) -> None:
    File.objects.filter(pk=file.pk).update(copy_at=None, error=f"copy {why}"[:60])


def _chunks(made: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: made.read(store.CHUNK), b"")
