"""The paper form copied by staff in its order, and read from its filled PDF, which may come from anybody."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.policy import FormsPolicy
from escucha.contexts.documents.queries import files_about
from escucha.web.desk.receiving.filled_form import MOST_BYTES, Unreadable, answers_in, day_in
from tests.web.desk.conftest import sign_in

FORM = "/mesa/formatos/formato/"
READ = f"{FORM}lectura/"
WHEN = {"channel": "box", "filled_by": "person"}
SAID = {
    "unit": "Dirección Territorial Páramo Azul",
    "date": "20/02/2026",
    "body": "Me pidieron tres veces\nel mismo papel.",
    "name": "Ana Lucía Berrío",
    "document_number": "1.990.000.001",
    "phone": "300 000 0001",
    "email": "ana@example.org",
}


@pytest.fixture
def tomas(corrioverde, no_static_folder):
    return _client(corrioverde, "tomas")


@pytest.fixture
def form(corrioverde):
    return corrioverde.profile.section(FormsPolicy).form("formato")


@pytest.fixture
def blank(corrioverde):
    return Client(headers={"host": corrioverde.org.host}).get("/formulario.pdf").content


def _client(house, who, **options):
    client = Client(headers={"host": house.org.host}, **options)
    sign_in(client, house.members[who].account)
    return client


def filled(blank, said=SAID, marked=("reasons_people", "reasons_procedures")):
    writer = PdfWriter(clone_from=PdfReader(BytesIO(blank)))
    values = {**said, **dict.fromkeys(marked, "/Yes")}
    writer.update_page_form_field_values(writer.pages[0], values, auto_regenerate=False)
    return written(writer)


def written(writer):
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def sent(content, name="formato.pdf"):
    return {"pdf": SimpleUploadedFile(name, content, "application/pdf")}


class TestCopying:
    @pytest.mark.requirement("CORP-02.1", "CORP-02.4")
    def test_asks_in_the_order_of_the_paper(self, tomas, form):
        page = tomas.get(FORM).text.partition("Lo que dice el papel")[2]
        places = [page.index(f'name="{field.key}"') for field in form.fields]
        assert places == sorted(places)
        assert "Formato de quejas" in tomas.get("/mesa/formatos/").text

    @pytest.mark.requirement("CORP-02.1", "CORP-02.2", "CORP-02.3", "CORP-02.6", "CORP-01.8", "CORP-01.9")
    def test_keeps_what_the_paper_says_and_who_filled_it(self, tomas, corrioverde):
        typed = WHEN | SAID | {"date": "2026-02-20", "reasons": ["people", "procedures"], "filled_by": "staff"}
        scan = SimpleUploadedFile("papel.png", bytes.fromhex(PNG), "image/png")
        answer = tomas.post(FORM, typed | {"files": scan})
        case = Case.objects.get()
        assert answer.url == f"/mesa/casos/{case.filing_number}/lectura/"
        assert (case.form, case.reasons, case.channel) == ("formato", ["people", "procedures"], "box")
        assert case.details == {"unit": "territorial-paramo", "date": "2026-02-20"}
        assert (case.filled_by, case.filed_by) == ("staff", corrioverde.members["tomas"])
        assert (case.case_type, case.suggested_type) == ("", "")  # which staff decides later
        assert case.person.document_number == "1990000001"
        [attached] = files_about(org=corrioverde.org, subject=case.subject)
        assert (attached.kind, attached.file.name) == ("scan", "papel.png")
        assert f'data-kept="paper-formato-{corrioverde.members["tomas"].pk}"' in tomas.get(answer.url).text

    @pytest.mark.requirement("CORP-02.4")
    def test_of_nobody_in_particular_is_a_case_too(self, tomas):
        assert tomas.post(FORM, WHEN | {"body": "No había sillas.", "unit": "La de siempre"}).status_code == 302
        case = Case.objects.get()
        assert case.person is None
        assert (case.filled_by, case.details) == ("person", {"unit": "La de siempre"})

    def test_is_not_doubted_for_a_kind_of_document_that_it_never_asks(self, tomas):
        page = tomas.get(tomas.post(FORM, WHEN | SAID | {"date": "", "phone": "7314001"}).url).text
        assert "Escriba el teléfono con sus 10 cifras" in page
        assert "Escoja el tipo de documento" not in page

    def test_says_that_paper_came_on_paper_and_a_filled_pdf_by_mail(self, tomas, blank):
        assert '<option value="letter" selected' in tomas.get(FORM).text
        assert '<option value="email" selected' in tomas.post(READ, sent(filled(blank))).text

    def test_without_a_word_is_asked_about_and_filed_with_the_button(self, tomas):
        asked = tomas.post(FORM, WHEN)
        assert asked.status_code == 422 and "Todavía no ha escrito nada" in asked.text
        assert not Case.objects.exists()
        assert tomas.post(FORM, WHEN | {"as_is": "1"}).status_code == 302

    def test_pressed_twice_is_one_case(self, tomas):
        for _time in range(2):
            tomas.post(FORM, WHEN | SAID | {"date": "2026-02-20", "key": "k" * 22})
        assert Case.objects.count() == 1

    def test_says_what_to_correct_and_keeps_the_rest(self, tomas):
        answer = tomas.post(FORM, WHEN | SAID | {"date": "un martes"})
        assert answer.status_code == 422
        assert "Me pidieron tres veces" in answer.text
        assert not Case.objects.exists()

    def test_is_for_who_files_at_home(self, tomas, corrioverde, cafetal, at_desk):
        assert _client(corrioverde, "helena").get(FORM).status_code == 403
        assert at_desk("lucia").get(FORM).status_code == 404
        assert at_desk("lucia").post(READ).status_code == 404
        assert tomas.get("/mesa/formatos/otro/").status_code == 404
        assert tomas.get(READ).status_code == 405
        careful = _client(corrioverde, "tomas", enforce_csrf_checks=True)
        assert careful.post(FORM, WHEN).status_code == careful.post(READ).status_code == 403


class TestReadingThePdf:
    @pytest.mark.requirement("CORP-02.5", "CORP-02.6")
    def test_fills_the_page_and_attaches_itself(self, tomas, blank, corrioverde):
        page = tomas.post(READ, sent(filled(blank), "lleno.pdf")).text
        assert not Case.objects.exists()
        for said in (
            "Dirección Territorial Páramo Azul",
            "2026-02-20",
            "el mismo papel.",
            "ana@example.org",
            "lleno.pdf",
        ):
            assert said in page
        marked = re.findall(r'name="reasons" value="(\w+)"[^>]*checked', page)
        assert marked == ["people", "procedures"]
        held = re.search(r'name="held" value="([^"]+)"', page)[1]
        tomas.post(FORM, WHEN | SAID | {"date": "2026-02-20", "held": held})
        [attached] = files_about(org=corrioverde.org, subject=Case.objects.get().subject)
        assert (attached.file.name, attached.file.kind) == ("lleno.pdf", "application/pdf")

    def test_of_one_member_serves_no_other(self, tomas, blank, corrioverde):
        page = tomas.post(READ, sent(filled(blank))).text
        held = re.search(r'name="held" value="([^"]+)"', page)[1]
        other = _client(corrioverde, "sofia")
        for reference in (held, held[:-2] + "xx", "x", ""):
            other.post(FORM, WHEN | {"body": reference or "nada", "held": reference})
        for case in Case.objects.all():
            assert files_about(org=corrioverde.org, subject=case.subject) == []

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"", "No se pudo leer el PDF"),
            (b"GIF89a", "No se pudo leer el PDF"),
            (b"%PDF-1.7\n%%EOF", "No se pudo leer el PDF"),
            (b"%PDF-" + b"\xff" * 4000, "No se pudo leer el PDF"),
        ],
    )
    def test_that_is_broken_says_what_to_do(self, tomas, content, why):
        answer = tomas.post(READ, sent(content))
        assert answer.status_code == 422
        assert why in answer.text or "pesa demasiado" in answer.text

    def test_that_is_cut_is_read_or_refused_and_never_breaks(self, blank, form):
        whole = filled(blank)
        for share in range(1, 20):
            try:
                answers_in(whole[: len(whole) * share // 20], form)
            except Unreadable as why:
                assert why.blocker

    def test_that_is_locked_too_big_or_another_is_refused(self, blank, form):
        writer = PdfWriter(clone_from=PdfReader(BytesIO(blank)))
        writer.encrypt("clave", algorithm="AES-256")
        other = PdfWriter()
        other.add_blank_page(200, 200)
        for content, why in [
            (written(writer), "tiene clave"),
            (b"%PDF-" + b" " * MOST_BYTES, "pesa demasiado"),
            (written(other), "no es el formato"),
        ]:
            with pytest.raises(Unreadable, match=why):
                answers_in(content, form)

    def test_runs_nothing_and_reads_only_its_own_fields(self, blank, form):
        writer = PdfWriter(clone_from=PdfReader(BytesIO(filled(blank))))
        script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('hola')")}
        writer._root_object[NameObject("/OpenAction")] = DictionaryObject(script)
        fields = writer._root_object["/AcroForm"]["/Fields"]
        inner = DictionaryObject({NameObject("/T"): TextStringObject("unit"), NameObject("/V"): TextStringObject("B")})
        outer = DictionaryObject({NameObject("/T"): TextStringObject("x"), NameObject("/Kids"): ArrayObject([inner])})
        fields.append(writer._add_object(outer))
        answers = answers_in(written(writer), form)
        assert set(answers) == {field.key for field in form.fields}
        assert answers["unit"] == SAID["unit"]

    def test_keeps_no_more_than_a_page_shows(self, blank, form):
        said = {"name": "A\x00\x1b[31m" + "x" * 500, "body": "y" * 60_000}
        answers = answers_in(filled(blank, said), form)
        assert len(answers["name"]) == 200 and answers["name"].startswith("A[31m")
        assert len(answers["body"]) == 20_000

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("20/02/2026", date(2026, 2, 20)),
            ("3-1-26", date(2026, 1, 3)),
            ("2026-02-20", date(2026, 2, 20)),
            ("1 de 3 de 2026", date(2026, 3, 1)),
            ("20 de febrero de 2026", date(2026, 2, 20)),
            ("3 de Marzo del 2026", date(2026, 3, 3)),
            ("5-SEPT-26", date(2026, 9, 5)),
            ("lunes 2 feb. 2026", date(2026, 2, 2)),
            ("31 de febrero de 2026", None),
            ("3 de brumario de 2026", None),
            ("31/02/2026", None),
            ("ayer", None),
            ("", None),
        ],
    )
    def test_understands_days_as_people_write_them(self, text, day):
        assert day_in(text) == day


PNG = (
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d4944415478da63fcffff3f0300050001a5f645400000000049454e44ae426082"
)
