"""The page of the search: a number opens its case, the rest is found in groups, with what was looked for set apart."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from escucha.contexts.cases.rules.numbers import check_digit
from tests.cast import ANA
from tests.make import a_case, a_house, a_routed_case

SEARCH, CASES = "/mesa/buscar/", "/mesa/casos/"


@pytest.fixture
def lucia(at_desk):
    return at_desk("lucia")


def minutes_ago(minutes=5):
    return timezone.now() - timedelta(minutes=minutes)


class TestANumber:
    @pytest.mark.parametrize(
        "said",
        ["PQR-{y}-000001", "pqr {y} 1", " pqr {y} 000 001 ", "PQR{y}000001", "pqr-{y}-1", "{y} 1", "{y}-000001"],
    )
    def test_as_people_type_it_opens_its_case(self, lucia, cafetal, said):
        case = a_case(cafetal, now=minutes_ago())
        found = lucia.get(SEARCH, {"q": said.format(y=case.filing_number[4:8])})
        assert (found.status_code, found["location"]) == (302, f"{CASES}{case.filing_number}/")

    def test_with_its_check_digit_opens_its_case_and_with_another_says_so(self, lucia, cafetal):
        number = a_case(cafetal, now=minutes_ago()).filing_number
        digit = check_digit(number)
        assert lucia.get(SEARCH, {"q": f"{number}-{digit}"})["location"] == f"{CASES}{number}/"
        wrong = lucia.get(SEARCH, {"q": f"{number}-{(int(digit) + 1) % 10}"})
        assert "Revise el número" in wrong.text and "dígito de control" in wrong.text

    def test_that_is_also_a_document_shows_both(self, lucia, cafetal):
        case = a_case(cafetal, now=minutes_ago())
        other = a_case(cafetal, now=minutes_ago(), person={"document_number": "000001"})
        page = lucia.get(SEARCH, {"q": "000001"})
        assert page.status_code == 200
        assert case.filing_number in page.text and other.filing_number in page.text


class TestTheRest:
    def test_is_in_groups_with_links(self, lucia, cafetal):
        case = a_case(cafetal, now=minutes_ago())
        page = lucia.get(SEARCH, {"q": "berrío"}).text
        assert ANA["name"] in page and "CC 1.990.000.001" in page and "1 caso" in page
        assert f'href="{SEARCH}?persona={case.person_id}"' in page
        assert f'href="{CASES}{case.filing_number}/"' in page
        theirs = lucia.get(SEARCH, {"persona": case.person_id}).text
        assert f"Casos de {ANA['name']}" in theirs and case.filing_number in theirs

    def test_sets_apart_what_was_looked_for_and_escapes_the_rest(self, lucia, cafetal):
        a_case(cafetal, now=minutes_ago(), matter="<script>x</script> Petición", body="La <b>petición</b> de ayer.")
        page = lucia.get(SEARCH, {"q": "peticin"}).text
        assert "&lt;script&gt;x&lt;/script&gt; <mark>Petición</mark>" in page
        assert "La &lt;b&gt;<mark>petición</mark>&lt;/b&gt; de ayer." in page
        assert "También buscamos peticion" in page

    def test_that_is_not_there_says_how_to_look(self, lucia, cafetal):
        for said in ("xyzzy", "<b>hola", "\x00", "99999999999999999999", "²"):
            page = lucia.get(SEARCH, {"q": said})
            assert page.status_code == 200
            assert "<b>hola" not in page.text
        page = lucia.get(SEARCH, {"q": "xyzzy"}).text
        assert "No encontramos «xyzzy»" in page and "PQR 20" in page
        assert "Escriba lo que recuerde del caso" in lucia.get(SEARCH).text

    def test_is_kept_in_the_box(self, lucia, cafetal):
        assert 'value="berrio"' in lucia.get(SEARCH, {"q": "berrio"}).text

    @pytest.mark.parametrize("person", ["0", "-1", "x", "9" * 30, "²"])
    def test_of_a_person_that_is_nobody_is_empty(self, lucia, person):
        assert lucia.get(SEARCH, {"persona": person}).status_code in {200, 404}


class TestWhatIsNotTheirs:
    def test_is_not_found(self, at_desk, cafetal):
        case = a_routed_case(cafetal, now=minutes_ago(120))
        vera, dario = at_desk("vera"), at_desk("dario")
        for said in (case.filing_number, "berrio", "1990000001", "300 000 0001", "reserva"):
            assert case.filing_number not in vera.get(SEARCH, {"q": said}).text.replace(said, "")
            assert ANA["name"] not in vera.get(SEARCH, {"q": said}).text
        assert dario.get(SEARCH, {"q": case.filing_number}).status_code == 302
        assert vera.get(SEARCH, {"persona": case.person_id}).status_code == 404

    def test_is_not_found_in_another_organisation(self, lucia):
        other = a_case(a_house("vidamar"), suggested_type="", now=minutes_ago())
        assert lucia.get(SEARCH, {"persona": other.person_id}).status_code == 404
        assert ANA["name"] not in lucia.get(SEARCH, {"q": "berrio"}).text

    def test_is_never_who_asked_not_to_be_known(self, lucia, cafetal):
        case = a_case(cafetal, now=minutes_ago(), identity_reserved=True)
        page = lucia.get(SEARCH, {"q": "reserva"}).text
        assert case.filing_number in page and ANA["name"] not in page
        assert lucia.get(SEARCH, {"persona": case.person_id}).status_code == 404

    def test_is_not_shown_to_who_sees_no_cases(self, at_desk):
        assert at_desk("bruno").get(SEARCH, {"q": "berrio"}).status_code == 403
        assert 'role="search"' not in at_desk("bruno").get("/mesa/").text


def test_asks_the_same_of_few_and_of_many(lucia, cafetal):
    def statements():
        with CaptureQueriesContext(connection) as seen:
            assert lucia.get(SEARCH, {"q": "reserva parque"}).status_code == 200
        return len(seen)

    for _each in range(25):  # of rare words the neighbours are asked
        a_case(cafetal, now=minutes_ago())
    statements()
    few = statements()
    for _each in range(25):
        a_case(cafetal, now=minutes_ago())
    assert statements() == few == 14
