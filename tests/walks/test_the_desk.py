"""The day of the document: asked for at eight, agreed from four to six in the afternoon, and worked until it closes."""

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
    luz.sees("Buenos días")
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

    # One hour before it opens the provider is asked; at its middle somebody has arrived.
    asked, arrived = "Verificar que el proveedor sale a tiempo", "Confirmar la llegada del proveedor"
    assert luz.owed() == {"Confirmar al afiliado quién va": "8:05", asked: "15:00", arrived: "17:00"}
    it_is(8, 7)
    luz.act("confirmacion", told=["window", "number", "provider"])
    assert luz.owed() == {asked: "15:00", arrived: "17:00"}

    # 15:00. It is asked, and then who waits is told.
    it_is(15)
    luz.page.reload()
    luz.act("monitoreos/proveedor", on_time="yes")
    assert luz.owed() == {"Contarle al afiliado que va a tiempo": "15:00", arrived: "17:00"}
    it_is(15, 3)
    luz.act("monitoreos/afiliado")
    assert luz.owed() == {arrived: "17:00"}

    # It arrives before its hour, meets who asked, says what it found, and works.
    it_is(16, 40)
    luz.page.reload()
    luz.act("arribo", arrived_at="16:38")
    assert luz.owed() == {"Confirmar que se encontraron": "16:40"}
    luz.act("encuentro", identity="affiliate")
    it_is(16, 55)
    luz.page.reload()
    assert luz.owed() == {"Pedir el diagnóstico y el costo": "17:10"}
    luz.act("diagnostico", text="El sifón está roto", cost="80.000", ends_at="17:40")
    luz.act("autorizacion")
    assert luz.owed() == {"Confirmar que terminó": "17:40"}
    it_is(17, 40)
    luz.page.reload()
    luz.act("termino")

    # What it cost, whether it conforms, its end, and that of its file.
    luz.act("costos", invoice="FV-1", concept="Mano de obra")
    luz.act("conformidad", outcome="conforming")
    assert list(luz.owed()) == ["Concluir la asistencia"]
    luz.act("conclusion")
    luz.sees("Concluida")
    file = AssistanceFile.objects.get()
    luz.go(f"/mesa/asistencia/{file.number}/")
    luz.act("cierre")
    luz.sees("Cerrado")
    file.refresh_from_db()
    assert file.state == FileState.CLOSED

    # Every hour of the day is on its page, as it was.
    luz.go(f"/mesa/asistencia/{file.number}/1/?pestana=tiempos")
    moments = luz.page.locator("section[aria-labelledby=eventos]").inner_text().split("\n")
    for hour in ("8:00", "8:05", "8:07", "16:38", "16:40", "16:55", "17:40"):
        assert hour in moments, hour
    in_time = luz.page.get_by_role("row", name="Asignar proveedor")
    expect(in_time.locator("td")).to_have_text(["8:00", "8:20", "8:05", "20 min", "5 min", "a tiempo"])
    luz.leave()
