"""The fund's path, as its people live it: User Attention classifies, the service answers, and it is checked."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from escucha.contexts.cases.queries.holders import case_for_tracking
from escucha.contexts.messaging.queries import messages_about
from tests.browser import address, faults_at_both_widths
from tests.make import a_house
from tests.walks.people import Citizen, Staff, work

pytestmark = pytest.mark.slow
REASON = "El parque lo atiende Recreación, no Vivienda."


@pytest.fixture
def house(transactional_db):
    return a_house("cafetal")


def the_link_of(house, number):
    """Where the person's e-mail leads, as the page of test e-mails shows it."""
    case = case_for_tracking(org=house.org, number=number)
    message = [one for one in messages_about(org=house.org, subject=case.subject) if one.template == "answer_ready"][-1]
    return re.search(r"/respuesta/[\w-]+/", message.body).group()


@pytest.mark.requirement("CAJA-04.2", "CAJA-05.1", "CAJA-06.1", "CAJA-07.1", "CAJA-07.3", "MORE-03.4", "EPS-05.1")
def test_a_claim_from_the_phone_to_its_end(browser, live_server, house):
    # Ana files on her phone, without scripts, and keeps her number and her code.
    ana = Citizen(browser, live_server, house, scripts=False)
    number = ana.file(
        body="El domingo fuimos al parque y la reserva no aparecía. Pido la devolución.",
        matter="Nos negaron la entrada con la reserva pagada",
        kind="Queja",
        name="Ana Lucía Berrío",
        document_number="1.990.000.001",
        email="ana@example.org",
    )
    ana.sees("queda en firme cuando clasifiquemos la suya")
    code = ana.contact_code()
    verification = re.search(r"/verificar/[\w-]+/", ana.page.locator("main").inner_text()).group()
    work()

    # Anyone may check the receipt, and learns nothing about her.
    anyone = Citizen(browser, live_server, house)
    anyone.go(verification)
    anyone.sees(number.replace("-", " ")[:8])
    for secret in ("Ana", "reserva", "1990000001", "ana@example.org", "Queja"):
        anyone.does_not_see(secret)

    # Lucía classifies it and sends it to the wrong service.
    lucia = Staff(browser, live_server, house, "lucia")
    lucia.open(number)
    lucia.classify("Reclamo", "Vivienda")
    lucia.sees("Se clasificó como reclamo")
    lucia.sees("Pasó a Vivienda")

    # Vivienda cannot classify; it gives the case back and says why. The clock runs on.
    vera = Staff(browser, live_server, house, "vera")
    vera.open(number)
    expect(vera.page.get_by_role("button", name="Cambiar el tipo")).to_have_count(0)
    due = vera.page.locator(".card .debt b").nth(1).inner_text()
    vera.give_back(REASON)
    vera.leave()
    lucia.open(number)
    lucia.sees(REASON)
    expect(lucia.page.locator(".card .debt b").nth(1)).to_have_text(due)
    lucia.route("Recreación y Turismo")

    # Darío answers; Lucía sends it back for one of the five points; he answers again and it passes.
    dario = Staff(browser, live_server, house, "dario")
    dario.open(number)
    dario.answer("Le devolvemos su dinero.")
    lucia.open(number)
    lucia.check(failing="Precisión", reason="Falta decir cuánto y cuándo.")
    lucia.sees("La respuesta volvió a la dependencia: no cumple precisión")
    dario.open(number)
    dario.sees("La respuesta anterior volvió para corregir")
    dario.answer("Le devolvemos 185.000 pesos el jueves.")
    lucia.open(number)
    lucia.check()
    expect(lucia.page.get_by_text("La respuesta no ha llegado a la persona")).to_have_count(0)
    lucia.press("Enviar la respuesta")
    lucia.sees("La respuesta no ha llegado a la persona")
    work()

    # The link's page records nothing until she presses: scanners follow links.
    link = the_link_of(house, number)
    robot = Citizen(browser, live_server, house)
    robot.page.goto(address(live_server, "cafetal", link))
    lucia.open(number)
    lucia.sees("Enviada, sin notificar")
    ana.page.goto(address(live_server, "cafetal", link))
    ana.does_not_see("185.000")
    ana.press("Ver mi respuesta")
    ana.sees("Le devolvemos 185.000 pesos el jueves.")

    # Now it may be closed, and she sees it closed by number and code.
    lucia.open(number)
    lucia.sees("La respuesta llegó a la persona")
    lucia.press("Cerrar el caso")
    lucia.sees("Se cerró el caso")
    ana.follow(number, code)
    ana.sees("Le devolvemos 185.000 pesos el jueves.")
    assert faults_at_both_widths(lucia.page) == []


@pytest.mark.requirement("MORE-04.2", "CAJA-06.5", "CAJA-06.6")
def test_nobody_answers_and_the_house_says_so(browser, live_server, house):
    ana = Citizen(browser, live_server, house)
    number = ana.file(body="Nadie me responde.", name="Ana", email="ana@example.org")
    work(timezone.now() + timedelta(days=60))

    patricia = Staff(browser, live_server, house, "patricia")
    patricia.open(number)
    patricia.sees("Venció sin cumplirse: plazo de ley")
    patricia.go("/mesa/correos/")
    patricia.sees(f"{number} necesita su ayuda")
