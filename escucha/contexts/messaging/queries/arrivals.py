"""The doors to the intake ledger. What came about a case that the viewer may not open is not found."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from escucha.contexts.documents.queries import open_original
from escucha.contexts.messaging.gateways import imap
from escucha.contexts.messaging.models import Arrival, MailboxBalance
from escucha.contexts.messaging.policy.mailboxes import Mailbox, MailboxesPolicy
from escucha.contexts.messaging.rules.mail import Mail, read_mail
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.profiles.loader import Profile
from escucha.kernel.timeline.facts import Actor

Subjects = QuerySet[Any, str] | Collection[str]
EMAIL, REVIEW = "email", "intake.review"
WAITING = (Arrival.State.RECEIVED, Arrival.State.PARSED)
COUNTED = 100  # beyond it a page says `más de`
SILENCE = timedelta(hours=2)  # without a balance, which a mailbox that can be read has every quarter of an hour


class NoSuchArrival(LookupError):
    """There is no such entry, or not for who asks."""


class Waiting(NamedTuple):
    """How many messages nobody has looked at, never counting past COUNTED + 1, and when the first came."""

    many: int
    since: datetime | None

    @property
    def more_than(self) -> int:
        """How many there are more of than were counted; 0 where all were."""
        return COUNTED if self.many > COUNTED else 0


class Silent(NamedTuple):
    """A mailbox that should be read and is not, since when; none where it never was."""

    box: Mailbox
    since: datetime | None


class Alarms(NamedTuple):
    """What of the mailboxes is not in the ledger, as far as it is known: letters that lack, and whole mailboxes."""

    missing: Sequence[MailboxBalance]
    silent: Sequence[Silent]


def arrivals(
    *,
    org: Organisation,
    viewer: Actor,
    kept_from: Subjects = (),
    state: str = "",
    mailbox: str = "",
    before: int | None = None,
    limit: int = 40,
) -> Sequence[Arrival]:
    """The newest first; `before` is the id of the last one shown."""
    found = _seen(org, viewer, kept_from)
    if state in Arrival.State.values:
        found = found.filter(state=state)
    if mailbox:
        found = found.filter(mailbox=mailbox)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[:limit])


def to_review(
    *,
    org: Organisation,
    viewer: Actor,
    kept_from: Subjects = (),
    automatic: bool = False,
    after: int | None = None,
    limit: int = 40,
) -> Sequence[Arrival]:
    """What waits for somebody, the oldest first: what people wrote, or else what programs did."""
    found = _in_tray(_seen(org, viewer, kept_from)).filter(automatic=automatic)
    if after is not None:
        found = found.filter(pk__gt=after)
    return list(found.order_by("pk")[:limit])


def review_count(*, org: Organisation, viewer: Actor, automatic: bool = False) -> int:
    """How many wait, never counting past COUNTED + 1."""
    return _in_tray(_seen(org, viewer, ())).filter(automatic=automatic).order_by().values("pk")[: COUNTED + 1].count()


def waiting_for_review(*, org: Organisation, viewer: Actor) -> tuple[Waiting, Waiting]:
    """What people wrote and what programs did, in one query; nothing for who may not review."""
    if not viewer.may(REVIEW):
        return Waiting(0, None), Waiting(0, None)
    tray = _in_tray(_seen(org, viewer, ())).order_by("pk").values_list("automatic", "arrived_at")
    people, programs = (tray.filter(automatic=robots)[: COUNTED + 1] for robots in (False, True))
    came = list(people.union(programs, all=True))
    first, second = ([at for automatic, at in came if automatic is robots] for robots in (False, True))
    return Waiting(len(first), min(first, default=None)), Waiting(len(second), min(second, default=None))


def arrival_by_id(*, org: Organisation, viewer: Actor, arrival_id: int, kept_from: Subjects = ()) -> Arrival:
    return _one(_seen(org, viewer, kept_from).filter(pk=arrival_id).select_related("file", "settled_by__account"))


def arrival_for_change(*, org: Organisation, arrival_id: int, by: Actor) -> Arrival:
    """The entry, locked until the transaction ends. Raises NoSuchArrival for who may not review."""
    return _one(_seen(org, by, ()).filter(pk=arrival_id).select_related("org", "file").select_for_update(of=("self",)))


def waiting_mail(*, org: Organisation, arrival_id: int) -> Arrival | None:
    """A letter that was read and not yet settled, locked until the transaction ends; None if it is settled."""
    waiting = Arrival.objects.filter(org=org, pk=arrival_id, channel=EMAIL, state=Arrival.State.PARSED)
    return waiting.select_related("org", "file").select_for_update(of=("self",)).first()


def letter_of(arrival: Arrival) -> Mail:
    """What the letter says, read again from its bytes. Raises OSError where the store has lost them."""
    return read_mail(b"".join(raw_of(arrival)))


def raw_of(arrival: Arrival) -> Iterator[bytes]:
    return open_original(arrival.file) if arrival.file else iter(())


def balances(*, org: Organisation, viewer: Actor, limit: int = 60) -> Sequence[MailboxBalance]:
    """The last balances, newest first."""
    found = MailboxBalance.objects.filter(org=org) if viewer.may(REVIEW) else MailboxBalance.objects.none()
    return list(found.order_by("-day", "mailbox")[:limit])


def last_balances(*, org: Organisation) -> Mapping[str, MailboxBalance]:
    """The last balance of each mailbox, for who watches over the installation."""
    found = MailboxBalance.objects.filter(org=org).order_by("mailbox", "-day").distinct("mailbox")
    return {balance.mailbox: balance for balance in found}


def mailbox_alarms(*, org: Organisation, profile: Profile, now: datetime) -> Alarms:
    boxes, last = profile.section(MailboxesPolicy).boxes, last_balances(org=org)
    since = {key: last[key].at if key in last else None for key in boxes if _should_be_read(org, key, profile)}
    return Alarms(
        missing=[one for key, one in last.items() if one.missing and key in boxes],
        silent=[Silent(boxes[key], at) for key, at in since.items() if at is None or now - at > SILENCE],
    )


def stuck_arrivals(*, org: Organisation, before: datetime) -> int:
    """How many came before a moment and are still waiting to be read or settled."""
    return Arrival.objects.filter(org=org, state__in=WAITING, at__lt=before).count()


def counts_of(*, org: Organisation, mailbox: str, since: datetime, until: datetime) -> Mapping[str, int]:
    """How many came to a mailbox in a span, by what became of them."""
    found = Arrival.objects.filter(org=org, mailbox=mailbox, channel=EMAIL, at__gte=since, at__lt=until)
    rows = found.order_by().values("state").annotate(many=Count("pk"))
    return {row["state"]: row["many"] for row in rows}


def known_uids(*, org: Organisation, mailbox: str, uid_validity: int, uids: Collection[int]) -> set[int]:
    """Those of some letters of a folder that the ledger has."""
    found = Arrival.objects.filter(org=org, mailbox=mailbox, uid_validity=uid_validity, uid__in=uids)
    return {uid for uid in found.values_list("uid", flat=True) if uid is not None}


def last_uid(*, org: Organisation, mailbox: str, uid_validity: int) -> int:
    """The highest number of a folder that the ledger has; 0 if none."""
    found = Arrival.objects.filter(org=org, mailbox=mailbox, uid_validity=uid_validity, uid__isnull=False)
    return found.order_by("-uid").values_list("uid", flat=True).first() or 0


def _should_be_read(org: Organisation, key: str, profile: Profile) -> bool:
    """Whether this installation has an account of the mailbox, be it one that cannot be used."""
    try:
        return imap.account_of(org.slug, key, sample=profile.identity.sample) is not None
    except imap.Unusable:
        return True


def _seen(org: Organisation, viewer: Actor, kept_from: Subjects) -> QuerySet[Arrival]:
    """What came twice says both times the same, so it is kept from the same people."""
    if not viewer.may(REVIEW):
        return Arrival.objects.none()
    found = Arrival.objects.filter(org=org).select_related("duplicate_of")
    if isinstance(kept_from, QuerySet) or kept_from:
        found = found.exclude(Q(subject__in=kept_from) | Q(duplicate_of__subject__in=kept_from))
    return found


def _in_tray(found: QuerySet[Arrival]) -> QuerySet[Arrival]:
    return found.filter(state=Arrival.State.PARKED, settled_by=None)


def _one(found: QuerySet[Arrival]) -> Arrival:
    arrival = found.first()
    if arrival is None:
        raise NoSuchArrival
    return arrival
