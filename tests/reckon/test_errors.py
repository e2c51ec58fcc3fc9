"""What cannot be reckoned: one error line with its key, and the next line answered."""

import json
import time
from typing import Any

import pytest

from tests.reckon.asking import SPLIT_WEEK, Answer, ask, ask_raw, question, run_bytes

GOOD = json.dumps({"id": "next"} | question(15))
SATURDAY = "2026-03-07T10:00:00-05:00"


def without(key: str) -> dict[str, Any]:
    return {k: v for k, v in question(15).items() if k != key}


def term(**body: Any) -> dict[str, Any]:
    return question(15) | {"term": body}


WRONG: list[tuple[str, dict[str, Any], set[str]]] = [
    ("unknown key", question(15, colour="red"), {"colour"}),
    ("unknown key in term", term(amount=15, unit="business_days", speed=1), {"speed", "term", "term.speed"}),
    ("unknown layer", question(15, layers=["national", "lunar"]), {"layers"}),
    ("unknown unit", question(15, "fortnights"), {"unit", "term", "term.unit"}),
    ("unknown country", question(15, country="XX"), {"country"}),
    ("unknown zone", question(15, zone="America/Macondo"), {"zone"}),
    ("zone as a path", question(15, zone="../../etc/passwd"), {"zone"}),
    ("a file beside the zones", question(15, zone="posixrules"), {"zone"}),
    ("a folder of zones again", question(15, zone="posix/America/Bogota"), {"zone"}),
    ("a folder of zones", question(15, zone="America/Argentina"), {"zone"}),
    ("what the machine calls its own time", question(15, zone="localtime"), {"zone"}),
    ("no zone yet", question(15, zone="Factory"), {"zone"}),
    ("unknown receipt rule", question(15, receipt_rule="whenever"), {"receipt_rule"}),
    ("unknown count_from", question(15, count_from="later"), {"count_from"}),
    ("unknown resume", question(15, resume="later"), {"resume"}),
    ("unknown request_day", question(15, request_day="later"), {"request_day"}),
    ("unknown weekday", question(15, weekend=["caturday"]), {"weekend"}),
    ("roll without hours", question(15, receipt_rule="office_hours_roll"), {"office_hours"}),
    ("working minutes without hours", question(15, "working_minutes"), {"office_hours"}),
    ("no receipt", without("received_at"), {"received_at"}),
    ("no term", without("term"), {"term"}),
    ("no amount", term(unit="business_days"), {"amount", "term", "term.amount"}),
    ("no unit", term(amount=15), {"unit", "term", "term.unit"}),
    ("stages too long", question(6, stages=[5, 2]), {"stages"}),
    ("does not exist", question(15, at="2026-09-06T00:30:00", zone="America/Santiago"), {"received_at"}),
    ("happens twice", question(15, at="2026-04-04T23:30:00", zone="America/Santiago"), {"received_at"}),
    ("does not exist in Madrid", question(15, at="2026-03-29T02:30:00", zone="Europe/Madrid"), {"received_at"}),
    ("happens twice in Madrid", question(15, at="2026-10-25T02:30:00", zone="Europe/Madrid"), {"received_at"}),
    ("no such day", question(15, at="2026-02-30T10:00:00-05:00"), {"received_at"}),
    ("not a moment", question(15, at="ayer"), {"received_at"}),
    ("a closure backwards", question(15, closures=[{"from": "2026-03-05", "to": "2026-03-04"}]), {"closures"}),
    ("a closure of nonsense", question(15, closures=["mañana"]), {"closures"}),
    ("hours backwards", question(15, office_hours={"mon": [["17:00", "08:00"]]}), {"office_hours"}),
    ("an unknown event", question(15, events=[{"type": "sneezed", "on": "2026-03-04"}]), {"events"}),
]
TOLD = {"type": "extended", "to_amount": 10**8, "told_at": "2026-03-04T10:00:00-05:00"}
ASKED = {"type": "completion_requested", "on": "2026-03-04"}
DONE = {"type": "completed", "on": "2026-03-06"}
FAR = [
    ("person_months", question(15, person_months=10**9, events=[ASKED])),
    ("person_months", question(15, person_months=12 * 75, events=[ASKED])),
    ("to_amount", question(15, extension_cap={"plus": 10**9}, events=[TOLD])),
    ("to_amount", question(15, "calendar_months", extension_cap={"plus": 10**9}, events=[TOLD])),
    ("to_amount", question(15, extension_cap={"plus": 10**9}, events=[ASKED, TOLD, DONE])),
    (
        "to_amount",
        question(
            15,
            "working_minutes",
            "2026-03-02T16:50:00-05:00",
            office_hours=SPLIT_WEEK,
            extension_cap={"plus": 10**9},
            events=[TOLD | {"told_at": "2026-03-02T16:55:00-05:00"}],
        ),
    ),
]
NUMBERS = [0, -1, 1.5, "15", None, True, [], {}, 10**30]
SHAPES: list[Any] = [None, 7, "x", [], {}, [[]], [{}], True, {"a": 1}, [None], 10**400, "\ud800", -1, [1, [2]]]
KEYS = [
    "received_at",
    "zone",
    "country",
    "layers",
    "receipt_rule",
    "office_hours",
    "weekend",
    "closures",
    "term",
    "stages",
    "events",
    "count_from",
    "roll_last_day",
    "completion_window",
    "request_day",
    "resume",
    "person_months",
    "extension_cap",
]
BROKEN = [
    "not json",
    "{",
    "[]",
    "7",
    "null",
    "NaN",
    GOOD.replace("15", "NaN"),
    GOOD.replace("15", "-Infinity"),
    GOOD.replace("15", "1e400"),
    '"text"',
    '{"id": 1',
    '{"id": 1} {"id": 2}',
    "[" * 100_000,
    '{"a":' * 50_000,
    "9" * 10_000,
    '{"id": ' + "9" * 10_000 + "}",
    '{"id": "\\ud800"}',
    "\x00",
    "{'id': 1}",
    "x" * 1_000_000,
]


