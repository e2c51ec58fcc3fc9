"""A form sent without a word: asked once, in case a finger slipped, and filed all the same by who wants it so."""

import pytest

from escucha.contexts.cases.models import Case
from tests.web.public.test_filing import SAID, key_in
from tests.web.public.test_filing_papers import a_file

ASKS = "Todavía no ha escrito nada"
DOORS = [("cafetal", "/radicar/"), ("cafetal", "/buzon/"), ("vidamar", "/formularios/soporte/"),
         ("corrioverde", "/formularios/formato/"), ("vidamar", "/denuncias/")]  # fmt: skip


@pytest.mark.parametrize(("slug", "path"), DOORS)
def test_is_asked_once_and_filed_with_the_button(at, slug, path):
    visitor = at(slug)
    key = key_in(visitor.get(path))
    assert ASKS not in visitor.get(path).content.decode()
    for _time in range(2):  # who presses the same button again is asked again, and nothing is filed
        asked = visitor.post(path, {"key": key})
        assert asked.status_code == 422
        page = asked.content.decode()
        assert ASKS in page and "Enviar así" in page and "Falta corregir" not in page
        assert key_in(asked) == key
        assert not Case.objects.exists()
    for _time in range(2):
        assert visitor.post(path, {"key": key, "as_is": "1"}).status_code == 302
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    "said",
    [
        {"body": "Algo."},
        {"matter": "Algo"},
        {"phone": "300 000 0001"},
        {"suggested_type": "felicitacion"},
        {"groups": ["older_adult"]},
        {"who": "anonymous"},
        {"files": [a_file()]},
    ],
)
def test_anything_at_all_is_something(visitor, said):
    assert visitor.post("/radicar/", said | {"key": "k" * 22}).status_code == 302


@pytest.mark.parametrize("said", [{"body": " \n"}, {"suggested_type": "no-se", "who": "known", "requester_kind": ""}])
def test_blanks_and_what_the_page_brought_are_nothing(visitor, said):
    assert ASKS in visitor.post("/radicar/", said | {"key": "k" * 22}).content.decode()


def test_a_life_at_risk_is_never_asked(at):
    assert at("vidamar").post("/radicar/", {"emergency": "yes", "key": "k" * 22}).status_code == 302


def test_what_is_wrong_is_said_first(visitor):
    page = visitor.post("/radicar/", {"email": "x", "key": "k" * 22}).content.decode()
    assert "Revise el correo" in page and ASKS not in page


def test_what_is_added_to_a_case_keeps_its_own_words(visitor, cafetal):
    visitor.post("/radicar/", SAID)
    case = Case.objects.get()
    visitor.post("/seguir/", {"number": case.filing_number, "factor": case.contact_code})
    page = visitor.post("/seguir/solicitud/adiciones/", {"key": "k" * 22}).content.decode()
    assert ASKS not in page and 'aria-invalid="true"' in page
