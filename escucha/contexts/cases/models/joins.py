"""Cases that were put together or taken apart, and put back. Numbers are never reused nor lost."""

from django.db import models

from escucha.contexts.cases.models.case import Case


class Join(models.Model):
    """One merge: the case that follows, the one it follows, and what it owed before, so that it can be undone."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    into = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField(default=dict)  # state, kind, unit and member, by id
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)

    personal_data = ()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(undone_at=None), name="case_is_in_one_other_at_once"
            ),
        ]

    def __str__(self) -> str:
        return f"join {self.pk}"


class NotTheSame(models.Model):
    """Staff looked at two likely duplicates and said that they are two."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    one = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    personal_data = ()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="said_once_of_two")]

    def __str__(self) -> str:
        return f"not the same {self.pk}"