def is_error(answer: Answer) -> bool:
    return answer.keys() == {"id", "error"} and answer["error"].keys() == {"key", "message"}


@pytest.fixture(scope="module")
def wrong_answers() -> list[Answer]:
    return ask([asked for _, asked, _ in WRONG])


@pytest.mark.requirement("MORE-01.1")
@pytest.mark.parametrize("index", range(len(WRONG)), ids=[name for name, _, _ in WRONG])
def test_an_error_names_its_key(index: int, wrong_answers: list[Answer]) -> None:
    answer = wrong_answers[index]
    assert is_error(answer), answer
    assert answer["error"]["key"] in WRONG[index][2], answer
    assert answer["error"]["message"].strip()


@pytest.mark.requirement("MORE-01.1")
@pytest.mark.parametrize(("key", "asked"), FAR)
def test_what_leads_outside_the_years_is_named(key: str, asked: dict[str, Any]) -> None:
    assert ask([asked])[0]["error"]["key"] == key


@pytest.mark.requirement("MORE-01.1")
@pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 5_000, "-" + "9" * 5_000, "9" * 900_000])
@pytest.mark.parametrize(
    "key", ["amount", "completion_window", "person_months", "closures", "zone", "colour", "factor"]
)
def test_a_number_too_large_to_hold_is_told_by_its_key(key: str, number: str) -> None:
    inside = {
        "amount": {"term": {"amount": "HERE", "unit": "business_days"}},
        "factor": {"extension_cap": {key: "HERE"}},
    }
    asked = question(15) | inside.get(key, {key: "HERE"})
    line = json.dumps({"id": 7} | asked).replace('"HERE"', number)
    (answer,) = ask_raw([line])
    assert (answer["id"], answer["error"]["key"]) == (7, key)
    assert len(answer["error"]["message"]) < 200


