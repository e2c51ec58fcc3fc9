"""The table of requirements and its reporter: what counts as proved, missing and failing, and what is an error."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.proofs.__main__ import lines_of
from tests.proofs.table import Requirement, judge, read_table, unknown_names

ROOT = Path(__file__).parents[2]
TWO = Requirement("CAJA-06", "title", ("first", "second"))
WORKERS = ["-p", "xdist", "-n", "1"]
IDS = {"EPS": 13, "CAJA": 14, "IPS": 9, "ASIS": 17, "CORP": 9, "MORE": 8}

SETTINGS = """
[pytest]
markers = requirement(id)
addopts = --strict-markers -p no:cacheprovider
filterwarnings = error
"""
TESTS = """
import pytest

@pytest.mark.requirement("EPS-02.1")
@pytest.mark.parametrize("n", [1, 2])
def test_promise(n): pass

@pytest.mark.requirement("EPS-02.2", "EPS-03")
class TestPolicy:
    def test_data(self): pass
    def test_simple(self): pass

@pytest.mark.requirement("CAJA-07.1")
@pytest.mark.parametrize("n", [1, 2])
def test_check(n): assert n == 2

@pytest.mark.requirement("CAJA-05.1")
def test_left_out(): pytest.skip("not here")

def test_unmarked(): raise SystemExit
"""
UNKNOWN = """
import pytest

@pytest.mark.requirement("EPS-02.9")
def test_typing_error(): pass
"""


class TestTheTable:
    def test_has_every_requirement(self):
        expected = [f"{family}-{number:02}" for family, last in IDS.items() for number in range(1, last + 1)]
        assert list(read_table()) == expected

    def test_has_clauses_that_say_something(self):
        for requirement in read_table().values():
            assert requirement.title
            assert requirement.clauses
            assert all(re.search(r"\.$", clause) for clause in requirement.clauses), requirement.key

    def test_is_named_rightly_by_every_marker_of_the_suite(self):
        named = {name for path in (ROOT / "tests").rglob("test_*.py") for name in _marked_in(path.read_text())}
        assert not unknown_names(named, read_table())

    def test_knows_ids_and_clauses_and_nothing_else(self):
        table = {"CAJA-06": TWO}
        assert unknown_names(["CAJA-06", "CAJA-06.1", "CAJA-06.2"], table) == []
        assert unknown_names(["CAJA-06.3", "CAJA-06.0", "caja-06", "EPS-01"], table) == [
            "CAJA-06.0",
            "CAJA-06.3",
            "EPS-01",
            "caja-06",
        ]


@pytest.mark.parametrize(
    ("marks", "outcomes", "state", "tests"),
    [
        ({"a": ["CAJA-06.1"], "b": ["CAJA-06.2"]}, {"a": "passed", "b": "passed"}, "proved", 2),
        ({"a": ["CAJA-06.1", "CAJA-06.2"]}, {"a": "passed"}, "proved", 1),
        ({}, {}, "missing", 0),
        ({"a": ["CAJA-06.1"]}, {"a": "passed"}, "missing", 1),
        ({"a": ["CAJA-06"], "b": ["CAJA-06.1"]}, {"a": "passed", "b": "passed"}, "missing", 2),
        ({"a": ["CAJA-06.1", "CAJA-06.2"]}, {}, "missing", 1),
        ({"a": ["CAJA-06.1", "CAJA-06.2"], "b": ["CAJA-06"]}, {"a": "passed", "b": "failed"}, "failing", 2),
        ({"a": ["CAJA-06.1"]}, {"a": "failed"}, "failing", 1),
        ({"a": ["CAJA-06.1", "CAJA-06.2"], "b": ["EPS-01.1"]}, {"a": "passed", "b": "failed"}, "proved", 1),
    ],
)
def test_what_the_tests_say_of_a_requirement(marks, outcomes, state, tests):
    verdict = judge(TWO, marks, outcomes)
    assert (verdict.state, len(verdict.outcomes)) == (state, tests)


@pytest.mark.slow
class TestTheReporter:
    @pytest.mark.parametrize("how", [[], WORKERS], ids=["alone", "workers"])
    def test_prints_a_line_for_each_requirement(self, tmp_path, how):
        ended = _report(tmp_path, ["EPS-02", "EPS-03", "CAJA-05", "CAJA-07", "CAJA-08"], TESTS, how)
        assert ended.stdout.splitlines() == [
            "EPS-02 proved 3",
            "EPS-03 missing 2",
            "CAJA-05 missing 1",
            "CAJA-07 failing 1",
            "CAJA-08 missing 0",
        ]
        assert ended.returncode == 0

    @pytest.mark.parametrize(
        ("tests", "how", "words"),
        [(UNKNOWN, [], "EPS-02.9"), (UNKNOWN, WORKERS, "EPS-02.9"), ("import nothing_like_it", [], "test_inner.py")],
        ids=["name", "name-workers", "file"],
    )
    def test_says_that_the_run_broke(self, tmp_path, tests, how, words):
        ended = _report(tmp_path, [], tests, how)
        assert ended.returncode == 2
        assert words in ended.stderr
        assert ended.stdout == ""


def test_each_clause_is_shown_with_its_tests():
    marks = {"test_one": ["CAJA-06.1"], "test_two": ["CAJA-06"]}
    outcomes = {"test_one": "passed", "test_two": "passed"}
    assert list(lines_of([TWO], marks, outcomes, clauses=True)) == [
        "CAJA-06 missing 2",
        "  CAJA-06.1 first",
        "    passed: test_one",
        "  CAJA-06.2 second",
        "  (sin cláusula) passed: test_two",
    ]


def _report(folder: Path, arguments: list[str], tests: str, how: list[str]) -> subprocess.CompletedProcess[str]:
    (folder / "pytest.ini").write_text(SETTINGS)
    (folder / "test_inner.py").write_text(tests)
    to_pytest = ["--", str(folder), "-c", str(folder / "pytest.ini"), *how]
    command = [sys.executable, str(ROOT / "bin" / "requirements"), *arguments, *to_pytest]
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def _marked_in(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr="requirement"), args=args):
                yield from (arg.value for arg in args if isinstance(arg, ast.Constant))
