"""The forms of a profile: what each asks, what it files, and that nothing of it is ever obligatory."""

import re

import pytest

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.policy.receiving import OF_PAGE
from escucha.contexts.documents.queries import files_about
from escucha.web.public.forms import PublicForm
from tests.web.public.test_filing_limits import asked
from tests.web.public.test_filing_papers import a_file

SUPPORT = {
    "document_number": "999.999.202-3",
    "name": "Barcas del Cabo S. A. S.",
    "option": "contributions",
    "body": "Al pagar, la página queda en blanco.",
    "contact_name": "Rita Gómez",
    "email": "rita@example.org",
    "phone": "601 000 0044",
}
SLIP = {
    "unit": "recurso-hidrico",
    "date": "2026-03-02",
    "reasons": ["premises", "information"],
    "body": "No había quien atendiera.",
    "name": "Ana Lucía Berrío",
    "document_number": "1.990.000.001",
    "address": "Calle 1 n.º 2-3",
    "phone": "300 000 0001",
    "email": "ana@example.org",
}


def names(page):
    return [name for name in re.findall(r'<(?:input|select|textarea)[^>]*? name="([a-z_]+)"', page.content.decode())]


class TestContributorsSupport:
    PATH = "/formularios/soporte/"

    @pytest.mark.requirement("EPS-01.1")
    @pytest.mark.requirement("EPS-01.4")
    def test_files_a_case_of_the_insurers_kind_for_an_organisation(self, at):
        visitor = at("vidamar")
        assert 'href="/formularios/soporte/"' in visitor.get("/").content.decode()
        visitor.get(visitor.post(self.PATH, SUPPORT).url)
        case = Case.objects.select_related("person").get()
        assert (case.form, case.channel, case.suggested_type) == ("soporte", "web", "reclamo")
        assert (case.requester_kind, case.person.kind, case.person.document_kind) == (
            "organisation",
            "organisation",
            "NIT",
        )
        assert (case.person.name, case.person.contact_name) == ("Barcas del Cabo S. A. S.", "Rita Gómez")
        assert case.details["option"] == "contributions" and case.body == SUPPORT["body"]

    @pytest.mark.requirement("EPS-01.3")
    def test_tells_the_right_check_digit_and_files_all_the_same(self, at):
        visitor = at("vidamar")
        page = visitor.post(self.PATH, SUPPORT | {"document_number": "999.999.202-1", "email": "x"}).content.decode()
        assert "¿Está bien?" in page and "es 3, y aquí dice 1" in page
        sent = visitor.post(self.PATH, SUPPORT | {"document_number": "999.999.202-1"})
        assert "es 3, y aquí dice 1" in visitor.get(sent.url).content.decode()
        assert "¿Está bien?</strong>" not in visitor.post(self.PATH, SUPPORT | {"email": "x"}).content.decode()

    @pytest.mark.requirement("EPS-01.5")
    @pytest.mark.requirement("EPS-01.6")
    def test_evidence_is_attached_and_each_file_says_of_what(self, at):
        visitor = at("vidamar")
        files = {"data_evidence": a_file("datos.pdf"), "error_evidence": [a_file("uno.pdf"), a_file("dos.pdf")]}
        visitor.post(self.PATH, SUPPORT | files)
        case = Case.objects.get()
        found = files_about(org=case.org, subject=case.subject)
        assert [one.file.name for one in found] == ["datos.pdf", "uno.pdf", "dos.pdf"]
        assert case.details["data_evidence"] == ["1"] and case.details["error_evidence"] == ["2", "3"]
        assert "missing" not in case.details

    @pytest.mark.requirement("EPS-01.6")
    def test_a_missing_evidence_is_written_down_and_never_blocks(self, at):
        visitor = at("vidamar")
        assert visitor.post(self.PATH, SUPPORT).status_code == 302
        assert Case.objects.get().details["missing"] == ["error_evidence"]
        assert visitor.post(self.PATH, {}).status_code == 302

    def test_a_wrong_email_brings_text_and_files_back(self, at):
        visitor = at("vidamar")
        said = SUPPORT | {"email": "x", "key": "k" * 22, "error_evidence": a_file("uno.pdf")}
        page = visitor.post(self.PATH, said).content.decode()
        assert SUPPORT["body"] in page and "uno.pdf" in page and re.search(r'value="contributions" selected', page)
        held = re.findall(r'name="held_error_evidence" value="([^"]+)"', page)
        visitor.post(self.PATH, SUPPORT | {"key": "k" * 22, "held_error_evidence": held})
        assert Case.objects.get().details["error_evidence"] == ["1"]