@pytest.mark.requirement("MORE-01.1")
@pytest.mark.parametrize("given", ["1e400", "9" * 5_000, "[1e400]"])
def test_an_id_that_cannot_be_repeated_is_told(given: str) -> None:
    line = GOOD.replace('"next"', given)
    answer, good = ask_raw([line, GOOD])
    assert is_error(answer)
    assert (answer["id"], answer["error"]["key"]) == (None, "id")
    assert good["due_date"] == "2026-03-24"


LONG = "k" * 1_000_000


@pytest.mark.requirement("MORE-01.1")
@pytest.mark.parametrize(
    "asked",
    [
        {LONG: 1},
        {"zone": LONG},
        {"country": LONG},
        {"layers": [LONG]},
        {"weekend": [LONG]},
        {"receipt_rule": LONG},
        {"received_at": LONG},
        {"term": {"amount": 1, "unit": LONG}},
        {"term": {"amount": 1, "unit": "business_days", LONG: 1}},
        {"events": [{"type": LONG}]},
        {"events": [ASKED | {LONG: 1}]},
        {"office_hours": {LONG: []}},
        {"closures": [{"from": "2026-03-02", "to": "2026-03-03", "act": LONG}]},
        {"closures": [{LONG: 1}]},
        {"extension_cap": {LONG: 1}},
    ],
)
def test_what_was_written_is_repeated_shortened(asked: dict[str, Any]) -> None:
    (answer,) = ask([question(15) | asked])
    assert is_error(answer)
    assert len(answer["error"]["key"]) <= 60
    assert len(answer["error"]["message"]) < 300
    if LONG in asked:
        assert answer["error"]["key"] == "k" * 59 + "…"


@pytest.mark.requirement("MORE-01.1")
@pytest.mark.parametrize(
    "closures",
    [
        [{"from": "1984-01-01", "to": "2026-02-27"}] * 20_000,
        [{"from": f"{1984 + number % 90}-01-01", "to": "2100-12-31"} for number in range(20_000)],
        [f"20{number % 90 + 10}-05-{number % 28 + 1:02}" for number in range(70_000)],
    ],
)
def test_a_line_full_of_closures_is_answered_at_once(closures: list[Any]) -> None:
    started = time.monotonic()
    (answer,) = ask([question(15, closures=closures)])
    assert time.monotonic() - started < 2
    assert answer.get("due_date") == "2026-03-24" or answer["error"]["key"] == "term"


@pytest.mark.requirement("MORE-01.1")
def test_a_line_full_of_stages_is_answered_at_once() -> None:
    hours = {"mon": [["08:00", "17:00"]]}
    asked = question(10**6, "working_minutes", office_hours=hours, stages=[100] * 10_000)
    started = time.monotonic()
    (answer,) = ask([asked])
    assert time.monotonic() - started < 5
    assert answer["stage_due"][-1]["due_at"] == answer["due_at"]


@pytest.mark.requirement("MORE-01.1")
def test_the_first_act_that_names_a_day_stays() -> None:
    closed = [
        {"from": "2026-03-03", "to": "2026-03-05"},
        {"from": "2026-03-04", "to": "2026-03-06", "act": "Primera"},
        {"from": "2026-03-02", "to": "2026-03-10", "act": "Segunda"},
    ]
    rows = ask([question(1, closures=closed)])[0]["ledger"]
    acts = {row["date"][-2:]: row["norm"] for row in rows if row["reason"] == "closure"}
    assert acts == {"03": "Segunda"} | dict.fromkeys(("04", "05", "06"), "Primera") | {"09": "Segunda", "10": "Segunda"}


@pytest.mark.requirement("MORE-01.1")
@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-05:00", "1492-10-12T10:00:00Z"])
def test_dates_outside_the_pack_are_errors(at: str) -> None:
    assert is_error(ask([question(15, at=at)])[0])


