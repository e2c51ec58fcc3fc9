"""How many statements each page asks of the database: a pinned number, which does not grow with what it shows."""

import re
import secrets

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from escucha.contexts.cases.operations.handling import write_note
from escucha.web.desk import cases, log, messages, today

# Session, account, member, second factor, organisation, version of the profile: what every page asks.
PINNED = {
    "": 11,
    "?ver=equipo": 11,
    "casos/": 10,
    "casos/?vista=cerrados": 10,
    "bitacora/": 9,
    "correos/": 7,
    "casos/nuevo/": 5,
}


def statements(client, address):
    with CaptureQueriesContext(connection) as seen:
        answered = client.get(address)
        answered.getvalue()
    assert answered.status_code == 200
    return len(seen)


@pytest.fixture
def short_pages(monkeypatch):
    for page in (cases, log, messages, today):
        monkeypatch.setattr(page, "LIMIT", 6)


def test_pages_ask_the_same_of_few_and_of_many(at_desk, story, cafetal, short_pages):
    lucia = at_desk("lucia")
    story.assigned()
    story.closed()
    first = {}
    for address in PINNED:
        lucia.get(f"/mesa/{address}")  # what is read once and kept
        first[address] = statements(lucia, f"/mesa/{address}")
    for number in range(9):
        story.assigned(unit="vivienda" if number % 2 else "recreacion")
        story.closed()
    many = {address: statements(lucia, f"/mesa/{address}") for address in PINNED}
    assert first == many == PINNED


def test_a_later_page_asks_as_little_as_the_first(at_desk, story, short_pages):
    lucia = at_desk("lucia")
    made = [story.filed() for _each in range(14)]
    place = f"desde={made[5].due_at.isoformat().replace('+', '%2B')}_{made[5].turn}_{made[5].pk}"
    back = place.replace("desde", "hasta")
    assert {statements(lucia, f"/mesa/casos/?{where}") for where in ("", place, back)} == {PINNED["casos/"]}


@pytest.mark.slow
@pytest.mark.parametrize(("who", "state", "pinned"), [("lucia", "assigned", 14), ("dario", "assigned", 15)])
def test_a_case_with_two_hundred_entries_asks_as_one_with_five(at_desk, story, cafetal, who, state, pinned):
    client, case = at_desk(who), getattr(story, state)()
    address = f"/mesa/casos/{case.filing_number}/"

    def grow(notes):
        for number in range(notes):
            by = cafetal.actor(("lucia", "dario", "elsa")[number % 3])
            write_note(org=case.org, case_id=case.pk, body=f"Nota {number}", by=by, now=timezone.now())

    grow(3)
    client.get(address)
    few = statements(client, address)
    grow(195)
    page = client.get(address).text
    assert "Nota 194" in page and "Nota 90<" not in page
    assert few == statements(client, address) == pinned
    [older] = re.findall(r'href="(\?antes=\d+)#historia"', page)
    assert "Nota 90<" in client.get(address + older).text
    assert statements(client, address + older) == pinned


def test_filing_asks_the_same_however_many_there_are(at_desk, story):
    lucia = at_desk("lucia")

    def file():
        typed = {"channel": "phone", "body": "Llamó.", "key": secrets.token_urlsafe(16), "name": "Ana Lucía Berrío"}
        with CaptureQueriesContext(connection) as seen:
            assert lucia.post("/mesa/casos/nuevo/", typed).status_code == 302
        return len(seen)

    file()
    few = file()
    for _each in range(12):
        story.filed()
    assert few == file() == 18
