"""People the organisation serves. Citizens are known here and never have accounts."""

from django.db import models


class Person(models.Model):
    """Somebody who wrote, or for whom somebody wrote. Whatever was not said stays empty."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    document_kind = models.CharField(max_length=4, blank=True)
    document_number = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    other_phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=200, blank=True)
    known_since = models.DateTimeField()

    personal_data = ("name", "document_kind", "document_number", "email", "phone", "other_phone", "address")

    class Meta:
        indexes = [
            models.Index(fields=["org", "document_number"], name="person_by_document"),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"

    @property
    def can_be_reached(self) -> bool:
        return bool(self.email or self.phone or self.other_phone)

    @property
    def can_be_called(self) -> bool:
        return bool(self.phone or self.other_phone)


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
