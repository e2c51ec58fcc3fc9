"""The bitácora's tables: entries that are never changed, the heads of their chains, errands, and the anchors."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from escucha.kernel.timeline.chain import canonical


class StoredJSON(models.Field):  # type: ignore[type-arg]  # Django's own cannot be subscripted
    """JSON kept letter by letter: `jsonb` writes numbers anew and refuses some texts; the hash would not hold."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "json"

    def get_prep_value(self, value: Any) -> str:
        return canonical(value)


class Entry(models.Model):
    """One line of the bitácora. Written once: rights and a trigger refuse change. Its id is the order of recording."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    subject = models.CharField(max_length=80, db_collation="C")
    number = models.IntegerField()
    verb = models.CharField(max_length=80)
    data = StoredJSON()
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=60, blank=True)
    member_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    personal_data = ()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "subject", "number"], name="entry_number_is_unique"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="entries_begin_at_one"),
        ]
        indexes = [models.Index(fields=["org", "id"], name="entry_recorded")]

    def __str__(self) -> str:
        return f"{self.subject} {self.number} {self.verb}"


class Head(models.Model):
    """The last entry about a subject. Its row is a lock while the next one is written."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    subject = models.CharField(max_length=80, db_collation="C")
    number = models.IntegerField()
    hash = models.CharField(max_length=64)

    personal_data = ()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "subject"], name="one_head_per_subject")]

    def __str__(self) -> str:
        return f"{self.subject} {self.number}"


class Errand(models.Model):
    """A reaction that is owed to an entry."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+", db_index=False)
    reaction = models.CharField(max_length=160)
    attempts = models.IntegerField(default=0)
    next_try_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=160, blank=True, default="")

    personal_data = ()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "reaction"], name="errand_once")]
        indexes = [
            models.Index(fields=["next_try_at", "id"], name="errand_waiting", condition=models.Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.reaction} {self.entry_id}"


class Anchor(models.Model):
    """All heads of a day, signed with a key that the database does not have. A day has one."""

    taken_at = models.DateTimeField()
    taken_on = models.DateField(unique=True)  # in UTC
    previous = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64)
    count = models.IntegerField()
    signature = models.CharField(max_length=128)
    key = models.CharField(max_length=64)

    personal_data = ()

    def __str__(self) -> str:
        return f"{self.taken_on} {self.digest[:8]}"


class AnchoredHead(models.Model):
    """A head as an anchor found it; only those that had grown since the anchor before."""

    anchor = models.ForeignKey(Anchor, on_delete=models.PROTECT, related_name="+", db_index=False)
    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    subject = models.CharField(max_length=80, db_collation="C")
    number = models.IntegerField()
    hash = models.CharField(max_length=64)

    personal_data = ()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["anchor", "org", "subject"], name="head_once_per_anchor"),
            models.UniqueConstraint(fields=["org", "subject", "number"], name="head_anchored_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.number}"
