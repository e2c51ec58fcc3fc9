"""FAULTS at the pages: odd addresses, old dates, caches, logs, throttles."""

import logging

import pytest
from django.test import Client

from escucha.contexts.cases.models import Answer
from escucha.contexts.messaging.models import Message
from tests.cast import ANA
from tests.make import a_case, a_sent_case
from tests.web.entering import entered

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(client, cafetal):
    client.defaults["HTTP_HOST"] = "cafetal.localhost"
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    "path",
    [
        "/recibo/%00/",
        "/verificar/%00/",
        "/respuesta/%00/",
        "/verificar/?code=%00",
        "/avisos/?x=%00",
        "/calculadora/?received_on=9999-12-31&received_time=10:00&amount=1&unit=business_days&receipt_rule=calendar_date&layers=national",
        "/mesa/clave/nueva/1-%00/",
        "/mesa/entrar/?next=%00",
        "/estilo/%00.css",
    ],
)
def test_odd_addresses_are_no_failure(visitor, path):
    assert visitor.get(path).status_code < 500


def test_odd_logins(visitor):
    assert visitor.post("/mesa/entrar/", {"login": "a\x00@b.co", "password": "x\x00"}).status_code < 500
    assert visitor.post("/mesa/clave/", {"email": "a\x00@b.co"}).status_code < 500
    assert visitor.post("/seguir/", {"number": "PQR-2026-000001\x00", "factor": "\x00"}).status_code < 500


@pytest.mark.parametrize("moment", ["1990-01-01T08:00", "0001-01-01T00:00", "2016-01-01T08:00"])
def test_what_was_received_long_ago_is_filed_or_said(cafetal, client, moment):
    client.raise_request_exception = False
    desk = entered(client, cafetal, "lucia")
    answer = desk.post("/mesa/casos/nuevo/", {"channel": "letter", "body": "Una carta vieja", "received_at": moment})
    assert answer.status_code < 500


def test_personal_pages_of_the_desk_are_kept_by_no_cache(cafetal, client):
    case = a_case(cafetal)
    desk = entered(client, cafetal, "lucia")
    for path in (f"/mesa/casos/{case.filing_number}/", "/mesa/casos/", "/mesa/casos/lista.csv", "/mesa/correos/"):
        assert "no-store" in desk.get(path).headers.get("Cache-Control", ""), path


def test_no_key_of_an_answer_in_the_log(cafetal, caplog):
    a_sent_case(cafetal)
    token = Answer.objects.get().link_token
    browser = Client(headers={"host": "cafetal.localhost"}, enforce_csrf_checks=True)
    with caplog.at_level(logging.WARNING):
        browser.post(f"/respuesta/{token}/")  # as from a mail program that keeps no cookies
    assert token not in caplog.text


def test_whoever_knows_a_document_does_not_walk_the_numbers(cafetal):
    """Sixty tries for each address and ten for each number; none for each document."""
    opened = []
    for n in range(1, 201):
        browser = Client(headers={"host": "cafetal.localhost"}, REMOTE_ADDR=f"2001:db8:{n:x}::1")
        said = browser.post("/seguir/", {"number": f"PQR-2026-{n:06d}", "factor": ANA["document_number"]})
        opened.append(said.status_code)
    assert 429 in opened


def test_one_address_cannot_file_without_end(visitor):
    for n in range(120):
        visitor.post("/radicar/", {"body": f"{n}", "email": "victima@example.org"})
    assert Message.objects.filter(to="victima@example.org").count() <= 10


def test_a_citizen_locked_out_by_others_is_not(visitor, cafetal):
    """Numbers are consecutive: ten wrong tries an hour keep any person from its own case, with its right code."""
    case = a_case(cafetal)
    for n in range(10):
        Client(headers={"host": "cafetal.localhost"}, REMOTE_ADDR=f"203.0.113.{n}").post(
            "/seguir/", {"number": case.filing_number, "factor": "1"}
        )
    said = visitor.post("/seguir/", {"number": case.filing_number, "factor": case.contact_code})
    assert said.status_code == 302
