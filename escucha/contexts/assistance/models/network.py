"""The network: who may be sent, for what, where and when, and how it has done so far."""

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Collate

# How the network is ordered and looked up: without capitals, accents or signs.
PLAIN_NAME = Collate(Func("name", function="plain_words", output_field=models.TextField()), "C")


class Provider(models.Model):
    """Somebody who is sent. `in_house` solves by telephone or goes out for the company itself."""

    class Kind(models.TextChoices):
        EXTERNAL = "external"
        IN_HOUSE = "in_house"
        DESK = "desk"  # the desk itself, which solves by telephone

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=60)  # what an import recognises it by
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.EXTERNAL)
    name = models.CharField(max_length=120)
    legal_name = models.CharField(max_length=160, blank=True)
    document_number = models.CharField(max_length=30, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    other_phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=200, blank=True)
    active = models.BooleanField(default=True)
    capacity = models.PositiveSmallIntegerField(default=1)  # works at once
    shifts = models.JSONField(default=dict)  # weekday 0-6 to [[opens, closes]] in local minutes; empty: always
    on_guard = models.BooleanField(default=False)  # may be called at any hour
    papers_until = models.DateField(null=True)  # until when its documents are valid; empty: they do not end
    lat = models.FloatField(null=True)  # where it works from
    lon = models.FloatField(null=True)
    seen_lat = models.FloatField(null=True)  # where it was last known to be
    seen_lon = models.FloatField(null=True)
    seen_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)  # counts what was changed of it, so that no page goes over another

    personal_data = (
        "name", "legal_name", "document_number", "contact_name", "phone", "other_phone", "email", "address", "lat",
        "lon", "seen_lat", "seen_lon",
    )  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "key"], name="provider_key_is_unique")]
        indexes = [models.Index(F("org"), PLAIN_NAME, F("id"), name="providers_by_name")]

    def __str__(self) -> str:
        return f"provider {self.pk}"

    @property
    def subject(self) -> str:
        return f"provider:{self.pk}"


class Reach(models.Model):
    """That a provider gives a service in an area, its position in the order of the network and its tariff."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=40)
    area = models.CharField(max_length=120)  # path of the policy; a zone holds for its subzones too
    position = models.PositiveSmallIntegerField(default=1)
    tariff = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    active = models.BooleanField(default=True)

    personal_data = ()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "service", "area"], name="one_reach_per_service_and_area")
        ]
        indexes = [
            models.Index(
                fields=["org", "service", "area", "position", "id"], condition=Q(active=True), name="reach_by_position"
            )
        ]

    def __str__(self) -> str:
        return f"reach {self.pk}"


class Veto(models.Model):
    """That an account, or an affiliate, does not want a provider. It ends; it is never erased."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    account = models.CharField(max_length=40, blank=True)
    affiliate = models.ForeignKey("assistance.Affiliate", on_delete=models.PROTECT, related_name="+", null=True)
    reason = models.CharField(max_length=200)
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    personal_data = ("reason",)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(account="") ^ Q(affiliate__isnull=False), name="veto_says_whose"),
        ]

    def __str__(self) -> str:
        return f"veto {self.pk}"


class Suspension(models.Model):
    """That a provider is sent to nobody for a while, and why; and why it is again. It ends; it is never erased."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    since = models.DateTimeField()
    end_reason = models.CharField(max_length=200, blank=True, default="")
    ended_by = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    ended_at = models.DateTimeField(null=True)

    personal_data = ("reason", "end_reason")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider"], condition=Q(ended_at=None), name="one_suspension_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"suspension {self.pk}"


class Paper(models.Model):
    """A document of a provider and until when it holds. It may be withdrawn; it is never erased.

    `Provider.papers_until` is the first day on which one of them ends.
    """

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    until = models.DateField(null=True)  # empty: it does not end
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    personal_data = ("name",)

    def __str__(self) -> str:
        return f"paper {self.pk}"


class Standing(models.Model):
    """How a provider has done with a service: counts that fade with time, kept in the act that adds to them.

    Every count is as of `faded_at`; who reads it fades it to its own moment. `band` is a part of the day.
    """

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=40)
    band = models.PositiveSmallIntegerField(default=0)
    asked = models.FloatField(default=0)
    answered = models.FloatField(default=0)
    accepted = models.FloatField(default=0)
    jobs = models.FloatField(default=0)
    on_time = models.FloatField(default=0)
    rated = models.FloatField(default=0)
    conforming = models.FloatField(default=0)
    completed = models.FloatField(default=0)
    cost = models.FloatField(default=0)  # sum of what its works cost
    recent = models.FloatField(default=0)  # works it was given, fading within two weeks
    faded_at = models.DateTimeField()
    last_assigned_at = models.DateTimeField(null=True)

    personal_data = ()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "service", "band"], name="one_standing_per_band")]

    def __str__(self) -> str:
        return f"standing {self.pk}"
