"""What is told to people, and what became of it. A row is the only outbox."""

from django.db import models
from django.db.models import Q


class Message(models.Model):
    """A text for one address. `sent` means that a mail server took it, never that a person read it."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        KEPT = "kept"  # no mail server, or a sample organisation: shown to staff instead
        FAILED = "failed"

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=80)
    template = models.CharField(max_length=60)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True)
    to = models.CharField(max_length=254)
    title = models.CharField(max_length=300)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(
        max_length=60, blank=True
    )  # the kind of failure; never the server's words, which quote people

    personal_data = ("to", "title", "body")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="queued") ^ Q(next_try_at=None), name="queued_message_has_next_try"
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="queued"), name="messages_waiting"),
            models.Index(fields=["org", "subject"], name="messages_about"),
            models.Index(fields=["org", "-id"], name="messages_newest"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Call(models.Model):
    """A telephone call to a person, or a try: who called, which number, when, with what result."""

    class Result(models.TextChoices):
        ANSWERED = "answered", "Habló con la persona"
        NO_ANSWER = "no_answer", "No contestó"
        BUSY = "busy", "Ocupado"
        WRONG_NUMBER = "wrong_number", "El número no es de la persona"
        UNREACHABLE = "unreachable", "Apagado o fuera de servicio"

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=80)
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=30)
    result = models.CharField(max_length=20, choices=Result)
    at = models.DateTimeField()

    personal_data = ("number",)

    class Meta:
        indexes = [models.Index(fields=["org", "subject"], name="calls_about")]

    def __str__(self) -> str:
        return f"call {self.pk}"