class TestTheCorporationsForm:
    PATH = "/formularios/formato/"

    @pytest.mark.requirement("CORP-02.1")
    @pytest.mark.requirement("CORP-02.2")
    def test_asks_what_the_paper_asks_in_its_order(self, at):
        page = at("corrioverde").get(self.PATH)
        asked_for = [name for name in dict.fromkeys(names(page)) if name in SLIP]
        assert asked_for == [*SLIP]
        assert re.findall(r'name="reasons" value="(\w+)"', page.content.decode()) == [
            "premises", "people", "procedures", "information",
        ]  # fmt: skip
        assert 'href="/formulario.pdf?formato=formato"' in page.content.decode()

    @pytest.mark.requirement("CORP-02.1")
    @pytest.mark.requirement("CORP-02.2")
    @pytest.mark.requirement("CORP-02.3")
    def test_files_what_was_said_and_leaves_the_kind_to_the_staff(self, at):
        at("corrioverde").post(self.PATH, SLIP)
        case = Case.objects.select_related("person").get()
        assert (case.form, case.reasons) == ("formato", ["premises", "information"])
        assert case.details == {"unit": "recurso-hidrico", "date": "2026-03-02"}
        assert (case.suggested_type, case.case_type, case.matter) == ("", "", "")
        assert case.person.address == "Calle 1 n.º 2-3"

    @pytest.mark.requirement("CORP-02.4")
    @pytest.mark.parametrize("said", [{"body": "Sin decir quién"}, {}, {"reasons": ["x"], "unit": "x", "date": "ayer"}])
    def test_every_datum_is_optional(self, at, said):
        assert at("corrioverde").post(self.PATH, said).status_code == 302
        case = Case.objects.get()
        assert case.person is None and case.reasons == []

    def test_doubts_a_telephone_and_no_kind_of_document_that_it_never_asks(self, at):
        visitor, short = at("corrioverde"), SLIP | {"phone": "7314001"}
        again = visitor.post(self.PATH, short | {"email": "x"}).content.decode()
        receipt = visitor.get(visitor.post(self.PATH, short).url).content.decode()
        for page in (again, receipt):
            assert "Escriba el teléfono con sus 10 cifras" in page
            assert "Escoja el tipo de documento" not in page
        assert 'data-doubts="/dudas.json"' in again and 'data-doubt="phone"' in again
        asked = visitor.post("/dudas.json", {"document_number": SLIP["document_number"], "phone": "7314001"}).json()
        assert list(asked) == ["phone"]


class TestEveryFormOfAProfile:
    @pytest.mark.parametrize("path", ["/formularios/papeleta/", "/formularios/x/", "/formularios/soporte/"])
    def test_is_only_there_where_the_profile_shows_it(self, visitor, path):
        assert visitor.get(path).status_code == 404
        assert visitor.post(path, {}).status_code == 404

    def test_often_is_asked_a_question_first(self, at):
        visitor = at("vidamar")
        for n in range(20):
            visitor.post("/formularios/soporte/", SUPPORT | {"body": f"Texto {n}"})
        answer = visitor.post("/formularios/soporte/", SUPPORT | {"body": "Otra más", "key": "k" * 22})
        assert answer.status_code == 422 and "Otra más" in answer.content.decode()
        result, token = asked(answer)
        said = SUPPORT | {"body": "Otra más", "key": "k" * 22, "token": token, "result": str(result)}
        assert visitor.post("/formularios/soporte/", said).status_code == 302

    def test_sent_twice_is_one_case_and_its_trap_asks_once_more(self, at):
        visitor = at("vidamar")
        first, again = (visitor.post("/formularios/soporte/", SUPPORT | {"key": "k" * 22}) for _time in range(2))
        assert first.url == again.url and Case.objects.count() == 1
        assert visitor.post("/formularios/soporte/", SUPPORT | {"website": "x"}).status_code == 422

    def test_is_kept_by_no_cache_and_its_queries_are_counted(self, at, django_assert_num_queries):
        visitor = at("vidamar")
        assert "no-store" in visitor.get("/formularios/soporte/")["Cache-Control"]
        with django_assert_num_queries(1):
            visitor.get("/formularios/soporte/")
        with django_assert_num_queries(18):
            visitor.post("/formularios/soporte/", SUPPORT)


def test_what_every_form_has_of_its_own_is_what_no_profile_may_ask():
    assert set(PublicForm.base_fields) == set(OF_PAGE)
