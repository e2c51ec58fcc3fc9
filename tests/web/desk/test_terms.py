"""The definitions where staff meet the words: a page of the desk, the form that classifies and what a case owes."""

import pytest

from tests.make import a_case


@pytest.mark.requirement("CORP-08.2")
@pytest.mark.parametrize("who", ["bruno", "lucia", "gabriel"])
def test_everyone_at_the_desk_reads_them(at_desk, who):
    page = at_desk(who).get("/mesa/terminos/").content.decode()
    assert "Exige una solución" in page and "Ley 4 de 1913, art. 62" in page
    assert "Idoneidad" in page and "La firma quien puede comprometerse" in page


@pytest.mark.requirement("CORP-08.2")
def test_they_are_beside_the_words(at_desk, cafetal):
    client = at_desk("lucia")
    page = client.get(f"/mesa/casos/{a_case(cafetal).filing_number}/").content.decode()
    assert "Un servicio de la Caja lo dejó inconforme" in page  # beside each kind, where it is classified
    assert "¿Qué es «plazo de ley»?" in page and 'href="/mesa/terminos/#legal_term"' in page


def test_a_case_says_by_which_channel_it_came(at_desk, cafetal):
    client = at_desk("lucia")
    case = a_case(cafetal, channel="phone")
    page = client.get(f"/mesa/casos/{case.filing_number}/").content.decode()
    assert "Línea de atención" in page and "Se radicó por este canal: Línea de atención" in page


def test_queries_are_counted(at_desk, django_assert_num_queries):
    client = at_desk("bruno")
    client.get("/mesa/terminos/")
    with django_assert_num_queries(5):
        client.get("/mesa/terminos/")
