"""What is owed on one page, who hands over what, and a coordination that sees and shares out the work of its people."""

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.cases.operations.handling import assign_case
from escucha.kernel.commitments import ledger
from escucha.web.desk.hand_overs import days_of
from escucha.web.desk.today import _consequence, _late_words
from tests.make import a_case, a_house
from tests.web.desk.conftest import fresh, sign_in


def rows_of(page):
    """The links of the agenda, in order."""
    return [" ".join(text.split()) for text in re.findall(r'agenda-what"><a href="[^"]*">(.*?)</a>', page)]


class TestTheAgenda:
    @pytest.mark.requirement("MORE-04.1")
    def test_is_one_by_due_time_of_what_every_stage_owes(self, at_desk, story):
        story.filed(matter="Por clasificar")
        story.assigned(matter="Por responder")
        story.sent(matter="Por notificar")
        everything = rows_of(at_desk("patricia").get("/mesa/?ver=todo").text)
        assert sorted(everything) == sorted(
            [
                "Clasificar: Por clasificar",
                "Que la respuesta llegue a la persona: Por clasificar",
                "Responder: Por responder",
                "Enviar la respuesta: Por responder",
                "Que la respuesta llegue a la persona: Por responder",
                "Que la respuesta llegue a la persona: Por notificar",
            ]
        )
        assert rows_of(at_desk("dario").get("/mesa/").text) == ["Responder: Por responder"]
        assert rows_of(at_desk("vera").get("/mesa/").text) == []
        assert rows_of(at_desk("dario").get("/mesa/?ver=todo").text) == ["Responder: Por responder"]

    def test_says_what_stands_still_apart(self, at_desk, story, cafetal):
        case = story.filed(matter="Espera papeles")
        ledger.pause(
            org=case.org,
            kind="cases.legal_term",
            subject=case.subject,
            by=cafetal.actor("lucia"),
            now=timezone.now(),
        )
        page = at_desk("lucia").get("/mesa/").text
        _running, still = page.split("En pausa, hasta que la persona complete")
        assert "Que la respuesta llegue a la persona: Espera papeles" in still
        assert "en pausa" in still

    def test_tells_who_is_told_when_something_is_late(self, cafetal):
        debt = SimpleNamespace(kind="cases.unit_answer")
        assert _consequence(cafetal.profile, debt) == "Si se pasa, se avisa a Dirección"
        assert _late_words(cafetal.profile, debt) == "Vencido. Se avisó a Coordinación de Atención al Usuario."
        notice = SimpleNamespace(kind="cases.notice_period")
        assert _consequence(cafetal.profile, notice) == "Ese día la persona queda notificada"
        assert _late_words(cafetal.profile, notice) == "Vencido."

    def test_of_a_chosen_day_shows_that_day_alone(self, at_desk, cafetal):
        case = a_case(cafetal, now=timezone.now() - timedelta(minutes=5))
        page = at_desk("lucia").get("/mesa/").text
        assert len(rows_of(page)) == 2
        last = timezone.localdate(case.due_at - timedelta(seconds=1))
        chosen = at_desk("lucia").get(f"/mesa/?ver=mio&dia={last}").text
        assert rows_of(chosen) == [f"Clasificar: {case.matter}"]
        before, after = (last + timedelta(days=step) for step in (-1, 1))
        for day in (before, after):
            assert rows_of(at_desk("lucia").get(f"/mesa/?ver=mio&dia={day}").text) == []


