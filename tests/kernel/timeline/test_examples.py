"""Facts are an interface: what was recorded long ago is still told. One stored example of each verb is kept."""

import json

import pytest

from escucha.kernel.timeline.aloud import fact_of
from escucha.kernel.timeline.facts import Fact, fact_class
from escucha.kernel.timeline.models import Entry
from escucha.kernel.timeline.record import sentence_of
from tests.kernel.timeline.grow_examples import EXAMPLES, facts_of_the_house

STORED = json.loads(EXAMPLES.read_text())


@pytest.mark.parametrize("said", facts_of_the_house(), ids=lambda said: said.verb)
def test_each_verb_has_a_stored_example(said: type[Fact]) -> None:
    assert said.verb in STORED, "run: python -m tests.kernel.timeline.grow_examples"


@pytest.mark.parametrize("verb", STORED)
def test_what_was_stored_is_still_told(verb: str) -> None:
    entry = Entry(subject="case:1", verb=verb, data=STORED[verb])
    said = fact_class(verb)
    fact = fact_of(entry)
    assert said is not None, f"nobody says {verb} any more: a verb is never renamed or dropped"
    assert fact is not None, f"a field of {verb} has no default, or was renamed"
    kept = {name: getattr(fact, name, None) for name in STORED[verb]}
    assert kept == STORED[verb], f"a field of {verb} was renamed or dropped"
    sentence, values = sentence_of(entry)
    assert sentence == said.sentence
    assert sentence.format(**values)
