"""The insurer's path: a life at risk is counted in hours, and a coordinator spreads the work of her assistants."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import faults_at_both_widths
from tests.make import a_house
from tests.walks.people import Citizen, Staff, work

pytestmark = pytest.mark.slow
VITAL = "Reclamo en salud de riesgo vital"


@pytest.fixture
def house(transactional_db):
    return a_house("vidamar")


@pytest.mark.requirement("EPS-02.1", "EPS-05.1", "EPS-05.3", "MORE-01.2")
def test_a_life_at_risk_is_attended_in_hours(browser, live_server, house):
    yolanda = Citizen(browser, live_server, house)
    yolanda.go("/radicar/")
    yolanda.page.get_by_label("¿Qué pasó y qué espera que hagamos?").fill("Mi mamá necesita una cama ya.")
    yolanda.page.get_by_label(re.compile("^Sí")).check()
    yolanda.page.locator("[name=phone]").fill("300 000 0274")
    yolanda.press("Radicar")
    number = yolanda.page.locator(".number .vh").inner_text().replace(" ", "-")
    number = "-".join([*number.split("-")[:2], "".join(number.split("-")[2:])])

    # What is owed in hours comes first in the agenda, whoever looks.
    alba = Staff(browser, live_server, house, "alba")
    alba.go("/mesa/")
    expect(alba.page.locator(".agenda-row").first).to_contain_text("Atender ya")
    alba.open(number)
    alba.sees("Riesgo para la vida")
    alba.classify(VITAL, "Autorizaciones")
    alba.sees("Plazo de ley")
    expect(alba.page.locator(".hourstrip").first).to_be_visible()
    assert faults_at_both_widths(alba.page) == []

    rosa = Staff(browser, live_server, house, "rosa")
    rosa.open(number)
    rosa.answer("La cama está confirmada y la ambulancia va en camino.")
    marina = Staff(browser, live_server, house, "marina")
    marina.open(number)
    marina.check()
    marina.press("Enviar la respuesta")

    # It cannot be closed before somebody spoke with her, and the page says why.
    marina.sees("La respuesta no ha llegado a la persona")
    alba.open(number)
    alba.call("Habló con la persona")
    alba.sees("La respuesta llegó a la persona: por teléfono")
    alba.press("Cerrar el caso")
    alba.sees("Se cerró el caso")


@pytest.mark.requirement("EPS-03.2", "EPS-03.3", "EPS-03.4")
def test_the_coordinator_gives_the_work_of_one_assistant_to_another(browser, live_server, house):
    jairo = Citizen(browser, live_server, house)
    number = jairo.file(
        body="Necesito copia de mi afiliación.", kind="Petición", name="Jairo", email="jairo@example.org"
    )
    work()
    marina = Staff(browser, live_server, house, "marina")
    marina.open(number)
    marina.classify("Petición", "Atención al Usuario (SIAU)")
    marina.give_to("Alba Redondo")
    marina.sees("Quedó a cargo de Alba Redondo")
    marina.give_to("Nelson Pushaina")
    marina.sees("Quedó a cargo de Nelson Pushaina")

    nelson = Staff(browser, live_server, house, "nelson")
    nelson.go("/mesa/casos/?vista=mios")
    nelson.page.get_by_role("link", name="Necesito copia de mi afiliación.").first.click()
    nelson.answer("Le enviamos la copia.")
    nelson.sees("La dependencia entregó la respuesta")
