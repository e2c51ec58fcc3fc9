"""What is owed by a due time, with the steps planned for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

OPEN = Q(settled_at=None)
OPENLY = Q(settled_at=None, reserved=False)  # on everybody's agenda
IN_RESERVE = Q(settled_at=None, reserved=True)
HELD_BY_UNIT = OPENLY & Q(owner_member=None)
WAITING = Q(taken_at=None, lifted_at=None)
BY_DUE, SHOWN = ("due_at", "turn", "id"), ("visible_at",)


class Outcome(models.TextChoices):
    MET = "met"
    MET_LATE = "met_late"
    WAIVED = "waived"
    ANNULLED = "annulled"


class Commitment(models.Model):
    """Something owed about a subject. Keeps the plan it was born with and the inputs of its reckoning.

    `due_at` is exclusive and null exactly while paused. `running_since` and `spent_seconds` say how much of the term
    had run when it last started to run. What is `reserved` is on nobody's agenda but of who is let see its subject.
    """

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    attempt = models.PositiveSmallIntegerField(default=1)
    owner_unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    owner_role = models.CharField(max_length=40, blank=True, default="")
    owner_member = models.ForeignKey(
        "orgs.Member", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    turn = models.PositiveSmallIntegerField(default=1)  # 0 goes before 1 where both are due at once
    reserved = models.BooleanField(default=False)
    plan_version = models.ForeignKey("orgs.ProfileVersion", on_delete=models.PROTECT, related_name="+", db_index=False)

    born_at = models.DateTimeField()
    counted_from = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)  # the last local day of a term in days
    visible_at = models.DateTimeField()
    unit = models.CharField(max_length=20)  # worktime.Unit of its term
    rungs = models.JSONField(default=list)
    reckoning = models.JSONField(default=dict)

    running_since = models.DateTimeField()
    spent_seconds = models.PositiveIntegerField(default=0)
    paused_at = models.DateTimeField(null=True)
    extended_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)  # when it was recorded as late

    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    cause = models.CharField(max_length=60, blank=True, default="")  # a key, never free text
    settled_at = models.DateTimeField(null=True)

    personal_data = ()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "kind", "subject"], condition=OPEN, name="one_open_commitment"),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at=None) | (Q(settled_at__isnull=False) & ~Q(outcome="")),
                name="settled_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None, due_at__isnull=False) | Q(paused_at__isnull=False, due_at=None),
                name="paused_or_due",
            ),
            models.CheckConstraint(condition=Q(due_on=None) | Q(due_at__isnull=False), name="last_day_only_when_due"),
            models.CheckConstraint(
                condition=~Q(outcome__in=["waived", "annulled"]) | ~Q(cause=""), name="let_go_with_a_cause"
            ),
            models.CheckConstraint(condition=Q(attempt__gte=1), name="attempts_count_from_one"),
        ]
        indexes = [
            # With the moment from which each is shown: what is due is counted from the index alone.
            models.Index(fields=["org", *BY_DUE], condition=OPENLY, include=SHOWN, name="open_of_everyone"),
            models.Index(fields=["org", "owner_unit", *BY_DUE], condition=OPENLY, include=SHOWN, name="open_of_unit"),
            models.Index(
                fields=["org", "owner_unit", "owner_role", *BY_DUE],
                condition=HELD_BY_UNIT,
                include=SHOWN,
                name="open_of_role",
            ),
            models.Index(
                fields=["org", "owner_member", *BY_DUE],
                condition=OPENLY & Q(owner_member__isnull=False),
                include=SHOWN,
                name="open_of_member",
            ),
            models.Index(fields=["org", "due_at", "turn", "id"], condition=IN_RESERVE, name="open_in_reserve"),
            models.Index(fields=["org", "subject"], name="commitments_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} ({self.attempt})"

    @property
    def is_open(self) -> bool:
        return self.settled_at is None

    @property
    def is_paused(self) -> bool:
        return self.is_open and self.paused_at is not None

    @property
    def begins_at(self) -> datetime:
        """The instant its time counts from, as it was last reckoned."""
        return begin_in(self.reckoning, self.counted_from)

    @property
    def runs_as_reckoned(self) -> bool:
        """Whether nothing has stopped or extended its time since."""
        return self.paused_at is None and self.extended_at is None and self.running_since == self.begins_at


def begin_in(reckoning: Mapping[str, Any], otherwise: datetime) -> datetime:
    """The receipt that a reckoning says it was made with."""
    said = reckoning.get("received_at")
    return datetime.fromisoformat(said) if said else otherwise


class Step(models.Model):
    """A reminder or an escalation: waiting, taken once by the clock, or lifted. Never deleted."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(max_length=60)
    at = models.DateTimeField()
    told = models.CharField(max_length=40, blank=True, default="")  # the role; empty: whoever owes it
    taken_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)

    personal_data = ()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(taken_at=None) | Q(lifted_at=None), name="taken_or_lifted"),
            models.UniqueConstraint(fields=["commitment", "name"], condition=WAITING, name="step_waits_once"),
        ]
        indexes = [models.Index(fields=["at", "id"], condition=WAITING, name="steps_waiting")]

    def __str__(self) -> str:
        return f"{self.name} of {self.commitment_id}"
