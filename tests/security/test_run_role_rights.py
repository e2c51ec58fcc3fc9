"""FAULT: the run-time role may rewrite what must never change, and nothing finds it."""

import pytest
from django.db import DatabaseError, connection, transaction

from escucha.kernel.timeline.verify import Verification, chain_verdict
from tests.make import a_sent_case

pytestmark = pytest.mark.django_db

FORBIDDEN = {
    "a profile in force": "UPDATE orgs_profileversion SET document = '{}'",
    "a profile gone": "DELETE FROM orgs_profileversion WHERE id < 0",
    "another host": "UPDATE orgs_organisation SET host = 'evil.example'",
    "an answer's text": "UPDATE cases_answer SET body = 'otra'",
    "an answer gone": "DELETE FROM cases_answer WHERE id < 0",
    "a case gone": "DELETE FROM cases_case WHERE id < 0",
    "a number changed": "UPDATE cases_case SET filing_number = filing_number || 'X'",
    "a receipt moved": "UPDATE cases_case SET received_at = received_at - interval '1 day'",
    "a call gone": "DELETE FROM messaging_call WHERE id < 0",
    "a call changed": "UPDATE messaging_call SET result = 'answered' WHERE id < 0",
    "a notice moved": "UPDATE cases_notice SET until = until WHERE id < 0",
    "a file left out forgotten": "DELETE FROM documents_leftout WHERE id < 0",
    "a file left out renamed": "UPDATE documents_leftout SET name = 'x' WHERE id < 0",
    "a debt gone": "DELETE FROM commitments_commitment WHERE id < 0",
    "a step gone": "DELETE FROM commitments_step WHERE id < 0",
    "an errand gone": "DELETE FROM timeline_errand WHERE id < 0",
    "a counter back": "DELETE FROM orgs_counter WHERE id < 0",
}


@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN)
def test_refused(cafetal, statement):
    a_sent_case(cafetal)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE escucha_run")
    try:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def test_an_answer_rewritten_is_found(cafetal, tmp_path):
    case = a_sent_case(cafetal)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_answer SET body = 'No le debemos nada.'")
        cursor.execute("UPDATE commitments_commitment SET outcome = 'met' WHERE outcome = 'met_late'")
    found = list(Verification(key=None, folder=tmp_path).findings())
    assert found or not chain_verdict(org=cafetal.org, subject=case.subject).ok


def test_the_web_of_a_given_database_cannot_become_its_owner(cafetal, monkeypatch):
    """With DATABASE_URL the run-time connection signs in as the owner and only sets a role."""
    import psycopg

    from escucha import settings as file

    monkeypatch.setenv("ESCUCHA_DB_ROLE", "run")
    said = file._database()
    with psycopg.connect(
        dbname=connection.settings_dict["NAME"],
        user=said["USER"],
        host=said["HOST"],
        port=said["PORT"],
        options=said["OPTIONS"].get("options", ""),
    ) as web:
        assert web.execute("SELECT current_user").fetchone()[0] == "escucha_run"
        with pytest.raises(psycopg.Error):
            web.execute("SET ROLE NONE")
            web.execute("CREATE TABLE public.mine (id int)")
        web.rollback()
