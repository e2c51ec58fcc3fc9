"""`escucha verify` finds an attachment whose bytes are not those that were attached."""

import pytest
from django.core.files.storage import storages

from escucha.contexts.documents.events import FileAttached
from escucha.contexts.documents.gateways import store
from escucha.contexts.documents.operations.attaching import attach
from escucha.contexts.documents.operations.keeping import keep_file
from escucha.contexts.documents.queries import FILE_ALTERED, FILE_GONE, files_that_differ
from escucha.kernel.timeline.aloud import fact_of
from escucha.kernel.timeline.facts import CITIZEN
from escucha.kernel.timeline.models import Entry
from tests.cast import TUESDAY
from tests.make import a_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def attached(cafetal):
    case = a_case(cafetal)
    file = keep_file(org=cafetal.org, content=b"la prueba", name="prueba.txt", now=TUESDAY)
    attach(org=cafetal.org, file=file, subject=case.subject, kind="evidence", by=CITIZEN, now=TUESDAY)
    return cafetal, file


def differences(house):
    facts = [fact_of(entry) for entry in Entry.objects.filter(org=house.org, verb=FileAttached.verb)]
    return [one.message for one in files_that_differ(facts, org=house.org)]


def test_what_nobody_touched_is_as_it_was(attached):
    assert differences(attached[0]) == []


@pytest.mark.requirement("MORE-03.3")
def test_other_bytes_in_its_place_are_found(attached):
    house, file = attached
    path = storages["files"].path(file.key)
    with open(path, "wb") as there:
        there.write(b"otra cosa")
    assert differences(house) == [FILE_ALTERED]


def test_a_lost_file_is_found(attached):
    house, file = attached
    store.remove(file.key)
    assert differences(house) == [FILE_GONE]
