"""Telephones: understood where they can be, doubted where not, and always kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escucha.contexts.people.rules.telephones import (
    DOUBTS,
    PhoneKind,
    doubts_about_phone,
    phone_key,
    pretty_phone,
    sms_number,
    telephone_of,
)

MOBILE, FIXED, FREE = PhoneKind.MOBILE, PhoneKind.FIXED, PhoneKind.TOLL_FREE
SHORT, FOREIGN, OLD, ODD = PhoneKind.SHORT, PhoneKind.FOREIGN, PhoneKind.OLD, PhoneKind.ODD


@pytest.mark.parametrize(
    ("said", "kind", "e164", "pretty"),
    [
        ("300 000 0001", MOBILE, "+573000000001", "300 000 0001"),
        ("+57 (300) 000-0001", MOBILE, "+573000000001", "300 000 0001"),
        ("573000000001", MOBILE, "+573000000001", "300 000 0001"),
        ("0057 300 0000001", MOBILE, "+573000000001", "300 000 0001"),
        ("03 300 000 0001", MOBILE, "+573000000001", "300 000 0001"),
        ("３００ ０００ ０００１", MOBILE, "+573000000001", "300 000 0001"),
        ("(601) 000-0010", FIXED, "+576010000010", "601 000 0010"),
        ("6010000010 ext 123", FIXED, "+576010000010", "601 000 0010 ext. 123"),
        ("01 8000 000 010", FREE, "+5718000000010", "01 8000 000010"),
        ("018000000010", FREE, "+5718000000010", "01 8000 000010"),
        ("#603", SHORT, "", "#603"),
        ("1 2 3", SHORT, "", "123"),
        ("000 0010", OLD, "", "000 0010"),
        ("+57 1 000 0010", OLD, "", "1 000 0010"),
        ("1 234 5678", OLD, "", "1 234 5678"),
        ("+1 202 555 0123", FOREIGN, "+12025550123", "+1 202-555-0123"),
        ("+34 600 000 001", FOREIGN, "+34600000001", "+34 600 00 00 01"),
        ("+1 305 000 0001", ODD, "", "+1 305-000-0001"),
        ("609 000 0010", ODD, "", "609 000 0010"),
        ("800 000 0001", ODD, "", "800 000 0001"),
        ("no tengo, la de mi hija", ODD, "", "no tengo, la de mi hija"),
        ("", ODD, "", ""),
    ],
)
def test_each_is_what_it_is(said, kind, e164, pretty):
    telephone = telephone_of(said)
    assert (telephone.kind, telephone.e164, telephone.pretty) == (kind, e164, pretty)
    assert pretty_phone(said) == pretty


@pytest.mark.parametrize(
    ("said", "doubted"),
    [("300 000 0001", None), ("601 000 0010", None), ("01 8000 000 010", None), ("+34 600 000 001", None), (" ", None)]
    + [("000 0010", OLD), ("#603", SHORT), ("no tengo", ODD)],
)
def test_what_looks_odd_is_said(said, doubted):
    assert [str(doubt) for doubt in doubts_about_phone(said)] == ([DOUBTS[doubted]] if doubted else [])


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("300 000 0001", "+573000000001"),
        ("+34 600 000 001", "+34600000001"),
        ("+1 202 555 0123", "+12025550123"),
        ("601 000 0010", ""),
        ("01 8000 000 010", ""),
        ("#603", ""),
        ("000 0010", ""),
        ("no tengo", ""),
    ],
)
def test_only_a_telephone_that_takes_texts_is_texted(said, number):
    assert sms_number(said) == number


mobiles = st.tuples(st.sampled_from(["300", "301", "310", "311", "312", "315", "320"]), st.integers(0, 9_999_999))


@given(mobiles)
def test_however_it_is_written_it_is_the_same_telephone(written):
    prefix, rest = written
    digits = f"{prefix}{rest:07d}"
    ways = [
        digits,
        f"+57{digits}",
        f"57 {digits}",
        f"{digits[:3]}-{digits[3:6]} {digits[6:]}",
        f"({digits[:3]}){digits[3:]}",
    ]
    assert {sms_number(way) for way in ways} == {f"+57{digits}"}
    assert {phone_key(way) for way in ways} == {digits}
    assert sms_number(pretty_phone(digits)) == f"+57{digits}"


@given(st.text())
def test_whatever_is_typed_is_read(said):
    telephone = telephone_of(said)
    assert not telephone.takes_texts or telephone.e164.startswith("+")
    assert bool(doubts_about_phone(said)) == (telephone.kind in DOUBTS and bool(said.strip()))
