"""Files as they were received, and what each is attached to. The bytes are in the store; no row is without them."""

from django.db import models
from django.db.models import Q


class File(models.Model):
    """Bytes that arrived, or that we wrote, with what was found out about them. What arrived is never changed."""

    class State(models.TextChoices):
        WAITING = "waiting"  # parked until the scanner has looked
        CLEAN = "clean"
        INFECTED = "infected"
        UNSCANNED = "unscanned"  # no scanner looked: the policy says whether it may be downloaded

    class Purpose(models.TextChoices):
        ATTACHMENT = "attachment"
        RAW_MAIL = "raw_mail"
        SCAN = "scan"
        GENERATED = "generated"  # written by us

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80, unique=True)  # where the store has it; cannot be guessed, says no name
    digest = models.CharField(max_length=64)  # SHA-256 of the bytes as received
    size = models.BigIntegerField()
    kind = models.CharField(max_length=100)  # as found in the bytes
    claimed_kind = models.CharField(max_length=100, blank=True)  # as the sender said; nothing is decided by it
    name = models.CharField(max_length=120)  # safe for any screen and any disk
    original_name = models.CharField(max_length=500, blank=True)
    purpose = models.CharField(max_length=12, choices=Purpose)
    reserved = models.BooleanField(default=False)  # served only as a copy without hidden data
    state = models.CharField(max_length=10, choices=State)
    look_at = models.DateTimeField(null=True)  # when the scanner is asked next
    looks = models.IntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    found = models.CharField(max_length=120, blank=True)  # how the scanner calls what it found
    shown = models.CharField(max_length=80, blank=True)  # the key of the copy that is served
    shown_kind = models.CharField(max_length=100, blank=True)
    shown_size = models.BigIntegerField(default=0)
    copy_at = models.DateTimeField(null=True)  # when that copy is made next
    copies = models.IntegerField(default=0)
    error = models.CharField(max_length=60, blank=True)  # the kind of the last failure
    at = models.DateTimeField()

    personal_data = ("name", "original_name")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=0), name="file_has_a_size"),
            models.CheckConstraint(condition=~Q(state="infected") | Q(shown=""), name="infected_file_has_no_copy"),
            models.CheckConstraint(condition=~Q(state="waiting") | Q(look_at__isnull=False), name="parked_file_waits"),
        ]
        indexes = [
            models.Index(fields=["-state", "look_at"], condition=Q(look_at__isnull=False), name="files_to_scan"),
            models.Index(fields=["copy_at"], condition=Q(copy_at__isnull=False), name="files_to_copy"),
            models.Index(fields=["shown"], condition=~Q(shown=""), name="files_by_copy"),
            models.Index(fields=["org", "digest"], name="files_by_digest"),
        ]

    def __str__(self) -> str:
        return f"file {self.pk}"

    @property
    def subject(self) -> str:
        return f"file:{self.pk}"


class Attachment(models.Model):
    """A file about a subject. Taken off it stays, with who did it and when, and can be put back."""

    class Kind(models.TextChoices):
        EVIDENCE = "evidence"  # what the person brings to be seen
        SCAN = "scan"
        LETTER = "letter"
        MESSAGE = "message"
        GENERATED = "generated"
        OTHER = "other"

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind)
    number = models.PositiveIntegerField()  # of the subject, in the order of attaching
    label = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    detached_at = models.DateTimeField(null=True)
    detached_by = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)

    personal_data = ("label",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "subject"], name="attached_once"),
            models.UniqueConstraint(fields=["org", "subject", "number"], name="attachments_are_numbered"),
            models.CheckConstraint(
                condition=Q(detached_by=None) | Q(detached_at__isnull=False), name="who_detaches_does_it_sometime"
            ),
        ]

    def __str__(self) -> str:
        return f"attachment {self.pk}"


class LeftOut(models.Model):
    """A file that a letter brought and was not taken: it is only in the letter, which is kept whole."""

    class Why(models.TextChoices):
        PROGRAM = "program"
        KIND = "kind"  # of none that the policy takes
        SIZE = "size"
        MANY = "many"

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    letter = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()  # among what the letter brought, from 1
    name = models.CharField(max_length=120)  # safe for any screen
    size = models.BigIntegerField()
    why = models.CharField(max_length=8, choices=Why)
    at = models.DateTimeField()

    personal_data = ("name",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "place"], name="left_out_once")]

    def __str__(self) -> str:
        return f"left out {self.pk}"
