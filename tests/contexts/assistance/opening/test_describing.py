"""What is known of an assistance is completed until it ends: without it, it could never be concluded."""

from datetime import timedelta

import pytest

from escucha.contexts.assistance.models import LogLine
from escucha.contexts.assistance.operations.closing import cancel_later
from escucha.contexts.assistance.operations.describing import describe_assistance
from escucha.contexts.assistance.operations.keeping import Overtaken
from escucha.kernel.words import Refused
from tests.assisting import accepted
from tests.cast import TUESDAY
from tests.make import a_house

pytestmark = pytest.mark.django_db
LATER = TUESDAY + timedelta(minutes=5)
SAID = {"happened": "Se rompió un tubo", "failure": "Sale agua por la pared"}


@pytest.fixture
def house():
    return a_house("quetzal")


def describe(house, found, *, who="luz", **said):
    return describe_assistance(org=house.org, assistance_id=found.pk, by=house.actor(who), now=LATER, **SAID | said)


@pytest.mark.requirement("ASIS-03.2", "ASIS-13.3")
def test_what_it_was_before_stays_in_the_log(house):
    found = accepted(house)
    before = found.failure
    describe(house, found)
    found.refresh_from_db()
    assert found.failure == "Sale agua por la pared"
    line = LogLine.objects.latest("id")
    assert (line.said, line.comment) == ({"changed": "failure"}, before)


def test_said_as_it_was_nothing_is_written(house):
    found = accepted(house)
    describe(house, found)
    lines = LogLine.objects.count()
    describe(house, found)
    assert LogLine.objects.count() == lines


def test_only_who_coordinates_and_only_until_it_ends(house):
    found = accepted(house)
    with pytest.raises(Refused):
        describe(house, found, who="irma")
    with pytest.raises(Overtaken):
        describe(house, found, version=0)
    cancel_later(org=house.org, assistance_id=found.pk, comment="Ya no", by=house.actor("luz"), now=LATER)
    with pytest.raises(Refused):
        describe(house, found)
    found.refresh_from_db()
    assert found.failure != SAID["failure"]
