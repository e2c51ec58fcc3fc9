"""Asking the virus scanner about the files that wait for it, one by one."""

from datetime import datetime, timedelta

from django.db import transaction

from escucha.contexts.documents.events import FileFoundClean, FileFoundInfected
from escucha.contexts.documents.gateways import clamd, store
from escucha.contexts.documents.models import File
from escucha.contexts.documents.queries import open_original, subjects_of
from escucha.contexts.documents.rules.taking import wait_to_look
from escucha.kernel.timeline.facts import SYSTEM, Fact
from escucha.kernel.timeline.record import record_all

LEASE = timedelta(minutes=15)  # longer than the scanner may take for the largest file


def scan_waiting(*, now: datetime, limit: int = 20) -> int:
    """On how many files the scanner had its say. What came before there was a scanner is looked at too, last.

    No transaction is open while it is asked, and a file it cannot judge is put off without stopping the next.
    """
    if not clamd.is_configured():
        return 0
    for taken in range(limit):
        file = _claimed(now)
        if file is None:
            return taken
        _look(file, now)
    return limit


@transaction.atomic
def _claimed(now: datetime) -> File | None:
    """The file that waits longest, leased to this worker: if it is killed, another takes it up when the lease ends."""
    waiting = File.objects.filter(look_at__lte=now).order_by("-state", "look_at")
    file = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("org").first()
    if file is not None:
        file.look_at, file.looks = now + LEASE, file.looks + 1
        file.save(update_fields=["look_at", "looks"])
    return file


def _look(file: File, now: datetime) -> None:
    try:
        found = clamd.scan(open_original(file))
    except clamd.TooLarge:
        _settle(file, File.State.UNSCANNED, error="too large", now=now)
    except clamd.Unavailable as error:
        _put_off(file, f"clamd {error}", now)
    except OSError as error:
        _put_off(file, f"store {type(error).__name__}", now)
    else:
        _settle(file, File.State.INFECTED if found else File.State.CLEAN, found=found, now=now)


def _put_off(file: File, error: str, now: datetime) -> None:
    waiting = File.objects.filter(pk=file.pk, looks=file.looks, look_at__isnull=False)
    waiting.update(look_at=now + wait_to_look(file.looks), error=error[:60])


@transaction.atomic
def _settle(file: File, state: File.State, *, now: datetime, found: str = "", error: str = "") -> None:
    """What became of the file, unless another worker, after the lease of this one ended, said it first."""
    row = File.objects.select_for_update().get(pk=file.pk)
    if row.look_at is None:
        return
    row.state, row.look_at, row.looked_at, row.found, row.error = state, None, now, found[:120], error
    fields = ["state", "look_at", "looked_at", "found", "error"]
    if state is File.State.INFECTED:
        _forget_copy(row)
        fields += ["shown", "shown_kind", "shown_size", "copy_at"]
    row.save(update_fields=fields)
    if state is not File.State.UNSCANNED:
        record_all(_facts(row), org=file.org, by=SYSTEM, now=now)


def _forget_copy(file: File) -> None:
    if key := file.shown:
        transaction.on_commit(lambda: store.remove(key))
    file.shown = file.shown_kind = ""
    file.shown_size, file.copy_at = 0, None


def _facts(file: File) -> list[Fact]:
    """The move is told of the file; that it is dangerous, wherever it is attached too."""
    if file.state == File.State.CLEAN:
        return [FileFoundClean(subject=file.subject, file=file.pk)]
    subjects = [file.subject, *subjects_of(file)]
    return [FileFoundInfected(subject=subject, file=file.pk, found=file.found) for subject in subjects]
