"""`escucha reckon` as people run it: lines in, lines out, without Django and without a database."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from escucha.console.reckon import answer_lines

COMMAND = Path(sys.executable).with_name("escucha")
GOOD = {"id": 7, "received_at": "2026-03-02T10:00:00-05:00", "term": {"amount": 15, "unit": "business_days"}}


def answers(*lines):
    out = io.BytesIO()
    answer_lines((line if isinstance(line, bytes) else line.encode() for line in lines), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_line_gets_its_answer_in_order():
    found = answers(json.dumps(GOOD), "no", "\n", json.dumps(GOOD | {"id": 8, "x": 1}), json.dumps(GOOD | {"id": 9}))
    assert [line["id"] for line in found] == [7, None, 8, 9]
    assert ["error" in line for line in found] == [False, True, True, False]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        '{"id": NaN}',
        b"\xff\xfe",
        "[" * 100_000,
        '{"id": -Infinity}',
        "{'id': 1}",
        b'{"id": "\x00"}',
    ],
)
def test_a_broken_line_is_told_and_passed(line):
    broken, good = answers(line, json.dumps(GOOD))
    assert broken == {"id": None, "error": {"key": "line", "message": "La línea no es JSON válido."}}
    assert good["due_date"] == "2026-03-24"


@pytest.mark.parametrize("error", [ValueError("x"), RuntimeError("x"), RecursionError("x")])
def test_our_own_mistake_is_not_told_as_a_mistake_of_the_line(monkeypatch, capsys, error):
    def fail(question):
        raise error

    monkeypatch.setattr("escucha.console.reckon.answer", fail)
    (found,) = answers(json.dumps(GOOD))
    assert (found["id"], found["error"]["key"]) == (7, "question")
    assert "x" not in found["error"]["message"].split()
    assert "Traceback" not in capsys.readouterr().out


def test_odd_text_comes_back_as_it_was():
    identity = "\ud800 ñ \U0001f600 \u2028"
    assert answers(json.dumps(GOOD | {"id": identity}))[0]["id"] == identity
    assert answers(b"\xef\xbb\xbf" + json.dumps(GOOD).encode())[0]["id"] == 7


@pytest.mark.slow
def test_the_command_runs_in_any_language_and_ends_well():
    lines = json.dumps(GOOD | {"country": "ñ"}) + "\n\nno\n" + json.dumps(GOOD)
    ran = subprocess.run(
        [COMMAND, "reckon"],
        input=lines.encode(),
        capture_output=True,
        env={"LC_ALL": "C", "DATABASE_URL": "nowhere"},
        check=True,
    )
    assert ran.stderr == b""
    found = [json.loads(line) for line in ran.stdout.decode().splitlines()]
    assert [line.get("due_at") for line in found] == [None, None, "2026-03-25T05:00:00Z"]


@pytest.mark.slow
def test_the_command_answers_before_the_next_question_is_asked():
    with subprocess.Popen([COMMAND, "reckon"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        for identity in ("a", "b"):
            running.stdin.write(json.dumps(GOOD | {"id": identity}).encode() + b"\n")
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["id"] == identity
        running.stdin.close()
        assert running.wait(10) == 0


@pytest.mark.slow
def test_it_does_not_load_django():
    asked = "import sys; from escucha.console.main import main; main(['reckon']); sys.exit('django' in sys.modules)"
    subprocess.run([sys.executable, "-c", asked], input=b"", check=True)


@pytest.mark.slow
def test_without_an_order_it_says_how_to_use_it():
    ran = subprocess.run([COMMAND], capture_output=True, check=True)
    assert "reckon" in ran.stdout.decode()
