"""The tabs of an assistance, opening one, and what no plan covers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escucha.contexts.assistance.models import Assistance, LogLine
from escucha.contexts.assistance.operations.noting import write_line
from escucha.contexts.assistance.rules.stages import Category, Stage
from tests.assisting import a_file, accepted, an_affiliate, an_assistance
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import a_network, a_provider
from tests.contexts.assistance.service.steps import assigned, brought_to
from tests.web.desk.assistance.at_assistance import AtPage, headings, nouns

MINUTE = timedelta(minutes=1)


@pytest.mark.requirement("ASIS-03.8")
def test_the_tabs_are_links_and_each_opens(quetzal):
    at = AtPage(quetzal, brought_to(quetzal, "conclude"))
    page = at.see(now=TUESDAY)
    links = page.select("nav.tabs a")
    assert [one.get_text(strip=True) for one in links] == [
        "Principal", "Costos", "Bitácora", "Encuesta", "Otros datos", "Eventos y tiempos",
    ]  # fmt: skip
    for link in links:
        tab = link["href"].partition("pestana=")[2]
        opened = at.see(now=TUESDAY, tab=tab)
        assert opened.select_one("nav.tabs a[aria-current=page]")["href"] == link["href"]


@pytest.mark.requirement("ASIS-13.1", "ASIS-13.2", "ASIS-13.3")
def test_the_log_says_step_subtype_who_and_whether_by_hand(quetzal):
    at = AtPage(quetzal, assigned(quetzal))
    at.do("bitacora", now=TUESDAY + MINUTE, subtype="from_affiliate", comment="Pregunta cuánto falta")
    page = at.see(now=TUESDAY + MINUTE, tab="bitacora")
    first, second = page.select("main .timeline-item")[:2]
    assert "3 Monitoreos · Llama el afiliado" in first.get_text(" ", strip=True)
    assert "Luz Marina Daza, manual" in first.get_text() and "Pregunta cuánto falta" in first.get_text()
    text = second.get_text(" ", strip=True)
    assert "2 Asignación de proveedor · Proveedor asignado" in text and "automática" in text
    assert "llega a las 10:30" in text and "Reparaciones" in text
    assert "Escriba la anotación" in at.refused("bitacora", now=TUESDAY, subtype="note", comment=" ")
    assert not {"edicion", "borrado"} & set(nouns(page))


def test_the_log_is_read_by_pages(quetzal):
    found = accepted(quetzal)
    for number in range(45):
        said = {"subtype": "note", "comment": f"Nota {number}.", "by": quetzal.actor("luz"), "now": TUESDAY}
        write_line(org=quetzal.org, assistance_id=found.pk, **said)
    at = AtPage(quetzal, found)
    page = at.see(now=TUESDAY, tab="bitacora")
    assert "Nota 44." in page.get_text() and "Nota 0." not in page.get_text()
    last = LogLine.objects.filter(assistance=found).order_by("-id")[39]
    assert "Nota 0." in at.see(now=TUESDAY, tab="bitacora", antes=last.pk).get_text()
    assert at.see(now=TUESDAY, tab="bitacora", antes="x").get_text()


def test_times_say_what_was_allowed_and_what_it_took(quetzal):
    at = AtPage(quetzal, assigned(quetzal, after=7 * MINUTE))
    text = at.see(now=TUESDAY + 10 * MINUTE, tab="tiempos").get_text(" ", strip=True)
    assert "Se asignó proveedor 10:07" in text
    assert "Asignar proveedor 10:00 10:05 10:07 5 min 7 min tarde" in text


def test_hours_are_of_the_place_and_it_says_whose(quetzal):
    found = assigned(quetzal, account="hogar_del_sur")
    text = AtPage(quetzal, found).see(now=TUESDAY).get_text(" ", strip=True)
    assert "Hora de Argentina: 12:00" in text and "llega a las 12:30" in text
    at = AtPage(quetzal, found)
    at.do("arribo", now=TUESDAY + 40 * MINUTE, arrived_at="12:35", direction="inbound")
    assert found.arrived_at == TUESDAY + 35 * MINUTE


class TestWhatNoPlanCovers:
    @pytest.mark.requirement("ASIS-04.4")
    def test_connection(self, quetzal):
        at = AtPage(quetzal, an_assistance(quetzal, service="vidrios"))
        page = at.see(now=TUESDAY)
        assert "el plan no lo cubre" in page.get_text()
        assert nouns(page)[:2] == ["conexion", "cancelacion-al-momento"]
        assert "formas de pago" in at.refused("conexion", now=TUESDAY, accepted="on")
        said = {"told_payment": "on", "told_guarantee": "on", "accepted": "on", "payment": "Transferencia"}
        assert at.do("conexion", now=TUESDAY, **said).category == Category.CONNECTION
        assert headings(at.see(now=TUESDAY)) == ["Aceptar la asistencia"]

    @pytest.mark.requirement("ASIS-04.5")
    def test_who_does_not_want_connection(self, quetzal):
        at = AtPage(quetzal, an_assistance(quetzal, service="vidrios"))
        said = {"offered": "on", "rejected": "on", "words": "Muy caro"}
        assert at.do("cancelacion-al-momento", now=TUESDAY, **said).stage == Stage.CANCELLED_AT_ONCE

    @pytest.mark.requirement("ASIS-04.3", "ASIS-04.6")
    def test_courtesy_is_given_by_who_authorises_and_nobody_else(self, quetzal):
        found = an_assistance(quetzal, service="vidrios")
        said = {"in_house": "on", "reason": "Es su primera vez"}
        luz = AtPage(quetzal, found)
        assert "cortesia" not in nouns(luz.see(now=TUESDAY))
        assert "La cortesía la autoriza" in luz.refused("cortesia", now=TUESDAY, **said)
        boss = AtPage(quetzal, found, "paula")
        assert boss.do("cortesia", now=TUESDAY, **said).category == Category.COURTESY

    @pytest.mark.requirement("ASIS-04.6")
    def test_who_has_no_plan_in_force_is_served_on_an_order(self, quetzal):
        file = a_file(quetzal, affiliate=an_affiliate(quetzal, active=None))
        found = an_assistance(quetzal, file=file, priority="vital")
        at = AtPage(quetzal, found)
        assert headings(at.see(now=TUESDAY))[0] == "Anotar la orden de atender"
        paula = quetzal.members["paula"]
        at.do("orden", now=TUESDAY, ordered_by=paula.pk, reason="El cliente lo reconoce por teléfono")
        assert headings(at.see(now=TUESDAY))[0] == "Aceptar la asistencia"


class TestOpeningOne:
    def url(self, file):
        return f"/mesa/asistencia/{file.number}/nueva/"

    @pytest.mark.requirement("ASIS-03.1", "ASIS-03.2", "ASIS-04.1", "ASIS-04.2")
    def test_with_its_plan_in_sight(self, quetzal):
        before = brought_to(quetzal, "conclude")
        file = a_file(quetzal, affiliate=before.file.affiliate)
        at = AtPage(quetzal, before)
        page = at.open(self.url(file), now=TUESDAY)
        assert "COP 200.000" in page.text and "1 usados de 3" in page.text
        assert "Cubre daños súbitos" in page.text
        assert f"{before.file.number}/1 Plomería" in page.text
        said = {"form_key": "una", "service": "plomeria", "happened": "Otra fuga", "failure": "En el baño"}
        answer = at.open(self.url(file), now=TUESDAY, **said)
        assert answer["Location"] == f"/mesa/asistencia/{file.number}/1/"
        assert at.open(self.url(file), now=TUESDAY, **said)["Location"] == answer["Location"]
        assert Assistance.objects.filter(file=file).count() == 1
        answer = at.open(self.url(file), now=TUESDAY, **said | {"form_key": "otra", "service": "cerrajeria"})
        assert answer["Location"] == f"/mesa/asistencia/{file.number}/2/"

    def test_what_is_missing_is_said_and_what_was_typed_stays(self, quetzal):
        file = a_file(quetzal, affiliate=an_affiliate(quetzal, active=None))
        at = AtPage(quetzal, an_assistance(quetzal))
        answer = at.open(self.url(file), now=TUESDAY, form_key="una", service="plomeria", happened="Una fuga")
        assert answer.status_code == 422
        assert "Está por verificar" in answer.text and "Una fuga" in answer.text
        assert at.open(self.url(file), now=TUESDAY, service="nada").status_code == 422

    def test_is_for_who_coordinates_and_of_its_own_organisation(self, quetzal, at_desk):
        file = a_file(quetzal)
        assert at_desk("lucia").get(self.url(file)).status_code in (403, 404)
        assert (
            AtPage(quetzal, an_assistance(quetzal, file=file), "wilson").client.get(self.url(file)).status_code == 403
        )
        assert (
            AtPage(quetzal, an_assistance(quetzal, file=file))
            .client.get(f"/mesa/asistencia/{2**40}/nueva/")
            .status_code
            == 404
        )


def test_pages_ask_the_same_however_much_there_is(quetzal):
    a_network(quetzal, 2)
    found = accepted(quetzal)
    at = AtPage(quetzal, found)

    def asked(tab):
        at.see(now=TUESDAY, tab=tab)
        with CaptureQueriesContext(connection) as seen:
            at.see(now=TUESDAY, tab=tab)
        return len(seen)

    tabs = ("", "costos", "bitacora", "datos", "tiempos", "encuesta")
    few = {tab: asked(tab) for tab in tabs}
    for name in ("Uno", "Dos", "Tres"):
        a_provider(quetzal, name)
    for number in range(9):
        said = {"subtype": "note", "comment": f"Nota {number}", "by": quetzal.actor("luz"), "now": TUESDAY}
        write_line(org=quetzal.org, assistance_id=found.pk, **said)
    assert {tab: asked(tab) for tab in tabs} == few
