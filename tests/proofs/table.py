"""The project's requirements, clause by clause, and what its tests say of each."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

TABLE = Path(__file__).parents[2] / "docs" / "requirements.toml"
Outcome = Literal["passed", "failed", "not run"]


@dataclass(frozen=True)
class Requirement:
    key: str
    title: str
    clauses: Sequence[str]

    def names(self) -> Sequence[str]:
        """`CAJA-06.1`, `CAJA-06.2`… in order."""
        return [f"{self.key}.{number}" for number, _ in enumerate(self.clauses, 1)]


@dataclass(frozen=True)
class Verdict:
    """What the tests say of a requirement. `proofs`: the tests of each clause; `bare`: those that name only its id."""

    requirement: Requirement
    outcomes: Mapping[str, Outcome]
    proofs: Mapping[str, Sequence[str]]
    bare: Sequence[str]

    @property
    def state(self) -> str:
        """`failing` when one of its tests fails, `proved` when every clause has a passing test, else `missing`."""
        if "failed" in self.outcomes.values():
            return "failing"
        proved = all(any(self.outcomes[test] == "passed" for test in tests) for tests in self.proofs.values())
        return "proved" if proved else "missing"


def read_table(path: Path = TABLE) -> Mapping[str, Requirement]:
    """Every requirement by its id, in the order of the file."""
    raw = tomllib.loads(path.read_text())
    return {key: Requirement(key, body["title"], tuple(body["clauses"])) for key, body in raw.items()}


def unknown_names(named: Iterable[str], table: Mapping[str, Requirement]) -> Sequence[str]:
    """The ids and clauses that are named by a test and are not in the table."""
    known = {name for requirement in table.values() for name in (requirement.key, *requirement.names())}
    return sorted(set(named) - known)


def judge(requirement: Requirement, marks: Mapping[str, Sequence[str]], outcomes: Mapping[str, Outcome]) -> Verdict:
    """What the tests, each with the names it was marked with and how it ended, say of one requirement."""
    proofs = {name: sorted(test for test, named in marks.items() if name in named) for name in requirement.names()}
    bare = sorted(test for test, named in marks.items() if requirement.key in named)
    mine = {test for tests in (*proofs.values(), bare) for test in tests}
    return Verdict(requirement, {test: outcomes.get(test, "not run") for test in sorted(mine)}, proofs, bare)
