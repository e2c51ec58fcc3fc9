"""What a text costs: its alphabet and its segments, worked out here a second time by cutting it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from escucha.contexts.messaging.rules.texts import ALONE, BASIC, EXTENDED, TOGETHER, is_gsm, measured, plain

GSM = st.text(st.sampled_from(sorted(BASIC | EXTENDED)), max_size=700)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


@pytest.mark.parametrize(
    ("text", "alphabet", "segments"),
    [
        ("", "GSM-7", 1),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("é" * 160, "GSM-7", 1),
        ("ñ" * 160, "GSM-7", 1),
        ("€" * 80, "GSM-7", 1),
        ("€" * 81, "GSM-7", 2),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 3),  # the euro does not fit in the last place of the first segment
        ("a" * 151 + "€" + "a" * 153, "GSM-7", 2),
        ("á" * 70, "UCS-2", 1),
        ("á" * 71, "UCS-2", 2),
        ("a" * 159 + "ó", "UCS-2", 3),
        ("😀" * 35, "UCS-2", 1),
        ("😀" * 36, "UCS-2", 2),
        ("á" * 66 + "😀" + "á" * 66, "UCS-2", 3),  # a pair is not parted
    ],
)
def test_segments_by_hand(text, alphabet, segments):
    assert measured(text) == (alphabet, segments)


@pytest.mark.parametrize("sign", "éñüÑÉÜ¿¡ö")
def test_signs_of_spanish_that_cost_nothing(sign):
    assert measured(sign).alphabet == "GSM-7"


@pytest.mark.parametrize("sign", "áíóúÁÍÓÚ«»“”–…")
def test_signs_of_spanish_that_turn_the_whole_text(sign):
    assert measured(f"Su solicitud {sign}").alphabet == "UCS-2"


def cut(text: str, alphabet: str) -> list[str]:
    """The parts of a text, as a gateway would send them."""
    width = (
        (lambda s: 2 if s in EXTENDED else 1) if alphabet == "GSM-7" else (lambda s: len(s.encode("utf-16-le")) // 2)
    )
    if sum(map(width, text)) <= ALONE[alphabet]:
        return [text]
    parts = [""]
    for sign in text:
        if sum(map(width, parts[-1])) + width(sign) > TOGETHER[alphabet]:
            parts.append("")
        parts[-1] += sign
    return parts


@given(GSM)
@example("^" * 77)
def test_segments_of_the_small_alphabet_are_its_parts(text):
    assert measured(text) == ("GSM-7", len(cut(text, "GSM-7")))


@given(ANY)
def test_segments_of_any_text_are_its_parts(text):
    alphabet = "GSM-7" if all(sign in BASIC | EXTENDED for sign in text) else "UCS-2"
    assert measured(text) == (alphabet, len(cut(text, alphabet)))


@given(ANY, ANY)
def test_more_text_never_costs_less(first, second):
    assert measured(first + second).segments >= measured(first).segments or is_gsm(first) != is_gsm(first + second)


class TestWrittenPlain:
    @pytest.mark.parametrize(
        ("text", "written"),
        [
            ("El lunes, a más tardar", "El lunes, a mas tardar"),
            ("Año, pingüino, café, ¿qué?", "Año, pingüino, café, ¿qué?"),
            ("AÑO án̄", "AÑO an"),
            ("Mañana “sí” — o no…", 'Mañana "si" - o no...'),
            ("n.º 3", "n.o 3"),
            ("a\u00a0b", "a b"),
            ("Ana 😀 así", "Ana 😀 asi"),
        ],
    )
    def test_keeps_what_the_alphabet_has(self, text, written):
        assert plain(text) == written

    @given(GSM)
    def test_leaves_what_already_fits(self, text):
        assert plain(text) == text

    @given(ANY)
    def test_twice_is_as_once_and_never_costs_more(self, text):
        once = plain(text)
        assert plain(once) == once
        assert measured(once).segments <= max(measured(text).segments, 1) or "…" in text