@pytest.mark.requirement("MORE-01.1")
@pytest.mark.parametrize("unit", ["business_days", "calendar_months", "elapsed_hours", "working_minutes"])
def test_amounts_that_make_no_sense(unit: str) -> None:
    answers = ask([question(n, unit, office_hours=SPLIT_WEEK) for n in NUMBERS])  # type: ignore[arg-type]
    assert all(is_error(answer) for answer in answers), [a for a in answers if not is_error(a)]


@pytest.mark.requirement("MORE-01.1")
@pytest.mark.parametrize("line", BROKEN, ids=[line[:20] for line in BROKEN])
def test_broken_lines_are_answered_and_so_is_the_next(line: str) -> None:
    broken, good = ask_raw([line, GOOD])
    assert is_error(broken)
    assert good["due_date"] == "2026-03-24"


@pytest.mark.requirement("MORE-01.1")
@pytest.mark.parametrize("key", KEYS)
def test_any_shape_under_any_key_is_answered(key: str) -> None:
    """Never a traceback, always a line: an error that names this key, or an answer where the shape makes sense."""
    full = question(15, "business_days", office_hours=SPLIT_WEEK)
    for shape, answer in zip(SHAPES, ask([full | {key: shape} for shape in SHAPES]), strict=True):
        assert is_error(answer) or "due_date" in answer
        if is_error(answer):
            inner = isinstance(shape, dict) or shape == [{}]
            assert answer["error"]["key"] == key or inner or key == "term", (shape, answer)


@pytest.mark.requirement("MORE-01.1")
def test_bytes_that_are_not_text() -> None:
    done = run_bytes(b'\xff\xfe{"id": 1}\n' + GOOD.encode() + b"\n")
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    broken, good = (json.loads(line) for line in done.stdout.splitlines())
    assert is_error(broken)
    assert good["due_date"] == "2026-03-24"


@pytest.mark.requirement("MORE-01.1")
def test_line_ends_and_marks_of_other_systems() -> None:
    bom, crlf = "\ufeff" + GOOD, GOOD + "\r"
    assert [answer["due_date"] for answer in ask_raw([bom, crlf])] == ["2026-03-24"] * 2


@pytest.mark.requirement("MORE-01.1")
def test_a_last_line_without_its_end() -> None:
    done = run_bytes(GOOD.encode())
    assert json.loads(done.stdout)["due_date"] == "2026-03-24"
    assert done.stdout.endswith(b"\n")


@pytest.mark.requirement("MORE-01.1")
def test_a_line_separator_inside_a_text_is_no_end_of_line() -> None:
    asked = {"id": "a\u2028b\u0085c\x0bd"} | question(15)
    (answer,) = ask_raw([json.dumps(asked, ensure_ascii=False).replace("\x0b", "\\u000b")])
    assert answer["id"] == asked["id"]


@pytest.mark.requirement("MORE-01.1")
def test_the_terminal_may_speak_no_unicode() -> None:
    asked = json.dumps(
        {"id": "ñ"} | question(15, closures=[{"from": "2026-03-04", "to": "2026-03-04", "act": "Resolución"}])
    )
    done = run_bytes(asked.encode() + b"\n", env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["id"] == "ñ"


@pytest.mark.requirement("MORE-01.1")
def test_no_database_is_needed() -> None:
    done = run_bytes(GOOD.encode() + b"\n", env={"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"})
    assert json.loads(done.stdout)["due_date"] == "2026-03-24"


@pytest.mark.slow
@pytest.mark.requirement("MORE-01.1")
def test_ten_thousand_lines() -> None:
    started = time.monotonic()
    answers = ask([question(15) for _ in range(10_000)])
    assert {answer["due_date"] for answer in answers} == {"2026-03-24"}
    assert time.monotonic() - started < 30
