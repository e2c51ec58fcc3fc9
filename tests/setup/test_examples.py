"""The example organisations: their staff has a password that everybody knows, so nobody else may ever get it."""

from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

import pytest
from django.core.management import CommandError, call_command

from escucha import settings as file
from escucha.console.sample.script import read_script
from escucha.console.sample.year import Line, Office
from escucha.kernel.commitments.queries import history_about
from escucha.kernel.orgs.queries import members_of
from escucha.kernel.timeline.actors import actor_of
from escucha.kernel.worktime.terms import ELAPSED
from tests.make import PROFILES, a_house


@pytest.fixture
def one_example(tmp_path, settings):
    """A folder with one organisation and its script."""
    settings.PROFILES = tmp_path
    (tmp_path / "quetzal").symlink_to(PROFILES / "quetzal")


@pytest.mark.django_db
class TestSeed:
    def test_gives_the_known_password_where_the_profile_in_force_is_an_example(self, one_example):
        org = a_house("quetzal").org
        before = len(members_of(org=org))
        call_command("seed", cases=0, verbosity=0)
        assert len(members_of(org=org)) > before

    def test_gives_it_to_nobody_of_an_organisation_in_earnest(self, one_example):
        """Though a script was left beside its profile."""
        org = a_house("quetzal", sample=False).org
        before = {member.account.email for member in members_of(org=org)}
        call_command("seed", cases=3, verbosity=0)
        assert {member.account.email for member in members_of(org=org)} == before

    def test_refuses_where_examples_are_off(self, one_example, settings):
        settings.SAMPLE = False
        org = a_house("quetzal").org
        before = len(members_of(org=org))
        with pytest.raises(CommandError, match="ESCUCHA_SAMPLE=1"):
            call_command("seed", cases=0)
        assert len(members_of(org=org)) == before


@pytest.mark.parametrize(
    ("said", "database", "tls", "shown"),
    [
        ("", "", False, True),
        ("", "postgresql://somewhere/escucha", False, False),
        ("", "", True, False),
        ("1", "postgresql://somewhere/escucha", True, True),
        ("0", "", False, False),
    ],
)
def test_examples_are_where_nothing_real_can_be_unless_they_are_asked_for(monkeypatch, said, database, tls, shown):
    monkeypatch.setenv("ESCUCHA_SAMPLE", said)
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setattr(file, "BEHIND_TLS", tls)
    assert file._sample() is shown


@pytest.mark.django_db
@pytest.mark.slow
def test_reminders_of_a_term_in_hours_come_at_their_moment(arrayanes):
    """The year of the examples ticks once a day; what is owed in hours does not wait for it."""
    script = read_script(PROFILES / "arrayanes")
    line = Line(until=datetime(2026, 3, 20, 15, tzinfo=UTC))
    members = list(arrayanes.members.values())
    actors = [actor_of(member, arrayanes.profile) for member in members]
    office = Office(org=arrayanes.org, script=script, members=members, actors=actors, line=line)
    office.random = Random(7)
    urgent = next(story for story in script.stories if story.emergency)
    for day in (0, 2, 4):
        line.at(line.until - timedelta(days=12 - day), partial(office.file, urgent))
    line.live(lambda moment: None)
    steps = [
        step
        for case in office.by_the_hour
        for owed in history_about(org=arrayanes.org, subject=f"case:{case}")
        if owed.unit in ELAPSED
        for step in owed.steps.all()
        if step.taken_at
    ]
    assert steps
    assert max(step.taken_at - step.at for step in steps) == timedelta(0)
