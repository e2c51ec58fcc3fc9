"""Acts of boxes and hearings as staff keeps them: opened, filled from the keyboard, put right, closed and printed."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from escucha.contexts.cases.models import Act, Case, Remark, Slip
from escucha.contexts.cases.operations.receiving import enter_slip, open_act
from escucha.web.ui import spanish
from tests.contexts.cases.receiving import by_the_day_written
from tests.make import a_house
from tests.web.desk.conftest import sign_in

HOME = "/mesa/actas/"
BOX = {"site": "sede", "first_slip": "7", "last_slip": "9", "witness_1": "Elsa Quiceno", "witness_2": "Dora Cano"}
WITNESSES = ["Elsa Quiceno", "Dora Cano"]


def opened(house, who="lucia", **changes):
    now = timezone.now() - timedelta(hours=1)
    said = {"kind": "box", "site": "sede", "held_at": now, "witnesses": WITNESSES, "first_slip": 7, "last_slip": 9}
    return open_act(org=house.org, by=house.actor(who), now=now, **said | changes)


def address(act, rest=""):
    return f"{HOME}{act.number}/{rest}"


def entered(client, act, **said):
    return client.post(address(act, "papeletas/"), {"position": "7", "body": "Falta papel.", "key": "k" * 22} | said)


def counts_from(day):
    """What the strip of a term says of where it begins."""
    return f"Días del plazo, desde el {spanish.long_date(day)}"


@pytest.fixture
def act(cafetal):
    return opened(cafetal)


class TestABox:
    @pytest.mark.requirement("CAJA-08.1")
    def test_is_opened_with_its_date_its_witnesses_and_its_range(self, at_desk, cafetal):
        lucia = at_desk("lucia")
        assert "Buzón del centro recreativo. Taquilla" in lucia.get(f"{HOME}buzon/").text
        held = timezone.localtime() - timedelta(minutes=20)
        answer = lucia.post(f"{HOME}buzon/", BOX | {"held_at": f"{held:%Y-%m-%dT%H:%M}", "notes": "Sello entero."})
        made = Act.objects.get()
        assert answer.url == address(made)
        assert (made.site, made.first_slip, made.last_slip, made.witnesses) == ("sede", 7, 9, WITNESSES)
        page = lucia.get(answer.url).text
        assert "de la 7 a la 9" in " ".join(page.split())
        assert 'value="7"' in page  # the first to copy

    @pytest.mark.parametrize(
        ("changes", "status", "why"),
        [
            ({"witness_2": ""}, 409, "2 testigos distintos"),
            ({"held_at": "2999-01-01T10:00"}, 409, "todavía no llega"),
            ({"site": "ninguno"}, 422, "Escoja una opción"),
            ({"last_slip": "3"}, 409, "no puede ser menor"),
        ],
    )
    def test_is_refused_with_its_reason_and_keeps_what_was_typed(self, at_desk, changes, status, why):
        held = {"held_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}"}
        answer = at_desk("lucia").post(f"{HOME}buzon/", BOX | held | changes)
        assert answer.status_code == status
        assert why in answer.text and "Elsa Quiceno" in answer.text
        assert not Act.objects.exists()

    @pytest.mark.requirement("CAJA-08.1", "CORP-01.7")
    def test_takes_slip_after_slip_and_offers_the_next(self, at_desk, act):
        lucia = at_desk("lucia")
        answer = entered(lucia, act, written_on="2026-01-20", name="Ana", phone="300 000 0001")
        assert answer.url == address(act)
        page = lucia.get(answer.url).text
        assert "La papeleta 7 quedó radicada" in page and f'data-kept="act-{act.pk}' in page
        assert re.search(r'name="position"[^>]*value="8"|value="8"[^>]*name="position"', page)
        case = Case.objects.get()
        assert (case.channel, case.received_at, case.person.name) == ("box", act.held_at, "Ana")
        assert case.filing_number.replace("-", " ")[:8] in page
        assert entered(lucia, act).status_code == 409
        assert Case.objects.count() == 1

    def test_voids_with_the_button_of_the_reason(self, at_desk, act):
        lucia = at_desk("lucia")
        entered(lucia, act, position="8", void="En blanco")
        assert Slip.objects.get().void == "En blanco"
        assert "La papeleta 8 quedó anulada" in lucia.get(address(act)).text
        assert "Faltan: 7 y 9." in lucia.get(address(act)).text

    @pytest.mark.requirement("CAJA-08.1")
    def test_its_case_tells_of_the_act_and_both_dates(self, at_desk, act):
        lucia = at_desk("lucia")
        entered(lucia, act, written_on="2026-01-02")
        page = " ".join(lucia.get(f"/mesa/casos/{Case.objects.get().filing_number}/").text.split())
        assert f"{act.number}, papeleta 7" in page and "viernes 2 de enero de 2026" in page
        assert (
            f"Se abrió el buzón</dt><dd>{spanish.long_date(timezone.localtime(act.held_at).date(), year=True)}" in page
        )

    def test_that_says_nothing_is_copied_or_voided_and_never_a_case(self, at_desk, act):
        lucia = at_desk("lucia")
        answer = entered(lucia, act, body="  ", written_on="2026-01-02")
        assert answer.status_code == 422
        assert "Copie lo que dice o anúlela con su razón" in answer.text and 'value="2026-01-02"' in answer.text
        assert not Slip.objects.exists()
        assert entered(lucia, act, body="", void="En blanco").status_code == 302
        assert entered(lucia, act, position="8", body="", name="Ana Prueba").status_code == 302  # it says who
        assert [bool(slip.case) for slip in Slip.objects.order_by("position")] == [False, True]

    def test_says_what_is_wrong_beside_what_was_typed(self, at_desk, act):
        answer = entered(at_desk("lucia"), act, position="44", body="Lo que decía el papel.")
        assert answer.status_code == 409
        assert "no está entre las que se sellaron" in answer.text and "Lo que decía el papel." in answer.text
        answer = entered(at_desk("lucia"), act, position="", body="Lo que decía el papel.")
        assert answer.status_code == 422 and "Lo que decía el papel." in answer.text

    def test_is_closed_when_whole_and_changes_no_more(self, at_desk, act):
        lucia = at_desk("lucia")
        refused = lucia.post(address(act, "cierre/"))
        assert refused.status_code == 409 and "Faltan por escribir o anular: 7 a 9" in refused.text
        for position in (7, 8, 9):
            entered(lucia, act, position=position, body=f"Papeleta {position}")
        assert "La que sigue" not in lucia.get(address(act)).text
        assert lucia.post(address(act, "cierre/")).url == address(act, "impresion/")
        assert entered(lucia, act, position="7").status_code == 409
        assert "Corregir" not in lucia.get(address(act)).text

    def test_on_paper_names_who_opened_and_who_saw_and_no_text(self, at_desk, cafetal, act):
        enter_slip(
            org=cafetal.org, act_id=act.pk, body="Lo que nadie más lee.", by=cafetal.actor("lucia"), now=timezone.now()
        )
        page = at_desk("lucia").get(address(act, "impresion/")).text
        for said in ("Acta de apertura de buzón", "Lucía Restrepo", *WITNESSES, "Quien abrió el buzón", "Testigo"):
            assert said in page
        assert "ciérrela antes de firmarla" in page
        assert "Lo que nadie más lee." not in page


class TestPuttingRight:
    def test_a_slip(self, at_desk, act):
        lucia = at_desk("lucia")
        entered(lucia, act, written_on="2026-01-02")
        page = lucia.get(address(act, "papeletas/7/")).text
        assert "Falta papel." in page and "2026-01-02" in page
        answer = lucia.post(address(act, "papeletas/7/"), {"body": "Falta jabón.", "written_on": "2026-01-12"})
        assert answer.url == address(act)
        assert Slip.objects.get().written_on.day == 12
        assert Remark.objects.get().body.endswith("Falta jabón.")
        assert Case.objects.get().body == "Falta papel."

    def test_the_day_on_it_shows_the_term_from_that_day(self, at_desk, cafetal):
        lucia, act = at_desk("lucia"), opened(by_the_day_written(cafetal))
        typed, meant = (timezone.localdate() - timedelta(days=days) for days in (20, 30))
        entered(lucia, act, written_on=f"{typed}")
        case = Case.objects.get()
        pages = [f"/mesa/casos/{case.filing_number}/", f"/recibo/{case.receipt_code}/"]
        assert all(counts_from(typed) in lucia.get(page).text for page in pages)
        lucia.post(address(act, "papeletas/7/"), {"body": "Falta papel.", "written_on": f"{meant}"})
        assert all(counts_from(meant) in lucia.get(page).text for page in pages)
        [law] = [one for one in lucia.get(f"{pages[0]}plazos.json").json()["deadlines"] if one["norm"]]
        assert law["reckoning"]["received_at"].startswith(f"{meant}")
        assert (law["ledger"][0]["date"], law["ledger"][-1]["date"]) == (f"{meant}", law["due_date"])

    def test_a_later_day_is_refused_with_words(self, at_desk, act):
        lucia = at_desk("lucia")
        entered(lucia, act)
        tomorrow = timezone.localdate() + timedelta(days=2)
        answer = lucia.post(address(act, "papeletas/7/"), {"body": "Falta jabón.", "written_on": f"{tomorrow}"})
        assert answer.status_code == 409 and "esa fecha es posterior: revísela" in answer.text
        assert Slip.objects.get().written_on is None

    def test_a_void_one_becomes_a_case(self, at_desk, act):
        lucia = at_desk("lucia")
        entered(lucia, act, void="No se puede leer")
        assert lucia.post(address(act, "papeletas/7/"), {"body": "Con lupa se lee."}).status_code == 302
        assert Case.objects.get().body == "Con lupa se lee."

    def test_only_what_is_there(self, at_desk, act):
        for position in (7, 44, 10**12):
            assert at_desk("lucia").get(address(act, f"papeletas/{position}/")).status_code == 404


class TestAHearing:
    @pytest.mark.requirement("CORP-01.6")
    def test_takes_word_after_word(self, at_desk, corrioverde, no_static_folder):
        ines = Client(headers={"host": corrioverde.org.host})
        sign_in(ines, corrioverde.members["ines"].account)
        held = f"{timezone.localtime() - timedelta(hours=3):%Y-%m-%dT%H:%M}"
        made = ines.post(
            f"{HOME}audiencia/", {"held_at": held, "place": "Salón comunal", "topic": "Concesión de aguas"}
        )
        hearing = Act.objects.get()
        assert made.url == address(hearing)
        assert "Concesión de aguas" in ines.get(made.url).text
        word = {"speaker": "Ana Lucía Berrío", "minute": "12", "body": "Pide una visita.", "commitment": "Ir en abril"}
        for _time in range(2):
            ines.post(address(hearing, "papeletas/"), word | {"key": "a" * 22})
        ines.post(address(hearing, "papeletas/"), word | {"key": "b" * 22, "speaker": "Junta de acción comunal"})
        first, second = Slip.objects.order_by("position")
        assert (first.position, first.minute, first.speaker, first.commitment) == (
            1,
            12,
            "Ana Lucía Berrío",
            "Ir en abril",
        )
        assert (first.case.channel, first.case.person.name) == ("hearing", "Ana Lucía Berrío")
        assert first.case.received_at == hearing.held_at + timedelta(minutes=12)
        assert second.case.person.name == "Junta de acción comunal"
        assert ines.post(address(hearing, "cierre/")).status_code == 302
        told = " ".join(ines.get(f"/mesa/casos/{first.case.filing_number}/").text.split())
        for said in (f"{hearing.number}, minuto 12", "Ana Lucía Berrío", "Ir en abril"):
            assert said in told
        page = ines.get(address(hearing, "impresion/")).text
        assert "Acta de audiencia pública" in page and "Ir en abril" in page and "Minuto 12." in page

    def test_without_its_matter_says_so(self, at_desk):
        answer = at_desk("lucia").post(f"{HOME}audiencia/", {"place": "Salón comunal"})
        assert answer.status_code == 422 and "Salón comunal" in answer.text


class TestWhoEnters:
    GET = ("", "buzon/", "audiencia/", "{act}/", "{act}/impresion/", "{act}/papeletas/7/")
    POST = ("{act}/papeletas/", "{act}/cierre/", "{act}/papeletas/7/")

    def test_is_who_keeps_acts(self, at_desk, act):
        entered(at_desk("lucia"), act)
        for who, expected in [("lucia", 200), ("patricia", 200), ("dario", 403), ("bruno", 403), ("gabriel", 403)]:
            client = at_desk(who)
            codes = {page: client.get(HOME + page.format(act=act.number)).status_code for page in self.GET}
            assert set(codes.values()) == {expected}, (who, codes)
            if expected == 403:
                assert {client.post(HOME + page.format(act=act.number)).status_code for page in self.POST} == {403}

    def test_is_nobody_of_elsewhere(self, act, corrioverde, no_static_folder):
        client = Client(headers={"host": corrioverde.org.host})
        sign_in(client, corrioverde.members["sofia"].account)
        for page in self.GET[3:]:
            assert client.get(HOME + page.format(act=act.number)).status_code == 404
        for page in self.POST:
            assert client.post(HOME + page.format(act=act.number)).status_code == 404
        assert act.number not in client.get(HOME).text

    def test_needs_its_token_and_its_method(self, at_desk, act):
        careful = at_desk("lucia", enforce_csrf_checks=True)
        for page in self.POST:
            assert careful.post(HOME + page.format(act=act.number)).status_code in {403}
        for page in self.POST[:2]:
            assert careful.get(HOME + page.format(act=act.number)).status_code == 405

    def test_boxes_are_not_opened_where_there_are_none(self, quetzal, no_static_folder):
        client = Client(headers={"host": quetzal.org.host})
        sign_in(client, quetzal.members["irma"].account)
        assert client.get(f"{HOME}buzon/").status_code == 404
        assert client.get(HOME).status_code == client.get(f"{HOME}audiencia/").status_code == 200


def test_the_list_is_of_its_unit_and_asks_as_often(cafetal, corrioverde, at_desk, django_assert_num_queries):
    theirs = opened(corrioverde, who="tomas", site="paramo")
    client = Client(headers={"host": corrioverde.org.host})
    sign_in(client, corrioverde.members["olga"].account)
    assert theirs.number not in client.get(HOME).text
    lucia = at_desk("lucia")
    for many in (1, 6):
        for _one in range(many):
            made = opened(cafetal)
        lucia.get(HOME)
        with django_assert_num_queries(6):
            assert made.number in lucia.get(HOME).text
    asked = []
    for position in (7, 8, 9):
        entered(lucia, made, position=position, key="", body=str(position))
        lucia.get(address(made))  # which shows the message once
        with CaptureQueriesContext(connection) as captured:
            lucia.get(address(made))
        asked.append(len(captured))
    assert asked == [9] * 3


def test_a_case_that_is_kept_from_the_member_is_not_shown(at_desk, cafetal, act, monkeypatch):
    entered(at_desk("lucia"), act, body="Solo para quien puede.")
    assert "Solo para quien puede." in at_desk("lucia").get(address(act)).text
    monkeypatch.setattr("escucha.web.desk.receiving.acts.cases_by_subject", lambda **_asked: {})
    assert "Solo para quien puede." not in at_desk("lucia").get(address(act)).text
    assert at_desk("lucia").get(address(act, "papeletas/7/")).status_code == 404


def test_another_house_has_its_own_numbers(cafetal):
    other = a_house("arrayanes")
    first = opened(other, who="camila", site="urgencias")
    assert first.number.startswith("ABZ-") and opened(cafetal).number.startswith("BUZ-")
