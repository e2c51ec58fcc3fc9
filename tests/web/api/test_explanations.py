"""Every deadline explains itself to programs too, with the same account as on the pages."""

import json

import pytest

from escucha.kernel.commitments.queries import owed_about
from tests.make import a_routed_case
from tests.web.entering import entered

pytestmark = pytest.mark.requirement("MORE-01.3")
QUESTION = {"id": 7, "received_at": "2026-03-02T10:00:00-05:00", "term": {"amount": 15, "unit": "business_days"}}


def asked(client, body, host="cafetal.localhost"):
    return client.post("/calculadora/preguntas/", body, content_type="application/json", headers={"host": host})


def test_the_calculator_answers_a_question_with_its_account_day_by_day(client, cafetal):
    answer = asked(client, json.dumps(QUESTION))

    assert answer.status_code == 200
    said = answer.json()
    assert (said["id"], said["due_date"], said["due_at"]) == (7, "2026-03-24", "2026-03-25T05:00:00Z")
    holiday = next(row for row in said["ledger"] if row["date"] == "2026-03-23")
    assert (holiday["reason"], holiday["n"]) == ("holiday", None)
    assert holiday["norm"].startswith("Ley 51 de 1983")


@pytest.mark.parametrize("body", ["", "{", "[]", "[" * 60_000, '{"id": 1, "term": {}}', b"\xff\xfe"])
def test_a_wrong_question_is_told_what_is_wrong(client, cafetal, body):
    answer = asked(client, body)

    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_a_question_that_is_too_long_is_not_read(client, cafetal):
    assert asked(client, json.dumps(QUESTION | {"zone": "x" * 70_000})).status_code == 413


def test_it_answers_at_the_landing_host_too(client, db):
    assert asked(client, json.dumps(QUESTION), host="localhost").status_code == 200


def test_a_case_gives_each_deadline_with_its_norm_its_inputs_and_its_account(client, cafetal):
    case = a_routed_case(cafetal)

    answer = entered(client, cafetal, "lucia").get(f"/mesa/casos/{case.filing_number}/plazos.json")

    said = {one["kind"]: one for one in answer.json()["deadlines"] if not one["outcome"]}
    owed = {debt.kind: debt for debt in owed_about(org=case.org, subject=case.subject)}
    assert said.keys() == owed.keys()
    for kind, one in said.items():
        assert one["ledger"][-1]["date"] == one["due_date"] == owed[kind].due_on.isoformat()
        assert one["ledger"][-1]["n"] == owed[kind].reckoning["amount"]
    assert "art. 14" in said["cases.legal_term"]["norm"]


def test_who_may_not_see_the_case_gets_nothing(client, cafetal):
    case = a_routed_case(cafetal)

    assert entered(client, cafetal, "vera").get(f"/mesa/casos/{case.filing_number}/plazos.json").status_code == 404
