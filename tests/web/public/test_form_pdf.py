"""The paper form as a PDF: every field of the profile in its order, named for who fills it and for who reads it."""

from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from escucha.contexts.cases.policy import FormsPolicy
from tests.make import a_house

PDF = "/formulario.pdf"


@pytest.fixture
def authority(corrioverde):
    return Client(headers={"host": corrioverde.org.host})


def read(answer):
    return PdfReader(BytesIO(answer.content))


@pytest.mark.requirement("CORP-02.1", "CORP-02.2", "CORP-02.3", "CORP-02.4", "CORP-02.5")
def test_has_the_fields_of_the_form_in_its_order(authority, corrioverde):
    answer = authority.get(PDF)
    assert (answer.status_code, answer["content-type"]) == (200, "application/pdf")
    form = corrioverde.profile.section(FormsPolicy).form("formato")
    names = list(read(answer).get_fields())
    expected = []
    for field in form.fields:
        marks = [field.mark(one) for one in form.reasons]
        expected += marks if field.key == "reasons" else [field.key]
    assert names == expected
    assert expected[2:6] == ["reasons_premises", "reasons_people", "reasons_procedures", "reasons_information"]
    assert not any("type" in name or "tipo" in name for name in names)  # which staff decides


def test_tells_readers_what_each_field_asks_and_whose_form_it_is(authority, corrioverde):
    file = read(authority.get(PDF))
    fields = file.get_fields()
    assert all(field["/TU"] for field in fields.values())
    assert fields["unit"]["/TU"] == "Dependencia en la que lo atendieron"
    assert file.trailer["/Root"]["/Lang"] == "es-CO"
    assert corrioverde.org.name in file.metadata.title
    text = file.pages[0].extract_text()
    for said in (corrioverde.org.name, "Las personas: lo que sabían", "/formularios/formato/", "opcionales"):
        assert said in text
    [page] = file.pages
    for annotation in page["/Annots"]:
        x, y, right, top = map(float, annotation.get_object()["/Rect"])
        assert 0 < x < right < page.mediabox.width and 0 < y < top < page.mediabox.height


def test_is_on_letter_or_on_a4_and_always_the_same(authority):
    widths = {
        sheet: float(read(authority.get(PDF, {"hoja": sheet})).pages[0].mediabox.width) for sheet in ("", "a4", "x")
    }
    assert {name: round(width) for name, width in widths.items()} == {"": 612, "a4": 595, "x": 612}
    assert authority.get(PDF).content == authority.get(PDF).content


def test_fits_a_longer_form_on_more_sheets(corrioverde):
    from dataclasses import replace

    from escucha.web.public.form_pdf import drawn

    form = corrioverde.profile.section(FormsPolicy).form("formato")
    long = replace(form, fields=tuple(replace(one, lines=24) if one.key == "body" else one for one in form.fields))
    assert len(PdfReader(BytesIO(drawn(long, corrioverde.profile.identity, web="https://x.example.org/"))).pages) == 2


def test_is_not_there_without_a_form_on_paper(db):
    house = a_house("quetzal")
    assert Client(headers={"host": house.org.host}).get(PDF).status_code == 404


def test_of_a_form_that_does_not_exist_is_the_first(authority):
    assert authority.get(PDF, {"formato": "no-hay"}).content == authority.get(PDF).content


def test_is_only_read(authority):
    assert authority.post(PDF).status_code == 405
