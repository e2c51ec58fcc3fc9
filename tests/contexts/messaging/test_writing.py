"""Templates become texts: names are filled in and nothing else happens."""

import pytest

from escucha.contexts.messaging.rules.writing import written


def test_a_text_has_its_title_on_its_first_line():
    assert written("Asunto: Hola {name}\n\nBuen día, {name}.\n", {"name": "Ana"}) == ("Hola Ana", "Buen día, Ana.")


@pytest.mark.parametrize("said", ["{name.__class__}", "{name[0]}", "{0}", "{}", "{nobody}"])
def test_what_is_no_name_is_left_empty(said):
    _title, body = written(f"Asunto: x\n\n<{said}>", {"name": "Ana"})
    assert body == "<>"


@pytest.mark.parametrize("said", ["{name:>999999999}", "{name!r}", "{name:{name}}", "{name:{x:{y:{z}}}}"])
def test_a_format_changes_nothing(said):
    assert written(f"Asunto: {said}\n\n<{said}>", {"name": "Ana"}) == ("Ana", "<Ana>")


def test_what_people_wrote_is_never_a_template():
    title, body = written("Asunto: {name}\n\n{name}", {"name": "{number} {0}", "number": "7"})
    assert (title, body) == ("{number} {0}", "{number} {0}")


def test_a_title_is_one_short_line():
    title, body = written("Asunto: {name}\n\n{name}", {"name": "a\r\nb\t c" + "x" * 400})
    assert title.startswith("a b c") and len(title) == 300
    assert body.startswith("a\r\nb")
