"""The file of a call for help (expediente) and its assistances."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from escucha.contexts.assistance.models.affiliates import Affiliate
from escucha.contexts.assistance.rules.files import FileState
from escucha.contexts.assistance.rules.stages import ENDED, Category, Conformity, Priority, Stage


class AssistanceFile(models.Model):
    """What somebody called about: who calls, for which affiliate, where. It holds one or more assistances."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    profile_version = models.ForeignKey("orgs.ProfileVersion", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()  # six digits, seven when those run out: it is dialled
    form_key = models.CharField(max_length=40, null=True)  # a form sent twice is one file
    state = models.CharField(
        max_length=10, choices=[(one.value, one.name) for one in FileState], default=FileState.OPEN
    )
    coordinator = models.ForeignKey(
        "orgs.Member", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )  # nobody: the queue of the shift
    contact_first_name = models.CharField(max_length=80, blank=True)
    contact_last_name = models.CharField(max_length=80, blank=True)
    contact_phone = models.CharField(max_length=30)
    description = models.TextField(blank=True)
    affiliate = models.ForeignKey(Affiliate, on_delete=models.PROTECT, related_name="+", null=True)
    account = models.CharField(max_length=40)
    plan = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2)
    area = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=200, blank=True)
    references = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    empty_reason = models.CharField(max_length=200, blank=True)  # why it closed without any assistance
    version = models.IntegerField(default=1)

    personal_data = (
        "contact_first_name", "contact_last_name", "contact_phone", "description", "affiliate", "area", "address",
        "references", "lat", "lon", "empty_reason",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "number"], name="file_number_is_unique"),
            models.UniqueConstraint(fields=["org", "form_key"], name="one_file_per_form"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False) ^ Q(state=FileState.OPEN), name="closed_file_has_its_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["org", "coordinator", "-id"], condition=Q(closed_at=None), name="files_in_charge"),
            models.Index(fields=["org", "-id"], condition=Q(closed_at=None), name="open_files"),
        ]

    def __str__(self) -> str:
        return f"file {self.pk}"

    @property
    def subject(self) -> str:
        return f"assistance_file:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class HandOver(models.Model):
    """Who had a file, from when. Only added: the history of its coordinators."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    file = models.ForeignKey(AssistanceFile, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    by = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    personal_data = ()

    def __str__(self) -> str:
        return f"hand-over {self.pk}"


class Assistance(models.Model):
    """One service asked for. Its moments are columns of their own: what was reckoned is in the ledger."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    profile_version = models.ForeignKey("orgs.ProfileVersion", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(AssistanceFile, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()  # the n of expediente/n
    form_key = models.CharField(max_length=40, null=True)
    service = models.CharField(max_length=40)
    stage = models.CharField(max_length=20, choices=[(one.value, one.name) for one in Stage], default=Stage.OPENING)
    category = models.CharField(
        max_length=12, choices=[(one.value, one.name) for one in Category], default=Category.COVERAGE
    )
    priority = models.CharField(max_length=12, choices=[(one.value, one.name) for one in Priority], blank=True)
    zone = models.CharField(max_length=40)  # the time of the place of service: America/Bogota
    happened = models.TextField(blank=True)
    failure = models.TextField(blank=True)
    comments = models.TextField(blank=True)
    plate = models.CharField(max_length=12, blank=True)
    offered_from = models.DateTimeField(null=True)
    offered_until = models.DateTimeField(null=True)
    other_from = models.DateTimeField(null=True)
    other_until = models.DateTimeField(null=True)
    agreed_from = models.DateTimeField(null=True)
    agreed_until = models.DateTimeField(null=True)
    agenda_version = models.PositiveSmallIntegerField(default=1)
    consent = models.BooleanField(null=True)  # to give the affiliate's data to the provider; not asked yet: empty
    consent_at = models.DateTimeField(null=True)
    consent_version = models.CharField(max_length=20, blank=True)
    guarantee_of = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True)
    currency = models.CharField(max_length=3)
    cover_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # of this event; empty: no limit
    opened_at = models.DateTimeField()
    registered_at = models.DateTimeField(null=True)  # accepted: the clock of the assignment runs from here
    assigned_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    diagnosed_at = models.DateTimeField(null=True)
    authorised_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    costed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    diagnosis = models.TextField(blank=True)
    quoted = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    finish_estimate_at = models.DateTimeField(null=True)
    excess = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    payment = models.CharField(max_length=60, blank=True)
    refund_number = models.CharField(max_length=30, blank=True)
    conformity = models.CharField(max_length=14, choices=[(one.value, one.name) for one in Conformity], blank=True)
    conformity_tries = models.PositiveSmallIntegerField(default=0)
    surveyed_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=40, blank=True)  # a key
    page_code = models.CharField(max_length=40, unique=True)  # of the affiliate's page
    version = models.IntegerField(default=1)

    personal_data = ("happened", "failure", "comments", "plate", "diagnosis")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "position"], name="one_assistance_per_position"),
            models.UniqueConstraint(fields=["org", "form_key"], name="one_assistance_per_form"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) ^ Q(stage__in=sorted(ENDED)), name="ended_assistance_has_its_moment"
            ),
            models.CheckConstraint(
                condition=Q(agreed_from=None, agreed_until=None) | Q(agreed_from__lt=models.F("agreed_until")),
                name="agreed_window_in_order",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=[Stage.OPENING, Stage.CANCELLED_AT_ONCE, Stage.CANCELLED_LATER])
                | Q(registered_at__isnull=False),
                name="accepted_assistance_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(arrived_at=None) | Q(finished_at=None) | Q(finished_at__gte=models.F("arrived_at")),
                name="ends_after_it_arrives",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "stage", "-id"], condition=Q(ended_at=None), name="open_assistances"),
            models.Index(fields=["org", "service", "-registered_at"], name="assistances_of_service"),
        ]

    def __str__(self) -> str:
        return f"assistance {self.pk}"

    @property
    def subject(self) -> str:
        return f"assistance:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def window(self) -> tuple[datetime, datetime] | None:
        """From when until when it was agreed that somebody goes."""
        return (self.agreed_from, self.agreed_until) if self.agreed_from and self.agreed_until else None
