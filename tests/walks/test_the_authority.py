"""The environmental authority's path: the unit's director evaluates and communicates, without a check in between."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from escucha.contexts.cases.operations.reaching import record_call
from escucha.contexts.cases.queries.holders import case_for_tracking
from tests.browser import faults_at_both_widths
from tests.make import a_house
from tests.walks.people import Citizen, Staff, work

pytestmark = pytest.mark.slow
REASON = "La quebrada está en la jurisdicción de la otra territorial."


@pytest.fixture
def house(transactional_db):
    return a_house("corrioverde")


@pytest.mark.requirement("CORP-04.1", "CORP-04.2", "CORP-04.4", "CORP-03.2", "EPS-05.2", "EPS-05.4")
def test_a_claim_that_was_not_of_the_unit_and_could_not_be_told_by_telephone(browser, live_server, house):
    wilson = Citizen(browser, live_server, house)
    number = wilson.file(body="La quebrada baja con espuma.", kind="Reclamo", name="Wilson", phone="300 000 0102")
    code = wilson.contact_code()
    work()

    # The adviser of communications registers it; the director it goes to gives it back through her.
    sofia = Staff(browser, live_server, house, "sofia")
    sofia.open(number)
    sofia.classify("Reclamo", "Subdirección de Agua y Suelo")
    olga = Staff(browser, live_server, house, "olga")
    olga.open(number)
    olga.give_back(REASON)
    olga.leave()
    sofia.open(number)
    sofia.sees(REASON)
    sofia.route("Dirección Territorial Páramo Azul")

    # The other director answers, and sends it: there is no check.
    ramiro = Staff(browser, live_server, house, "ramiro")
    ramiro.open(number)
    ramiro.answer("Visitamos la quebrada y ordenamos suspender el vertimiento.")
    ramiro.press("Enviar la respuesta")
    expect(ramiro.page.get_by_role("button", name="Terminar la revisión")).to_have_count(0)

    # Three calls find nobody. Before the third the notice may not be published, and the page says why.
    # Two in the same minute are one.
    for left in (3, 2):
        ramiro.sees(f"llamadas sin éxito que faltan, {left}")
        ramiro.call("No contestó")
    ramiro.sees("llamadas sin éxito que faltan, 2. Las que se hacen con menos de 3 horas")
    case = case_for_tracking(org=house.org, number=number)
    for hours in (4, 8):
        later = timezone.now() + timedelta(hours=hours)
        called = {"number": "300 000 0102", "result": "no_answer", "now": later}
        record_call(org=house.org, case_id=case.pk, by=house.actor("ramiro"), **called)
    ramiro.open(number)
    ramiro.press("Publicar el aviso")
    ramiro.sees("Se publicó el aviso")
    anyone = Citizen(browser, live_server, house)
    anyone.go("/avisos/")
    anyone.sees(number.replace("-", " ")[:8])
    anyone.does_not_see("Wilson")

    # When the days of the notice are over he counts as notified, and the case may close.
    work(timezone.now() + timedelta(days=15))
    ramiro.open(number)
    ramiro.sees("por aviso publicado")
    ramiro.press("Cerrar el caso")
    wilson.follow(number, code)
    wilson.sees("ordenamos suspender el vertimiento")
    assert faults_at_both_widths(wilson.page) == []


@pytest.mark.requirement("CORP-03.1")
def test_a_complaint_solved_at_once_at_the_window(browser, live_server, house):
    ines = Staff(browser, live_server, house, "ines")
    ines.go("/mesa/casos/nuevo/")
    ines.page.get_by_label("Qué dijo la persona").fill("La ventanilla abrió tarde.")
    ines.page.get_by_label("Nombre completo").fill("Gloria Stella Manco")
    ines.page.get_by_label("Teléfono", exact=True).fill("300 000 0103")
    ines.press("Radicar")
    ines.sees("ígito de control")  # what is read to the person, with its number
    number = ines.page.url.rstrip("/").split("/")[-2]

    sofia = Staff(browser, live_server, house, "sofia")
    sofia.open(number)
    sofia.classify("Queja", "Decidir después")
    ines.open(number)
    ines.answer("Desde hoy hay un reemplazo y la ventanilla abre a las ocho.")
    ines.press("Enviar la respuesta")
    ines.call("Habló con la persona")
    ines.sees("La respuesta llegó a la persona: por teléfono")
    ines.press("Cerrar el caso")
    ines.sees("Se cerró el caso")
