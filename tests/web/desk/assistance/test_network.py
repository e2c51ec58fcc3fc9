"""The network at the desk: found, added, changed by each of its acts, exported and brought in."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from escucha.contexts.assistance.models import Provider, Reach, Suspension, Veto
from escucha.contexts.assistance.operations.papers import add_paper
from escucha.contexts.assistance.operations.suspending import suspend_provider
from tests.assisting import an_affiliate
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import NORTE, a_network, a_provider, assigned
from tests.make import a_house
from tests.web.desk.conftest import sign_in

HOME = "/mesa/asistencia/red/"
pytestmark = pytest.mark.requirement("ASIS-06.1")


@pytest.fixture
def enter(no_static_folder, quetzal):
    def entered(who, **options):
        client = Client(headers={"host": quetzal.org.host}, **options)
        sign_in(client, quetzal.members[who].account)
        return client

    return entered


def read(answer):
    return BeautifulSoup(answer.text, "html.parser")


def names(answer):
    return [one.get_text(strip=True) for one in read(answer).select("tr[data-row] th a")]


def said(house):
    return {"org": house.org, "by": house.actor("paula"), "now": timezone.now()}


class AtPage:
    """Somebody with the page of a provider open."""

    def __init__(self, client, provider):
        self.client, self.provider, self.url = client, provider, f"{HOME}{provider.pk}/"

    def see(self, **asked):
        answer = self.client.get(self.url, asked)
        assert answer.status_code == 200
        return read(answer)

    def post(self, noun, **typed):
        self.provider.refresh_from_db()
        return self.client.post(f"{self.url}{noun}/", {"version": self.provider.version} | typed)

    def do(self, noun, **typed):
        answer = self.post(noun, **typed)
        assert answer.status_code == 302, read(answer).select_one("[role=alert]")
        self.provider.refresh_from_db()

    def refused(self, noun, status=422, **typed):
        self.provider.refresh_from_db()
        before = self.provider.version
        answer = self.post(noun, **typed)
        assert answer.status_code == status
        self.provider.refresh_from_db()
        assert self.provider.version == before
        return read(answer)


@pytest.fixture
def at_page(enter, quetzal):
    return AtPage(enter("paula"), a_provider(quetzal, "Llaves y Sifones"))


class TestList:
    def test_is_narrowed_by_what_each_gives_and_where_and_by_name_without_accents(self, enter, quetzal):
        pipes = a_provider(quetzal, "Cañerías Muñoz", legal_name="Hermanos Peña")
        panes = a_provider(quetzal, "Vidrios Vera", service="vidrios", area="co/antioquia", kind="in_house")
        add_paper(provider_id=pipes.pk, name="Póliza", until=timezone.localdate() + timedelta(days=9), **said(quetzal))
        add_paper(provider_id=panes.pk, name="Póliza", until=timezone.localdate() - timedelta(days=9), **said(quetzal))
        suspend_provider(provider_id=panes.pk, reason="No llega", **said(quetzal))
        luz = enter("luz")
        for asked, found in (
            ({}, ["Cañerías Muñoz", "Vidrios Vera"]),
            ({"q": "munoz"}, ["Cañerías Muñoz"]),
            ({"q": "PENA hermanos"}, ["Cañerías Muñoz"]),
            ({"servicio": "vidrios"}, ["Vidrios Vera"]),
            ({"zona": "co/antioquia/medellin"}, ["Vidrios Vera"]),
            ({"condicion": "in_house"}, ["Vidrios Vera"]),
            ({"estado": "suspendido"}, ["Vidrios Vera"]),
            ({"estado": "activo"}, ["Cañerías Muñoz"]),
            ({"documentos": "vencidos"}, ["Vidrios Vera"]),
            ({"documentos": "por-vencer", "estado": "activo"}, ["Cañerías Muñoz"]),
            ({"condicion": "otra", "documentos": "x", "desde": "<x>"}, ["Cañerías Muñoz", "Vidrios Vera"]),
            ({"q": "\x00", "desde": "1_\x00"}, ["Cañerías Muñoz", "Vidrios Vera"]),
        ):
            assert names(luz.get(HOME, asked)) == found, asked
        assert "Ningún proveedor con esos filtros" in luz.get(HOME, {"q": "nadie"}).text
        [chip] = read(luz.get(HOME, {"servicio": "vidrios"})).select(".chips a")
        assert names(luz.get(HOME + chip["href"])) == ["Cañerías Muñoz", "Vidrios Vera"]

    def test_goes_on_page_by_page_as_it_is_narrowed(self, enter, quetzal, monkeypatch):
        monkeypatch.setattr("escucha.web.desk.assistance.network.LIMIT", 2)
        a_network(quetzal, 5)
        a_provider(quetzal, "Vidrios Vera", service="vidrios")
        luz, address, found = enter("luz"), "?servicio=plomeria", []
        while address:
            page = read(luz.get(HOME + address))
            found += [one.get_text(strip=True) for one in page.select("tr[data-row] th a")]
            onward = page.select_one("a[rel=next]")
            address = onward["href"] if onward else ""
        assert len(found) == 5 and found == sorted(found)

    def test_takes_as_many_queries_for_many_as_for_one(self, enter, quetzal):
        luz = enter("luz")
        a_network(quetzal, 1)
        luz.get(HOME)
        with CaptureQueriesContext(connection) as few:
            luz.get(HOME)
        for number in range(20):
            a_provider(quetzal, f"Otro {number}")
        with CaptureQueriesContext(connection) as many:
            luz.get(HOME)
        assert (len(few), len(many)) == (7, 7)

    def test_with_nobody_says_how_to_begin(self, enter, quetzal):
        assert "Agregar el primero" in enter("paula").get(HOME).text
        seen = enter("luz").get(HOME).text
        assert "Todavía no hay red" in seen and "Agregar el primero" not in seen

    @pytest.mark.requirement("ASIS-17.1", "ASIS-17.2")
    def test_is_for_who_assists_to_look_and_for_who_keeps_it_to_change(self, enter, quetzal, at_page, at_desk):
        luz, url = enter("luz"), at_page.url
        for path in (HOME, url, f"{HOME}lista.csv"):
            assert [enter(who).get(path).status_code for who in ("luz", "irma", "ester", "paula")] == [200] * 4
            assert enter("wilson").get(path).status_code == 403
            assert Client(headers={"host": quetzal.org.host}).get(path).status_code == 302
        for path in (f"{HOME}nuevo/", f"{HOME}importacion/"):
            assert (luz.get(path).status_code, enter("rocio").get(path).status_code) == (403, 200)
        page = read(luz.get(url))
        assert not page.select("main form[method=post]") and "La red la cambia supervisión" in page.text
        nouns = [str(one["action"]).removeprefix(url) for one in at_page.see().select("main form[method=post]")]
        assert {"datos/", "turnos/", "servicios/", "documentos/", "vetos/", "suspension/"} < set(nouns)
        for noun in (*nouns, "regreso/", "vetos/fin/", "documentos/retiro/"):
            assert luz.post(url + noun, {"version": 1}).status_code == 403
            assert enter("paula", enforce_csrf_checks=True).post(url + noun, {"version": 1}).status_code == 403
            assert luz.get(url + noun).status_code in (403, 405)

    def test_another_organisation_finds_nothing(self, enter, at_page):
        other = a_house("vidamar")
        stranger = Client(headers={"host": other.org.host})
        sign_in(stranger, other.members["marina"].account)
        assert stranger.get(at_page.url).status_code in (403, 404)
        paula = enter("paula")
        assert paula.get(f"{HOME}999999/").status_code == 404
        assert paula.post(f"{HOME}999999/datos/", {"version": 1, "name": "Otro"}).status_code == 404

    def test_is_in_the_menu_of_who_may_look(self, enter):
        assert f'href="{HOME}"' in enter("luz").get("/mesa/").text
        assert f'href="{HOME}"' not in enter("wilson").get("/mesa/").text


class TestOne:
    def test_is_added(self, enter, quetzal):
        paula = enter("paula")
        typed = {"name": "Gasfitería Ñuble", "kind": "external", "key": "G-1", "phone": "300 000 0061"}
        answer = paula.post(f"{HOME}nuevo/", typed)
        one = Provider.objects.get()
        assert answer.url == f"{HOME}{one.pk}/"
        assert (one.name, one.key, one.active, one.lat) == ("Gasfitería Ñuble", "G-1", True, None)
        again = paula.post(f"{HOME}nuevo/", typed | {"lat": "4.6"})
        assert again.status_code == 422 and "latitud y longitud, o ninguna" in again.text
        again = paula.post(f"{HOME}nuevo/", typed)
        assert again.status_code == 422 and "Ya hay un proveedor con esa clave" in again.text
        assert 'value="Gasfitería Ñuble"' in again.text

    def test_its_data_change_and_what_was_typed_stays_where_another_was_first(self, at_page):
        typed = {"name": "Llaves y Sifones SAS", "kind": "in_house", "email": "llaves@example.org"}
        at_page.do("datos", **typed)
        assert (at_page.provider.name, at_page.provider.kind) == ("Llaves y Sifones SAS", "in_house")
        assert "por nombre" not in at_page.refused("datos", name="", kind="external").text
        late = read(at_page.client.post(f"{at_page.url}datos/", typed | {"name": "Sifones Nuevos", "version": 1}))
        assert "Otra persona cambió este proveedor" in late.select_one("[role=alert]").text
        form = late.select_one(f'form[action="{at_page.url}datos/"]')
        assert form.select_one("[name=name]")["value"] == "Sifones Nuevos"
        assert int(form.select_one("[name=version]")["value"]) == at_page.provider.version
        at_page.provider.refresh_from_db()
        assert at_page.provider.name == "Llaves y Sifones SAS"

    def test_its_week_is_typed_as_people_write_it(self, at_page):
        week = {
            "capacity": 2,
            "on_guard": "on",
            "day_0": "8:00-12:00, 14-18",
            "day_4": "22:00 a 06:00",
            "day_5": "24 h",
        }
        at_page.do("turnos", **week)
        one = at_page.provider
        assert (one.capacity, one.on_guard) == (2, True)
        assert one.shifts == {"0": [[480, 720], [840, 1080]], "4": [[1320, 1800]], "5": [[0, 1440]]}
        page = at_page.see()
        assert page.select_one("#turnos-day_0")["value"] == "08:00-12:00, 14:00-18:00"
        assert "22:00-06:00" in page.text and "no trabaja" in page.text
        wrong = at_page.refused("turnos", capacity=2, day_1="de ocho a doce")
        assert "Escriba las horas así" in wrong.text
        assert wrong.select_one("#turnos-day_1")["value"] == "de ocho a doce"
        at_page.do("turnos", capacity=1)
        assert at_page.provider.shifts == {} and "Siempre." in at_page.see().text

    def test_gives_a_service_in_an_area_with_its_position_and_price(self, at_page):
        wanted = {"service": "vidrios", "area": "co/antioquia", "position": 3, "tariff": "95.000,50"}
        at_page.do("servicios", **wanted)
        one = Reach.objects.get(service="vidrios")
        assert (one.area, one.position, one.tariff) == ("co/antioquia", 3, Decimal("95000.50"))
        page = at_page.see()
        assert "Antioquia, Colombia" in page.text and "COP 95.000,50" in page.text
        form = at_page.see(alcance=one.pk).select_one(f'form[action="{at_page.url}servicios/"]')
        assert form.select_one("[name=position]")["value"] == "3" and form.find_parent("details").has_attr("open")
        assert form.select_one("[name=tariff]")["value"] == "95.000,50"
        at_page.do("servicios/retiro", which=one.pk)
        one.refresh_from_db()
        assert (one.active, one.position) == (False, 3)
        assert "Ya no presta: Vidrios, Antioquia" in " ".join(at_page.see().get_text(" ").split())
        at_page.refused("servicios/retiro", which=one.pk)
        at_page.refused("servicios", **wanted | {"area": "co/nada"})
        at_page.refused("servicios", **wanted | {"tariff": "-1"})

    def test_its_documents(self, at_page, quetzal):
        at_page.do("documentos", name="Póliza", until="2020-01-31")
        page = at_page.see()
        assert "Vencido" in page.text and at_page.provider.papers_until == date(2020, 1, 31)
        [which] = [one["value"] for one in page.select(f'form[action="{at_page.url}documentos/retiro/"] [name=which]')]
        other = a_provider(quetzal, "Otro")
        theirs = add_paper(provider_id=other.pk, name="Suya", **said(quetzal))
        at_page.refused("documentos/retiro", which=theirs.pk)
        at_page.do("documentos/retiro", which=which)
        assert at_page.provider.papers_until is None and "Ninguno anotado" in at_page.see().text
        assert "qué documento" in at_page.refused("documentos", name=" ").text

    def test_who_does_not_want_it(self, at_page, quetzal):
        affiliate = an_affiliate(quetzal)
        at_page.do("vetos", account="techo_amigo", reason="Dañó una puerta")
        at_page.do("vetos", affiliate=affiliate.document_number, reason="No volvió")
        assert set(Veto.objects.values_list("account", "affiliate")) == {("techo_amigo", None), ("", affiliate.pk)}
        assert "No hay un afiliado" in at_page.refused("vetos", affiliate="1990000099", reason="No volvió").text
        assert "la cuenta o el afiliado" in at_page.refused("vetos", reason="No volvió").text
        both = {"account": "techo_amigo", "affiliate": affiliate.document_number, "reason": "No volvió"}
        assert "la cuenta o el afiliado" in at_page.refused("vetos", **both).text
        first = Veto.objects.get(account="techo_amigo")
        at_page.do("vetos/fin", which=first.pk)
        first.refresh_from_db()
        assert first.ended_at and "Levantado" in at_page.see().text
        at_page.refused("vetos/fin", which=first.pk)

    def test_is_suspended_and_comes_back_each_with_its_reason(self, at_page):
        assert "por qué" in at_page.refused("suspension", reason="").text
        at_page.do("suspension", reason="No contesta desde el lunes")
        assert not at_page.provider.active
        page = at_page.see()
        assert "No contesta desde el lunes" in page.text and not page.select(f'form[action="{at_page.url}suspension/"]')
        assert "Ya está suspendido" in at_page.refused("suspension", reason="Otra vez").text
        at_page.do("regreso", reason="Cambió de teléfono")
        assert at_page.provider.active and Suspension.objects.get().end_reason == "Cambió de teléfono"
        assert "Cambió de teléfono" in at_page.see().text

    def test_shows_how_it_does_and_its_last_works(self, enter, quetzal):
        assistance = assigned(quetzal)
        at_page = AtPage(enter("paula"), Provider.objects.get())
        with time_machine.travel(TUESDAY, tick=False):
            page = at_page.see()
        assert f"{assistance.file.number}/1" in page.text and "Asignado" in page.text
        [row] = page.select_one("#record").find_parent("section").select("tbody tr")
        cells = [" ".join(one.get_text().split()) for one in row.select("td")]
        # One call, answered and accepted, weighs with six of the mean, which is near what is usual anywhere.
        assert cells[:2] == ["85 % (de 1)", "71 % (de 1)"] and cells[2].endswith("(de 0)")

    def test_takes_as_many_queries_whatever_it_has(self, at_page, quetzal):
        at_page.see()
        with CaptureQueriesContext(connection) as few:
            at_page.see()
        for area in ("co/antioquia", "co/bogota/sur", "ar/caba"):
            at_page.do("servicios", service="vidrios", area=area, position=1)
        for number in range(4):
            at_page.do("documentos", name=f"Papel {number}")
        for account in ("techo_amigo", "ruta_clara"):
            at_page.do("vetos", account=account, reason="No llegó")
        at_page.see()
        with CaptureQueriesContext(connection) as many:
            at_page.see()
        assert (len(few), len(many)) == (12, 12)


class TestSheets:
    def test_what_is_brought_out_can_be_brought_in(self, enter, quetzal):
        one = a_provider(quetzal, "=Cañerías", key="C-1", phone="+57 300 000 0031", tariff=Decimal("90000"))
        a_provider(quetzal, "Vidrios Vera", key="V-1", service="vidrios", area="co/antioquia", position=2)
        paula = enter("paula")
        content = b"".join(paula.get(f"{HOME}lista.csv", {"servicio": "plomeria"}).streaming_content)
        rows = [*csv.reader(io.StringIO(content.decode("utf-8-sig")))]
        assert rows[1:] == [
            ["C-1", "'=Cañerías", "'+57 300 000 0031", "", "plomeria", NORTE, "1", "90000.00"],
        ]
        Reach.objects.filter(provider=one).update(position=5)
        answer = paula.post(f"{HOME}importacion/", {"file": SimpleUploadedFile("red.csv", content)})
        assert answer.status_code == 200 and "Entró 1 fila" in answer.text
        one.refresh_from_db()
        assert (one.name, one.phone) == ("=Cañerías", "+57 300 000 0031")
        assert Reach.objects.get(provider=one).position == 1

    def test_bad_rows_are_told_and_what_is_not_brought_stays(self, enter, quetzal):
        one = a_provider(quetzal, key="C-1", phone="300 000 0031")
        sheet = "Clave;Nombre;Servicio;Zona;Posición\nC-1;Cañerías;vidrios;co/antioquia;2\nC-2;Otro;nada;co;1\n"
        answer = enter("paula").post(f"{HOME}importacion/", {"file": SimpleUploadedFile("red.csv", sheet.encode())})
        assert "Fila 3: Elija un servicio y una zona" in answer.text and "Entró 1 fila" in answer.text
        one.refresh_from_db()
        assert (one.name, one.phone) == ("Cañerías", "300 000 0031")
        assert Provider.objects.count() == 1

    def test_one_with_too_many_rows_says_what_to_do_and_changes_nothing(self, enter, quetzal):
        a_provider(quetzal, "Cañerías", key="C-1")
        head = "Clave;Nombre;Servicio;Zona;Posición\n"
        rows = [f"C-{number};Otro nombre;vidrios;co/antioquia;1\n" for number in range(1, 2402)]
        sent = {"file": SimpleUploadedFile("red.csv", (head + "".join(rows)).encode())}
        answer = enter("paula").post(f"{HOME}importacion/", sent)
        assert answer.status_code == 422
        told = BeautifulSoup(answer.text, "html.parser").select_one("[role=alert]").get_text(" ", strip=True)
        assert "trae 2.401 filas y se reciben hasta 1.000 a la vez" in told
        assert "No entró ninguna fila: lo que había sigue igual" in told and "Divídalo en 3 archivos" in told
        assert [*Provider.objects.values_list("key", "name")] == [("C-1", "Cañerías")]
        assert not Reach.objects.filter(service="vidrios").exists()

    def test_the_number_of_a_bad_row_is_that_of_the_sheet(self, enter, quetzal):
        sheet = "Clave;Nombre;Servicio;Zona;Posición\n\nC-1;Uno;vidrios;co/antioquia;2\n\nC-2;Otro;nada;co;1\n"
        answer = enter("paula").post(f"{HOME}importacion/", {"file": SimpleUploadedFile("red.csv", sheet.encode())})
        assert "Fila 5: Elija un servicio y una zona" in answer.text and "Entró 1 fila" in answer.text

    @pytest.mark.parametrize("content", [b"", b"%PDF-1.7 algo", b"Nombre;Zona\nA;B\n"])
    def test_what_is_no_sheet_of_the_network_is_refused(self, enter, quetzal, content):
        answer = enter("paula").post(f"{HOME}importacion/", {"file": SimpleUploadedFile("red.csv", content)})
        assert answer.status_code == 422 and not Provider.objects.exists()
