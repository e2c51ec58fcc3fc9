"""The open calculator: each question gets an answer or says what is wrong with it, never anything else."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escucha.kernel.norms.questions import KEYS, answer

OFFICE = {"mon": [["08:00", "12:00"], ["14:00", "17:00"]], "tue": [["08:00", "17:00"]]}
FIELDS = [
    "id", "effective_receipt", "due_date", "due_at", "counted_days", "stage_due", "person_until", "paused_since",
    "ledger", "refused",
]  # fmt: skip


def ask(amount=15, unit="business_days", received_at="2026-03-02T10:00:00-05:00", **more):
    return answer({"id": "a", "received_at": received_at, "term": {"amount": amount, "unit": unit}, **more})


def test_the_example():
    found = ask()
    assert list(found) == FIELDS
    shown = {key: found[key] for key in FIELDS if key != "ledger"}
    assert shown == {
        "id": "a",
        "effective_receipt": "2026-03-02",
        "due_date": "2026-03-24",
        "due_at": "2026-03-25T05:00:00Z",
        "counted_days": 15,
        "stage_due": [],
        "person_until": None,
        "paused_since": None,
        "refused": [],
    }
    assert found["ledger"][0] == {
        "date": "2026-03-02", "reason": "received", "n": None, "norm": "Ley 1437 de 2011, art. 15",
    }  # fmt: skip
    assert len(found["ledger"]) == 23


@pytest.mark.parametrize(
    ("more", "due_at"),
    [
        ({"received_at": "2026-03-02T15:00:00Z"}, "2026-03-25T05:00:00Z"),
        ({"received_at": "2026-03-02T10:00"}, "2026-03-25T05:00:00Z"),
        ({"received_at": "2026-03-02t10:00:00.5z"}, "2026-03-25T05:00:00Z"),
        ({"received_at": "2026-03-03T10:00:00+14:00"}, "2026-03-25T05:00:00Z"),
        ({"received_at": "2026-03-02T10:00:00", "zone": "Europe/Madrid"}, "2026-03-24T23:00:00Z"),
        ({"country": "CO"}, "2026-03-25T05:00:00Z"),
        ({"layers": []}, "2026-03-24T05:00:00Z"),
        ({"layers": ["national", "national-executive"], "amount": 31}, "2026-04-21T05:00:00Z"),
        ({"layers": ["national"], "amount": 31}, "2026-04-18T05:00:00Z"),
        ({"weekend": ["sun"]}, "2026-03-20T05:00:00Z"),
        ({"weekend": []}, "2026-03-18T05:00:00Z"),
        ({"closures": ["2026-03-10", {"from": "2026-03-10", "to": "2026-03-11", "act": "R"}]}, "2026-03-27T05:00:00Z"),
        ({"count_from": "same_day"}, "2026-03-21T05:00:00Z"),
        ({"unit": "calendar_days", "amount": 5}, "2026-03-10T05:00:00Z"),
        ({"unit": "calendar_days", "amount": 5, "roll_last_day": False}, "2026-03-08T05:00:00Z"),
        ({"unit": "elapsed_minutes", "amount": 90}, "2026-03-02T16:30:00Z"),
        ({"unit": "working_minutes", "amount": 180, "office_hours": OFFICE}, "2026-03-02T20:00:00Z"),
        ({"zone": None, "events": None, "office_hours": None}, "2026-03-25T05:00:00Z"),
    ],
)
def test_what_may_be_asked(more, due_at):
    assert ask(**more)["due_at"] == due_at


@pytest.mark.parametrize(
    "shape", [{"type": "completion_requested", "on": "2026-03-05"}, {"completion_requested": {"on": "2026-03-05"}}]
)
def test_events_by_name(shape):
    assert ask(events=[shape])["paused_since"] == "2026-03-05"


def test_switches_and_refusals():
    events = [
        {"type": "completion_requested", "on": "2026-03-05"},
        {"type": "completed", "on": "2026-03-11"},
        {"type": "extended", "to_amount": 20, "told_at": "2026-03-12T09:00"},
        {"type": "extended", "to_amount": 21, "told_at": "2026-03-13T09:00"},
    ]
    found = ask(
        events=events,
        stages=[5, 2],
        resume="restart",
        person_months=2,
        extension_cap={"plus": 5},
        request_day="not_consumed",
    )
    assert (found["counted_days"], found["person_until"]) == (20, "2026-05-05")
    assert found["refused"] == [{"event": 3, "why": "El plazo ya se prorrogó una vez."}]
    assert ask(events=events, extension_cap=None)["counted_days"] == 15
    assert [stage["due_date"] for stage in found["stage_due"]] == ["2026-03-18", "2026-03-20"]


WRONG = [
    ({"colour": 1}, "colour"),
    ({"received_at": None}, "received_at"),
    ({"received_at": "2026-03-02"}, "received_at"),
    ({"received_at": "2026-02-30T10:00:00Z"}, "received_at"),
    ({"received_at": "2026-03-02T24:00:00Z"}, "received_at"),
    ({"received_at": "2026-03-02T10:00:00+25:00"}, "received_at"),
    ({"received_at": "\u0662026-03-02T10:00:00Z"}, "received_at"),
    ({"received_at": 1772463600}, "received_at"),
    ({"received_at": "1983-12-31T10:00:00Z"}, "received_at"),
    ({"received_at": "1984-01-01T04:59:59Z"}, "received_at"),
    ({"received_at": "2101-01-01T10:00:00Z"}, "received_at"),
    ({"received_at": "0001-01-01T00:00:00+14:00"}, "received_at"),
    ({"received_at": "2100-12-31T10:00:00Z"}, "term"),
    ({"received_at": "2026-03-29T02:30:00", "zone": "Europe/Madrid"}, "received_at"),
    ({"received_at": "2026-10-25T02:30:00", "zone": "Europe/Madrid"}, "received_at"),
    ({"received_at": "2022-09-11T00:00:00", "zone": "America/Santiago"}, "received_at"),
    ({"zone": ""}, "zone"),
    ({"zone": "Bogota"}, "zone"),
    ({"zone": 5}, "zone"),
    ({"country": "xx"}, "country"),
    ({"country": ""}, "country"),
    ({"country": "../co"}, "country"),
    ({"layers": ["lunar"]}, "layers"),
    ({"layers": "national"}, "layers"),
    ({"layers": [["national"]]}, "layers"),
    ({"receipt_rule": "whenever"}, "receipt_rule"),
    ({"receipt_rule": "office_hours_roll"}, "office_hours"),
    ({"receipt_rule": "office_hours_roll", "office_hours": {"mon": []}}, "office_hours"),
    ({"unit": "working_minutes"}, "office_hours"),
    ({"office_hours": {"lunes": []}}, "office_hours"),
    ({"office_hours": {"mon": [["8:00", "17:00"]]}}, "office_hours"),
    ({"office_hours": {"mon": [["17:00", "08:00"]]}}, "office_hours"),
    ({"office_hours": {"mon": [["08:00"]]}}, "office_hours"),
    ({"office_hours": {"mon": [["08:00", "12:00"], ["11:00", "13:00"]]}}, "office_hours"),
    ({"weekend": ["sábado"]}, "weekend"),
    ({"weekend": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}, "weekend"),
    ({"closures": ["ayer"]}, "closures"),
    ({"closures": "2026-03-02"}, "closures"),
    ({"closures": ["2150-01-01"]}, "closures"),
    ({"closures": [{"from": "2026-03-05", "to": "2026-03-04"}]}, "closures"),
    ({"closures": [{"from": "2026-03-05"}]}, "to"),
    ({"closures": [{"from": "2026-03-05", "to": "2026-03-05", "act": ""}]}, "act"),
    ({"closures": [{"from": "2026-03-05", "to": "2026-03-05", "why": "x"}]}, "why"),
    ({"term": None}, "term"),
    ({"term": []}, "term"),
    ({"term": {"amount": 15}}, "unit"),
    ({"term": {"unit": "business_days"}}, "amount"),
    ({"term": {"amount": 15, "unit": "business_days", "more": 1}}, "more"),
    ({"unit": "moons"}, "unit"),
    ({"unit": "elapsed_days"}, "unit"),
    ({"amount": 0}, "amount"),
    ({"amount": -1}, "amount"),
    ({"amount": True}, "amount"),
    ({"amount": 15.0}, "amount"),
    ({"amount": "15"}, "amount"),
    ({"amount": 10**30}, "term"),
    ({"amount": 10**30, "unit": "elapsed_hours"}, "term"),
    ({"amount": 10**30, "unit": "calendar_days"}, "term"),
    ({"amount": 10**30, "unit": "calendar_months"}, "term"),
    ({"amount": 10**9, "unit": "elapsed_minutes"}, "term"),
    ({"count_from": "yesterday"}, "count_from"),
    ({"roll_last_day": "no"}, "roll_last_day"),
    ({"roll_last_day": 0}, "roll_last_day"),
    ({"stages": [10, 6]}, "stages"),
    ({"stages": [5, 0]}, "stages"),
    ({"stages": 5}, "stages"),
    ({"events": {}}, "events"),
    ({"events": ["completed"]}, "events"),
    ({"events": [{"type": "forgotten", "on": "2026-03-05"}]}, "events"),
    ({"events": [{"type": ["completed"], "on": "2026-03-05"}]}, "events"),
    ({"events": [{}]}, "events"),
    ({"events": [{"type": "completed"}]}, "on"),
    ({"events": [{"type": "completed", "on": "2150-03-05"}]}, "on"),
    ({"events": [{"type": "completed", "on": "2026-03-05T10:00:00Z"}]}, "on"),
    ({"events": [{"type": "completed", "on": "2026-03-05", "by": "Ana"}]}, "by"),
    ({"events": [{"type": "extended", "to_amount": True, "told_at": "2026-03-05T10:00:00Z"}]}, "to_amount"),
    ({"events": [{"type": "extended", "to_amount": 20, "told_at": "2026-03-05"}]}, "told_at"),
    ({"events": [{"type": "extended", "to_amount": 20}]}, "told_at"),
    ({"request_day": "half"}, "request_day"),
    ({"resume": "later"}, "resume"),
    ({"completion_window": 0}, "completion_window"),
    ({"person_months": 1.5}, "person_months"),
    ({"extension_cap": 2}, "extension_cap"),
    ({"extension_cap": {}}, "extension_cap"),
    ({"extension_cap": {"factor": 2, "plus": 5}}, "extension_cap"),
    ({"extension_cap": {"factor": 0.5}}, "factor"),
    ({"extension_cap": {"factor": True}}, "factor"),
    ({"extension_cap": {"plus": -1}}, "plus"),
    ({"extension_cap": {"times": 2}}, "times"),
]


@pytest.mark.parametrize(("more", "key"), WRONG, ids=lambda value: json.dumps(value)[:60])
def test_what_is_wrong_is_named(more, key):
    found = ask(**more)
    assert list(found) == ["id", "error"]
    assert found["error"]["key"] == key
    assert found["error"]["message"].endswith((".", "]."))


@pytest.mark.parametrize("question", [None, [], 3, "hola", True])
def test_a_question_is_an_object(question):
    assert answer(question)["error"]["key"] == "question"


@pytest.mark.parametrize("identity", [None, 0, "a", [1, {"b": None}], {"c": 2}, 1.5, False])
def test_the_id_comes_back_as_given(identity):
    good = {"id": identity, "received_at": "2026-03-02T10:00:00Z", "term": {"amount": 1, "unit": "business_days"}}
    assert answer(good)["id"] == identity
    assert answer(good | {"x": 1})["id"] == identity


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.sampled_from(sorted(KEYS)), anything)
def test_nothing_breaks_it(key, value):
    good = {
        "received_at": "2026-03-02T10:00:00Z",
        "term": {"amount": 1, "unit": "business_days"},
        "office_hours": OFFICE,
    }
    found = answer(good | {key: value})
    assert list(found) in (FIELDS, ["id", "error"])
    json.dumps(found, allow_nan=False)
