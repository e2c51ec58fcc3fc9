"""The definitions: where people meet the words and where staff do, each organisation's own, with what the law says."""

import pytest

from escucha.web.ui.terms import Glossary, kinds_of, legal_words, our_words
from tests.profiles.folders import BY_NAME, DAY

pytestmark = pytest.mark.django_db


def read(client, path, slug="cafetal"):
    return client.get(path, headers={"host": f"{slug}.localhost"}).content.decode()


@pytest.mark.requirement("CORP-08.1")
def test_the_kinds_are_defined_in_the_organisations_words(client, cafetal, vidamar):
    page = read(client, "/terminos/")
    assert '<dt id="queja">Queja</dt>' in page
    assert "Un servicio de la Caja lo dejó inconforme" in page
    assert "Nos comprometemos a responder en 7 días hábiles." in page
    assert "La ley da 15 días hábiles (Ley 1755 de 2015" in page
    theirs = read(client, "/terminos/", "vidamar")
    assert "Un servicio de la Caja" not in theirs and '<dt id="queja">' in theirs


@pytest.mark.requirement("CORP-08.1")
def test_the_words_of_the_law_bring_their_norm(client, cafetal):
    page = read(client, "/terminos/")
    assert '<dt id="business_day">Día hábil</dt>' in page and "Ley 4 de 1913, art. 62" in page
    assert '<dt id="filing_number">Número de radicado</dt>' in page
    assert "max-age=3600" in client.get("/terminos/", headers={"host": "cafetal.localhost"})["Cache-Control"]


@pytest.mark.requirement("CORP-08.1")
@pytest.mark.parametrize("path", ["/", "/radicar/", "/seguir/", "/canales/", "/avisos/"])
def test_every_page_leads_to_them(client, cafetal, path):
    assert 'href="/terminos/' in read(client, path)


@pytest.mark.requirement("CORP-08.1")
def test_a_word_is_explained_where_it_is_met(client, cafetal):
    answer = client.post("/radicar/", {"body": "Hola."}, headers={"host": "cafetal.localhost"})
    receipt = read(client, answer.url)
    assert "¿Qué es «día hábil»?" in receipt and 'href="/terminos/#business_day"' in receipt
    assert "¿Qué es «código del recibo»?" in read(client, "/seguir/")


def test_receipt_is_defined_by_the_rule_of_each():
    received = {name: Glossary(profile)["receipt_date"] for name, profile in BY_NAME.items()}
    assert "Lo que llega más tarde, o un día sin atención" in received["cafetal"].definition
    assert received["cafetal"].norm == "Ley 1437 de 2011, art. 54"
    assert received["corrioverde"].definition.startswith("El día en que llega, a cualquier hora.")
    assert received["corrioverde"].norm == "Ley 1437 de 2011, art. 15"


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_word_says_something_once(name):
    profile = BY_NAME[name]
    words = [*kinds_of(profile, on=DAY, all_of_them=True), *our_words(profile), *legal_words(profile)]
    assert all(word.label and word.definition for word in words)
    assert len({word.key for word in words}) == len(words)
    assert all(word.norm for word in legal_words(profile))


def test_a_kind_that_is_not_offered_is_defined_only_for_staff():
    profile = next(one for one in BY_NAME.values() if _hidden(one))
    shown = {kind.key for kind in kinds_of(profile, on=DAY)}
    everything = {kind.key for kind in kinds_of(profile, on=DAY, all_of_them=True)}
    assert everything - shown == _hidden(profile)


def _hidden(profile) -> set[str]:
    return {key for key, kind in profile.raw["cases"]["types"].items() if kind.get("public") is False}
