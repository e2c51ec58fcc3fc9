"""The public pages in a real browser: usable by all at both widths, by keyboard, in the dark, and without scripts."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from escucha.contexts.cases.models import Answer, Case
from escucha.contexts.cases.operations.reaching import publish_notice
from escucha.contexts.people.operations.consenting import give_consent
from escucha.kernel.timeline.facts import CITIZEN
from tests.browser import address, browser_context_args, browser_type_launch_args, faults_at_both_widths  # noqa: F401
from tests.make import a_case, a_house, a_sent_case

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TEXT = "El domingo fuimos al parque con la reserva pagada y no aparecía."
ASKED = "received_on=2026-03-02&received_time=10:00&amount=15&receipt_rule=calendar_date&layers=national"


@pytest.fixture(params=["light", pytest.param("dark", marks=pytest.mark.long)])
def theme(request):
    return request.param


@pytest.fixture
def go(live_server, page, settings, theme):
    settings.ADDRESS = "http://{host}:" + live_server.url.rpartition(":")[2]
    page.emulate_media(reduced_motion="reduce", color_scheme=theme)
    return lambda path, host="cafetal": page.goto(address(live_server, host, path))


def follow(page, go, number, factor):
    go("/seguir/")
    page.get_by_label("Número de radicado").fill(number)
    page.get_by_label("Su documento").fill(factor)
    page.get_by_role("button", name="Ver en qué va").click()


@pytest.mark.requirement("MORE-06.1")
@pytest.mark.requirement("MORE-06.2")
def test_pages_without_a_case_are_usable_by_all(page, go, cafetal):
    a_house("vidamar")
    quiet = a_sent_case(cafetal, person=None)
    publish_notice(org=cafetal.org, case_id=quiet.pk, by=cafetal.actor("lucia"), now=timezone.now())
    pages = ["/", "/radicar/", "/seguir/", "/verificar/", "/avisos/", "/calculadora/"]
    asked = [f"/calculadora/?{ASKED}&unit={unit}" for unit in ("business_days", "elapsed_hours", "lunas")]
    for path in [*pages, *asked]:
        go(path)
        assert faults_at_both_widths(page) == [], path
    for path, host in (("/radicar/", "vidamar"), ("/", ""), ("/calculadora/", "")):
        go(path, host)
        assert faults_at_both_widths(page) == [], (path, host)


@pytest.mark.requirement("MORE-06.1")
@pytest.mark.requirement("MORE-06.2")
@pytest.mark.requirement("CAJA-11.3")
def test_filing_by_keyboard_to_the_receipt_and_its_verification(page, go, cafetal):
    go("/radicar/")
    page.get_by_label("¿Qué pasó y qué").focus()
    page.keyboard.type(TEXT)
    page.get_by_label("No estoy seguro").focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Felicitación")).to_be_checked()
    page.get_by_label("Correo electrónico").focus()
    page.keyboard.type("ana@example")
    page.keyboard.press("Tab")
    expect(page.get_by_text("La respuesta llegará a su correo ana@example.")).to_be_visible()
    page.get_by_role("button", name="Radicar").press("Enter")
    page.get_by_role("alert").wait_for()
    assert faults_at_both_widths(page) == []
    expect(page.get_by_label("¿Qué pasó y qué")).to_have_value(TEXT)
    page.get_by_role("link", name="Revise el correo").press("Enter")
    page.keyboard.press("End")
    page.keyboard.type(".org")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recibo/**")
    case = Case.objects.get()
    assert (case.suggested_type, case.body) == ("felicitacion", TEXT)
    assert faults_at_both_widths(page) == []
    go("/radicar/")
    expect(page.get_by_label("¿Qué pasó y qué")).to_have_value("")  # what was sent is not offered again
    go(f"/verificar/{case.verify_code}/")
    assert faults_at_both_widths(page) == []


def test_what_was_typed_comes_back_after_leaving_the_page(page, go, cafetal):
    go("/radicar/")
    page.get_by_label("¿Qué pasó y qué").fill(TEXT)
    go("/avisos/")
    go("/radicar/")
    expect(page.get_by_label("¿Qué pasó y qué")).to_have_value(TEXT)


def test_filing_without_scripts(browser, live_server, cafetal):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(address(live_server, "cafetal", "/radicar/"))
    page.get_by_label("¿Qué pasó y qué").fill(TEXT)
    page.get_by_label("Teléfono", exact=True).fill("300 000 0001")
    page.get_by_role("button", name="Radicar").click()
    page.wait_for_url("**/recibo/**")
    expect(page.get_by_role("heading", name="Recibimos su solicitud")).to_be_visible()
    expect(page.get_by_text("lo llamaremos al 300 000 0001")).to_be_visible()
    context.close()


@pytest.mark.requirement("MORE-06.1")
@pytest.mark.requirement("MORE-06.2")
def test_following_and_reading_an_answer(page, go, cafetal):
    case = a_sent_case(cafetal, now=timezone.now() - timedelta(days=4))
    follow(page, go, case.filing_number, "otra cosa")
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults_at_both_widths(page) == []
    page.get_by_label("Su documento").fill("1.990.000.001")
    page.get_by_role("button", name="Ver en qué va").click()
    page.wait_for_url("**/seguir/solicitud/")
    assert faults_at_both_widths(page) == []
    go(f"/respuesta/{Answer.objects.get().link_token}/")
    assert faults_at_both_widths(page) == []
    page.get_by_role("button", name="Ver mi respuesta").click()
    expect(page.get_by_text("Le devolvemos su dinero.")).to_be_visible()
    assert faults_at_both_widths(page) == []
    go("/seguir/solicitud/")
    expect(page.get_by_role("heading", name="Usted ya tiene la respuesta")).to_be_visible()
    assert faults_at_both_widths(page) == []
    page.get_by_role("button", name="Cerrar esta consulta").click()
    page.wait_for_url("**/seguir/")


@pytest.mark.requirement("MORE-06.1")
def test_what_was_agreed_to_is_withdrawn_where_the_case_is_followed(page, go, cafetal):
    case = a_case(cafetal, now=timezone.now())
    said = {"org": cafetal.org, "person_id": case.person_id, "channel": "web", "by": CITIZEN, "now": timezone.now()}
    give_consent(purpose="survey", proof="La persona marcó la casilla en la página.", **said)
    follow(page, go, case.filing_number, "1.990.000.001")
    page.get_by_role("link", name="Ver lo que autorizó").click()
    assert faults_at_both_widths(page) == []
    page.get_by_label("Código del recibo").fill(case.contact_code)
    page.get_by_role("button", name="Ver lo que autoricé").click()
    assert faults_at_both_widths(page) == []
    page.get_by_role("button", name="Retirar esta autorización").click()
    page.get_by_text("La retiró el").wait_for()
    assert faults_at_both_widths(page) == []


@pytest.mark.requirement("MORE-06.1")
def test_a_slip_of_the_finger_is_asked_about_and_files_nothing(page, go, cafetal):
    go("/radicar/")
    page.get_by_role("button", name="Radicar", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="Todavía no ha escrito nada")).to_be_focused()
    assert faults_at_both_widths(page) == []
    assert not Case.objects.exists()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recibo/**")
    assert Case.objects.count() == 1
