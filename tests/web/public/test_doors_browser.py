"""One case by each public door, in a real browser: by keyboard, on a small telephone, usable by all at both widths."""

import pytest
from playwright.sync_api import expect

from escucha.contexts.cases.models import Case, Word
from escucha.contexts.documents.queries import files_about
from escucha.contexts.people.operations.placing import load_places
from tests.browser import PHONE, address, browser_context_args, browser_type_launch_args, faults_at_both_widths  # noqa: F401
from tests.make import a_house
from tests.web.public.test_filing_papers import PDF

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAPER = {"name": "recibo.pdf", "mimeType": "application/pdf", "buffer": PDF}


@pytest.fixture
def visit(live_server, page, settings):
    """Opens a page of an organisation on a small telephone."""
    settings.ADDRESS = "http://{host}:" + live_server.url.rpartition(":")[2]
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size(PHONE)

    def opened(slug, path):
        a_house(slug)
        page.goto(address(live_server, slug, path))
        assert faults_at_both_widths(page) == []
        page.set_viewport_size(PHONE)
        return page

    return opened


def write(page, label, text):
    """By keyboard alone."""
    page.get_by_label(label).first.focus()
    page.keyboard.type(text)


def press(page, name):
    page.get_by_role("button", name=name).press("Enter")


def names_of(case):
    return [one.file.name for one in files_about(org=case.org, subject=case.subject)]


def received(page):
    """The case whose receipt is shown, with nothing wrong at either width."""
    page.wait_for_url("**/recibo/**")
    assert faults_at_both_widths(page) == []
    return Case.objects.latest("pk")


@pytest.mark.requirement("EPS-04.3")
@pytest.mark.requirement("CAJA-11.3")
def test_the_web_form_loses_neither_text_nor_files(visit, page):
    load_places()
    visit("cafetal", "/radicar/")
    write(page, "¿Qué pasó y qué", "El domingo la reserva no aparecía.")
    page.get_by_label("Fotos o documentos").set_input_files([PAPER, PAPER | {"name": "foto.pdf"}])
    expect(page.get_by_role("button", name="Quitar foto.pdf")).to_be_visible()
    write(page, "Número de documento", "1990000001234")
    write(page, "Correo electrónico", "ana@example")
    expect(page.get_by_text("¿Está bien? Escoja el tipo")).to_be_visible()
    write(page, "Municipio", "mani")
    expect(page.locator("#municipios option", has_text="Manizales, Caldas")).to_be_attached(timeout=15_000)
    press(page, "Radicar")
    expect(page.get_by_text("Fotos o documentos: ya los tenemos")).to_be_visible()
    assert faults_at_both_widths(page) == []
    expect(page.get_by_label("¿Qué pasó y qué")).to_have_value("El domingo la reserva no aparecía.")
    page.get_by_label("foto.pdf").press("Space")
    page.get_by_label("Correo electrónico").focus()
    page.keyboard.press("End")
    page.keyboard.type(".org")
    expect(page.get_by_text("La respuesta llegará a su correo ana@example.org.")).to_be_visible()
    page.keyboard.press("Enter")
    case = received(page)
    assert names_of(case) == ["recibo.pdf"] and case.person.email == "ana@example.org"


def test_what_few_need_is_one_key_away_and_says_what_it_means(visit, page):
    visit("cafetal", "/radicar/")
    page.get_by_text("No quiero que se sepa quién soy").press("Enter")
    page.get_by_label("No digo quién soy").press("Space")
    expect(page.get_by_label("Correo electrónico")).to_be_hidden()
    expect(page.get_by_role("status").filter(has_text="página de avisos")).to_be_visible()
    assert faults_at_both_widths(page) == []
    press(page, "Radicar")
    assert received(page).anonymous


@pytest.mark.requirement("EPS-01.1")
@pytest.mark.requirement("EPS-01.3")
@pytest.mark.requirement("EPS-01.5")
@pytest.mark.requirement("EPS-01.6")
def test_contributors_support(visit, page):
    visit("vidamar", "/formularios/soporte/")
    write(page, "NIT", "999.999.202-1")
    write(page, "Razón social", "Barcas del Cabo S. A. S.")
    expect(page.get_by_text("el dígito de verificación de 999.999.202 es 3")).to_be_visible()
    page.get_by_label("¿En qué opción").select_option("contributions")
    write(page, "¿Qué quería hacer", "Al pagar, la página queda en blanco.")
    page.get_by_label("El mensaje o el error").set_input_files(PAPER)
    press(page, "Enviar")
    case = received(page)
    assert (case.form, case.details["option"], case.details["error_evidence"]) == ("soporte", "contributions", ["1"])
    assert names_of(case) == ["recibo.pdf"]


@pytest.mark.requirement("CORP-02.1")
@pytest.mark.requirement("CORP-02.2")
@pytest.mark.requirement("CORP-02.4")
def test_the_corporations_form(visit, page):
    visit("corrioverde", "/formularios/formato/")
    page.get_by_label("Dependencia").select_option(index=2)
    page.get_by_label("El lugar").press("Space")
    page.get_by_label("Los pasos").press("Space")
    write(page, "¿Qué ocurrió?", "No había quien atendiera.")
    press(page, "Enviar")
    case = received(page)
    assert (case.form, case.reasons, case.person) == ("formato", ["premises", "procedures"], None)
    visit("corrioverde", "/formularios/formato/")
    expect(page.get_by_label("¿Qué ocurrió?")).to_have_value("")  # what was sent is not offered again


@pytest.mark.requirement("CAJA-08.2")
def test_the_virtual_box(visit, page):
    visit("cafetal", "/buzon/")
    write(page, "¿Qué pasó y qué", "Pongan sillas en la entrada.")
    press(page, "Radicar")
    case = received(page)
    assert (case.channel, case.suggested_type) == ("virtual_box", "sugerencia")


def test_a_reserved_report_is_followed_with_its_number_and_code(visit, page):
    visit("arrayanes", "/denuncias/")
    write(page, "¿Qué pasó?", "Cobran por turnos que son gratis.")
    write(page, "¿A quién señala?", "El jefe de archivo")
    page.get_by_label("Pruebas").set_input_files(PAPER)
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    press(page, "Enviar la denuncia")
    case = received(page)
    assert case.reserved and case.anonymous and len(names_of(case)) == 1 and "recibo.pdf" not in names_of(case)
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    page.get_by_role("link", name="Seguir la denuncia").press("Enter")
    write(page, "Número de radicado", case.filing_number)
    write(page, "Su documento", case.contact_code)
    press(page, "Ver en qué va")
    page.wait_for_url("**/seguir/solicitud/")
    assert faults_at_both_widths(page) == []
    page.get_by_role("link", name="Agregar algo").press("Enter")
    assert faults_at_both_widths(page) == []
    write(page, "¿Qué quiere agregar?", "También los martes.")
    press(page, "Enviar")
    page.wait_for_url("**/seguir/solicitud/")
    assert Word.objects.get().body == "También los martes."
