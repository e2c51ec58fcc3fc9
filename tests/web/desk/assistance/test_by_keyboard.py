"""From the telephone that rings to the search of who goes, without touching the mouse; its keys are counted."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from escucha.contexts.assistance.models import Assistance, IncomingCall
from escucha.contexts.assistance.operations.calls import note_call
from escucha.contexts.assistance.rules.calls import CallEvent, Told
from escucha.contexts.assistance.rules.stages import Stage
from tests.assisting import an_affiliate
from tests.browser import DESK, address
from tests.contexts.assistance.assigning.network import a_network
from tests.make import a_house
from tests.web.entering import let_in

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MOST = 35  # keys beyond the words, from the board to the search
NAME = """() => {
  const one = document.activeElement;
  const label = one.labels?.[0]?.innerText ?? one.innerText ?? "";
  return label.trim().split("\\n")[0];
}"""


class Keyboard:
    """Hands that know only the keyboard. `keys` counts what is pressed beside the words."""

    def __init__(self, page):
        self.page, self.keys = page, 0

    def press(self, key):
        self.page.keyboard.press(key)
        self.keys += 1

    def go_to(self, name):
        """By Tab, to what is called so."""
        for _each in range(40):
            if self.page.evaluate(NAME).startswith(name):
                return
            self.press("Tab")
        raise AssertionError(f"{name}: not reached by Tab, {self.page.evaluate(NAME)} is in focus")

    def write(self, name, words):
        self.go_to(name)
        self.page.keyboard.type(words)

    def sends(self, key):
        with self.page.expect_navigation():
            self.press(key)


@pytest.fixture
def hands(live_server, page, transactional_db, no_static_folder):
    house = a_house("quetzal")
    an_affiliate(house, phone="300 000 0022", address="Calle 900 n.º 1-01")
    a_network(house)
    now = timezone.now()
    note_call(org=house.org, event=CallEvent(Told.RINGING, "a-1", "601 000 0043", "300 000 0022", now, 1), now=now)
    let_in(page.context, live_server, house, "luz")
    page.set_viewport_size(DESK)
    page.goto(address(live_server, "quetzal", "/mesa/asistencia/"))
    return Keyboard(page)


@pytest.mark.requirement("ASIS-02.1", "ASIS-03.1", "MORE-06.1")
def test_from_the_call_to_the_search(hands, page):
    hands.go_to("Ir al contenido")
    hands.press("Enter")
    hands.go_to("Tomar la llamada")
    hands.sends("Enter")
    expect(page.get_by_label("Llama el mismo afiliado")).to_be_focused()
    hands.press("Space")
    hands.write("País y zona", "Bogot")
    hands.press("ArrowDown")  # its first part
    hands.write("Qué pasó", "Gotea el lavaplatos")
    hands.sends("Control+Enter")
    expect(page.get_by_role("link", name="Nueva asistencia")).to_be_focused()
    hands.sends("Enter")
    expect(page.get_by_label("Servicio", exact=True)).to_be_focused()
    page.keyboard.type("Plom")
    expect(page.get_by_label("Qué pasó")).to_have_value("Gotea el lavaplatos")
    hands.write("Detalle de la falla", "Sale agua por debajo")
    hands.sends("Control+Enter")
    expect(page.get_by_role("radio", name="Emergencia vital")).to_be_focused()
    hands.press("ArrowDown")
    hands.go_to("Sí")
    hands.press("Space")
    hands.go_to("Aceptar y buscar proveedor")
    hands.sends("Enter")
    found = Assistance.objects.select_related("file__affiliate").get()
    assert (found.stage, found.priority, found.consent) == (Stage.TO_ASSIGN, "emergency", True)
    assert (found.file.contact_first_name, found.file.area) == ("Rebeca", "co/bogota/norte")
    assert IncomingCall.objects.get().file == found.file
    assert hands.keys <= MOST, hands.keys