class TestHandOvers:
    @pytest.mark.requirement("CAJA-04.4")
    def test_are_told_by_area_with_their_time(self, at_desk, cafetal):
        now = timezone.now()
        for hours, unit, who in [(2, "credito", "bruno"), (5, "credito", "bruno"), (1, "vivienda", "vera")]:
            received = {"received_at": now - timedelta(hours=hours), "received_unit": cafetal.unit(unit)}
            a_case(cafetal, now=now, by=cafetal.actor(who), **received)
        a_case(cafetal, now=now)
        page = at_desk("patricia").get("/mesa/informes/entregas/").text
        rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', page, re.DOTALL)
        told = {unit: re.findall(r">([^<>]+)</td>", cells) for unit, cells in rows}
        assert told == {"Crédito Social": ["2", "3 h 30 min", "5 h"], "Vivienda": ["1", "1 h", "1 h"]}
        assert "Nadie entregó nada" in at_desk("patricia").get("/mesa/informes/entregas/?periodo=anterior").text

    def test_periods_are_whole_months_and_the_year_so_far(self):
        today = date(2026, 1, 31)
        assert days_of("mes", today=today) == (date(2026, 1, 1), today)
        assert days_of("anterior", today=today) == (date(2025, 12, 1), date(2025, 12, 31))
        assert days_of("ano", today=today) == (date(2026, 1, 1), today)

    @pytest.mark.requirement("CAJA-04.1")
    def test_staff_who_see_no_cases_get_the_number_and_nothing_more(self, at_desk, cafetal):
        bruno = at_desk("bruno")
        typed = {"channel": "counter", "body": "Vino."}
        assert "Quedó radicada" in bruno.post("/mesa/casos/nuevo/", typed, follow=True).text
        lucia = at_desk("lucia").get("/mesa/").text
        assert "Clasificar: Vino." in lucia


@pytest.fixture
def siau(db, no_static_folder):
    """The insurer, whose coordinator shares out the work of the assistants: its clients by name."""
    house = a_house("vidamar")
    clients = {}
    for who, member in house.members.items():
        clients[who] = Client(headers={"host": house.org.host})
        sign_in(clients[who], member.account)
    case = a_case(house, now=timezone.now() - timedelta(days=1), suggested_type="")
    by, unit = house.actor("alba"), house.unit("siau")
    case = classify_case(
        org=house.org, case_id=case.pk, case_type="queja", unit=unit, by=by, now=case.filed_at + timedelta(hours=1)
    )
    return SimpleNamespace(house=house, clients=clients, case=case)


class TestTheSiau:
    def coordinator(self, siau):
        members = siau.house.members.items()
        return next(who for who, member in members if "siau_coordinator" in member.roles)

    @pytest.mark.requirement("EPS-03.1", "EPS-03.2")
    @pytest.mark.parametrize("role", ["siau_coordinator", "siau_assistant"])
    def test_its_people_answer(self, siau, role):
        who = next(who for who, member in siau.house.members.items() if role in member.roles)
        address = f"/mesa/casos/{siau.case.filing_number}/"
        assert "Entregar la respuesta" in siau.clients[who].get(address).text
        typed = {"body": "Su afiliación quedó activa.", "version": siau.case.version}
        assert siau.clients[who].post(f"{address}respuesta/", typed).status_code == 302
        assert fresh(siau.case).state in {"answered", "approved"}

    @pytest.mark.requirement("EPS-03.3", "EPS-03.4")
    def test_its_coordination_sees_and_shares_out_the_work(self, siau):
        house, case, who = siau.house, siau.case, self.coordinator(siau)
        alba, nelson = house.members["alba"], house.members["nelson"]
        now = case.filed_at + timedelta(hours=2)
        case = assign_case(org=house.org, case_id=case.pk, member=alba, by=house.actor(who), now=now)
        assert case.matter in siau.clients[who].get("/mesa/?ver=equipo").text
        assert case.matter in siau.clients["alba"].get("/mesa/").text
        typed = {"member": str(nelson.pk), "version": case.version}
        address = f"/mesa/casos/{case.filing_number}/encargo/"
        assert siau.clients["alba"].post(address, typed).status_code == 409
        assert siau.clients[who].post(address, typed).status_code == 302
        assert fresh(case).member == nelson
        assert f"Responder: {case.matter}" in siau.clients["nelson"].get("/mesa/").text
        assert f"Responder: {case.matter}" not in siau.clients["alba"].get("/mesa/").text
