"""Runs the marked tests and prints one line for each requirement: its id, its state, how many tests it has.

    bin/requirements                     every requirement
    bin/requirements CAJA EPS-05         those ids, or that start so
    bin/requirements --clauses CAJA-06   each clause with its tests
    bin/requirements -- -n 2 -m "not long"   what follows -- goes to pytest

The table goes to the standard output, what pytest says to the standard error. It ends with 0 whatever the tests say,
and with 2 where the run itself broke: a file that cannot be collected, a name that is not in the table, a crash.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.proofs.table import Outcome, Requirement, Verdict, judge, read_table

ROOT = Path(__file__).parents[2]
RAN = {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED}


class Broke(Exception):
    """The tests could not be run, so that nothing can be said."""


def main(arguments: Sequence[str]) -> int:
    own, to_pytest = _split(arguments)
    parser = argparse.ArgumentParser(prog="bin/requirements", description="Qué requisito está demostrado")
    parser.add_argument("--clauses", action="store_true", help="cada cláusula con sus pruebas")
    parser.add_argument("ids", nargs="*", help="solo estos, o los que empiezan así")
    options = parser.parse_args(own)
    table = read_table()
    wanted = [r for key, r in table.items() if not options.ids or key.startswith(tuple(options.ids))]
    if not wanted:
        parser.error(f"ningún requisito empieza por {' ni '.join(options.ids)}")
    try:
        marks, outcomes = run(options.ids, to_pytest)
    except Broke as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for line in lines_of(wanted, marks, outcomes, clauses=options.clauses):
        sys.stdout.write(f"{line}\n")
    return 0


def run(ids: Sequence[str], to_pytest: Sequence[str]) -> tuple[Mapping[str, Sequence[str]], Mapping[str, Outcome]]:
    """The names each test is marked with, and how each test ended. Raises Broke."""
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        # with =, or pytest takes the folder for a place of tests before it knows the option
        ours = ["-p", "tests.proofs.plugin", f"--proofs={kept}", f"--proofs-of={','.join(ids)}"]
        command = [sys.executable, "-m", "pytest", "-q", *ours, *to_pytest]
        ended = subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=False)
        report = folder / "outcomes.json"
        if ended.returncode not in RAN or not report.exists():
            raise Broke(f"pytest ended with {ended.returncode}: nothing can be said of the requirements")
        found = json.loads(report.read_text())
        if found["broken"]:
            raise Broke(f"these files could not be read: {', '.join(found['broken'])}")
        return _marks(folder), found["outcomes"]


def _marks(folder: Path) -> Mapping[str, Sequence[str]]:
    marks: dict[str, Sequence[str]] = {}
    for collected in (json.loads(file.read_text()) for file in folder.glob("marks-*.json")):
        if unknown := collected["unknown"]:
            raise Broke(f"not in docs/requirements.toml: {', '.join(unknown)}")
        marks |= collected["marks"]
    return marks


def _split(arguments: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:cut], arguments[cut + 1 :]


def lines_of(
    wanted: Sequence[Requirement],
    marks: Mapping[str, Sequence[str]],
    outcomes: Mapping[str, Outcome],
    *,
    clauses: bool,
) -> Iterator[str]:
    for requirement in wanted:
        verdict = judge(requirement, marks, outcomes)
        yield f"{requirement.key} {verdict.state} {len(verdict.outcomes)}"
        if clauses:
            yield from _details(verdict)


def _details(verdict: Verdict) -> Iterator[str]:
    requirement = verdict.requirement
    for name, text in zip(requirement.names(), requirement.clauses, strict=True):
        yield f"  {name} {text}"
        yield from (f"    {verdict.outcomes[test]}: {test}" for test in verdict.proofs[name])
    yield from (f"  (sin cláusula) {verdict.outcomes[test]}: {test}" for test in verdict.bare)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
