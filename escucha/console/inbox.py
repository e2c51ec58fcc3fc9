"""The turn of the mailboxes: each is read when its moment comes, balanced now and then, and what came is settled."""

import logging
from datetime import datetime, timedelta

from escucha.contexts.messaging.gateways import imap
from escucha.contexts.messaging.operations.arriving import parse_waiting
from escucha.contexts.messaging.operations.balance import balance_mailbox
from escucha.contexts.messaging.operations.reading import SHARE as SHARE_OF_READING
from escucha.contexts.messaging.operations.reading import read_mailbox
from escucha.contexts.messaging.operations.signing import is_read
from escucha.contexts.messaging.policy.mailboxes import MailboxesPolicy
from escucha.flows.arrived_message_becomes_case import settle_waiting_mail
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import all_orgs, profile_of

BALANCED_EVERY = timedelta(minutes=15)
SHARE = 20
log = logging.getLogger(__name__)


class Inbox:
    """Remembers when each mailbox was looked at. Another worker may look as well: each letter is taken once."""

    def __init__(self, *, at_once: bool = False) -> None:
        self.at_once = at_once
        self.read_at: dict[tuple[int, str], datetime] = {}
        self.balanced_at: dict[tuple[int, str], datetime] = {}

    def __call__(self, *, now: datetime) -> int:
        done = sum(self._look(org, now) for org in all_orgs())
        return done + parse_waiting(now=now, limit=SHARE) + settle_waiting_mail(now=now, limit=SHARE)

    def _look(self, org: Organisation, now: datetime) -> int:
        profile = profile_of(org, at=now)
        policy = profile.section(MailboxesPolicy)
        every = timedelta(0) if self.at_once else timedelta(seconds=policy.every_seconds)
        done = 0
        for key in policy.boxes:
            place = org.pk, key
            if now - self.read_at.get(place, now - every) >= every and is_read(org.slug, key, profile):
                taken = self._read(org, key, now)
                if taken < SHARE_OF_READING:  # one that holds more goes on in the next turn: others have theirs first
                    self.read_at[place] = now
                done += taken
        return done

    def _read(self, org: Organisation, key: str, now: datetime) -> int:
        """A server that is away, or says no, is asked again at the next moment; the log tells which and no more.

        A mailbox is balanced once it was read to its end: before, what it holds is not yet missing.
        """
        place = org.pk, key
        try:
            taken = read_mailbox(org=org, key=key, now=now)
            is_due = now - self.balanced_at.get(place, now - BALANCED_EVERY) >= BALANCED_EVERY
            if is_due and taken < SHARE_OF_READING:
                balance_mailbox(org=org, key=key, now=now)
                self.balanced_at[place] = now
            return taken
        except (imap.Unavailable, imap.Unusable) as error:
            log.warning("mailbox %s of %s: %s", key, org.slug, error)
            return 0
