"""Acts of receiving: a box that is opened, a public hearing, a batch of letters. Each slip or word is a case."""

from django.db import models
from django.db.models import Q

from escucha.contexts.cases.models.case import Case


class Act(models.Model):
    class Kind(models.TextChoices):
        BOX = "box"
        HEARING = "hearing"

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    number = models.CharField(max_length=30)
    site = models.CharField(max_length=60, blank=True)  # the key of the box, or of the office
    place = models.CharField(max_length=200, blank=True)
    topic = models.CharField(max_length=200, blank=True)
    held_at = models.DateTimeField()  # when the box was opened, or the hearing began
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+")
    witnesses = models.JSONField(default=list)  # names and posts
    first_slip = models.PositiveIntegerField(null=True)
    last_slip = models.PositiveIntegerField(null=True)
    notes = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)

    personal_data = ("witnesses", "notes")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "number"], name="act_number_is_unique"),
            models.CheckConstraint(
                condition=Q(first_slip=None, last_slip=None) | Q(first_slip__lte=models.F("last_slip")),
                name="slips_in_order",
            ),
        ]
        indexes = [models.Index(fields=["org", "-held_at", "-id"], name="newest_acts")]

    def __str__(self) -> str:
        return f"act {self.pk}"


class Slip(models.Model):
    """One slip of a box or one word in a hearing, in its place. Without a case it is void, and says why."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()  # the number of the slip, or the turn to speak
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+", null=True)
    written_on = models.DateField(null=True)  # the date on the slip
    minute = models.PositiveIntegerField(null=True)  # of the hearing
    speaker = models.CharField(max_length=200, blank=True)
    commitment = models.TextField(blank=True)  # what was promised there
    void = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    personal_data = ("speaker", "commitment", "void")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act", "position"], name="one_slip_per_position"),
            models.CheckConstraint(condition=Q(case=None) ^ Q(void=""), name="slip_is_case_or_void"),
        ]

    def __str__(self) -> str:
        return f"slip {self.pk}"


class Attention(models.Model):
    """A contact that asks for no answer in writing: information, education or attention. It may become a case."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=20)
    site = models.CharField(max_length=60, blank=True)
    stakeholder = models.CharField(max_length=40)
    topic = models.CharField(max_length=60)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True)
    place_code = models.CharField(max_length=5, blank=True)
    note = models.TextField(blank=True)
    turn = models.PositiveSmallIntegerField(default=1)
    minutes = models.PositiveSmallIntegerField(null=True)
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", null=True)
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    form_key = models.CharField(max_length=40, null=True)  # a form sent twice is one contact
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", null=True)

    personal_data = ("note",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "form_key"], name="one_attention_per_form")]
        indexes = [models.Index(fields=["org", "-at", "-id"], name="newest_attentions")]

    def __str__(self) -> str:
        return f"attention {self.pk}"
