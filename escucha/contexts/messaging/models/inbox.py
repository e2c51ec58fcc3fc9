"""The intake ledger: every message that arrived and what became of it. Nothing that arrived is ever without a row."""

from django.db import models
from django.db.models import Q


class Arrival(models.Model):
    """A message that arrived by e-mail or text. It is kept, byte for byte, before its sender's server is told so."""

    class State(models.TextChoices):
        RECEIVED = "received"
        PARSED = "parsed"
        FILED = "filed"  # became a case, or a word about one: `subject` says which
        PARKED = "parked"  # somebody has to look at it: `reason` says why
        DUPLICATE = "duplicate"  # of another arrival

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, default="email")
    mailbox = models.CharField(max_length=60)  # its key in the profile; of a text, the gateway's
    uid_validity = models.BigIntegerField(default=0)
    uid = models.BigIntegerField(null=True)  # in the mailbox; none where messages are handed to us one by one
    gateway_ref = models.CharField(max_length=120, blank=True)
    digest = models.CharField(max_length=64)  # SHA-256 of the bytes
    file = models.ForeignKey("documents.File", on_delete=models.PROTECT, related_name="+", null=True)
    message_key = models.CharField(max_length=250, blank=True)
    content_digest = models.CharField(max_length=64, blank=True)  # of what was written, however it travelled
    sender = models.CharField(max_length=254, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    automatic = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    reason = models.CharField(max_length=60, blank=True)
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True)
    subject = models.CharField(max_length=80, blank=True)
    arrived_at = models.DateTimeField()  # when the mail server, or the gateway, had it
    at = models.DateTimeField()  # when we kept it
    parsed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    attempts = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)

    personal_data = ("sender", "sender_name", "title", "body")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "mailbox", "uid_validity", "uid"],
                condition=Q(uid__isnull=False),
                name="one_arrival_per_uid",
            ),
            models.UniqueConstraint(
                fields=["org", "mailbox", "gateway_ref"], condition=~Q(gateway_ref=""), name="one_arrival_per_ref"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["received", "parsed"]) ^ Q(settled_at__isnull=False),
                name="settled_arrival_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="duplicate") | Q(duplicate_of__isnull=False), name="duplicate_says_of_what"
            ),
            models.CheckConstraint(condition=~Q(state="parked") | ~Q(reason=""), name="parked_says_why"),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state__in=["received", "parsed"]), name="arrivals_waiting"
            ),
            models.Index(fields=["org", "state", "-id"], name="arrivals_by_state"),
            models.Index(fields=["org", "-id"], name="newest_arrivals"),
            models.Index(
                fields=["org", "automatic", "id"],
                condition=Q(state="parked", settled_by=None),
                name="arrivals_to_review",
            ),
            models.Index(fields=["org", "mailbox", "at"], name="arrivals_of_mailbox"),
            models.Index(fields=["org", "digest"], name="arrivals_by_digest"),
            models.Index(fields=["org", "subject"], condition=~Q(subject=""), name="arrivals_about"),
            models.Index(fields=["org", "content_digest"], condition=~Q(content_digest=""), name="arrivals_by_content"),
        ]

    @property
    def first(self) -> "Arrival":
        """Itself or, of what came twice, what came first: it says the same."""
        return self.duplicate_of or self

    def __str__(self) -> str:
        return f"arrival {self.pk}"


class MailboxBalance(models.Model):
    """Of one mailbox and one day: what the server holds against what the ledger holds. `missing` is the alarm."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    mailbox = models.CharField(max_length=60)
    day = models.DateField()
    in_mailbox = models.IntegerField()
    in_ledger = models.IntegerField()
    received = models.IntegerField(default=0)
    parsed = models.IntegerField(default=0)
    filed = models.IntegerField(default=0)
    parked = models.IntegerField(default=0)
    duplicate = models.IntegerField(default=0)
    missing = models.IntegerField(default=0)
    at = models.DateTimeField()

    personal_data = ()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "mailbox", "day"], name="one_balance_a_day")]

    def __str__(self) -> str:
        return f"balance {self.pk}"
