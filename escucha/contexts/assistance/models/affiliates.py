"""Who may ask for assistance: the affiliates that clients send, and the files in which they came."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Collate, Concat, Lower

# How a list of names is ordered and looked up: surnames first, without capitals or accents.
BY_NAME = Collate(
    Lower(
        Func(
            Concat("last_name", Value(" "), "first_name", output_field=models.TextField()),
            Value("áéíóúüñÁÉÍÓÚÜÑ"),
            Value("aeiouunAEIOUUN"),
            function="TRANSLATE",
            output_field=models.TextField(),
        )
    ),
    "C",
)


class AffiliateImport(models.Model):
    """A file of a client's affiliates, taken in whole or not at all, or without its bad rows."""

    class State(models.TextChoices):
        SHOWN = "shown"  # as it was read: nobody has said yet that it goes in
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        REFUSED = "refused"  # it had bad rows and was asked to be all or nothing
        FAILED = "failed"
        DROPPED = "dropped"  # who sent it thought better of it

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    account = models.CharField(max_length=40)
    file = models.ForeignKey("documents.File", on_delete=models.PROTECT, related_name="+", null=True)
    file_kind = models.CharField(max_length=4)  # csv or xlsx
    all_or_nothing = models.BooleanField(default=False)
    ends_missing = models.BooleanField(default=False)  # who is not in the file is no longer active
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    rows_read = models.PositiveIntegerField(default=0)
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_ended = models.PositiveIntegerField(default=0)
    rows_bad = models.PositiveIntegerField(default=0)
    bad = models.JSONField(default=list)  # the first ones: row, column and reason, never the value
    reason = models.CharField(max_length=20, blank=True, default="")  # a key: why nothing of the file went in
    bad_file = models.ForeignKey("documents.File", on_delete=models.PROTECT, related_name="+", null=True)  # all of them
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)  # a worker that was killed stops renewing it, and another goes on
    attempts = models.PositiveSmallIntegerField(default=0)

    personal_data = ()

    class Meta:
        indexes = [
            models.Index(fields=["org", "-id"], name="newest_imports"),
            models.Index(fields=["id"], condition=Q(state__in=["waiting", "running"]), name="imports_to_run"),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def subject(self) -> str:
        return f"affiliate_import:{self.pk}"

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None


class Affiliate(models.Model):
    """Somebody with a plan, or a beneficiary of who has it. `keys` is what it is looked up by, each with its letter.

    `d:` the document, `v:` the account's own field, `t:` a telephone by its last digits.
    """

    class Status(models.TextChoices):
        ACTIVE = "active"
        TO_VERIFY = "to_verify"
        INACTIVE = "inactive"

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.CharField(max_length=40)
    plan = models.CharField(max_length=40)
    holder = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True)
    relation = models.CharField(max_length=40, blank=True, default="")
    first_name = models.CharField(max_length=80, blank=True, default="")
    last_name = models.CharField(max_length=80, blank=True, default="")
    document_kind = models.CharField(max_length=4, blank=True, default="")
    document_number = models.CharField(max_length=30, blank=True, default="")
    validator = models.CharField(max_length=60, blank=True, default="")
    phone = models.CharField(max_length=30, blank=True, default="")
    other_phone = models.CharField(max_length=30, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    area = models.CharField(max_length=120, blank=True, default="")  # path of the policy: co/bogota/norte
    address = models.CharField(max_length=200, blank=True, default="")
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    since_on = models.DateField(null=True)  # the plan counts its years from this day
    until_on = models.DateField(null=True)  # the last day of the plan
    keys = ArrayField(models.CharField(max_length=64), default=list)
    external_key = models.CharField(max_length=120)  # what an import recognises it by, within its account
    last_import = models.ForeignKey(
        AffiliateImport, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    known_since = models.DateTimeField()
    changed_at = models.DateTimeField()

    personal_data = (
        "relation", "first_name", "last_name", "document_kind", "document_number", "validator", "phone", "other_phone",
        "email", "area", "address", "keys", "external_key",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "account", "external_key"], name="affiliate_once_per_account"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(since_on=None) | Q(until_on__gte=models.F("since_on")),
                name="plan_ends_later",
            ),
        ]
        indexes = [
            GinIndex(fields=["keys"], name="affiliates_by_key", fastupdate=False),
            models.Index(fields=["org", "account", "status"], name="affiliates_of_account"),
            models.Index(F("org"), F("account"), BY_NAME, F("id"), name="affiliates_by_name"),
        ]

    def __str__(self) -> str:
        return f"affiliate {self.pk}"

    @property
    def subject(self) -> str:
        return f"affiliate:{self.pk}"

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()
