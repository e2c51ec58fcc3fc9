"""Asking the term calculator the way a stranger would: lines in, lines out, one process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

COMMAND = (str(Path(sys.executable).parent / "escucha"), "reckon")
SECONDS = 120

type Question = dict[str, Any]
type Answer = dict[str, Any]

SPLIT_WEEK = {day: [["08:00", "12:00"], ["14:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def question(amount: int, unit: str = "business_days", at: str = "2026-03-02T10:00:00-05:00", **more: Any) -> Question:
    """A complete question; `more` adds or replaces keys."""
    base = {"received_at": at, "country": "CO", "receipt_rule": "calendar_date"}
    return base | {"term": {"amount": amount, "unit": unit}} | more


def run_bytes(raw: bytes, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    """What the command does with these bytes; nothing is checked."""
    where = None if env is None else os.environ | env
    return subprocess.run(COMMAND, input=raw, capture_output=True, timeout=SECONDS, check=False, env=where)


def ask_raw(lines: Iterable[str]) -> list[Answer]:
    """One answer for each line; asserts exit status 0, no traceback and one line of JSON each."""
    asked = list(lines)
    done = run_bytes("".join(line + "\n" for line in asked).encode("utf-8"))
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert b"Traceback" not in done.stderr + done.stdout
    answers = [json.loads(line) for line in done.stdout.decode("utf-8").split("\n")[:-1]]
    assert len(answers) == len(asked)
    return answers


def ask(questions: Sequence[Question]) -> list[Answer]:
    """Ask all in one process; each is numbered where it has no id, and its answer carries the same id."""
    named = [{"id": number} | q for number, q in enumerate(questions)]
    answers = ask_raw(json.dumps(q) for q in named)
    assert [a.get("id") for a in answers] == [q["id"] for q in named]
    return answers
