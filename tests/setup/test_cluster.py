"""The cluster of another run is taken only where nothing changed that may have a part in its migrations."""

import pytest
from django.apps import apps

from tests import cluster


@pytest.fixture
def tree(monkeypatch, tmp_path):
    monkeypatch.setattr(cluster, "ROOT", tmp_path)
    monkeypatch.setattr(cluster, "__file__", str(tmp_path / "cluster.py"))
    for name in ("cluster.py", "requirements/run.txt", "escucha/orgs/migrations/0001_begin.py", "escucha/people/x.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
    return tmp_path


@pytest.mark.parametrize(
    "name",
    [
        "cluster.py",
        "requirements/run.txt",
        "escucha/orgs/migrations/0001_begin.py",
        "escucha/orgs/migrations/0002_new.py",
        "escucha/people/x.csv",
    ],
)
def test_what_may_have_a_part_changes_its_name(tree, name):
    before = cluster.what_it_depends_on()
    assert cluster.what_it_depends_on() == before
    (tree / name).write_text("two")
    assert cluster.what_it_depends_on() != before


@pytest.mark.parametrize(
    "name",
    ["escucha/web/desk/page.py", "escucha/orgs/templates/page.html", "escucha/orgs/__pycache__/x.pyc", "tests/new.py"],
)
def test_what_has_none_does_not(tree, name):
    before = cluster.what_it_depends_on()
    (tree / name).parent.mkdir(parents=True)
    (tree / name).write_text("two")
    assert cluster.what_it_depends_on() == before


def test_no_table_is_of_the_rooms_that_have_no_part():
    rooms = [one for one in apps.get_app_configs() if one.name.startswith(("escucha.web", "escucha.flows"))]
    assert rooms
    for room in rooms:
        assert not [*room.get_models(include_auto_created=True)]
        assert not (cluster.ROOT / room.name.replace(".", "/") / "migrations").exists()


def test_only_a_finished_one_is_kept_and_the_last_takes_the_place_of_the_others(monkeypatch, tmp_path):
    kept, var = tmp_path / "kept", tmp_path / "var"
    monkeypatch.setattr(cluster, "KEPT", kept)
    (var / "pg" / "data").mkdir(parents=True)
    cluster.keep(var)
    assert not kept.exists()
    for name in ("first", "second"):
        (var / "migrated").write_text(name)
        cluster.keep(var)
        cluster.keep(var)
        assert [one.name for one in kept.iterdir()] == [name]
