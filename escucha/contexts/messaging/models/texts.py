"""What is particular to text messages: who wants none, and what a day has cost."""

from django.db import models


class OptOut(models.Model):
    """A telephone that asked for no more texts. It may ask for them again, which removes the row."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)  # with its country: +573000000001
    at = models.DateTimeField()

    personal_data = ("number",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "number"], name="one_opt_out_per_number")]

    def __str__(self) -> str:
        return f"opt-out {self.pk}"


class TextDay(models.Model):
    """How many segments an organisation has given to its gateway on a day, so that no day costs more than it may."""

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    segments = models.PositiveIntegerField(default=0)

    personal_data = ()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "day"], name="one_count_of_texts_a_day")]

    def __str__(self) -> str:
        return f"texts of {self.day}"
