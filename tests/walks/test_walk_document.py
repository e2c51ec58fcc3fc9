"""docs/walk.md names only files and names that exist, and it goes on to the end of a case."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = ROOT / "escucha"
TEXT = (ROOT / "docs" / "walk.md").read_text()
PLACES = [(path, name) for path, names in re.findall(r"`([\w/.]+\.py): ([\w, ]+)`", TEXT) for name in names.split(", ")]
FILES = re.findall(r"`([\w/.]+\.py)`", TEXT)


def defined_in(source: str) -> set[str]:
    """The functions, classes and values that a module defines itself; what it only imports is not its own."""
    names: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


@pytest.mark.parametrize(("path", "name"), PLACES, ids=[f"{path}:{name}" for path, name in PLACES])
def test_every_name_is_in_its_file(path, name):
    assert name in defined_in((CODE / path).read_text()), f"docs/walk.md: {name} no está en escucha/{path}"


@pytest.mark.parametrize("path", FILES)
def test_every_file_exists(path):
    assert (CODE / path).is_file() or (ROOT / path).is_file()


def test_the_walk_goes_from_filing_to_closing():
    verbs = [name for path, name in PLACES if "/operations/" in path]
    path = ["file_case", "classify_case", "route_case", "answer_case", "check_answer", "send_answer", "close_case"]
    assert [verb for verb in verbs if verb in path] == path


def test_a_name_that_is_only_imported_does_not_count():
    assert defined_in("from there import verb\nHERE = 1\ndef act(): ...\n") == {"HERE", "act"}
