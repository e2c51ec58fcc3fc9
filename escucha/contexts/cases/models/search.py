"""What is searched: one row a case, and the words that any case of an organisation has said."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from escucha.contexts.cases.models.case import Case


class SearchEntry(models.Model):
    """What a case is found by. Of a reserved case, its number alone; of a reserved identity, nothing of the person.

    `keys` also says where the case stands: blocks of neighbouring cases, so that the newest are looked at first, and
    who holds it, so that a unit's search reads no other's. Who may see it is asked of the cases themselves.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="+", primary_key=True)
    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    vector = SearchVectorField()
    keys = ArrayField(models.TextField())

    personal_data = ("vector", "keys")

    class Meta:
        indexes = [
            # Without a list of pending rows, which every search would have to read through.
            GinIndex(fields=["vector", "keys"], name="search_entries", fastupdate=False),
            models.Index(fields=["org", "-case"], name="newest_search_entries"),
        ]

    def __str__(self) -> str:
        return f"search entry {self.pk}"


class SearchWord(models.Model):
    """A word that some case says, so that a misspelled one finds its neighbours. `seen` stops counting at COMMON."""

    COMMON = 20

    org = models.ForeignKey("orgs.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    word = models.CharField(max_length=40)
    sound = models.CharField(max_length=40)
    seen = models.PositiveSmallIntegerField()

    personal_data = ("word", "sound")  # names are among them, with nothing that says whose

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org", "word"], name="search_word_once")]
        indexes = [
            models.Index(fields=["org", "sound"], name="search_words_by_sound"),
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="search_words_like"),
        ]

    def __str__(self) -> str:
        return f"search word {self.pk}"
