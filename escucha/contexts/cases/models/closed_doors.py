"""Who is kept from a reserved case, and each time that something kept was shown."""

from django.db import models

from escucha.contexts.cases.models.case import Case


class Accused(models.Model):
    """A member or a unit that a report of wrongdoing is about: it never sees the case, nor does its chain."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    personal_data = ()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "member"], name="member_accused_once"),
            models.UniqueConstraint(fields=["case", "unit"], name="unit_accused_once"),
            models.CheckConstraint(
                condition=models.Q(member__isnull=False) ^ models.Q(unit__isnull=False), name="accused_is_one"
            ),
        ]

    def __str__(self) -> str:
        return f"accused {self.pk}"


class Reveal(models.Model):
    """Somebody with the right to it was shown what is kept, and said why."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=20)  # identity, original
    reason = models.TextField()
    salt = models.CharField(max_length=32)
    at = models.DateTimeField()
    until = models.DateTimeField()

    personal_data = ("reason",)

    class Meta:
        indexes = [models.Index(fields=["case", "member", "-id"], name="reveals_of_case")]

    def __str__(self) -> str:
        return f"reveal {self.pk}"
