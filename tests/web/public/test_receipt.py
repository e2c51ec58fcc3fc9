"""The receipt and its verification: nobody guesses them, and the second says nothing of anybody."""

import re

import pytest
from django.db import connection

from escucha.contexts.cases.models import Case
from escucha.kernel.timeline.models import Entry
from tests.make import a_case, a_routed_case, a_sent_case

ABROAD = {"host": "vidamar.localhost"}
WHO = ("Ana", "Berrío", "1990000001", "1.990.000.001", "ana@", "300 000", "reserva", "Recreación", "queja", "reclamo")


@pytest.fixture
def case(cafetal):
    return a_case(cafetal)


def test_it_says_number_code_moment_and_what_comes(visitor, case):
    page = visitor.get(f"/recibo/{case.receipt_code}/").content.decode()
    assert "PQR 2026 000 001" in page
    assert f"{case.contact_code[:3]} {case.contact_code[3:]}" in page
    assert "Martes 3 de marzo de 2026, 10:00" in page
    assert "Esperamos responderle a más tardar el jueves 12 de marzo" in page
    assert "hasta el miércoles 25 de marzo" in page  # the 23rd is a holiday
    assert "Atención al Usuario la lee y la clasifica" in page
    assert "data-print" in page and f"/verificar/{case.verify_code}/" in page
    assert 'data-kept="filing"' in page


@pytest.mark.requirement("MORE-01.1")
@pytest.mark.requirement("MORE-01.2")
def test_each_day_says_why_it_counts_or_not_and_by_which_norm(visitor, case):
    page = visitor.get(f"/recibo/{case.receipt_code}/").content.decode()
    table = re.sub(r"<[^>]+>|\s+", " ", page.partition('class="table strip-table"')[2])
    assert re.search(r"sáb 7 mar a dom 8 mar\s+—\s+No cuenta: fin de semana\s+Ley 4 de 1913", table)
    assert re.search(r"lun 23 mar\s+—\s+No cuenta: \S.*?Ley 51 de 1983", table)
    assert "Ley 1755 de 2015" in page


def test_it_belongs_to_who_holds_it(visitor, case):
    answer = visitor.get(f"/recibo/{case.receipt_code}/")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert "style-src 'self'" in answer["Content-Security-Policy"]
    assert not re.search(r"<[^>]+\sstyle=", answer.content.decode())


def test_the_drawing_is_the_address_of_the_verification(visitor, case):
    page = visitor.get(f"/recibo/{case.receipt_code}/").content.decode()
    drawing = re.search(r'<svg role="img"[^>]*class="qr".*?</svg>', page, re.DOTALL).group(0)
    assert "Código QR" in drawing and "<style" not in drawing


def test_once_classified_its_promise_is_firm(visitor, cafetal):
    case = a_routed_case(cafetal)
    page = visitor.get(f"/recibo/{case.receipt_code}/").content.decode()
    assert "Le respondemos a más tardar el jueves 12 de marzo" in page
    assert "Recreación y Turismo la estudia" in page


@pytest.mark.parametrize("page", ["recibo", "verificar", "respuesta"])
def test_a_guess_is_not_found(visitor, case, page):
    for guess in (case.filing_number, case.contact_code, str(case.pk), "x", case.receipt_code[:-1] + "*"):
        assert visitor.get(f"/{page}/{guess}/").status_code == 404


def test_a_code_opens_only_its_own_page_and_house(visitor, case, vidamar):
    codes = {"recibo": case.receipt_code, "verificar": case.verify_code}
    for page, code in codes.items():
        assert visitor.get(f"/{page}/{code}/").status_code == 200
        assert visitor.get(f"/{page}/{code}/", headers=ABROAD).status_code == 404
        for other in codes.keys() - {page}:
            assert visitor.get(f"/{other}/{code}/").status_code == 404


@pytest.mark.requirement("MORE-03.4")
def test_anyone_verifies_a_receipt_and_learns_nothing_of_its_person(visitor, cafetal):
    case = a_sent_case(cafetal)
    page = visitor.get(f"/verificar/{case.verify_code}/").content.decode()
    assert "El recibo es auténtico" in page and "PQR 2026 000 001" in page
    for moment in ("Martes 3 de marzo de 2026", "Jueves 5 de marzo de 2026"):
        assert moment in page
    assert "La respuesta llegó" not in page
    main = page.partition("<main")[2].partition("</main>")[0]
    for word in (*WHO, case.contact_code, case.receipt_code, "Le devolvemos"):
        assert word not in main


@pytest.mark.requirement("MORE-03.4")
def test_an_altered_log_is_told(visitor, case):
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        Entry.objects.filter(subject=case.subject, number=1).update(verb="cases.case_closed")
        cursor.execute("SET session_replication_role = origin")
    page = visitor.get(f"/verificar/{case.verify_code}/").content.decode()
    assert "fue alterado" in page and "asiento 1" in page
    assert "auténtico" not in page


def test_the_code_can_be_typed_or_pasted_with_its_whole_address(visitor, case):
    for typed in (case.verify_code, f"http://cafetal.localhost:8000/verificar/{case.verify_code}/"):
        answer = visitor.get("/verificar/", {"code": typed})
        assert answer.url == f"/verificar/{case.verify_code}/"
    wrong = visitor.get("/verificar/", {"code": "<script>"})
    assert wrong.status_code == 404
    assert "No hay un recibo con ese código" in wrong.content.decode() and "<script>no" not in wrong.content.decode()


def test_its_queries_are_counted(visitor, case, django_assert_num_queries):
    visitor.get(f"/recibo/{case.receipt_code}/")
    with django_assert_num_queries(6):
        visitor.get(f"/recibo/{case.receipt_code}/")
    with django_assert_num_queries(4):
        visitor.get(f"/verificar/{case.verify_code}/")
    assert Case.objects.count() == 1
