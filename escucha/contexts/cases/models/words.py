"""What is written about a case, by its unit, by staff and by the person. Each is a row: it can be erased."""

from django.db import models

from escucha.contexts.cases.models.case import Case


class Answer(models.Model):
    """One answer of a unit, with its check. A rejected one stays; the next is another row."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    salt = models.CharField(max_length=32)
    written_by = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField()
    verdicts = models.JSONField(default=dict)
    checked_by = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    checked_at = models.DateTimeField(null=True)
    passed = models.BooleanField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    link_token = models.CharField(max_length=40, unique=True)

    personal_data = ("body",)

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="answers_of_case")]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class Draft(models.Model):
    """What somebody has written so far, kept so that nothing is lost. One per case and member."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey("orgs.Member", on_delete=models.CASCADE, related_name="+")
    body = models.TextField()
    saved_at = models.DateTimeField()

    personal_data = ("body",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "member"], name="one_draft_per_member")]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class Remark(models.Model):
    """What staff said about a case: a note, or the reason of an act. The fact carries its digest."""

    class Kind(models.TextChoices):
        NOTE = "note"
        RETURN = "return"
        REJECTION = "rejection"
        WITHDRAWAL = "withdrawal"

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    body = models.TextField()
    salt = models.CharField(max_length=32)
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    personal_data = ("body",)

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="remarks_of_case")]

    def __str__(self) -> str:
        return f"remark {self.pk}"


class Notice(models.Model):
    """The notice of an answer that could not reach its person. It names the number and nobody.

    In reserve it is published nowhere: its person reads it where it follows its case.
    """

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    until = models.DateTimeField()  # exclusive: notified from this instant
    in_reserve = models.BooleanField(default=False, db_default=False)

    personal_data = ()

    class Meta:
        indexes = [models.Index(fields=["org", "until"], name="notices_by_end")]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Word(models.Model):
    """What the person said about its case after filing it: by e-mail, text, on its page or to staff."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    said_about = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="+", null=True
    )  # the merged one it named
    channel = models.CharField(max_length=20)
    body = models.TextField(blank=True)
    salt = models.CharField(max_length=32)
    arrival = models.BigIntegerField(null=True)  # of the intake ledger
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)

    personal_data = ("body",)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org", "arrival"], condition=models.Q(arrival__isnull=False), name="one_word_per_arrival"
            ),
        ]
        indexes = [
            models.Index(fields=["case", "id"], name="words_of_case"),
            models.Index(fields=["org", "-id"], condition=models.Q(read_at=None), name="unread_words"),
        ]

    def __str__(self) -> str:
        return f"word {self.pk}"
