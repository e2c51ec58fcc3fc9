"""The drawings of docs/generated are those of the code, and what the documents point at is there."""

import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

from escucha.contexts.cases.rules.standing import MOVES
from escucha.kernel.commitments.models import Outcome

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)|src=\"([^\"]+)\"")
SETTING = re.compile(r"[\"'](ESCUCHA_[A-Z_]+|DATABASE_URL|PG_BIN)[\"']")
LARGEST_PICTURE = 200 * 1024


@pytest.fixture(scope="module")
def script():
    loader = SourceFileLoader("drawings", str(ROOT / "bin" / "drawings"))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def test_generated_documents_are_up_to_date(script):
    written = {file.name: file.read_text() for file in (ROOT / "docs" / "generated").iterdir()}
    assert written == script.drawings(), "Se escriben otra vez con: make docs"


def test_the_drawing_of_states_has_every_move(script):
    drawn = script.states(MOVES, {})
    arrows = {tuple(line.split(" --> ")) for line in map(str.strip, drawn.splitlines()) if " --> " in line}
    moves = {(str(start), str(end)) for start, ends in MOVES.items() for end in ends}
    assert {arrow for arrow in arrows if "[*]" not in arrow} == moves


def test_the_drawing_of_debts_has_every_outcome_and_its_verb(script):
    drawn = script.debts(script.LEDGER.read_text())
    assert {line.split()[2].rstrip(":") for line in drawn.splitlines() if "open --> " in line} == set(Outcome.values)
    assert "open --> annulled: annul" in drawn
    with pytest.raises(ValueError, match="lost"):
        script.debts("def lose(owed):\n    close(owed, Outcome.LOST)\n")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_documents_point_at_what_is_there(document):
    found = [link or picture for link, picture in LINK.findall(document.read_text())]
    targets = [target for target in found if "://" not in target]
    missing = [target for target in targets if not (document.parent / target).exists()]
    assert missing == []


def test_pictures_are_small():
    pictures = list((ROOT / "docs" / "pictures").iterdir())
    assert pictures
    assert {file.name: file.stat().st_size for file in pictures if file.stat().st_size > LARGEST_PICTURE} == {}


def test_who_installs_is_told_of_every_setting():
    told = (ROOT / "docs" / "operating.md").read_text()
    settings = {name for file in (ROOT / "escucha").rglob("*.py") for name in SETTING.findall(file.read_text())}
    assert "ESCUCHA_PORT" in settings
    shown = {name: f"`{name}<" if name.endswith("_") else f"`{name}`" for name in settings}
    assert [name for name in sorted(settings) if shown[name] not in told] == []


def test_every_command_of_the_house_is_named():
    told = (ROOT / "docs" / "house.md").read_text()
    commands = [file.stem for file in (ROOT / "escucha/console/management/commands").glob("[a-z]*.py")]
    assert [name for name in sorted(commands) if not re.search(rf"\b{name}\b", told)] == []
