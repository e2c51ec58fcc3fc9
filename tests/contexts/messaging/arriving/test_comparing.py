"""`escucha verify` finds a letter whose bytes are not those that arrived."""

import pytest
from django.core.files.storage import storages

from escucha.contexts.documents.gateways import store
from escucha.contexts.messaging.events import MailArrived
from escucha.contexts.messaging.models import Arrival
from escucha.contexts.messaging.queries.comparing import LETTER_ALTERED, LETTER_GONE, letters_that_differ
from escucha.kernel.timeline.aloud import fact_of
from escucha.kernel.timeline.models import Entry
from tests.contexts.messaging.arriving.letters import of_corpus, received

pytestmark = pytest.mark.django_db


def differences(house):
    facts = [fact_of(entry) for entry in Entry.objects.filter(org=house.org, verb=MailArrived.verb)]
    return [one.message for one in letters_that_differ(facts, org=house.org)]


def test_a_letter_as_it_arrived_is_right_and_one_with_other_bytes_is_found(cafetal):
    arrival = received(cafetal, of_corpus("latin1"))
    assert differences(cafetal) == []
    with open(storages["files"].path(arrival.file.key), "wb") as there:
        there.write(b"From: otro\n\notra cosa")
    assert differences(cafetal) == [LETTER_ALTERED]


def test_a_letter_is_looked_for_in_its_organisation(cafetal, vidamar):
    received(cafetal, of_corpus("latin1"))
    facts = [fact_of(entry) for entry in Entry.objects.filter(org=cafetal.org, verb=MailArrived.verb)]
    [found] = letters_that_differ(facts, org=vidamar.org)
    assert (found.message, found.values) == (LETTER_GONE, {"number": int(facts[0].subject.partition(":")[2])})


def test_a_letter_without_its_file_is_found(cafetal):
    arrival = received(cafetal, of_corpus("latin1"))
    Arrival.objects.filter(pk=arrival.pk).update(file=None)
    assert differences(cafetal) == [LETTER_GONE]


def test_a_letter_that_was_lost_is_found(cafetal):
    arrival = received(cafetal, of_corpus("latin1"))
    store.remove(arrival.file.key)
    assert differences(cafetal) == [LETTER_GONE]
