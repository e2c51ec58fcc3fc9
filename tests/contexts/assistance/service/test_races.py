"""What two people, or two clicks, may do at once to a service on its way."""

from datetime import timedelta

import pytest

from escucha.contexts.assistance.models import Assistance, LogLine
from escucha.contexts.assistance.operations.closing import cancel_later, conclude
from escucha.contexts.assistance.operations.costing import load_costs, take_costs_back
from escucha.contexts.assistance.operations.monitoring import record_arrival
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.stages import Stage
from tests.assisting import an_assistance
from tests.cast import TUESDAY
from tests.contexts.assistance.opening.test_races import at_once, noes
from tests.contexts.assistance.service.steps import HOUR, assigned, brought_to, do, owed, said_by_default
from tests.make import a_house

pytestmark = pytest.mark.slow
LATER = TUESDAY + 2 * HOUR


@pytest.fixture
def desk(transactional_db):
    """The company with its rows committed, for several connections."""
    return a_house("quetzal")


def trying(house, verb, found, **said):
    return lambda: verb(org=house.org, assistance_id=found.pk, by=house.actor("luz"), now=LATER, **said)


def test_an_arrival_told_twice_at_once_is_one(desk):
    found = assigned(desk)
    told = trying(desk, record_arrival, found, arrived_at=LATER - timedelta(minutes=5))
    assert len(noes(at_once(told, told))) == 1
    assert owed(found) == {Duty.CONTACT}
    assert LogLine.objects.filter(assistance=found, subtype="arrived").count() == 1


def test_it_arrives_while_it_is_cancelled_and_nothing_is_left_owed_about_what_ended(desk):
    found = assigned(desk)
    at_once(
        trying(desk, record_arrival, found, arrived_at=LATER), trying(desk, cancel_later, found, comment="No la quiere")
    )
    found = Assistance.objects.get(pk=found.pk)
    assert found.stage == Stage.CANCELLED_LATER and owed(found) == set()


def test_costs_taken_back_twice_at_once_are_taken_back_once(desk):
    found = brought_to(desk, "load")
    back = trying(desk, take_costs_back, found, **said_by_default("take_back", LATER))
    assert len(noes(at_once(back, back))) == 1
    again = trying(desk, load_costs, found, **said_by_default("load", LATER))
    assert len(noes(at_once(again, again))) == 1


def test_the_two_last_of_a_file_end_at_once_and_its_closing_is_owed(desk):
    first = brought_to(desk, "ask")
    other = an_assistance(desk, file=first.file)
    assert not noes(at_once(trying(desk, conclude, first), trying(desk, cancel_later, other, comment="Ya no")))
    assert owed(first.file) == {Duty.CLOSE_FILE}


def test_a_page_that_was_open_before_is_told_so(desk):
    found = assigned(desk)
    seen = found.version
    do(desk, found, "confirm", now=LATER)
    told = trying(desk, record_arrival, found, arrived_at=LATER, version=seen)
    assert len(noes(at_once(told))) == 1
