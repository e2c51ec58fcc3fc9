"""The check digit where people type their number: shown with it, taken with or without it, and it catches slips."""

import pytest

from escucha.contexts.cases.rules.numbers import check_digit
from escucha.contexts.messaging.queries import messages_about
from tests.make import a_case


@pytest.fixture
def case(cafetal):
    return a_case(cafetal)


def follow(visitor, number, factor="1990000001"):
    return visitor.post("/seguir/", {"number": number, "factor": factor})


def wrong(number):
    return str((int(check_digit(number)) + 1) % 10)


def test_is_on_the_receipt(visitor, case):
    page = visitor.get(f"/recibo/{case.receipt_code}/").text
    assert f"Dígito de control: <strong>{check_digit(case.filing_number)}</strong>" in page


@pytest.mark.parametrize("between", ["-", " ", "", ", dígito de control "])
def test_is_taken_after_the_number(visitor, case, between):
    typed = f"{case.filing_number}{between}{check_digit(case.filing_number)}"
    assert follow(visitor, typed).url == "/seguir/solicitud/"


def test_that_is_wrong_says_so_and_counts_as_no_try(visitor, case):
    for _time in range(30):
        answer = follow(visitor, f"{case.filing_number}-{wrong(case.filing_number)}")
        assert answer.status_code == 422
    assert "El dígito de control no corresponde a ese número" in answer.text
    assert follow(visitor, case.filing_number).status_code == 302


def test_that_is_wrong_says_the_same_of_what_does_not_exist(visitor, case):
    answer = follow(visitor, f"PQR-2026-777777-{wrong('PQR-2026-777777')}")
    assert "El dígito de control no corresponde a ese número" in answer.text


@pytest.mark.parametrize("slug", ["cafetal", "vidamar", "arrayanes", "quetzal", "corrioverde"])
def test_is_in_the_letter(slug, request):
    house = request.getfixturevalue(slug)
    case = a_case(house)
    [letter] = messages_about(org=house.org, subject=case.subject)
    assert f"ígito de control: {check_digit(case.filing_number)}" in letter.body
