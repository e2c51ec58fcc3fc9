"""People the organisation serves, where they live and what they agreed to. Citizens never have accounts."""

from django.db import models
from django.db.models import Q

from escucha.contexts.people.rules.recognising import NATURAL, ORGANISATION


class Place(models.Model):
    """A municipality by its official code, which is text. One that no longer exists keeps its row, with its end."""

    code = models.CharField(max_length=5, unique=True)
    name = models.CharField(max_length=80)
    department_code = models.CharField(max_length=2)
    department = models.CharField(max_length=80)
    search = models.CharField(max_length=170)  # name and department as they are compared
    source = models.CharField(max_length=80)
    as_of = models.DateField()
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)  # the first day on which it no longer is

    personal_data = ()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{5}$"), name="place_code_has_five_digits"),
        ]

    def __str__(self) -> str:
        return f"place {self.code}"

    @property
    def full_name(self) -> str:
        """With its department, which many names need: there are several Granada."""
        return self.name if self.name == self.department else f"{self.name}, {self.department}"


class Person(models.Model):
    """Somebody who wrote, or for whom somebody wrote; or an organisation. Whatever was not said stays empty."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, default=NATURAL, db_default=NATURAL)
    name = models.CharField(max_length=200, blank=True)
    contact_name = models.CharField(
        max_length=200, blank=True, default="", db_default=""
    )  # whom to ask for, where it is an organisation
    document_kind = models.CharField(max_length=4, blank=True)
    document_number = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    other_phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=200, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", null=True)
    known_since = models.DateTimeField()

    personal_data = (
        "name", "contact_name", "document_kind", "document_number", "email", "phone", "other_phone", "address", "place",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[NATURAL, ORGANISATION]), name="person_is_of_a_kind"),
        ]
        indexes = [
            models.Index(fields=["org", "document_number"], name="person_by_document"),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"

    @property
    def subject(self) -> str:
        return f"person:{self.pk}"

    @property
    def is_organisation(self) -> bool:
        return self.kind == ORGANISATION

    @property
    def can_be_reached(self) -> bool:
        return bool(self.email or self.phone or self.other_phone)

    @property
    def can_be_called(self) -> bool:
        return bool(self.phone or self.other_phone)


class Correction(models.Model):
    """That what is known of a person was wrong: what stood before, what stands since, and why. Only added."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=80)  # the subject from which it was done
    before = models.JSONField()  # of the fields that changed
    after = models.JSONField()
    reason = models.TextField()
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    salt = models.CharField(max_length=32)

    personal_data = ("before", "after", "reason")

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="corrections_of_person")]

    def __str__(self) -> str:
        return f"correction {self.pk}"


class Consent(models.Model):
    """That a person agreed to a use of its data, or no longer does. Only added: the last one of a purpose holds.

    The text that was read is in the profile's version; its digest shows that it is that one.
    """

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    profile_version = models.ForeignKey("orgs.ProfileVersion", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    text_digest = models.CharField(max_length=64)
    given = models.BooleanField()
    at = models.DateTimeField()
    channel = models.CharField(max_length=20)
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    proof = models.TextField(blank=True)
    salt = models.CharField(max_length=32)

    personal_data = ("proof",)

    class Meta:
        indexes = [models.Index(fields=["org", "person", "purpose", "-id"], name="consents_of_person")]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class PersonGroup(models.Model):
    """That a person is of a group attended first. Where the group is sensitive, the end of the mark erases it."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    group = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField()
    channel = models.CharField(max_length=20)
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True)

    personal_data = ("group",)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "person", "group"], condition=Q(ended_at=None), name="one_mark_per_group"
            ),
            models.CheckConstraint(condition=Q(ended_at__isnull=False) | ~Q(group=""), name="mark_has_its_group"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("since")), name="mark_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"mark {self.pk}"


class AccessTry(models.Model):
    """How often a door was tried in its window. The key is a keyed digest: neither number nor address can be read."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    since = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)

    personal_data = ("key",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "key"], name="one_window_per_key")]
        indexes = [models.Index(fields=["org", "since"], name="windows_by_start")]

    def __str__(self) -> str:
        return f"tries {self.pk}"
