"""The page of an assistance: a coordinator goes through the whole procedure from the top of it."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from escucha.contexts.assistance.models import LogLine
from escucha.contexts.assistance.rules.stages import Stage
from escucha.contexts.cases.models import Case
from escucha.web.desk.assistance.seen import Seen
from escucha.web.desk.assistance.service_forms import Excess
from tests.assisting import accepted, an_assistance
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import a_network, a_provider
from tests.contexts.assistance.service.steps import assigned, brought_to, do, owed, work
from tests.web.desk.assistance.at_assistance import AtPage, headings, nouns

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ACCEPTED = {"priority": "emergency", "consent": "yes"}


class TestTheWholeProcedure:
    @pytest.mark.requirement("ASIS-03.1", "ASIS-03.4", "ASIS-05.1", "ASIS-06.3", "ASIS-10.2", "ASIS-12.1", "ASIS-12.3")
    def test_an_emergency_from_its_opening_to_its_end(self, quetzal):
        provider = a_provider(quetzal)
        at = AtPage(quetzal, an_assistance(quetzal))
        now = TUESDAY + MINUTE
        page = at.see(now=now)
        assert headings(page) == ["Aceptar la asistencia"]
        assert nouns(page)[0] == "aceptacion"
        at.do("aceptacion", now=now, **ACCEPTED)
        assert headings(at.see(now=now)) == ["Asignar proveedor"]
        at.do("asignacion", now=now, provider_id=provider.pk, eta_at="10:40")
        assert work(at.assistance).eta_at == TUESDAY + 40 * MINUTE
        steps = [
            ("Confirmar al afiliado quién va", "confirmacion", {"told": ["window", "number", "provider"]}),
            ("Confirmar la llegada del proveedor", "arribo", {"arrived_at": "10:41", "direction": "inbound"}),
            ("Confirmar que se encontraron", "encuentro", {"identity": "affiliate"}),
            (
                "Pedir el diagnóstico y el costo",
                "diagnostico",
                {"text": "El sifón está roto", "cost": "80.000", "ends_at": "11:40", "direction": "inbound"},
            ),
            ("Autorizar el trabajo", "autorizacion", {}),
            ("Confirmar que terminó", "termino", {"direction": "inbound"}),
            (
                "Cargar los costos",
                "costos",
                {"invoice": "FV-1", "concept": "Mano de obra", "total": "80.000", "coverage": "80000"},
            ),
            ("Preguntar si quedó conforme", "conformidad", {"outcome": "conforming", "direction": "outbound"}),
            ("Concluir la asistencia", "conclusion", {}),
        ]
        now = TUESDAY + 45 * MINUTE
        for what, noun, said in steps:
            now += MINUTE
            page = at.see(now=now)
            assert what in headings(page), (noun, headings(page))
            assert noun in nouns(page)
            at.do(noun, now=now, **said)
        assert at.assistance.stage == Stage.CONCLUDED
        assert at.assistance.arrived_at == TUESDAY + 41 * MINUTE
        assert at.assistance.quoted == Decimal(80_000)
        assert not owed(at.assistance)
        page = at.see(now=now)
        assert "Cerrar el expediente" in headings(page)
        assert nouns(page) == ["bitacora"] or "bitacora" in nouns(page)

    @pytest.mark.requirement("ASIS-03.5", "ASIS-03.6", "ASIS-03.7")
    def test_a_programmed_one_with_two_windows_and_which_was_agreed(self, quetzal):
        at = AtPage(quetzal, an_assistance(quetzal))
        said = {"priority": "programmed", "consent": "yes", "opens": "14:00", "closes": "16:00"}
        said |= {"other_opens": "9:00", "other_closes": "11:00", "other_day": "2026-03-05", "agreed": "other"}
        found = at.do("aceptacion", now=TUESDAY, **said)
        assert found.offered_from == TUESDAY + 4 * HOUR
        assert found.offered_until == TUESDAY + 6 * HOUR
        assert found.window == (TUESDAY + 47 * HOUR, TUESDAY + 49 * HOUR)

    def test_who_does_not_want_to_programme_is_an_emergency(self, quetzal):
        at = AtPage(quetzal, an_assistance(quetzal))
        at.do("aceptacion", now=TUESDAY, declined="Está entrando agua", **ACCEPTED)
        line = LogLine.objects.filter(assistance=at.assistance, subtype="priority").get()
        assert line.comment == "Está entrando agua"
        assert at.assistance.priority == "emergency"


class TestWhatIsNotAccepted:
    @pytest.mark.requirement("ASIS-05.1")
    def test_without_the_answer_about_the_data_nobody_is_looked_for(self, quetzal):
        at = AtPage(quetzal, an_assistance(quetzal))
        said = {"priority": "programmed", "opens": "14:00", "closes": "16:00", "declined": "No sabe"}
        answer = at.post("aceptacion", now=TUESDAY, **said)
        assert answer.status_code == 422
        assert "Pregunte si sus datos se le pueden dar al proveedor" in answer.text
        assert 'value="14:00"' in answer.text and "No sabe" in answer.text

    def test_who_acted_meanwhile_is_told_and_what_was_typed_stays(self, quetzal):
        found = assigned(quetzal)
        at = AtPage(quetzal, found)
        do(quetzal, found, "confirm", now=TUESDAY + MINUTE)
        answer = at.post("arribo", now=TUESDAY + 35 * MINUTE, version=1, comment="Tocó el timbre", direction="inbound")
        assert answer.status_code == 409
        assert "Otra persona actuó" in answer.text and "Tocó el timbre" in answer.text
        assert f'name="version" value="{found.version}"' in answer.text
        found.refresh_from_db()
        assert found.stage == Stage.CONFIRMED

    def test_what_cannot_be_done_now_says_why(self, quetzal):
        page = AtPage(quetzal, assigned(quetzal)).see(now=TUESDAY + MINUTE).get_text(" ", strip=True)
        assert "Anote primero la llegada del proveedor." in page
        assert "Confirme primero que el proveedor y el afiliado se encontraron." in page

    def test_an_hour_to_come_is_not_an_arrival(self, quetzal):
        at = AtPage(quetzal, assigned(quetzal))
        said = at.refused("arribo", now=TUESDAY + 30 * MINUTE, arrived_at="11:30", direction="inbound")
        assert "Esa hora todavía no llega" in said


class TestMoney:
    @pytest.mark.requirement("ASIS-10.1", "ASIS-10.3")
    def test_an_excess_that_is_accepted(self, quetzal):
        at = AtPage(quetzal, brought_to(quetzal, "contact"))
        now = TUESDAY + HOUR
        at.do("diagnostico", now=now, text="Cambiar la red", cost="250.000", ends_at="12:30", direction="inbound")
        page = at.see(now=now)
        assert headings(page)[0] == "Autorizar el trabajo"
        assert nouns(page)[:2] == ["excedente", "rechazo-del-excedente"]
        [section] = page.select("#autorizacion")
        assert [one.get_text(strip=True) for one in section.select("h3, h4")] == [
            "Autorizar el trabajo", "El afiliado paga el excedente",
        ]  # fmt: skip
        told = section.select_one("form dl.facts")
        assert [one.get_text(strip=True) for one in told.select("dt, dd")] == [
            "Paga el afiliado", "COP 50.000",
            "Por qué", "El trabajo cuesta COP 250.000 y el plan da COP 200.000 para este evento.",
            "Qué hay que hacer", "Cambiar la red",
            "Cómo se paga", "Tarjeta por enlace, Transferencia, Efectivo al proveedor",
        ]  # fmt: skip
        assert told.find_next("input", attrs={"type": "text"})["name"] == "amount", "it is read before it is typed"
        said = {"amount": "50.000", "payment": "Transferencia", "who": "Rebeca Pedraza", "how": "call"}
        assert at.do("excedente", now=now, **said).excess == Decimal(50_000)
        assert at.assistance.stage == Stage.AUTHORISED

    @pytest.mark.requirement("ASIS-10.3")
    def test_what_is_said_of_it_is_still_there_when_something_is_missing(self, quetzal):
        at = AtPage(quetzal, brought_to(quetzal, "contact"))
        now = TUESDAY + HOUR
        at.do("diagnostico", now=now, text="Cambiar la red", cost="250.000", ends_at="12:30", direction="inbound")
        answer = at.post("excedente", now=now, amount="50.000")
        assert answer.status_code == 422 and "Escoja cómo va a pagar." in answer.text
        assert answer.text.count("el plan da COP 200.000 para este evento") == 1

    def test_of_what_the_plan_gives_nothing_it_says_so(self, quetzal):
        found = brought_to(quetzal, "contact")
        do(quetzal, found, "diagnose", now=TUESDAY + HOUR, cost=Decimal(90_000))
        found.category = "connection"
        one = Seen(SimpleNamespace(org=quetzal.org, actor=quetzal.actor("luz"), now=TUESDAY + HOUR), found)
        assert dict(Excess(seen=one, name="excess").says) == {
            "Paga el afiliado": "COP 90.000",
            "Por qué": "El trabajo cuesta COP 90.000 y el plan no paga nada de este evento.",
            "Qué hay que hacer": "El sifón está roto",
            "Cómo se paga": "Tarjeta por enlace, Transferencia, Efectivo al proveedor",
        }

    @pytest.mark.requirement("ASIS-10.4")
    def test_an_excess_that_is_not_ends_it(self, quetzal):
        at = AtPage(quetzal, brought_to(quetzal, "contact"))
        now = TUESDAY + HOUR
        at.do("diagnostico", now=now, text="Cambiar la red", cost="250.000", ends_at="12:30", direction="inbound")
        assert at.do("rechazo-del-excedente", now=now, comment="No tiene").stage == Stage.CANCELLED_LATER

    @pytest.mark.requirement("ASIS-11.1", "ASIS-11.2")
    def test_costs_are_loaded_shown_by_payer_and_taken_back(self, quetzal):
        at = AtPage(quetzal, brought_to(quetzal, "finish"))
        now = TUESDAY + HOUR
        said = {"invoice": "FV-9", "concept": "Visita", "total": "90.000", "coverage": "80.000", "company": "10.000"}
        at.do("costos", now=now, **said)
        page = at.see(now=now, tab="costos").get_text(" ", strip=True)
        assert "COP 80.000" in page and "COP 10.000" in page and "COP 90.000" in page
        at.do("retiro-de-costos", now=now, invoice="FV-9", reason="Era de otra")
        assert "retirado" in at.see(now=now, tab="costos").get_text()
        assert at.assistance.costed_at is None


class TestTheEnd:
    @pytest.mark.requirement("ASIS-12.2")
    def test_who_is_not_content_is_a_case_of_quality(self, quetzal):
        at = AtPage(quetzal, brought_to(quetzal, "load"))
        said = {"outcome": "nonconforming", "direction": "outbound", "comment": "Quedó goteando"}
        at.do("conformidad", now=TUESDAY + HOUR, **said)
        assert at.assistance.conformity == "nonconforming"
        case = Case.objects.get(org=quetzal.org)
        assert case.body == "Quedó goteando"
        assert case.filing_number in at.see(now=TUESDAY + HOUR, tab="bitacora").get_text()

    @pytest.mark.requirement("ASIS-12.4")
    def test_three_calls_that_nobody_answers_let_it_end(self, quetzal):
        at = AtPage(quetzal, brought_to(quetzal, "load"))
        now = TUESDAY + HOUR
        for _try in range(3):
            assert "conclusion" not in nouns(at.see(now=now))[:1]
            at.do("conformidad", now=now, outcome="no_contact", direction="outbound")
            now += 2 * HOUR
        assert at.do("conclusion", now=now).stage == Stage.CONCLUDED

    def test_the_affiliate_does_not_want_it_any_more(self, quetzal):
        at = AtPage(quetzal, accepted(quetzal))
        assert "Escriba qué dijo" in at.refused("cancelacion", now=TUESDAY)
        assert at.do("cancelacion", now=TUESDAY, comment="Ya lo arregló").stage == Stage.CANCELLED_LATER
        page = at.see(now=TUESDAY)
        assert nouns(page) == ["bitacora"]
        assert "no se debe nada" in page.get_text() or "Cerrar el expediente" in headings(page)


def test_nobody_else_sees_it(quetzal, at_desk):
    found = assigned(quetzal)
    at = AtPage(quetzal, found)
    assert at_desk("lucia").get(at.url).status_code in (403, 404)
    assert at_desk("lucia").post(f"{at.url}arribo/", {"version": 1}).status_code in (403, 404)
    for who, status in (("luz", 200), ("wilson", 403)):
        assert AtPage(quetzal, found, who).client.get(at.url).status_code == status
    assert at.client.get(f"/mesa/asistencia/{found.file.number}/9/").status_code == 404
    assert at.client.get(f"/mesa/asistencia/{2**40}/1/").status_code == 404
    assert a_network(quetzal)
