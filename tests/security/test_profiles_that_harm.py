"""Profiles that would stop filing, or the start, or give a notice fewer days than the law."""

import json
import shutil
from datetime import date, datetime

import pytest

from escucha.console.profile_check import problems_in
from escucha.contexts.cases.queries.standing import standing_of
from escucha.kernel.commitments.queries import owed_about
from escucha.kernel.orgs.operations import put_in_force
from escucha.kernel.orgs.queries import central_unit, units_of
from escucha.kernel.profiles.loader import Profile
from tests.cast import TUESDAY
from tests.make import PROFILES, House, a_case, profile


def changed(tmp_path, before, after, slug="cafetal"):
    folder = tmp_path / slug
    shutil.copytree(PROFILES / slug, folder)
    file = folder / "profile.toml"
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after))
    return folder


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('step = "tell_director", spent = 1.1', 'step = "tell_supervisor", spent = 1.1'),
        ("attempts = 3, notice_days = 5", "attempts = 0, notice_days = 5"),
        ("attempts = 3, notice_days = 5", "attempts = 3, notice_days = 1"),
        ("attempts = 3, notice_days = 5", "attempts = 3, notice_days = -3"),
        ("classification_days = 1", "classification_days = 40"),
        ('series = "PQR"', 'series = "PQR 1/x"'),
        ("spent = 1.1", "spent = 9999999999"),
    ],
    ids=[
        "twice a step",
        "no try",
        "a day of notice",
        "negative notice",
        "forty days to classify",
        "odd series",
        "far rung",
    ],
)
def test_is_refused(tmp_path, before, after):
    assert problems_in(changed(tmp_path, before, after), on=date(2026, 11, 22))


@pytest.mark.django_db
def test_the_central_unit_may_change(cafetal):
    document = json.loads(json.dumps(profile("cafetal").document))
    units = document["profile"]["units"]
    del units["atencion"]["central"]
    document["profile"]["units"] = {"vivienda": units["vivienda"] | {"central": True}, **units}
    document["profile"]["units"]["vivienda"]["central"] = True
    put_in_force(profile=Profile("cafetal", document), host="cafetal.localhost", valid_from=TUESDAY, now=TUESDAY)
    assert central_unit(cafetal.org).key == "vivienda"
    assert [unit.key for unit in units_of(cafetal.org) if unit.central] == ["vivienda"]
    case = a_case(cafetal)
    assert standing_of(case).central_unit_id == central_unit(cafetal.org).pk
    assert {debt.owner_unit.key for debt in owed_about(org=cafetal.org, subject=case.subject)} == {"vivienda"}


@pytest.mark.django_db
def test_a_step_said_twice_does_not_stop_filing(db):
    document = json.loads(json.dumps(profile("cafetal").document))
    for rung in document["profile"]["cases"]["ladder"]:
        rung["step"] = "tell"
    read = Profile("cafetal", document)
    valid = datetime.fromisoformat(read.identity.valid_from)
    version = put_in_force(profile=read, host="x.localhost", valid_from=valid, now=valid)
    case = a_case(House(version.org, read, {}))
    assert owed_about(org=version.org, subject=case.subject)
