"""Taking letters in: each is kept before its server is told, and read afterwards, alone. One that harms stops none."""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from tempfile import SpooledTemporaryFile
from typing import IO, NamedTuple

from django.db import IntegrityError, connection, transaction

from escucha.contexts.documents.models import File
from escucha.contexts.documents.operations.keeping import keep_file
from escucha.contexts.messaging.events import MailArrived, MailParked, MailRepeated
from escucha.contexts.messaging.models import Arrival
from escucha.contexts.messaging.queries.arrivals import EMAIL, letter_of
from escucha.contexts.messaging.rules.intake import TOO_BIG, UNREADABLE
from escucha.contexts.messaging.rules.mail import Mail
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import SYSTEM
from escucha.kernel.timeline.record import record

State = Arrival.State
TRIES = 5  # of reading, or of settling: then somebody looks at it
LEASE = timedelta(minutes=1)
IN_MEMORY = 4 * 1024 * 1024
ALONE = "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))"
READ = (
    *("message_key", "content_digest", "sender", "sender_name", "title", "body", "automatic", "parsed_at", "state"),
    *("attempts", "next_try_at", "duplicate_of", "settled_at"),
)
log = logging.getLogger(__name__)


class Spooled(NamedTuple):
    """Bytes that came, at hand, with their digest and how many they are."""

    content: IO[bytes]
    digest: str
    size: int


def receive(
    *,
    org: Organisation,
    mailbox: str,
    content: Iterable[bytes],
    arrived_at: datetime,
    largest: int,
    uid_validity: int = 0,
    uid: int | None = None,
    now: datetime,
) -> Arrival | None:
    """The letter in the ledger, with its bytes in the store; None if it was there. Only then may the server be told.

    The same bytes are kept once: the second time the row says of which it is a duplicate. One above `largest` bytes
    is kept and waits for somebody.
    """
    with _spooled(content) as spooled:
        try:
            with transaction.atomic():
                row = Arrival(
                    org=org,
                    channel=EMAIL,
                    mailbox=mailbox,
                    uid_validity=uid_validity,
                    uid=uid,
                    digest=spooled.digest,
                    arrived_at=min(arrived_at, now),
                    at=now,
                )
                return _entered(row, spooled, largest, now)
        except IntegrityError:  # another worker took the same letter at the same time: it was first
            return None


def _entered(row: Arrival, spooled: Spooled, largest: int, now: datetime) -> Arrival:
    _hold(row.org, row.digest)
    twin = Arrival.objects.filter(org=row.org, digest=row.digest, channel=EMAIL).exclude(state=State.DUPLICATE).first()
    if twin:
        row.file, row.state, row.duplicate_of, row.settled_at = twin.file, State.DUPLICATE, twin, now
    else:
        row.file = keep_file(
            org=row.org,
            content=spooled.content,
            name="correo.eml",
            claimed_kind="message/rfc822",
            purpose=File.Purpose.RAW_MAIL,
            limit=spooled.size + 1,
            now=now,
        )
        row.next_try_at = now
        if spooled.size > largest:
            row.state, row.reason, row.settled_at, row.next_try_at = State.PARKED, TOO_BIG, now, None
    row.save(force_insert=True)
    facts = [MailArrived(subject=_subject(row), mailbox=row.mailbox, digest=row.digest)]
    said = MailRepeated(subject=_subject(row), arrival=twin.pk) if twin else None
    parked = MailParked(subject=_subject(row), reason=row.reason) if row.state == State.PARKED else None
    for fact in [*facts, *filter(None, [said, parked])]:
        record(fact, org=row.org, by=SYSTEM, now=now)
    return row


def parse_waiting(*, now: datetime, limit: int = 20) -> int:
    """Read the letters that wait, one by one. On how many something was done."""
    for done in range(limit):
        arrival = claimed(State.RECEIVED, now=now)
        if arrival is None:
            return done
        try:
            _keep_read(arrival, letter_of(arrival), now=now)
        except Exception as error:  # it is tried again when its lease ends, and the next one goes on
            log_failure("could not read", arrival, error)
    return limit


def claimed(state: str, *, now: datetime) -> Arrival | None:
    """The letter in a state that waits longest, leased to this worker. None if none waits.

    Each claim counts: one that ends its worker TRIES times is parked, and never taken again.
    """
    while True:
        with transaction.atomic():
            waiting = Arrival.objects.filter(state=state, channel=EMAIL, next_try_at__lte=now)
            locked = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("org", "file")
            arrival = locked.order_by("next_try_at", "pk").first()
            if arrival is None:
                return None
            if arrival.attempts < TRIES:
                arrival.attempts += 1
                arrival.next_try_at = now + LEASE * 2 ** (arrival.attempts - 1)
                arrival.save(update_fields=["attempts", "next_try_at"])
                return arrival
            park(arrival, reason=UNREADABLE, now=now)


def park(arrival: Arrival, *, reason: str, now: datetime) -> None:
    """A locked letter waits for somebody."""
    arrival.state, arrival.reason, arrival.settled_at, arrival.next_try_at = State.PARKED, reason, now, None
    arrival.save(update_fields=["state", "reason", "settled_at", "next_try_at"])
    record(MailParked(subject=_subject(arrival), reason=reason), org=arrival.org, by=SYSTEM, now=now)


def log_failure(what: str, arrival: Arrival, error: Exception) -> None:
    """The kind of failure only: its words may quote the letter."""
    log.warning("%s arrival %s (try %s): %s", what, arrival.pk, arrival.attempts, type(error).__name__)


@transaction.atomic
def _keep_read(arrival: Arrival, mail: Mail, *, now: datetime) -> None:
    row = Arrival.objects.select_for_update(of=("self",)).select_related("org").get(pk=arrival.pk)
    if row.state != State.RECEIVED:
        return
    row.message_key, row.content_digest = mail.message_key, mail.content_digest
    row.sender, row.sender_name = mail.sender.address, mail.sender.name
    row.title, row.body, row.automatic = mail.subject, mail.text, bool(mail.automatic)
    row.parsed_at, row.state, row.attempts, row.next_try_at = now, State.PARSED, 0, now
    twin = _said_before(row)
    if twin:
        row.state, row.duplicate_of, row.settled_at, row.next_try_at = State.DUPLICATE, twin, now, None
    row.save(update_fields=READ)
    if twin:
        record(MailRepeated(subject=_subject(row), arrival=twin.pk), org=row.org, by=SYSTEM, now=now)


def _said_before(row: Arrival) -> Arrival | None:
    """The same letter, come by another way: the same Message-ID and the same contents."""
    if not row.content_digest:
        return None
    _hold(row.org, row.content_digest)
    same = Arrival.objects.filter(org=row.org, content_digest=row.content_digest).exclude(state=State.DUPLICATE)
    return same.exclude(pk=row.pk).order_by("pk").first()


def _hold(org: Organisation, digest: str) -> None:
    """Who takes in the same letter at the same time waits: one is the first, the other its duplicate."""
    with connection.cursor() as cursor:
        cursor.execute(ALONE, [f"mail:{digest}", org.pk])


@contextmanager
def _spooled(content: Iterable[bytes]) -> Iterator[Spooled]:
    made, size = hashlib.sha256(), 0
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        for part in content:
            file.write(part)
            made.update(part)
            size += len(part)
        file.seek(0)
        yield Spooled(file, made.hexdigest(), size)  # type: ignore[arg-type]  # a file, spooled


def _subject(arrival: Arrival) -> str:
    return f"arrival:{arrival.pk}"
