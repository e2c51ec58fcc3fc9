"""The tables of cases."""

from escucha.contexts.cases.models.acts import Act, Attention, Slip
from escucha.contexts.cases.models.case import Case
from escucha.contexts.cases.models.closed_doors import Accused, Reveal
from escucha.contexts.cases.models.joins import Join, NotTheSame
from escucha.contexts.cases.models.search import SearchEntry, SearchWord
from escucha.contexts.cases.models.tally import Tally
from escucha.contexts.cases.models.words import Answer, Draft, Notice, Remark, Word

__all__ = [
    "Accused", "Act", "Answer", "Attention", "Case", "Draft", "Join", "NotTheSame", "Notice", "Remark", "Reveal",
    "SearchEntry", "SearchWord", "Slip", "Tally", "Word",
]  # fmt: skip
