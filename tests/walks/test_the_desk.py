"""The document's own day: asked for at eight, agreed from four to six in the afternoon, and worked until it is closed."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from escucha.contexts.assistance.models import AssistanceFile
from escucha.contexts.assistance.rules.files import FileState
from tests.assisting import an_affiliate
from tests.contexts.assistance.assigning.network import a_provider
from tests.make import a_house
from tests.walks.desk_people import SWITCHBOARD, Coordinator, rings

pytestmark = pytest.mark.slow
BOGOTA = ZoneInfo("America/Bogota")


@pytest.fixture
def house(transactional_db, settings):
    settings.SWITCHBOARDS = {"ESCUCHA_SWITCHBOARD_QUETZAL": SWITCHBOARD}
    return a_house("quetzal")


@pytest.mark.requirement("ASIS-02.1", "ASIS-07.1", "ASIS-08.2", "ASIS-08.5", "ASIS-12.5", "ASIS-15.1", "ASIS-15.2")
def test_the_day_of_the_document(browser, live_server, house, time_machine):
    def it_is(hour, minute=0):
        now = datetime(2026, 3, 3, hour, minute, tzinfo=BOGOTA)
        time_machine.move_to(now, tick=False)
        return now

    now = it_is(8)
    an_affiliate(house, now=now)
    a_provider(house, "Acueductos del Altiplano", position=1)
    a_provider(house, "Bombas Bernal", position=2)
    luz = Coordinator(browser, live_server, house, "luz")

    # 8:00. The telephone rings: the account, what is said on answering, and who it may be.
    rings(live_server, house, line="601 000 0043", caller="300 000 0022", key="a-1", now=now)
    luz.go("/mesa/asistencia/")
    luz.sees("Techo Amigo")
    luz.sees("buenos días")
    luz.sees("Rebeca Pedraza")
    luz.press("Tomar la llamada")
    expect(luz.page.get_by_label("Rebeca Pedraza")).to_be_checked()
    luz.page.get_by_label("Llama el mismo afiliado").check()
    luz.page.get_by_label("País y zona").select_option("co/bogota/norte")
    luz.page.get_by_label("Dirección").fill("Calle 900 n.º 1-01")
    luz.page.get_by_label("Qué pasó").fill("Gotea el lavaplatos")
    luz.press("Abrir el expediente")
    expect(luz.page).to_have_url(re.compile(r"/\d+/\?nuevo=1$"))
    luz.page.get_by_role("link", name="Nueva asistencia").click()
    luz.page.get_by_label("Servicio", exact=True).select_option("plomeria")
    luz.page.get_by_label("Detalle de la falla").fill("Sale agua por debajo")
    luz.press("Abrir la asistencia")

    # From 16:00 to 18:00 is agreed: there are twenty minutes to find who goes.
    luz.act("aceptacion", priority="programmed", opens="16:00", closes="18:00", consent="yes")
    assert luz.owed() == {"Asignar proveedor": "8:20"}
    it_is(8, 5)
    luz.page.reload()
    luz.sees("Ahora se llama a Acueductos del Altiplano")
    luz.act("asignacion")

    # One hour before it opens, the provider is asked; at its middle, somebody has arrived.
    print(luz.owed(), luz.later())
