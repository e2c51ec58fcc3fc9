"""The other doors of the example organisations: everything that their scripts say comes in, and none is refused."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from escucha.console.management.commands.seed import _staff
from escucha.console.sample.doors import Entrance
from escucha.console.sample.doors_script import read_doors
from escucha.console.sample.script import read_script
from escucha.console.sample.year import Line, Office
from escucha.contexts.cases.models import Act, Answer, Attention, Case, Slip, Word
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.documents.models import Attachment
from escucha.contexts.messaging.models import Arrival
from escucha.contexts.people.models import PersonGroup
from escucha.kernel.timeline.actors import actor_of
from escucha.kernel.timeline.relay import failing_errands
from tests.make import PROFILES, a_house

pytestmark = pytest.mark.slow
NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)  # a Tuesday in the afternoon
HOUSES = ["arrayanes", "cafetal", "corrioverde", "quetzal", "vidamar"]


@pytest.fixture(scope="class", params=HOUSES)
def lived(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """A house with its script, after a few cases and all that came by its doors; undone when the last one looked."""
    folder: Path = tmp_path_factory.mktemp("doors")
    backend = {
        "BACKEND": "escucha.contexts.documents.gateways.store.PrivateFolder",
        "OPTIONS": {"location": folder / "files"},
    }
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(STORAGES=settings.STORAGES | {"files": backend}),
    ):
        house = a_house(request.param)
        members = _staff(house.org, read_script(PROFILES / request.param))
        actors = [actor_of(member, house.profile) for member in members]
        line = Line(until=NOW)
        script = read_script(PROFILES / request.param)
        office = Office(org=house.org, script=script, members=members, actors=actors, line=line)
        office.plan(since=NOW - timedelta(days=60), cases=4)
        doors = read_doors(PROFILES / request.param)
        Entrance(office=office, script=doors).plan()
        line.live(lambda moment: None)
        yield house, doors
        transaction.set_rollback(True)


class TestDoors:
    def test_every_letter_came_in_and_is_where_it_belongs(self, lived):
        house, doors = lived
        rows = Arrival.objects.filter(org=house.org)
        assert rows.count() == len(doors.letters) + sum(one.twice for one in doors.letters)
        assert rows.filter(state=Arrival.State.DUPLICATE).count() == 1
        assert not rows.filter(state__in=(Arrival.State.RECEIVED, Arrival.State.PARSED)).exists()
        parked = rows.filter(state=Arrival.State.PARKED)
        assert parked.filter(automatic=True).count() == sum(one.automatic for one in doors.letters) == 1
        assert parked.filter(automatic=False).count() == sum("{other}" in one.body for one in doors.letters) == 1
        assert Word.objects.filter(org=house.org).count() == sum(one.answers for one in doors.letters) == 1
        assert Attachment.objects.filter(org=house.org, file__name__endswith=".pdf", kind="evidence").exists()

    def test_contacts_boxes_and_hearings_are_there(self, lived):
        house, doors = lived
        contacts = Attention.objects.filter(org=house.org)
        assert contacts.count() == len(doors.contacts)
        assert contacts.exclude(case=None).count() == sum(bool(one.body) for one in doors.contacts)
        acts = Act.objects.filter(org=house.org)
        assert acts.count() == len(doors.gatherings)
        assert acts.filter(closed_at=None).count() == sum(not one.closed for one in doors.gatherings)
        slips = Slip.objects.filter(org=house.org)
        assert slips.count() == sum(len(one.words) for one in doors.gatherings)
        assert slips.filter(case=None).count() == sum(bool(word.void) for one in doors.gatherings for word in one.words)

    def test_what_was_taken_down_is_kept_as_it_should_be(self, lived):
        house, doors = lived
        cases = Case.objects.filter(org=house.org)
        assert PersonGroup.objects.filter(org=house.org, ended_at=None).count() == sum(
            len(one.groups) for one in doors.visits
        )
        assert Attachment.objects.filter(org=house.org, kind="scan").count() == sum(
            bool(one.scan) for one in doors.visits
        )
        assert cases.exclude(merged_into=None).count() == sum(one.twin for one in doors.visits)
        assert cases.filter(reserved=True).count() == len(doors.reports)
        shown = [kind for kind in house.profile.section(CasesPolicy).types.values() if kind.reserved]
        assert bool(doors.reports) == bool(shown)

    def test_what_has_an_ending_was_answered_and_what_has_none_waits(self, lived):
        house, doors = lived
        came = [(one.days, one) for one in (*doors.letters, *doors.contacts, *doors.visits)]
        came += [(one.days, word) for one in doors.gatherings for word in one.words]
        told = [one.answer for days, one in came if one.case_type and days > 20]
        answered = set(Answer.objects.filter(org=house.org).values_list("body", flat=True))
        assert told
        assert [answer for answer in told if answer not in answered] == []
        assert list(failing_errands(org=house.org)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("slug", HOUSES)
def test_everything_comes_whatever_the_day_and_the_hour_of_the_installation(slug):
    """What the office does waits for no Monday: it was done on the last day that it was open."""
    house, doors = a_house(slug), read_doors(PROFILES / slug)
    many = sum(map(len, (doors.letters, doors.contacts, doors.visits, doors.gatherings, doors.reports)))
    for hours in range(0, 24 * 14, 11):
        line = Line(until=NOW + timedelta(hours=hours, minutes=7))
        office = Office(org=house.org, script=read_script(PROFILES / slug), members=[], actors=[], line=line)
        Entrance(office=office, script=doors).plan()
        assert len(line.waiting) == many, line.until
