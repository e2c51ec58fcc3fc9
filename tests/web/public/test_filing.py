"""Filing through the form: never refused, never lost, never twice."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.queries.doors import policy_of
from escucha.contexts.messaging.models import Message
from escucha.contexts.people.models import Person
from tests.cast import ANA, TUESDAY

SAID = {
    "suggested_type": "queja",
    "body": "El domingo la reserva no aparecía.",
    "matter": "Reserva perdida",
    "name": "Ana Lucía Berrío",
    "document_kind": "CC",
    "document_number": "1.990.000.001",
    "email": "ana@example.org",
    "phone": "300 000 0001",
    "other_phone": "601 000 0001",
}
EVIL = "<script>alert('x')</script>\"'>&<img src=x onerror=alert(1)>"


def key_in(page) -> str:
    return re.search(r'name="key" value="([\w-]+)"', page.content.decode()).group(1)


def test_what_was_said_becomes_a_case_and_leads_to_its_receipt(visitor, cafetal):
    answer = visitor.post("/radicar/", SAID)
    case = Case.objects.select_related("person").get()
    assert (answer.status_code, answer.url) == (302, f"/recibo/{case.receipt_code}/")
    assert (case.channel, case.suggested_type, case.body) == ("web", "queja", SAID["body"])
    assert case.person.document_number == "1990000001"
    assert case.person.email == ANA["email"]
    assert case.person.other_phone == "601 000 0001"
    assert case.filing_number not in answer.url


@pytest.mark.parametrize("said", [{}, {"suggested_type": "no-se"}, {"suggested_type": "inventada", "body": "\x00"}])
def test_filing_is_never_refused_for_what_is_missing(visitor, said):
    answer = visitor.post("/radicar/", said)
    assert answer.status_code == 302
    assert Case.objects.get().suggested_type == ""
    assert Person.objects.count() == 0
    receipt = visitor.get(answer.url).content.decode()
    assert "avisos" in receipt and "Lo dejó en blanco" in receipt


def test_what_is_too_long_is_cut_and_not_refused(visitor):
    long = {"name": "a" * 900, "document_number": "9" * 90, "phone": "3" * 90, "matter": "b" * 900}
    assert visitor.post("/radicar/", long).status_code == 302
    assert len(Person.objects.get().name) == 200


@pytest.mark.parametrize("email", ["ana@", "ana", "ana@example", "a b@example.org"])
def test_an_impossible_email_brings_everything_back(visitor, email):
    answer = visitor.post("/radicar/", SAID | {"email": email, "key": "k" * 22})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not Case.objects.exists()
    assert "Revise el correo" in page and 'href="#id_email"' in page and 'aria-invalid="true"' in page
    for typed in ("El domingo la reserva no aparecía.", "Ana Lucía Berrío", "1.990.000.001", "300 000 0001"):
        assert typed in page
    assert re.search(r'value="queja"[^>]*checked', page)
    assert key_in(answer) == "k" * 22
    assert visitor.post("/radicar/", SAID | {"key": "k" * 22}).status_code == 302


def test_the_same_form_sent_twice_is_one_case_and_another_text_another(visitor):
    key = key_in(visitor.get("/radicar/"))
    first, again = (visitor.post("/radicar/", SAID | {"key": key}) for _time in range(2))
    other = visitor.post("/radicar/", SAID | {"key": key, "body": "Y el lunes tampoco."})
    assert first.url == again.url != other.url
    assert Case.objects.count() == 2


def test_forms_that_carry_no_key_of_ours_are_never_taken_for_each_other(visitor):
    for key in ("", "", "x", "x"):
        visitor.post("/radicar/", {"key": key})
    assert Case.objects.count() == 4


def test_each_form_has_its_own_key(visitor):
    assert key_in(visitor.get("/radicar/")) != key_in(visitor.get("/radicar/"))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_case(cafetal):
    def click(_time):
        try:
            return Client(headers={"host": "cafetal.localhost"}).post("/radicar/", SAID | {"key": "d" * 22}).url
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        addresses = set(pool.map(click, range(4)))
    assert len(addresses) == 1
    assert Case.objects.get().filing_number.endswith("000001")
    assert Message.objects.filter(template="acknowledged").count() == 1


def test_a_full_trap_asks_to_press_once_more_and_keeps_the_text(visitor):
    answer = visitor.post("/radicar/", SAID | {"website": "http://example.org"})
    page = answer.content.decode()
    assert answer.status_code == 422 and SAID["body"] in page
    assert "http://example.org" not in page
    assert not Case.objects.exists()


@pytest.mark.requirement("CAJA-10.2")
def test_each_kind_has_its_definition_beside_it_and_not_knowing_is_a_choice(visitor, cafetal):
    page = visitor.get("/radicar/").content.decode()
    for kind in policy_of(cafetal.org, at=TUESDAY).types.values():
        assert re.search(rf'value="{kind.key}".*?{kind.label}.*?{re.escape(kind.definition)}', page, re.DOTALL)
    assert re.search(r'value="no-se"[^>]*checked.*?No estoy seguro', page, re.DOTALL)


@pytest.mark.requirement("CAJA-10.1")
def test_the_fund_offers_its_six_kinds(visitor):
    page = visitor.get("/radicar/").content.decode()
    offered = re.findall(r'name="suggested_type" value="([\w-]+)"', page)
    assert offered == ["queja", "reclamo", "sugerencia", "informacion", "peticion", "felicitacion", "no-se"]


@pytest.mark.requirement("CAJA-11.1")
@pytest.mark.requirement("CAJA-11.2")
def test_it_asks_for_each_datum_and_says_what_for(visitor):
    page = visitor.get("/radicar/").content.decode()
    for name in ("name", "document_number", "phone", "other_phone", "email"):
        field = re.search(rf'<(?:input|select)[^>]*name="{name}"[^>]*aria-describedby="([\w ]+)"', page)
        help_text = re.search(rf'id="{field.group(1).split()[-1]}"[^>]*>([^<]+)<', page)
        assert help_text.group(1).startswith(("Para", "Por si"))


@pytest.mark.requirement("CAJA-11.3")
@pytest.mark.parametrize(
    ("said", "way"),
    [
        ({}, "La respuesta llegará a su correo a…@example.org."),
        ({"email": ""}, "lo llamaremos al 300 000 0001"),
        ({"email": "", "phone": ""}, "lo llamaremos al 601 000 0001"),
        ({"email": "", "phone": "", "other_phone": ""}, "La respuesta llegará a la página de avisos"),
    ],
)
def test_the_person_sees_which_contact_the_answer_will_use(visitor, said, way):
    page = visitor.get("/radicar/").content.decode()
    assert "Si no deja correo, lo llamaremos" in page
    assert way in visitor.post("/radicar/", SAID | said, follow=True).content.decode()


def test_scripts_come_back_as_text(visitor):
    fields = dict.fromkeys([*SAID, "website", "key"], EVIL)
    again = visitor.post("/radicar/", fields).content.decode()
    receipt = visitor.post("/radicar/", SAID | {"body": EVIL, "matter": EVIL, "name": EVIL}, follow=True)
    for page in (again, receipt.content.decode()):
        assert EVIL not in page and "<img src=x" not in page
        assert "&lt;script&gt;" in page


def test_the_emergency_question_is_only_where_the_policy_has_one(client, cafetal, vidamar):
    assert 'name="emergency"' not in client.get("/radicar/", headers={"host": "cafetal.localhost"}).content.decode()
    page = client.get("/radicar/", headers={"host": "vidamar.localhost"}).content.decode()
    assert 'name="emergency"' in page and "llame ya al 123" in page
    sent = client.post("/radicar/", SAID | {"emergency": "yes"}, headers={"host": "vidamar.localhost"})
    assert Case.objects.get().emergency
    receipt = client.get(sent.url, headers={"host": "vidamar.localhost"}).content.decode()
    assert "Atención vital" in receipt


def test_the_form_is_kept_by_no_cache(visitor):
    assert "no-store" in visitor.get("/radicar/")["Cache-Control"]


def test_its_queries_are_counted(visitor, django_assert_num_queries):
    visitor.get("/radicar/")
    with django_assert_num_queries(1):
        visitor.get("/radicar/")
    with django_assert_num_queries(18) as asked:
        visitor.post("/radicar/", SAID)
    statements = [one["sql"] for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]
    number = next(at for at, sql in enumerate(statements) if "orgs_counter" in sql)
    assert len(statements) - number == 5  # nobody else is given a number until they are done
