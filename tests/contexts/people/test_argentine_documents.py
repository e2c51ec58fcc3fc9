"""The documents of Argentina, beside those of Colombia: read, doubted and shown, and offered only in their country."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escucha.contexts.people.rules import DOCUMENT_KINDS
from escucha.contexts.people.rules.documents import (
    WHICH_KIND,
    document_label,
    doubts_about_document,
    kind_called,
    kind_of_person,
    kinds_of,
    pretty_document,
)

WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def doubts(kind, number):
    return [str(doubt) for doubt in doubts_about_document(kind, number)]


def check_digit(ten: str) -> int:
    """As the tax office of Argentina reckons it; 10 is a number that it never gives."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(ten, WEIGHTS, strict=True)) % 11
    return 0 if rest == 11 else rest


def test_each_country_offers_its_own_and_the_passport():
    assert list(kinds_of("AR")) == ["DNI", "CUIT", "LE", "LC", "PA"]
    assert kinds_of("co") == DOCUMENT_KINDS
    assert kinds_of("uy") == DOCUMENT_KINDS  # a country without documents of its own here
    assert "DNI" not in DOCUMENT_KINDS


@pytest.mark.parametrize(
    ("kind", "usual", "odd"),
    [
        ("DNI", ["19.900.001", "1990001"], ["199001", "199000011", "M1990001"]),
        ("LE", ["1.990.001", "19901"], ["1990", "199000011"]),
        ("LC", ["19900001"], ["A990001"]),
    ],
)
def test_an_odd_number_is_doubted(kind, usual, odd):
    assert [doubts(kind, number) for number in usual] == [[]] * len(usual)
    for number in odd:
        assert doubts(kind, number)[0].startswith("Revise el número")
        assert str(WHICH_KIND) not in doubts(kind, number)


@given(st.integers(0, 10**8 - 1), st.sampled_from(["20", "23", "24", "27", "30", "33"]), st.integers(1, 9))
def test_the_last_digit_of_a_cuit(number, prefix, off):
    ten = f"{prefix}{number:08}"
    digit = check_digit(ten)
    if digit == 10:
        return
    assert doubts("CUIT", f"{prefix}-{number:08}-{digit}") == []
    wrong = (digit + off) % 10
    assert doubts("CUIT", f"{ten}{wrong}") == [
        f"Revise el CUIT: su última cifra debería ser {digit}, y aquí dice {wrong}."
    ]


def test_a_cuit_of_other_digits_is_doubted():
    assert doubts("CUIT", "20-1990001") == ["Revise el CUIT: son 11 cifras."]
    assert doubts("CUIT", "") == []


def test_they_are_shown_as_they_are_printed():
    assert pretty_document("DNI", "19900001") == "19.900.001"
    assert (
        pretty_document("CUIT", f"2019900001{check_digit('2019900001')}") == f"20-19900001-{check_digit('2019900001')}"
    )
    assert pretty_document("CUIT", "lo traigo luego") == "lo traigo luego"


def test_they_are_called_by_their_other_names():
    assert [kind_called(name) for name in ("dni", "CUIL", "cuit", "Pas", "le", "cc", "13")] == [
        "DNI", "CUIT", "CUIT", "PA", "LE", "CC", "CC",
    ]  # fmt: skip
    assert document_label("LE") == "Libreta de enrolamiento"
    assert kind_of_person("DNI", "19900001") == "natural"
