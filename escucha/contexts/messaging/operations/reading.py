"""Reading a mailbox: what its folder holds goes into the ledger, and only then is the server told that it was read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection

from escucha.contexts.messaging.gateways import imap
from escucha.contexts.messaging.operations.arriving import receive
from escucha.contexts.messaging.policy.mailboxes import Mailbox, MailboxesPolicy
from escucha.contexts.messaging.queries.arrivals import known_uids, last_uid
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_of

SHARE = 50  # letters of one mailbox in one turn
TROUBLE: dict[tuple[int, str], set[int]] = {}  # of each mailbox, the letters over which this process failed


def read_mailbox(*, org: Organisation, key: str, whole: bool = False, now: datetime) -> int:
    """How many letters went into the ledger. Nothing where the mailbox has no account, or another worker reads it.

    Usually what came after the last one is looked at, and what the server still calls unread: those we took and could
    not mark, or whose turn somebody else's death left out. `whole` compares the folder from its beginning.
    """
    profile = profile_of(org, at=now)
    box = profile.section(MailboxesPolicy).boxes[key]
    account = imap.account_of(org.slug, key, sample=profile.identity.sample)
    if account is None:
        return 0
    with alone(org, key) as is_ours:
        if not is_ours:
            return 0
        with imap.opened(account) as folder:
            largest = profile.section(MailboxesPolicy).largest
            return take_in(org, box, folder, largest=largest, whole=whole, now=now)


def take_in(org: Organisation, box: Mailbox, folder: imap.Folder, *, largest: int, whole: bool, now: datetime) -> int:
    """Each letter that the ledger lacks, oldest first; the server is told of each once it is safe."""
    here: dict[str, Any] = {"org": org, "mailbox": box.key, "uid_validity": folder.uid_validity}
    uids = folder.uids() if whole or box.move_to else _lately(folder, last_uid(**here))
    known = known_uids(uids=uids, **here)
    unmarked = known if box.move_to else known.intersection(folder.unread())
    folder.done_with(sorted(unmarked), move_to=box.move_to)
    taken, trouble = 0, TROUBLE.setdefault((org.pk, box.key), set())
    wanted = sorted((uid for uid in uids if uid not in known), key=lambda uid: (uid in trouble, uid))
    for uid in wanted[: None if whole else SHARE]:
        trouble.add(uid)  # should the server break off over it, the others come first the next time
        try:
            letter = folder.letter(uid)
            arrival = receive(
                content=folder.parts(uid), uid=uid, arrived_at=letter.arrived_at, largest=largest, now=now, **here
            )
        except imap.Withheld:
            continue
        trouble.discard(uid)
        folder.done_with([uid], move_to=box.move_to)
        taken += arrival is not None
    return taken


def _lately(folder: imap.Folder, last: int) -> Sequence[int]:
    return sorted({*folder.uids(after=last), *folder.unread()})


@contextmanager
def alone(org: Organisation, key: str) -> Iterator[bool]:
    """Whether this worker is the one that reads a mailbox now. Who dies lets go of it.

    Were two to read it each letter would still be one row: this only spares the server.
    """
    name: tuple[str, int] = (f"mailbox:{key}", org.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, %s))", name)
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, %s))", name)
