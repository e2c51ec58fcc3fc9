"""Who signs in to the database: the owner to prepare, the run-time role for all the rest."""

import os

import pytest

from escucha import settings
from escucha.console import main, supervisor

OWNER = "postgresql://escucha_owner:o%40@db/escucha"
RUN = "postgresql://escucha_run:r@db/escucha"
ASKED = "-c role=escucha_run"


@pytest.mark.parametrize(
    ("run", "owner", "as_run", "as_owner"),
    [
        (RUN, OWNER, ("escucha_run", "r", ""), ("escucha_owner", "o@", "")),
        (OWNER, "", ("escucha_owner", "o@", ASKED), ("escucha_owner", "o@", "")),
        (OWNER, OWNER, ("escucha_owner", "o@", ASKED), ("escucha_owner", "o@", "")),
        (
            "postgresql://web@db/escucha?options=-c%20jit%3Doff",
            OWNER,
            ("web", "", "-c jit=off -c role=escucha_run"),
            ("escucha_owner", "o@", ""),
        ),
        ("", OWNER, ("escucha_run", None, ""), ("escucha_owner", None, "")),
    ],
)
def test_each_role_has_its_address(monkeypatch, run, owner, as_run, as_owner):
    monkeypatch.setenv("DATABASE_URL", run)
    monkeypatch.setenv("DATABASE_OWNER_URL", owner)
    for role, expected in (("run", as_run), ("owner", as_owner)):
        monkeypatch.setenv("ESCUCHA_DB_ROLE", role)
        said = settings._database()
        assert (said["USER"], said.get("PASSWORD"), said.get("OPTIONS", {}).get("options", "")) == expected


def test_web_and_worker_do_not_know_how_the_owner_signs_in(monkeypatch):
    monkeypatch.setenv("DATABASE_OWNER_URL", OWNER)
    assert supervisor._as("owner")["DATABASE_OWNER_URL"] == OWNER
    assert "DATABASE_OWNER_URL" not in supervisor._as("run")
    assert supervisor._as("run")["PATH"] == os.environ["PATH"]


@pytest.mark.parametrize(("order", "role"), [("prepare", "owner"), ("load_profiles", "owner"), ("doctor", None)])
def test_orders_of_the_owner_are_carried_out_as_the_owner(monkeypatch, order, role):
    monkeypatch.delenv("ESCUCHA_DB_ROLE")
    monkeypatch.setattr("django.core.management.execute_from_command_line", lambda words: None)
    main.main([order])
    assert os.environ.get("ESCUCHA_DB_ROLE") == role
