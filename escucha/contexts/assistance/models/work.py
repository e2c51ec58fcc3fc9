"""Who was asked, who goes, what it cost, and what was said: all that an assistance gathers on its way."""

from django.db import models
from django.db.models import Q

from escucha.contexts.assistance.models.files import Assistance, AssistanceFile
from escucha.contexts.assistance.models.network import Provider
from escucha.contexts.assistance.rules.assignments import GOING, Asked, Work
from escucha.contexts.assistance.rules.stages import Step
from escucha.contexts.assistance.rules.subtypes import Subtype


class Ask(models.Model):
    """That a provider was asked, and what came of it. Only added."""

    class Way(models.TextChoices):
        CALL = "call"
        LINK = "link"

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    assistance = models.ForeignKey(Assistance, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    search = models.PositiveSmallIntegerField(default=1)  # each time the search begins anew
    position = models.PositiveSmallIntegerField()  # in the order that was shown
    way = models.CharField(max_length=4, choices=Way, default=Way.CALL)
    outcome = models.CharField(max_length=12, choices=[(one.value, one.name) for one in Asked])
    reason = models.CharField(max_length=200, blank=True)  # of skipping who was next
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    personal_data = ("reason",)

    def __str__(self) -> str:
        return f"ask {self.pk}"


class Offer(models.Model):
    """A work offered by link, with the moment until which it holds. The first to accept in the order wins."""

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        REFUSED = "refused"
        TAKEN = "taken"  # another has it
        EXPIRED = "expired"

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    assistance = models.ForeignKey(Assistance, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    search = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    eta_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    personal_data = ()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assistance", "provider", "search"], name="one_offer_per_provider_and_search"
            ),
        ]
        indexes = [models.Index(fields=["expires_at", "id"], condition=Q(state="open"), name="offers_to_close")]

    def __str__(self) -> str:
        return f"offer {self.pk}"


class Assignment(models.Model):
    """That a provider goes, or went. `ranking` is the order that was shown with its reasons, and the other order."""

    class How(models.TextChoices):
        CALL = "call"
        LINK = "link"
        GUARANTEE = "guarantee"
        IN_HOUSE = "in_house"

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    assistance = models.ForeignKey(Assistance, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=[(one.value, one.name) for one in Work], default=Work.ASSIGNED)
    how = models.CharField(max_length=10, choices=How)
    page_code = models.CharField(max_length=40, unique=True)  # of the provider's page
    eta_at = models.DateTimeField(null=True)
    assigned_at = models.DateTimeField()
    on_the_way_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=40, blank=True)  # of being cancelled: a key
    disclosed_at = models.DateTimeField(null=True)  # when it was first shown the affiliate's data
    ranking = models.JSONField(default=dict)
    override = models.CharField(max_length=200, blank=True)  # why not who was first

    personal_data = ("override",)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assistance"], condition=Q(state__in=sorted(GOING)), name="one_provider_goes"
            ),
        ]
        indexes = [
            models.Index(fields=["org", "provider"], condition=Q(state__in=sorted(GOING)), name="works_going"),
        ]

    def __str__(self) -> str:
        return f"assignment {self.pk}"


class Cost(models.Model):
    """What somebody bears of what a provider charges. Taken back by another line, never erased."""

    class Payer(models.TextChoices):
        COVERAGE = "coverage"
        AFFILIATE = "affiliate"
        COMPANY = "company"

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    assistance = models.ForeignKey(Assistance, on_delete=models.PROTECT, related_name="+")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="+", null=True)
    payer = models.CharField(max_length=10, choices=Payer)
    concept = models.CharField(max_length=120)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    invoice = models.CharField(max_length=40, blank=True)
    takes_back = models.OneToOneField("self", on_delete=models.PROTECT, related_name="+", null=True)
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    personal_data = ()

    def __str__(self) -> str:
        return f"cost {self.pk}"


class LogLine(models.Model):
    """A line of the log, with what somebody said. Never changed; its words can be erased and the chain verifies."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    file = models.ForeignKey(AssistanceFile, on_delete=models.PROTECT, related_name="+", db_index=False)
    assistance = models.ForeignKey(Assistance, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    step = models.CharField(max_length=1, choices=[(one.value, one.name) for one in Step])
    subtype = models.CharField(max_length=20, choices=[(one.value, one.name) for one in Subtype])
    automatic = models.BooleanField(default=True)
    said = models.JSONField(default=dict)  # plain values of the sentence: moments, amounts, ids
    comment = models.TextField(blank=True)
    salt = models.CharField(max_length=32)
    happened_at = models.DateTimeField()  # when what it tells happened: an arrival is told later
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    actor = models.CharField(max_length=10)  # staff, provider, affiliate, system
    at = models.DateTimeField()

    personal_data = ("comment",)

    class Meta:
        indexes = [
            models.Index(fields=["assistance", "id"], name="log_of_assistance"),
            models.Index(fields=["file", "id"], name="log_of_file"),
        ]

    def __str__(self) -> str:
        return f"line {self.pk}"


class Reminder(models.Model):
    """What somebody wants to be reminded of. Its hour is in the ledger."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    file = models.ForeignKey(AssistanceFile, on_delete=models.PROTECT, related_name="+")
    assistance = models.ForeignKey(Assistance, on_delete=models.PROTECT, related_name="+", null=True)
    text = models.CharField(max_length=200)
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    personal_data = ("text",)

    def __str__(self) -> str:
        return f"reminder {self.pk}"

    @property
    def subject(self) -> str:
        return f"reminder:{self.pk}"


class IncomingCall(models.Model):
    """A call as the switchboard told it. Who calls is looked up when somebody takes it, never sent about."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    call_key = models.CharField(max_length=80)
    line = models.CharField(max_length=30)  # the number that was dialled
    caller = models.CharField(max_length=30, blank=True)
    account = models.CharField(max_length=40, blank=True)
    turn = models.PositiveSmallIntegerField(default=1)
    rang_at = models.DateTimeField()
    rings = models.PositiveSmallIntegerField(default=0)  # when it was answered
    answered_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    abandoned = models.BooleanField(default=False)
    member = models.ForeignKey("orgs.Member", on_delete=models.PROTECT, related_name="+", null=True)
    taken_at = models.DateTimeField(null=True)
    file = models.ForeignKey(AssistanceFile, on_delete=models.PROTECT, related_name="+", null=True)

    personal_data = ("caller",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "call_key"], name="one_row_per_call")]
        indexes = [
            models.Index(fields=["org", "turn", "rang_at"], condition=Q(ended_at=None), name="calls_going_on"),
            models.Index(fields=["org", "-rang_at"], name="newest_calls"),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"
