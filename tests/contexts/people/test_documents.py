"""Documents: what looks odd is said with its remedy, and nothing is ever refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escucha.contexts.people.rules.colombia import DOCUMENT_KINDS, KINDS, Nit, nit_of
from escucha.contexts.people.rules.documents import (
    WHICH_KIND,
    doubts_about_document,
    kind_called,
    kind_of_person,
    pretty_document,
)

WEIGHTS = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71)
companies = st.integers(800_000_000, 999_999_999).map(str)
cards = st.integers(1_000_000_000, 1_999_999_999).map(str)
digits = st.sampled_from("0123456789")


def check_digit(base: str) -> str:
    """As the tax office reckons it: a weight for each place from the right, modulo 11."""
    rest = sum(int(digit) * weight for digit, weight in zip(reversed(base), WEIGHTS, strict=False)) % 11
    return str(rest if rest < 2 else 11 - rest)


def doubts(kind, number):
    return [str(doubt) for doubt in doubts_about_document(kind, number)]


@pytest.mark.parametrize(
    ("kind", "usual", "odd"),
    [
        ("CC", ["1.990.000.001", "19.900.001", "123"], ["2.990.000.001", "12", "AB123", "19900000011"]),
        ("TI", ["1990000001", "99000000011"], ["199000001", "A990000001"]),
        ("RC", ["1990000001", "A1B2C3"], ["12", "1990000001" * 2]),
        ("CE", ["199001", "E12345"], ["19900001", "1"]),
        ("PA", ["AB-123456", "123"], ["AB", "A" * 17]),
        ("PE", ["199000000000001"], ["19900000000001"]),
        ("PT", ["19900", "19900001"], ["1990", "199000011", "PT12345"]),
        ("DE", ["X-1", "cualquier cosa 99"], []),
        ("AS", ["1", "no tiene"], []),
    ],
)
def test_what_each_document_usually_looks_like(kind, usual, odd):
    assert [doubts(kind, number) for number in usual] == [[]] * len(usual)
    assert [doubts(kind, number) for number in odd] == [[KINDS[kind].doubt]] * len(odd)


def test_a_number_without_its_kind_asks_for_it_and_nothing_said_is_not_odd():
    assert doubts("", "1990000001") == doubts("ZZ", "1") == [WHICH_KIND]
    assert [doubts(kind, " .- ") for kind in ["", *KINDS]] == [[]] * (len(KINDS) + 1)


@given(kind=st.sampled_from(["", "ZZ", *KINDS]), number=st.text())
def test_whatever_is_typed_is_read_and_shown(kind, number):
    assert all(str(doubt).endswith(".") for doubt in doubts_about_document(kind, number))
    assert isinstance(pretty_document(kind, number), str)
    assert kind_of_person(kind, number) in ("natural", "organisation")


class TestNit:
    @pytest.mark.requirement("EPS-01.3")
    @given(base=companies | cards)
    def test_is_right_with_its_check_digit_dashed_or_joined(self, base):
        digit = check_digit(base)
        dotted = f"{int(base):,}".replace(",", ".")
        for written in (f"{base}-{digit}", f"{dotted}-{digit}", f"{dotted} – {digit} ", base + digit):
            assert nit_of(written) == Nit(base, digit)
            assert doubts("NIT", written) == []

    @pytest.mark.requirement("EPS-01.3")
    @given(base=companies | cards, said=digits)
    def test_with_another_digit_is_told_the_right_one(self, base, said):
        right = check_digit(base)
        told = [doubts("NIT", f"{base}-{said}"), doubts("NIT", base + said)]
        if said == right:
            assert told == [[], []]
        else:
            assert told[0] == told[1]
            assert f"es {right}, y aquí dice {said}." in told[0][0]

    @given(base=companies | cards)
    def test_without_its_digit_is_told_which_it_is(self, base):
        assert doubts("NIT", base) == [f"Al NIT le falta el dígito de verificación: es {check_digit(base)}."]

    @pytest.mark.parametrize("number", ["12", "999.999.101.808-8", "A99999101-8", "--", "99999910١-8"])
    def test_that_can_not_be_one_is_only_doubted(self, number):
        assert nit_of(number) is None
        assert doubts("NIT", number) == ([] if number == "--" else [doubts("NIT", "x")[0]])

    @pytest.mark.parametrize(
        ("base", "is_one"), [("999999101", True), ("899999101", True), ("199999101", False), ("99999910", False)]
    )
    def test_of_a_company_has_nine_digits_and_begins_as_theirs(self, base, is_one):
        assert Nit(base).of_company is is_one

    def test_of_few_digits_has_its_digit_only_after_a_dash(self):
        assert (nit_of("12345-6"), nit_of("123456 - 7")) == (Nit("12345", "6"), Nit("123456", "7"))
        assert nit_of("1-23456") == Nit("123456")

    def test_of_the_sample_organisations_are_right(self):
        for number in ("999.999.101-8", "999.999.202-3", "999.999.303-9", "999.999.404-4", "999.999.505-1"):
            assert doubts("NIT", number) == []


@pytest.mark.parametrize(
    ("said", "code"),
    [("cc", "CC"), (" PPT ", "PT"), ("PEP", "PE"), ("13", "CC"), ("31", "NIT"), ("42", "DE"), ("", ""), ("otro", "")],
)
def test_a_kind_is_known_by_all_its_names(said, code):
    assert kind_called(said) == code


@pytest.mark.parametrize(
    ("kind", "number", "shown"),
    [
        ("CC", "1990000001", "1.990.000.001"),
        ("CC", "AB1", "AB1"),
        ("CC", "0012", "0012"),
        ("NIT", "9999991018", "999.999.101-8"),
        ("NIT", "999999101", "999.999.101"),
        ("PA", "AB123456", "AB123456"),
        ("PT", "1990001", "1990001"),
        ("", " 12 ", "12"),
    ],
)
def test_numbers_are_shown_as_they_are_printed(kind, number, shown):
    assert pretty_document(kind, number) == shown


@pytest.mark.parametrize(
    ("kind", "number", "who"),
    [
        ("NIT", "999.999.101-8", "organisation"),
        ("NIT", "999999101", "organisation"),
        ("NIT", "1990000001-0", "natural"),
        ("NIT", "no sé", "natural"),
        ("CC", "999.999.101", "natural"),
    ],
)
def test_a_tax_number_of_nine_digits_is_an_organisation_s(kind, number, who):
    assert kind_of_person(kind, number) == who


def test_what_is_of_the_past_or_for_staff_is_not_offered():
    assert KINDS.keys() - DOCUMENT_KINDS.keys() == {"PE", "AS", "MS", "SI"}
    assert {kind.dian for kind in KINDS.values()} == {"11", "12", "13", "22", "31", "41", "42", "47", "48", ""}
