"""Filing numbers as they are typed, and the digit that catches a slip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escucha.contexts.cases.rules.numbers import Reading, check_digit, filing_number, readings, wrong_check

numbers = st.builds(
    filing_number,
    st.from_regex("[A-Z]{2,8}", fullmatch=True),
    st.integers(2000, 2099),
    st.integers(1, 9_999_999),
)


def _digits_of(number: str) -> str:
    return "".join(filter(str.isdigit, number))


def _with(number: str, digits: str) -> str:
    series = number.partition("-")[0]
    return f"{series}-{digits[:4]}-{digits[4:-1]}-{digits[-1]}"


class TestTheDigit:
    @given(numbers, st.data())
    def test_catches_every_wrong_digit(self, number, data):
        right = _digits_of(number) + check_digit(number)
        place = data.draw(st.integers(2, len(right) - 1))  # the century is no year of ours when it changes
        wrong = data.draw(st.sampled_from([one for one in "0123456789" if one != right[place]]))
        typed = _with(number, right[:place] + wrong + right[place + 1 :])
        assert _is_caught(typed)

    @given(numbers, st.data())
    def test_catches_neighbours_that_changed_places(self, number, data):
        right = _digits_of(number) + check_digit(number)
        places = [at for at in range(2, len(right) - 1) if right[at] != right[at + 1]]
        at = data.draw(st.sampled_from(places)) if places else None
        if at is not None:
            assert _is_caught(_with(number, right[:at] + right[at + 1] + right[at] + right[at + 2 :]))

    @given(numbers)
    def test_is_one_digit_and_always_the_same(self, number):
        assert len(check_digit(number)) == 1
        assert check_digit(number) == check_digit(number)

    def test_is_not_changed_by_the_series(self):
        assert check_digit("PQR-2026-001234") == check_digit("QRPS-2026-001234") == "3"


def _is_caught(typed: str) -> bool:
    return wrong_check(readings(typed)) or not readings(typed)


class TestTyping:
    @given(numbers)
    def test_a_number_is_itself_with_and_without_its_digit(self, number):
        check = check_digit(number)
        assert readings(number)[0] == Reading(number)
        for typed in (f"{number}-{check}", f"{number} {check}", f"  {number.lower()} / {check}."):
            assert readings(typed) == (Reading(number, check),)
        assert number in {one.number for one in readings(f"{number}{check}") if one.is_sound}
        assert number in {one.number for one in readings(number.replace("-", "")) if one.is_sound}

    @pytest.mark.parametrize(
        ("typed", "kept", "check"),
        [
            ("pqr 2026 004 817", "PQR-2026-004817", ""),
            ("P Q R 2026 004 817", "PQR-2026-004817", ""),
            ("PQR2026004817", "PQR-2026-004817", ""),
            ("PQR-2026-0048178", "PQR-2026-004817", "8"),
            ("PQR 2026 004 817, dígito de control 8", "PQR-2026-004817", "8"),
            ("PQR-2026-1", "PQR-2026-000001", ""),
            ("PQRD-2026-1031906", "PQRD-2026-1031906", ""),
            ("PQRD 2026 1 031 906", "PQRD-2026-1031906", ""),
            ("PQR 2026 0 0 4 8 1 7", "PQR-2026-004817", ""),
            ("Radicado No. PQR-2026-004817", "PQR-2026-004817", ""),
            ("radicado N.º PQR 2026 004 817 - 8", "PQR-2026-004817", "8"),
            ("el número de caso: PQR-2026-004817", "PQR-2026-004817", ""),
            ("NO-2026-004817", "NO-2026-004817", ""),  # a series may be called so
        ],
    )
    def test_is_forgiven(self, typed, kept, check):
        assert readings(typed)[0] == Reading(kept, check)

    @pytest.mark.parametrize(
        ("typed", "kept", "check"),
        [
            ("4817", "PQR-2026-004817", ""),
            ("2025-4817", "PQR-2025-004817", ""),
            ("4817-8", "PQR-2026-004817", "8"),
            ("radicado 4817", "PQR-2026-004817", ""),
        ],
    )
    def test_at_the_desk_is_shorter(self, typed, kept, check):
        assert readings(typed, series="PQR", year=2026) == (Reading(kept, check),)

    @pytest.mark.parametrize(
        "typed",
        ["", "'; --", "2026-000001", "PQR", "PQR-2026", "PQR-1", "PQR-2026-000000", "PQR-2026-" + "9" * 40, "١٢"],
    )
    def test_of_what_is_no_number_says_nothing(self, typed):
        assert readings(typed) == ()
        assert not wrong_check(readings(typed))

    def test_a_seventh_digit_may_be_both(self):
        """A series may outgrow six digits: then the number itself comes first."""
        number = filing_number("PQR", 2026, 123456)
        both = readings(f"{number}{check_digit(number)}")
        assert [one.number for one in both] == [filing_number("PQR", 2026, int(f"123456{check_digit(number)}")), number]
        other = "1" if check_digit(number) == "0" else "0"
        assert [one.number for one in readings(f"{number}{other}")] == [
            filing_number("PQR", 2026, int(f"123456{other}"))
        ]
