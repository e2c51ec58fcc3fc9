"""The assistance desk of the example organisation: lived by its verbs, once, with everything to be seen."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from escucha.console.management.commands.seed import _staff
from escucha.console.sample.assistance import Desk
from escucha.console.sample.desk_script import read_desk_script
from escucha.console.sample.script import read_script
from escucha.console.sample.year import Line
from escucha.contexts.assistance.models import Affiliate, Assistance, AssistanceFile, Provider, Veto
from escucha.contexts.assistance.rules.stages import Category, Conformity, Stage
from escucha.contexts.cases.models import Case
from escucha.kernel.commitments.models import OPEN, Commitment
from escucha.kernel.timeline.actors import actor_of
from escucha.kernel.timeline.relay import failing_errands
from tests.make import PROFILES, House, a_house

pytestmark = pytest.mark.slow
NOW = datetime(2026, 7, 29, 7, 20, tzinfo=UTC)  # 02:20 in Bogotá: what goes on goes on by night too


@contextmanager
def alone(folder: Path) -> Iterator[House]:
    """With a store of its own, and no other organisation to fill."""
    options = {"location": folder / "files"}
    backend = {"BACKEND": "escucha.contexts.documents.gateways.store.PrivateFolder", "OPTIONS": options}
    profiles = folder / "profiles"
    profiles.mkdir()
    (profiles / "quetzal").symlink_to(PROFILES / "quetzal")
    with override_settings(STORAGES=settings.STORAGES | {"files": backend}, PROFILES=profiles):
        yield a_house("quetzal")


@pytest.fixture
def house(db, tmp_path) -> Iterator[House]:
    with alone(tmp_path) as house:
        yield house


def lived(house: House, now: datetime) -> Desk:
    """Only what happens once, and what goes on."""
    members = _staff(house.org, read_script(PROFILES / "quetzal"))
    actors = [actor_of(member, house.profile) for member in members]
    line = Line(until=now)
    desk = Desk(org=house.org, script=read_desk_script(PROFILES / "quetzal"), actors=actors, line=line)
    desk.plan(assistances=0)
    line.live(lambda moment: None)
    return desk


class TestLived:
    """One life, which these only look at: what they see is undone when the last one has looked."""

    @pytest.fixture(scope="class")
    @classmethod
    def house(cls, django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[House]:
        folder = tmp_path_factory.mktemp("desk")
        with django_db_blocker.unblock(), transaction.atomic(), alone(folder) as house:
            yield house
            transaction.set_rollback(True)

    @pytest.fixture(scope="class")
    @classmethod
    def desk(cls, house) -> Desk:
        return lived(house, NOW)

    def test_everything_that_may_happen_is_there(self, house, desk):
        assert [one.blockers for one in desk.refused] == []
        found = Assistance.objects.filter(org=house.org)
        assert set(found.values_list("stage", flat=True)) == set(Stage)
        assert set(found.values_list("category", flat=True)) == set(Category)
        assert set(found.exclude(conformity="").values_list("conformity", flat=True)) == set(Conformity)
        assert set(found.values_list("file__account", flat=True)) == {one.account for one in desk.script.books}
        going = found.filter(ended_at=None)
        assert going.count() == len(desk.script.ongoing)
        assert going.filter(priority="vital").exists()
        assert going.filter(file__country="ar").exists()
        waiting = AssistanceFile.objects.filter(org=house.org, closed_at=None)
        assert waiting.count() == len(desk.script.ongoing)
        assert waiting.filter(coordinator=None).count() == 1

    def test_what_did_not_conform_is_a_complaint_and_no_errand_fails(self, house, desk):
        bad = Assistance.objects.filter(org=house.org, conformity=Conformity.NONCONFORMING).count()
        assert bad == 2
        assert Case.objects.filter(org=house.org).count() == bad
        assert list(failing_errands(org=house.org)) == []
        owed = Commitment.objects.filter(OPEN, org=house.org, subject__startswith="assistance:")
        assert owed.filter(due_at__lt=NOW, late_at__lte=NOW).exists()
        assert owed.filter(due_at__gt=NOW, due_at__lt=NOW + timedelta(minutes=20)).exists()
        assert not owed.filter(due_at__lt=NOW, late_at=None).exists()
        _looks_invented(house, desk)


def _looks_invented(house: House, desk: Desk) -> None:
    """Affiliates and network: of nobody, and with what keeps some from being sent."""
    people = Affiliate.objects.filter(org=house.org)
    assert people.count() == sum(one.holders + one.beneficiaries for one in desk.script.books)
    assert people.exclude(holder=None).count() == sum(one.beneficiaries for one in desk.script.books)
    assert people.filter(status=Affiliate.Status.TO_VERIFY).count() == 2
    for one in people:
        document = int(one.document_number.replace(".", ""))
        assert 1_990_000_000 <= document < 1_991_000_000 or 99_000_000 <= document < 100_000_000
        assert one.phone.startswith("300 000 0")
        assert one.email.endswith("@example.org")
    network = Provider.objects.filter(org=house.org)
    assert network.count() == len(desk.script.suppliers)
    assert set(network.values_list("kind", flat=True)) == set(Provider.Kind)
    assert network.filter(papers_until__lt=NOW.date()).count() == 2
    assert Veto.objects.filter(org=house.org, ended_at=None).count() == 1
    assert all(one.phone.startswith("300 000 07") for one in network)


def test_it_is_lived_once(house):
    call_command("seed", cases=1, assistances=0, verbosity=0)
    files = AssistanceFile.objects.filter(org=house.org).count()
    assert files
    call_command("seed", cases=1, assistances=0, verbosity=0)
    assert AssistanceFile.objects.filter(org=house.org).count() == files


def test_an_organisation_without_a_desk_has_none():
    assert read_desk_script(PROFILES / "cafetal") is None
