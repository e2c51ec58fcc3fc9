"""The daily balance of a mailbox: what its folder holds against what the ledger has. What is missing is an alarm."""

import logging
from datetime import datetime, time, timedelta

from django.db import transaction

from escucha.contexts.messaging.events import MailboxUnbalanced
from escucha.contexts.messaging.gateways import imap
from escucha.contexts.messaging.models import MailboxBalance
from escucha.contexts.messaging.operations.reading import alone, take_in
from escucha.contexts.messaging.policy.mailboxes import MailboxesPolicy
from escucha.contexts.messaging.queries.arrivals import counts_of, known_uids
from escucha.kernel.composed import update
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_of
from escucha.kernel.timeline.facts import SYSTEM
from escucha.kernel.timeline.record import record

log = logging.getLogger(__name__)


def balance_mailbox(*, org: Organisation, key: str, now: datetime) -> MailboxBalance | None:
    """Today's balance, made anew. None where the mailbox has no account, or another worker is at it.

    The folder is listed first and read to its end afterwards, so that what comes meanwhile is not called missing.
    """
    profile = profile_of(org, at=now)
    policy = profile.section(MailboxesPolicy)
    account = imap.account_of(org.slug, key, sample=profile.identity.sample)
    if account is None:
        return None
    with alone(org, key) as is_ours:
        if not is_ours:
            return None
        with imap.opened(account) as folder:
            uids = folder.uids()
            take_in(org, policy.boxes[key], folder, largest=policy.largest, whole=True, now=now)
            gone = set(uids) - set(folder.uids())  # moved by us, or taken away by somebody while we looked
            known = known_uids(org=org, mailbox=key, uid_validity=folder.uid_validity, uids=uids)
    missing = len(set(uids) - known - gone)
    return _kept(org, key, in_mailbox=len(uids), in_ledger=len(known), missing=missing, now=now)


@transaction.atomic
def _kept(
    org: Organisation, key: str, *, in_mailbox: int, in_ledger: int, missing: int, now: datetime
) -> MailboxBalance:
    zone = profile_of(org, at=now).zone
    day = now.astimezone(zone).date()
    since = datetime.combine(day, time(), zone)
    counts = counts_of(org=org, mailbox=key, since=since, until=since + timedelta(days=1))
    said = {"in_mailbox": in_mailbox, "in_ledger": in_ledger, "missing": missing, "at": now, **_zeros(), **counts}
    before = MailboxBalance.objects.filter(org=org, mailbox=key, day=day).first()
    balance, made = MailboxBalance.objects.get_or_create(org=org, mailbox=key, day=day, defaults=said)
    if not made:  # only what it counts: `update_or_create` would write the day too, which nobody may change
        for name, value in said.items():
            setattr(balance, name, value)
        update(balance, *sorted(said))
    if missing and (before is None or before.missing != missing):
        log.warning("mailbox %s of %s: %s messages are not in the ledger", key, org.slug, missing)
        fact = MailboxUnbalanced(subject=f"mailbox:{key}", mailbox=key, day=day.isoformat(), missing=missing)
        record(fact, org=org, by=SYSTEM, now=now)
    return balance


def _zeros() -> dict[str, int]:
    return dict.fromkeys(("received", "parsed", "filed", "parked", "duplicate"), 0)
