"""The case itself. Words said by people are rows of their own: they can be erased and the chain verifies."""

from django.db import models
from django.db.models import Q

from escucha.contexts.cases.rules.standing import OPEN, State


class Case(models.Model):
    """What somebody asked. Who files waits for every index: a column has its own only where some query needs it."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    profile_version = models.ForeignKey(
        "orgs.ProfileVersion", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    filing_number = models.CharField(max_length=30)
    receipt_code = models.CharField(max_length=40)
    verify_code = models.CharField(max_length=40)
    contact_code = models.CharField(max_length=10)
    filing_key = models.CharField(max_length=40, null=True)  # a form sent twice is one case
    channel = models.CharField(max_length=20)
    suggested_type = models.CharField(max_length=60, blank=True)
    case_type = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=20, choices=[(s.value, s.name) for s in State], default=State.FILED)
    emergency = models.BooleanField(default=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    matter = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    received_at = models.DateTimeField()
    filed_at = models.DateTimeField()
    filed_on = models.DateField()  # the same, as the day it was where the organisation is
    received_unit = models.ForeignKey(
        "orgs.Unit", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    filed_by = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", null=True)
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    sent_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)
    notified_how = models.CharField(max_length=20, blank=True)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # the earliest of what it owes, copied from the ledger to order lists
    version = models.IntegerField(default=1)
    turn = models.PositiveSmallIntegerField(default=1)  # 0 goes before 1 where both are due at once
    requester_kind = models.CharField(max_length=20, blank=True)
    anonymous = models.BooleanField(default=False)  # nobody is known
    identity_reserved = models.BooleanField(default=False)  # the person is known, and kept from who has no need
    reserved = models.BooleanField(default=False)  # the whole case is kept from who has no part in it
    filled_by = models.CharField(max_length=10, blank=True)  # person or staff: who wrote what the form says
    site = models.CharField(max_length=60, blank=True)  # the key of the office or box where it was received
    place_code = models.CharField(max_length=5, blank=True)  # DIVIPOLA municipality
    form = models.CharField(max_length=40, blank=True)  # the key of the form it was filed with
    reasons = models.JSONField(default=list)  # of the form: keys
    details = models.JSONField(default=dict)  # of the form: what no other column holds, by field
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    split_from = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)

    personal_data = ("matter", "body", "details")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "filing_number"], name="filing_number_is_unique"),
            models.UniqueConstraint(fields=["receipt_code"], name="receipt_code_is_unique"),
            models.UniqueConstraint(fields=["verify_code"], name="verify_code_is_unique"),
            models.UniqueConstraint(fields=["org", "filing_key"], name="one_case_per_form"),
            models.CheckConstraint(condition=Q(received_at__lte=models.F("filed_at")), name="received_before_filed"),
            models.CheckConstraint(condition=~Q(state="filed") | Q(case_type=""), name="filed_case_has_no_type"),
            models.CheckConstraint(
                condition=Q(notified_at=None) | Q(sent_at__isnull=False), name="notified_case_was_sent"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False) ^ Q(state__in=sorted(OPEN)), name="closed_case_has_its_moment"
            ),
            models.CheckConstraint(condition=~Q(anonymous=True) | Q(person=None), name="anonymous_case_has_no_person"),
        ]
        indexes = [
            models.Index(fields=["org", "due_at", "turn", "id"], condition=Q(closed_at=None), name="open_cases_by_due"),
            models.Index(
                fields=["org", "unit", "due_at", "turn", "id"], condition=Q(closed_at=None), name="unit_cases_by_due"
            ),
            models.Index(
                fields=["org", "member", "due_at", "turn", "id"],
                condition=Q(closed_at=None),
                name="member_cases_by_due",
            ),
            models.Index(fields=["org", "state", "due_at", "turn", "id"], name="cases_by_state"),
            models.Index(fields=["org", "-filed_at", "-id"], name="newest_cases"),
            models.Index(fields=["org", "person"], name="cases_of_person"),
            models.Index(fields=["filed_by"], condition=Q(filed_by__isnull=False), name="cases_of_filer"),
            models.Index(fields=["member"], condition=Q(member__isnull=False), name="cases_of_member"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="merged_cases"),
            models.Index(fields=["split_from"], condition=Q(split_from__isnull=False), name="split_cases"),
            models.Index(fields=["org", "-id"], condition=Q(reserved=True), name="reserved_cases"),
            models.Index(fields=["org", "filed_on"], condition=Q(turn=0), name="preferential_cases"),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"

    @property
    def subject(self) -> str:
        return f"case:{self.pk}"

    @property
    def keeps_papers(self) -> bool:
        """Whether its papers are reserved: they may say who filed, or of whom it is."""
        return self.reserved or self.identity_reserved

    @property
    def is_open(self) -> bool:
        return self.state in OPEN
