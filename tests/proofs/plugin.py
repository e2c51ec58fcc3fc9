"""Keeps what the marked tests prove, for pytest with or without workers.

Every process that collects writes which tests carry which names; the one that prints writes how each ended. Tests are
kept without their parameters: a parametrised test is one test, which passes when some case does and none fails.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.proofs.table import Outcome, read_table, unknown_names


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--proofs", metavar="FOLDER", help="write here what the tests marked with a requirement prove")
    parser.addoption("--proofs-of", default="", metavar="IDS", help="only of these ids or prefixes, with commas")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--proofs"):
        config.pluginmanager.register(Proofs(config), "proofs")


def names_of(item: pytest.Item) -> Sequence[str]:
    """The ids and clauses that a test is marked with."""
    return [name for mark in item.iter_markers("requirement") for name in mark.args]


class Proofs:
    def __init__(self, config: pytest.Config) -> None:
        self.folder = Path(config.getoption("--proofs"))
        self.wanted = tuple(filter(None, config.getoption("--proofs-of").split(",")))
        self.prints = not hasattr(config, "workerinput")
        self.outcomes: dict[str, Outcome] = {}
        self.broken: list[str] = []

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        named = {item: names_of(item) for item in items}
        marks: dict[str, Sequence[str]] = {
            _test(item.nodeid): names for item, names in named.items() if any(map(self._is_wanted, names))
        }
        config.hook.pytest_deselected(items=[item for item in items if _test(item.nodeid) not in marks])
        items[:] = [item for item in items if _test(item.nodeid) in marks]
        unknown = unknown_names((name for names in named.values() for name in names), read_table())
        worker = "main" if self.prints else os.environ["PYTEST_XDIST_WORKER"]
        (self.folder / f"marks-{worker}.json").write_text(json.dumps({"marks": marks, "unknown": unknown}))
        if unknown and self.prints:  # a worker that raised would only crash
            raise pytest.UsageError(f"not in docs/requirements.toml: {', '.join(unknown)}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken.append(report.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        test = _test(report.nodeid)
        if report.failed:
            self.outcomes[test] = "failed"
        elif report.when == "call" and report.passed:
            self.outcomes.setdefault(test, "passed")

    def pytest_sessionfinish(self) -> None:
        if self.prints:
            found = {"outcomes": self.outcomes, "broken": self.broken}
            (self.folder / "outcomes.json").write_text(json.dumps(found))

    def _is_wanted(self, name: str) -> bool:
        return not self.wanted or name.startswith(self.wanted)


def _test(nodeid: str) -> str:
    return nodeid.partition("[")[0]
