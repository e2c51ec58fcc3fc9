"""What is told to people, and what became of it. A row is the only outbox."""

from django.db import models
from django.db.models import Q


class Message(models.Model):
    """A text for one address. `sent` means that a server took it; `delivered`, that the telephone has it; neither,
    that a person read it."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        DELIVERED = "delivered"  # said by the gateway's receipt
        KEPT = "kept"  # no mail server, or a sample organisation: shown to staff instead
        FAILED = "failed"

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=80)
    template = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, default="email")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True)
    to = models.CharField(max_length=254)
    title = models.CharField(max_length=300)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    at_any_hour = models.BooleanField(default=False)  # a life is at risk: the night does not hold it back
    gateway = models.CharField(max_length=20, blank=True)
    gateway_ref = models.CharField(max_length=120, blank=True)  # how the gateway calls it
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
            models.Index(fields=["org", "-id"], condition=Q(state="failed"), name="messages_failed"),
            models.Index(fields=["gateway", "gateway_ref"], condition=~Q(gateway_ref=""), name="messages_by_reference"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Receipt(models.Model):
    """What a gateway told of a message it took, once for each status it told. Kept also where no message is known."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+", null=True)
    gateway = models.CharField(max_length=20)
    gateway_ref = models.CharField(max_length=120)
    status = models.CharField(max_length=40)
    code = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()

    personal_data = ()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "gateway", "gateway_ref", "status"], name="one_receipt_per_status"),
        ]

    def __str__(self) -> str:
        return f"receipt {self.pk}"


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
