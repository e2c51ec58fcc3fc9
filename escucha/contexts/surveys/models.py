"""Who was asked, about what, and what was answered."""

from django.db import models
from django.db.models import Q

from escucha.contexts.surveys.rules import CONFORMING, EVERYONE


class Invitation(models.Model):
    """That somebody was asked about a subject, once for each questionnaire. `sample` marks of which drawing it is."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    profile_version = models.ForeignKey("orgs.ProfileVersion", on_delete=models.PROTECT, related_name="+")
    survey = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    sample = models.CharField(max_length=12)
    code = models.CharField(max_length=40, unique=True)
    sent_at = models.DateTimeField()
    open_until = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    personal_data = ()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "survey", "subject"], name="asked_once_about_a_subject"),
            models.CheckConstraint(condition=Q(sample__in=[CONFORMING, EVERYONE]), name="invitation_says_its_sample"),
        ]
        indexes = [models.Index(fields=["org", "survey", "-sent_at"], name="newest_invitations")]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Answer(models.Model):
    """What was answered to one question. What was left blank has no row."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    text = models.TextField(blank=True)

    personal_data = ("text",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invitation", "question"], name="one_answer_per_question"),
            models.CheckConstraint(condition=Q(value=None) ^ Q(text=""), name="answer_is_value_or_words"),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
