"""The assistance desk of the example organisation: lived by its verbs, once, with everything to be seen."""

import time
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from escucha.console.management.commands.seed import _staff
from escucha.console.sample.assistance import Desk
from escucha.console.sample.desk_script import read_desk_script
from escucha.console.sample.script import read_script
from escucha.console.sample.year import Line
from escucha.contexts.assistance.models import Affiliate, Assistance, AssistanceFile, Provider, Veto
from escucha.contexts.assistance.rules.stages import Category, Conformity, Stage
from escucha.contexts.cases.models import Case
from escucha.kernel.timeline.actors import actor_of
from escucha.kernel.timeline.relay import failing_errands
from tests.make import PROFILES, House, a_house

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
AT_NIGHT = datetime(2026, 7, 29, 7, 20, tzinfo=UTC)  # 02:20 in Bogotá
BY_DAY = datetime(2026, 7, 29, 19, 40, tzinfo=UTC)


@pytest.fixture
def house(settings, tmp_path) -> House:
    options = {"location": tmp_path / "files"}
    backend = {"BACKEND": "escucha.contexts.documents.gateways.store.PrivateFolder", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"files": backend}
    return a_house("quetzal")


def lived(house: House, now: datetime, assistances: int = 10) -> Desk:
    members = _staff(house.org, read_script(PROFILES / "quetzal"))
    actors = [actor_of(member, house.profile) for member in members]
    line = Line(until=now)
    desk = Desk(org=house.org, script=read_desk_script(PROFILES / "quetzal"), actors=actors, line=line)
    desk.plan(assistances=assistances)
    line.live(lambda moment: None)
    return desk


@pytest.mark.parametrize("now", [BY_DAY, AT_NIGHT], ids=["by day", "at night"])
def test_every_stage_category_and_outcome_is_there(house, now):
    began = time.process_time()
    desk = lived(house, now)
    print("cpu", time.process_time() - began)
    assert [one.blockers for one in desk.refused] == []
    found = Assistance.objects.filter(org=house.org)
    assert {stage for stage in Stage} == set(found.values_list("stage", flat=True))
    assert set(Category) == set(found.values_list("category", flat=True))
    assert set(Conformity) <= set(found.values_list("conformity", flat=True))
    print(Counter(found.values_list("stage", flat=True)))
