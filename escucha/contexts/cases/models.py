"""The tables of cases. Words said by people are rows of their own: they can be erased and the chain verifies."""

from django.db import models
from django.db.models import Q

from escucha.contexts.cases.rules.standing import OPEN, State


class Case(models.Model):
    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    profile_version = models.ForeignKey("orgs.ProfileVersion", on_delete=models.PROTECT, related_name="+")
    filing_number = models.CharField(max_length=30)
    receipt_code = models.CharField(max_length=40, unique=True)
    verify_code = models.CharField(max_length=40, unique=True)
    contact_code = models.CharField(max_length=10)
    filing_key = models.CharField(max_length=40, null=True)  # a form sent twice is one case
    channel = models.CharField(max_length=20)
    suggested_type = models.CharField(max_length=60, blank=True)
    case_type = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=20, choices=[(s.value, s.name) for s in State], default=State.FILED)
    emergency = models.BooleanField(default=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True)
    matter = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    received_at = models.DateTimeField()
    filed_at = models.DateTimeField()
    received_unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", null=True)
    filed_by = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", null=True)
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    sent_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)
    notified_how = models.CharField(max_length=20, blank=True)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # the earliest of what it owes, copied from the ledger to order lists
    version = models.IntegerField(default=1)

    personal_data = ("matter", "body")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "filing_number"], name="filing_number_is_unique"),
            models.UniqueConstraint(fields=["org", "filing_key"], name="one_case_per_form"),
            models.CheckConstraint(condition=Q(received_at__lte=models.F("filed_at")), name="received_before_filed"),
            models.CheckConstraint(condition=~Q(state="filed") | Q(case_type=""), name="filed_case_has_no_type"),
            models.CheckConstraint(
                condition=Q(notified_at=None) | Q(sent_at__isnull=False), name="notified_case_was_sent"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False) ^ Q(state__in=sorted(OPEN)), name="closed_case_has_its_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["org", "due_at", "id"], condition=Q(closed_at=None), name="open_cases_by_due"),
            models.Index(fields=["org", "unit", "due_at", "id"], condition=Q(closed_at=None), name="unit_cases_by_due"),
            models.Index(
                fields=["org", "member", "due_at", "id"], condition=Q(closed_at=None), name="member_cases_by_due"
            ),
            models.Index(fields=["org", "state", "due_at", "id"], name="cases_by_state"),
            models.Index(fields=["org", "-filed_at", "-id"], name="newest_cases"),
            models.Index(fields=["org", "person"], name="cases_of_person"),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"

    @property
    def subject(self) -> str:
        return f"case:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class Answer(models.Model):
    """One answer of a unit, with its check. A rejected one stays; the next is another row."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    salt = models.CharField(max_length=32)
    written_by = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField()
    verdicts = models.JSONField(default=dict)
    checked_by = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    checked_at = models.DateTimeField(null=True)
    passed = models.BooleanField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    link_token = models.CharField(max_length=40, unique=True)

    personal_data = ("body",)

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="answers_of_case")]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class Draft(models.Model):
    """What somebody has written so far, kept so that nothing is lost. One per case and member."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("orgs.Member", on_delete=models.CASCADE, related_name="+")
    body = models.TextField()
    saved_at = models.DateTimeField()

    personal_data = ("body",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "member"], name="one_draft_per_member")]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class Remark(models.Model):
    """What staff said about a case: a note, or the reason of an act. The fact carries its digest."""

    class Kind(models.TextChoices):
        NOTE = "note"
        RETURN = "return"
        REJECTION = "rejection"
        WITHDRAWAL = "withdrawal"

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    body = models.TextField()
    salt = models.CharField(max_length=32)
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    personal_data = ("body",)

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="remarks_of_case")]

    def __str__(self) -> str:
        return f"remark {self.pk}"


class Notice(models.Model):
    """The published notice of an answer that could not reach its person. It names the number and nobody."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    until = models.DateTimeField()  # exclusive: notified from this instant

    personal_data = ()

    class Meta:
        indexes = [models.Index(fields=["org", "until"], name="notices_by_end")]

    def __str__(self) -> str:
        return f"notice {self.pk}"
