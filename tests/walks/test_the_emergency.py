"""An emergency as its people live it, each on their own screen: who coordinates, who goes and who waits."""

import io
import re

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from escucha.contexts.assistance.models import LogLine, Offer
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.contexts.cases.models import Case
from escucha.contexts.messaging.models import Message
from escucha.contexts.surveys.models import Invitation
from tests.assisting import an_affiliate
from tests.browser import hears
from tests.contexts.assistance.assigning.network import a_provider
from tests.make import a_house
from tests.walks.desk_people import SMALL_PHONE, SWITCHBOARD, Coordinator, Linked, rings
from tests.walks.people import Staff, work

pytestmark = pytest.mark.slow
MEDELLIN = {"service": "grua", "area": "co/antioquia/medellin"}


@pytest.fixture
def house(transactional_db, settings):
    settings.SWITCHBOARDS = {"ESCUCHA_SWITCHBOARD_QUETZAL": SWITCHBOARD}
    return a_house("quetzal")


def the_link_in(template, page):
    """Where the last message of a kind leads."""
    work()
    body = Message.objects.filter(template__startswith=template).latest("id").body
    return re.search(rf"/{page}/[\w-]+/", body).group()


def a_photo():
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "grey").save(picture, "JPEG")
    return {"name": "llanta.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}


def the_call(luz, *, account, place, address):
    """Taken where it rang, and the file of who calls opened."""
    luz.press("Tomar la llamada")
    expect(luz.page.get_by_label("Rebeca Pedraza")).to_be_checked()
    luz.page.get_by_label("Llama el mismo afiliado").check()
    luz.page.get_by_label("País y zona").select_option(place)
    luz.page.get_by_label("Dirección").fill(address)
    luz.press("Abrir el expediente")
    luz.page.get_by_role("link", name="Nueva asistencia").click()


def number_on(luz):
    """The number of the assistance that is open on the page."""
    return luz.page.locator("[data-assistance]").get_attribute("data-assistance")


def shows_now(luz, text):
    """The page says that it changed, and shows how when it is asked to."""
    luz.page.get_by_text("Esta asistencia cambió").click(timeout=15_000)
    luz.page.wait_for_load_state()
    luz.sees(text)


@pytest.mark.requirement("ASIS-05.2", "ASIS-10.1", "ASIS-10.3", "ASIS-12.1", "ASIS-12.3", "ASIS-14.5", "ASIS-15.3")
def test_an_emergency_by_link(browser, live_server, house, events):
    an_affiliate(house, account="ruta_clara", now=timezone.now())
    for place in (1, 2):
        a_provider(house, f"Grúas {place}", position=place, **MEDELLIN)
    luz = Coordinator(browser, live_server, house, "luz")
    luz.go("/mesa/asistencia/")
    hears(luz.page)

    # The telephone rings while the board is open.
    rings(live_server, house, line="601 000 0044", caller="300 000 0022", key="b-1")
    luz.page.get_by_text("Ruta Clara", exact=False).first.wait_for(timeout=15_000)
    luz.sees("Rebeca Pedraza")
    the_call(luz, account="ruta_clara", place="co/antioquia/medellin", address="Avenida 900 n.º 2-02")
    luz.page.get_by_label("Servicio", exact=True).select_option("grua")
    luz.page.get_by_label("Placa").fill("ZZZ900")
    luz.page.get_by_label("Qué pasó").fill("No prende y estorba el paso")
    luz.press("Abrir la asistencia")
    luz.act("aceptacion", priority="emergency", consent="yes")
    luz.act("ofertas")
    luz.sees("Hay ofertas abiertas")

    # Who is first of the order says on the phone that it goes, and in how long.
    work()
    first = Offer.objects.order_by("position").first()
    body = Message.objects.get(body__contains=first.code).body
    assert "Rebeca" not in body
    goes = Linked(browser, live_server, house, re.search(r"/oferta/[\w-]+/", body).group(), size=SMALL_PHONE)
    goes.does_not_see("Avenida 900")
    goes.fits()
    goes.page.get_by_label("¿En cuántos minutos llega?").fill("25")
    goes.tap("Sí, voy")
    goes.sees("Ver la dirección")
    shows_now(luz, first.provider.name)

    # Who waits sees who comes, and says that the hour is fine.
    waits = Linked(browser, live_server, house, the_link_in("somebody_goes", "servicio"))
    waits.sees(first.provider.name)
    waits.fits()
    waits.tap("Sí, los espero")
    shows_now(luz, "Confirmada al afiliado")

    # On the way; and it arrives where there is no network: what it says there goes once there is, with its hour.
    goes.press("Ver la dirección")
    goes.sees("Avenida 900 n.º 2-02")
    goes.press("Voy en camino")
    goes.page.get_by_role("button", name="Ya llegué").wait_for()
    goes.page.context.set_offline(True)
    goes.page.get_by_role("button", name="Ya llegué").tap()
    goes.sees("No hay señal")
    goes.page.get_by_role("button", name="Ya llegué").tap()
    goes.page.wait_for_timeout(2500)
    pressed = timezone.now()
    goes.page.context.set_offline(False)
    goes.page.get_by_role("button", name="Ya nos encontramos").wait_for()
    found = first.assistance
    found.refresh_from_db()
    assert found.arrived_at < pressed
    assert LogLine.objects.filter(assistance=found, subtype=Subtype.ARRIVED).count() == 1
    goes.fits()
    goes.page.get_by_label("El afiliado", exact=True).check()
    goes.press("Ya nos encontramos")

    # What it found costs more than the plan pays.
    goes.page.get_by_label("¿Qué encontró y qué hay que hacer?").fill("Se llevó al taller más cercano")
    goes.page.get_by_label("¿Cuánto cuesta?").fill("420000")
    goes.page.get_by_label("¿En cuántos minutos termina?").fill("40")
    goes.page.get_by_label("Foto de lo que encontró").set_input_files(a_photo())
    goes.press("Enviar el diagnóstico")
    goes.sees("Espere la autorización")
    goes.fits()
    shows_now(luz, "Anotar que acepta y autorizar")

    # Who waits is asked there, and what is answered is kept as it was given.
    waits.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    waits.sees("COP 70.000")
    waits.fits()
    waits.page.get_by_label("Su nombre").fill("Rebeca Pedraza")
    waits.page.get_by_label("Transferencia").check()
    waits.tap("Acepto y lo pago")
    waits.sees("Está haciendo el trabajo")
    shows_now(luz, "Autorizada")
    luz.page.get_by_role("link", name="Bitácora").click()
    luz.sees("Rebeca Pedraza")

    # It ends, each side says so, and it is closed.
    goes.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    goes.press("Ya terminé")
    goes.sees("Trabajo terminado")
    waits.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    waits.sees("¿Cómo salió?")
    waits.page.get_by_label("Sí", exact=True).check()
    waits.tap("Enviar")
    luz.page.get_by_role("link", name="Principal").click()
    luz.act("costos", invoice="FV-9", concept="Traslado")
    luz.sees("Falta el detalle de la falla")
    luz.act("descripcion", failure="No da arranque")
    luz.act("conclusion")
    luz.sees("Concluida")

    # A short survey, by its link; nothing is obligatory in it.
    asked = Linked(browser, live_server, house, the_link_in("survey", "encuesta"), size=SMALL_PHONE)
    asked.fits()
    asked.page.get_by_label("A tiempo o antes").check()
    asked.page.get_by_label("Sí, del todo").check()
    asked.tap("Enviar")
    asked.sees("Gracias")
    assert Invitation.objects.get().answered_at
    for one in (luz, goes, waits, asked):
        one.leave()


@pytest.mark.requirement("ASIS-07.3", "ASIS-12.2", "ASIS-16.2")
def test_a_life_at_risk_and_a_service_that_did_not_conform(browser, live_server, house):
    an_affiliate(house, now=timezone.now())
    first = a_provider(house, "Acueductos del Altiplano", position=1)
    luz = Coordinator(browser, live_server, house, "luz")
    rings(live_server, house, line="601 000 0043", caller="300 000 0022", key="c-1")
    luz.go("/mesa/asistencia/")
    the_call(luz, account="techo_amigo", place="co/bogota/norte", address="Calle 900 n.º 1-01")
    luz.page.get_by_label("Servicio", exact=True).select_option("plomeria")
    luz.page.get_by_label("Qué pasó").fill("Se inundó y hay cables en el agua")
    luz.press("Abrir la asistencia")

    # Nothing is waited for: not the consent, and who is first is called at once.
    luz.act("aceptacion", priority="vital", consent="yes")
    luz.sees(f"Ahora se llama a {first.name}")
    eta = timezone.localtime() + timezone.timedelta(minutes=10)
    luz.act("asignacion", eta_at=f"{eta:%H:%M}")
    luz.act("confirmacion", told=["window", "number", "provider"])
    luz.act("arribo")
    luz.act("encuentro", identity="affiliate")
    luz.act("diagnostico", text="Se cerró el paso", cost="80.000", ends_at=f"{eta:%H:%M}")
    luz.act("autorizacion")
    luz.act("termino")
    luz.act("descripcion", failure="Se reventó el tubo de la ducha")
    luz.act("conformidad", outcome="nonconforming", comment="Volvió a gotear a los diez minutos")
    luz.sees("No conforme")

    # It is a case of Quality's at once, and its head finds it among what she has to do.
    case = Case.objects.get()
    assert case.body == "Volvió a gotear a los diez minutos"
    irma = Staff(browser, live_server, house, "irma")
    irma.go("/mesa/")
    irma.sees(f"Servicio no conforme: asistencia {number_on(luz)}")
    luz.leave()
    irma.leave()
