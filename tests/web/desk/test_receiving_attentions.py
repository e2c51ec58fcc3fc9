"""Contacts that are no request: taken down, listed, counted, carried away and turned into a case."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from escucha.contexts.cases.models import Attention, Case
from escucha.contexts.cases.operations.receiving import record_attention
from tests.make import a_house
from tests.web.desk.conftest import sign_in

HOME = "/mesa/atenciones/"
TYPED = {"channel": "phone", "stakeholder": "trabajador", "topic": "tarifas", "note": "Preguntó por el parque."}


def a_contact(house, who="lucia", **changes):
    member = house.members[who]
    said = TYPED | {"unit": member.unit, "now": timezone.now() - timedelta(minutes=1)} | changes
    return record_attention(org=house.org, by=house.actor(who), **said)


def rows_of(page):
    return re.findall(r'href="/mesa/atenciones/(\d+)/"', page)


class TestTakingDown:
    @pytest.mark.requirement("EPS-08.1", "EPS-08.3", "EPS-08.4")
    def test_asks_who_and_what_for_and_little_more(self, at_desk, cafetal):
        page = at_desk("lucia").get(f"{HOME}nueva/").text
        for said in ("Trabajador afiliado", "Empresa aportante", "Información", "Educación", "Atención"):
            assert said in page
        answer = at_desk("lucia").post(f"{HOME}nueva/", TYPED | {"minutes": "3", "place": "Manizales", "key": "k" * 22})
        assert answer.url == HOME
        row = Attention.objects.get()
        assert (row.stakeholder, row.topic, row.minutes, row.place_code) == ("trabajador", "tarifas", 3, "17001")
        assert (row.unit.key, row.person) == ("atencion", None)

    @pytest.mark.requirement("EPS-08.2")
    def test_at_the_counter_twice_is_once_and_the_channel_stays(self, at_desk):
        lucia = at_desk("lucia")
        for _time in range(2):
            lucia.post(f"{HOME}nueva/", TYPED | {"channel": "counter", "name": "Ana", "key": "k" * 22})
        assert Attention.objects.get().person.name == "Ana"
        assert '<option value="counter" selected' in lucia.get(f"{HOME}nueva/").text

    def test_keeps_a_municipality_that_nobody_could_tell(self, at_desk):
        lucia = at_desk("lucia")
        for place in ("San Pedro", "Manizales"):
            lucia.post(f"{HOME}nueva/", TYPED | {"place": place})
        doubtful, known = Attention.objects.order_by("pk")
        assert (doubtful.place_code, known.place_code) == ("", "17001")
        assert "Preguntó por el parque.<br>Municipio: San Pedro" in lucia.get(f"{HOME}{doubtful.pk}/").text
        assert "Manizales, Caldas" in lucia.get(f"{HOME}{known.pk}/").text

    def test_says_what_is_missing_and_keeps_what_was_typed(self, at_desk):
        answer = at_desk("lucia").post(f"{HOME}nueva/", {"channel": "phone", "note": "Algo largo"})
        assert answer.status_code == 422 and "Algo largo" in answer.text
        assert not Attention.objects.exists()

    def test_is_for_who_may(self, at_desk):
        codes = {who: at_desk(who).get(f"{HOME}nueva/").status_code for who in ("bruno", "dario", "lucia", "gabriel")}
        assert codes == {"bruno": 403, "dario": 200, "lucia": 200, "gabriel": 403}
        assert at_desk("gabriel").post(f"{HOME}nueva/", TYPED).status_code == 403
        assert at_desk("lucia", enforce_csrf_checks=True).post(f"{HOME}nueva/", TYPED).status_code == 403


class TestTheList:
    def test_shows_counts_and_filters(self, at_desk, cafetal):
        a_contact(cafetal)
        a_contact(cafetal, stakeholder="empresa", topic="derechos", channel="counter")
        page = at_desk("lucia").get(HOME).text
        counts = dict(re.findall(r'<th scope="row">([^<]+)</th><td class="num">(\d+)</td>', page))
        assert counts["Información"] == counts["Educación"] == counts["Empresa aportante"] == "1"
        assert len(rows_of(at_desk("lucia").get(f"{HOME}?quien=empresa").text)) == 1
        assert len(rows_of(at_desk("lucia").get(f"{HOME}?quien=nadie&tema=<script>").text)) == 2
        assert "No hay atenciones" in at_desk("lucia").get(f"{HOME}?periodo=anterior").text

    def test_goes_forward_and_back_showing_each_once(self, at_desk, cafetal, monkeypatch):
        monkeypatch.setattr("escucha.web.desk.receiving.attentions.LIMIT", 2)
        made = [str(a_contact(cafetal).pk) for _one in range(5)]
        lucia, seen, address = at_desk("lucia"), [], HOME
        while address:
            page = lucia.get(address).text
            seen.append(rows_of(page))
            found = re.search(r'rel="next" href="([^"]+)"', page)
            address = HOME + found[1].replace("&amp;", "&") if found else ""
        assert [one for page in seen for one in page] == made[::-1]
        back = re.search(r'rel="prev" href="([^"]+)"', page)[1].replace("&amp;", "&")
        assert rows_of(lucia.get(HOME + back).text) == seen[1]
        for odd in ("?desde=x", "?desde=2026_1", "?hasta=9999-01-01T00:00:00+00:00_99999999999999999999"):
            assert lucia.get(HOME + odd).status_code == 200

    def test_shows_what_each_may_see(self, at_desk, cafetal):
        ours, theirs = a_contact(cafetal), a_contact(cafetal, who="dario")
        expected = {
            "lucia": {ours, theirs},
            "gabriel": {ours, theirs},
            "elsa": {theirs},
            "dario": {theirs},
            "vera": set(),
        }
        for who, rows in expected.items():
            assert set(rows_of(at_desk(who).get(HOME).text)) == {str(one.pk) for one in rows}
        assert at_desk("bruno").get(HOME).status_code == 403
        for who in ("elsa", "vera"):
            assert at_desk(who).get(f"{HOME}{ours.pk}/").status_code == 404
            assert at_desk(who).post(f"{HOME}{ours.pk}/solicitud/", {"body": "x"}).status_code == 404

    def test_asks_as_often_however_many_there_are(self, at_desk, cafetal, django_assert_num_queries):
        lucia = at_desk("lucia")
        for many in (1, 12):
            for _one in range(many):
                a_contact(cafetal)
            lucia.get(HOME)
            with django_assert_num_queries(9):
                lucia.get(HOME)

    def test_asks_once_which_are_kept_however_many_became_cases(self, at_desk, cafetal):
        lucia, asked = at_desk("lucia"), []
        for many in (1, 5):
            for _one in range(many):
                contact = a_contact(cafetal)
                lucia.post(f"{HOME}{contact.pk}/solicitud/", {"body": "Quiere su dinero."})
            lucia.get(HOME)
            with CaptureQueriesContext(connection) as captured:
                lucia.get(HOME)
            asked.append(len(captured))
        assert asked == [10, 10]

    def test_is_carried_away_without_formulas(self, at_desk, cafetal):
        for _one in range(3):
            a_contact(cafetal, note='=HYPERLINK("http://x")')
        answer = at_desk("lucia").get(f"{HOME}lista.csv")
        lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert lines[0][:4] == ["Fecha", "Quién", "Clase", "Qué busca"]
        assert len(lines) == 4
        assert lines[1][1:6] == [
            "Trabajador afiliado",
            "Información",
            "Tarifas y reservas",
            "Línea de atención",
            "'" + '=HYPERLINK("http://x")',
        ]
        assert at_desk("dario").get(f"{HOME}lista.csv").status_code == 403

    def test_is_not_there_where_nothing_is_asked(self, at_desk, cafetal, monkeypatch):
        monkeypatch.setattr("escucha.web.desk.receiving.attentions.AttentionPolicy", _Nothing)
        assert at_desk("lucia").get(HOME).status_code == 404


class TestBecomingACase:
    def test_is_read_back_and_leaves_its_way(self, at_desk, cafetal):
        contact = a_contact(cafetal)
        lucia = at_desk("lucia")
        assert "Preguntó por el parque." in lucia.get(f"{HOME}{contact.pk}/").text
        answer = lucia.post(f"{HOME}{contact.pk}/solicitud/", {"body": "Quiere su dinero.", "matter": "Cobro"})
        case = Case.objects.get()
        assert answer.url == f"/mesa/casos/{case.filing_number}/lectura/"
        assert lucia.get(answer.url).status_code == 200
        assert f"/mesa/casos/{case.filing_number}/" in lucia.get(f"{HOME}{contact.pk}/").text
        again = lucia.post(f"{HOME}{contact.pk}/solicitud/", {"body": "Otra vez."})
        assert again.status_code == 409 and "ya es una solicitud" in again.text
        assert Case.objects.count() == 1

    @pytest.mark.requirement("EPS-08.1")
    def test_keeps_who_it_is_to_be_answered(self, at_desk, cafetal):
        lucia, unknown = at_desk("lucia"), a_contact(cafetal)
        known = a_contact(cafetal, person={"name": "Ana Prueba", "phone": "300 000 0001", "contact_name": "Rita"})
        page = lucia.get(f"{HOME}{known.pk}/").text
        assert 'value="Ana Prueba"' in page and 'value="300 000 0001"' in page
        said = {"body": "Quiere su dinero.", "name": "Ana Prueba"}
        answer = lucia.post(f"{HOME}{unknown.pk}/solicitud/", said | {"phone": "300 000 0002"})
        assert "Lo llamaremos al 300 000 0002" in lucia.get(answer.url).text
        lucia.post(f"{HOME}{known.pk}/solicitud/", said | {"phone": "300 000 0001", "email": "ana@example.org"})
        person = Case.objects.latest("pk").person
        assert (person.name, person.email, person.contact_name) == ("Ana Prueba", "ana@example.org", "Rita")
        wrong = a_contact(cafetal)
        again = lucia.post(f"{HOME}{wrong.pk}/solicitud/", said | {"email": "x"})
        assert again.status_code == 422 and 'value="Ana Prueba"' in again.text and "Falta corregir" in again.text

    def test_is_not_for_who_only_looks(self, at_desk, cafetal):
        contact = a_contact(cafetal)
        page = at_desk("gabriel").get(f"{HOME}{contact.pk}/").text
        assert "Su rol no registra atenciones" in page
        assert at_desk("gabriel").post(f"{HOME}{contact.pk}/solicitud/", {"body": "x"}).status_code == 409

    def test_of_another_organisation_is_not_there(self, cafetal, no_static_folder):
        contact = a_contact(cafetal)
        house = a_house("vidamar")
        client = Client(headers={"host": house.org.host})
        sign_in(client, house.members["alba"].account)
        assert client.get(f"{HOME}{contact.pk}/").status_code == 404
        assert client.post(f"{HOME}{contact.pk}/solicitud/", {"body": "x"}).status_code == 404
        assert client.get(HOME).text.count("Preguntó por el parque") == 0


class _Nothing:
    """A policy that asks nothing."""

    name = "attention"
    __dataclass_fields__ = {"stakeholders": None, "topics": None}
    topics = stakeholders = ()

    @classmethod
    def read(cls, raw):
        return cls()
