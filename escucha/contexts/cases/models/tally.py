"""How many cases there are of each sort, kept by the database itself in the transaction that changes them.

A row is a change by one, or many changes folded together: what counts is the sum. Nobody ever waits for another's row.
"""

from django.db import models
from django.db.models import Q


class Tally(models.Model):
    """Cases filed in a month, of one kind and state. In the scope `own` also of one holder, for who sees only some.

    `unit`, `member` and `filed_by` are ids, 0 where there is none: null would not be equal to null.
    """

    class Scope(models.TextChoices):
        ALL = "all"
        OWN = "own"

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    scope = models.CharField(max_length=3, choices=Scope)
    month = models.DateField()  # its first day, where the organisation is
    case_type = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=20)
    reserved = models.BooleanField(default=False)
    unit = models.BigIntegerField(default=0)
    member = models.BigIntegerField(default=0)
    filed_by = models.BigIntegerField(default=0)
    cases = models.IntegerField()
    folded = models.BooleanField(default=False)

    personal_data = ()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "scope", "month", "case_type", "state", "reserved", "unit", "member", "filed_by"],
                condition=Q(folded=True),
                name="one_folded_tally_of_a_sort",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "month"], condition=Q(scope="all"), name="tallies_of_all"),
            models.Index(fields=["org", "unit"], condition=Q(scope="own"), name="tallies_of_unit"),
            models.Index(fields=["org", "member"], condition=Q(scope="own") & ~Q(member=0), name="tallies_of_member"),
            models.Index(
                fields=["org", "filed_by"], condition=Q(scope="own") & ~Q(filed_by=0), name="tallies_of_filer"
            ),
            models.Index(fields=["id"], condition=Q(folded=False), name="tallies_to_fold"),
        ]

    def __str__(self) -> str:
        return f"tally {self.pk}"
