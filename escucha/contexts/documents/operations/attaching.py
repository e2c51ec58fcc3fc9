"""Putting a file beside a subject, and taking it off again."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from escucha.contexts.documents.events import FileAttached, FileDetached, FileReattached, FilesKeptBack, OriginalOpened
from escucha.contexts.documents.models import Attachment, File
from escucha.contexts.documents.operations.refusal import refuse_if
from escucha.contexts.documents.queries import NoSuchAttachment, attachment_for_change
from escucha.contexts.documents.rules.copying import wants_copy
from escucha.contexts.documents.rules.taking import blockers_to_unseal
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.record import record


@transaction.atomic
def attach(
    *, org: Organisation, file: File, subject: str, kind: str, label: str = "", by: Actor, now: datetime
) -> Attachment:
    """The file beside the subject, under its next number. Done twice it is one attachment."""
    if file.org_id != org.pk:
        raise NoSuchAttachment
    _wait_for_turn(org, subject)
    about = Attachment.objects.filter(org=org, subject=subject)
    if known := about.filter(file=file).first():
        return known
    made = Attachment.objects.create(
        org=org,
        file=file,
        subject=subject,
        kind=Attachment.Kind(kind),
        number=(about.aggregate(last=Max("number"))["last"] or 0) + 1,
        label=label.replace("\x00", "")[:200],
        added_by_id=by.member_id,
        at=now,
    )
    fact = FileAttached(
        subject=subject,
        attachment=made.pk,
        number=made.number,
        file=file.pk,
        kind=made.kind,
        size=file.size,
        digest=file.digest,
        content=file.kind,
    )
    record(fact, org=org, by=by, now=now)
    return made


@transaction.atomic
def detach(*, org: Organisation, attachment_id: int, subject: str, by: Actor, now: datetime) -> Attachment:
    """The attachment stays, marked as taken off. Done twice it is done once."""
    taken = attachment_for_change(org=org, attachment_id=attachment_id, subject=subject)
    if taken.detached_at is None:
        taken.detached_at, taken.detached_by_id = now, by.member_id
        taken.save(update_fields=["detached_at", "detached_by"])
        fact = FileDetached(subject=subject, attachment=taken.pk, number=taken.number, file=taken.file_id)
        record(fact, org=org, by=by, now=now)
    return taken


@transaction.atomic
def reattach(*, org: Organisation, attachment_id: int, subject: str, by: Actor, now: datetime) -> Attachment:
    """The attachment is back as it was. Done twice it is done once."""
    back = attachment_for_change(org=org, attachment_id=attachment_id, subject=subject)
    if back.detached_at is not None:
        back.detached_at = back.detached_by_id = None
        back.save(update_fields=["detached_at", "detached_by"])
        fact = FileReattached(subject=subject, attachment=back.pk, number=back.number, file=back.file_id)
        record(fact, org=org, by=by, now=now)
    return back


@transaction.atomic
def keep_back(*, org: Organisation, subject: str, by: Actor, now: datetime) -> int:
    """The files of a subject, those taken off too, are reserved from now on. Returns how many were not: none, again.

    What was served as it came waits for its copy without hidden data; a picture is served as it was drawn.
    """
    about = Attachment.objects.filter(org=org, subject=subject)
    open_ones = File.objects.filter(pk__in=about.values("file"), reserved=False)
    files = list(open_ones.order_by("pk").select_for_update(of=("self",)))
    copied = [one.pk for one in files if not one.shown and wants_copy(kind=one.kind, reserved=True)]
    waiting = File.objects.filter(pk__in=copied, copy_at=None).exclude(state=File.State.INFECTED)
    waiting.update(copy_at=now)
    File.objects.filter(pk__in=[one.pk for one in files]).update(reserved=True)
    if files:
        record(FilesKeptBack(subject=subject, files=len(files)), org=org, by=by, now=now)
    return len(files)


@transaction.atomic
def unseal(*, org: Organisation, attachment_id: int, subject: str, by: Actor, now: datetime) -> File:
    """The file of a reserved attachment, whose bytes as received may now be read: that it was done is written down.

    Who may see the subject is not who may do this: the caller has asked that apart.
    """
    attachment = attachment_for_change(org=org, attachment_id=attachment_id, subject=subject)
    refuse_if(blockers_to_unseal(state=attachment.file.state))
    file = attachment.file
    fact = OriginalOpened(
        subject=subject, attachment=attachment.pk, number=attachment.number, file=file.pk, digest=file.digest
    )
    record(fact, org=org, by=by, now=now)
    return file


def _wait_for_turn(org: Organisation, subject: str) -> None:
    """Who attaches to a subject at the same time waits: each gets its own number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [f"attach:{subject}", org.pk])
