"""Asking too often, and sending too much: said in Spanish, with what to do, and never as a failure."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from escucha.web.public import limits
from escucha.web.public.limits import Allowance

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
QUESTION = {"id": 1, "received_at": "2026-03-02T10:00:00-05:00", "term": {"amount": 15, "unit": "business_days"}}


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(limits.RECKONINGS, "most", 2)
    monkeypatch.setattr(limits.VERIFICATIONS, "most", 2)


def ask(visitor, question):
    return visitor.post("/calculadora/preguntas/", json.dumps(question), content_type="application/json")


def test_an_allowance_counts_by_visitor_and_begins_again():
    allowance = Allowance(2, timedelta(minutes=1))
    assert [allowance.take("a", now=NOON) for _time in range(3)] == [None, None, NOON + timedelta(minutes=1)]
    assert allowance.take("b", now=NOON) is None
    assert allowance.take("a", now=NOON + timedelta(minutes=1)) is None


def test_an_allowance_remembers_no_more_than_the_last_visitors(monkeypatch):
    monkeypatch.setattr(limits, "VISITORS_KEPT", 3)
    allowance = Allowance(1, timedelta(minutes=1))
    for visitor in "abcd":
        allowance.take(visitor, now=NOON)
    assert allowance.take("d", now=NOON) is not None
    assert allowance.take("a", now=NOON) is None


@pytest.mark.parametrize("address", ["/calculadora/", "/verificar/", "/verificar/abcdefgh/"])
def test_a_page_asked_for_too_often_says_when_to_come_back(visitor, few, address):
    assert 429 not in [visitor.get(address).status_code for _time in range(2)]
    refused = visitor.get(address)
    assert refused.status_code == 429 and 1 <= int(refused["Retry-After"]) <= 60
    assert "Vuelva a intentarlo en" in refused.text
    assert visitor.get(address, REMOTE_ADDR="203.0.113.9").status_code != 429


def test_a_program_is_told_as_json(visitor, few):
    assert [ask(visitor, QUESTION).status_code for _time in range(3)] == [200, 200, 429]
    refused = ask(visitor, QUESTION)
    assert "Vuelva a intentarlo en" in refused.json()["error"]["message"] and "Retry-After" in refused


def test_an_answer_with_decades_of_days_is_not_served(visitor):
    closed = [{"from": "2027-01-01", "to": "2090-01-01", "act": "x" * 500}]
    late = QUESTION | {"received_at": "2026-12-30T10:00:00-05:00", "closures": closed}
    refused = ask(visitor, late)
    assert refused.status_code == 400 and refused.json()["error"]["key"] == "term" and len(refused.content) < 500
    page = visitor.get(
        "/calculadora/",
        {
            "received_on": "2026-12-30",
            "received_time": "10:00",
            "amount": "15",
            "unit": "business_days",
            "receipt_rule": "calendar_date",
            "layers": "national",
            "closures": "2027-01-01 a 2090-01-01",
        },
    )
    assert page.status_code == 422 and "más de tres años" in page.text and len(page.content) < 100_000


def test_what_is_too_large_is_answered_with_what_to_do(visitor):
    answer = visitor.post("/radicar/", {"body": "a" * 2_700_000})
    assert answer.status_code == 400
    assert "caben 2,5 MB" in answer.text and "acorte el texto" in answer.text


def test_what_cannot_be_read_is_said_in_spanish(visitor):
    answer = visitor.post("/radicar/", {f"x{n}": "1" for n in range(1100)})
    assert answer.status_code == 400 and "No pudimos leer lo que envió" in answer.text
