"""«Abiertos» for who supervises: by risk, with counts that are those of the rows, and a page after another."""

import re
from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from escucha.contexts.assistance.operations.files import hand_over_file
from escucha.contexts.assistance.operations.reminding import set_reminder
from escucha.kernel.commitments.models import Commitment
from escucha.web.desk.assistance import watching
from tests.assisting import a_file, accepted, an_assistance
from tests.cast import TUESDAY
from tests.contexts.assistance.service.steps import assigned, work
from tests.make import let_time_pass
from tests.web.desk.assistance.at_assistance import AtPage
from tests.web.desk.conftest import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ASIS-14.3")]
MINUTE = timedelta(minutes=1)
NOW = TUESDAY + 4 * MINUTE
BOARD = "/mesa/asistencia/"


@pytest.fixture
def enter(no_static_folder, quetzal):
    def entered(who):
        client = Client(headers={"host": quetzal.org.host})
        sign_in(client, quetzal.members[who].account)
        return client

    return entered


def see(client, path=BOARD, *, now=TUESDAY, **asked):
    with time_machine.travel(now, tick=False):
        return client.get(path, asked)


def numbers(page):
    return re.findall(r'data-live-row="([^"]+)"', page.text)


def watched(client, *, now=TUESDAY, **asked):
    return see(client, now=now, vista="abiertos", **asked)


def counts(page):
    soup = BeautifulSoup(page.text, "html.parser")
    return {one["href"].partition("riesgo=")[2]: int(one.b.text) for one in soup.select(".narrow a")}


def signs(page):
    soup = BeautifulSoup(page.text, "html.parser")
    rows = soup.select("[data-live-row]")
    return {
        row["data-live-row"]: [one.get_text(" ", strip=True) for one in row.select(".signs .badge")] for row in rows
    }


@pytest.fixture
def desk(quetzal):
    """One of each kind, four minutes after the first was accepted."""
    queued = a_file(quetzal)
    hand_over_file(org=quetzal.org, file_id=queued.pk, member_id=None, by=quetzal.actor("paula"), now=TUESDAY)
    window = (TUESDAY + 60 * MINUTE, TUESDAY + 120 * MINUTE)
    late = assigned(quetzal, priority="programmed", window=window)
    one = work(late)
    one.eta_at = TUESDAY + 125 * MINUTE
    one.save(update_fields=["eta_at"])
    return {
        "programmed": accepted(quetzal, priority="programmed"),
        "risky": accepted(quetzal),
        "soon": accepted(quetzal, now=TUESDAY + MINUTE),
        "vital": accepted(quetzal, priority="vital", now=TUESDAY + 3 * MINUTE),
        "late": late,
        "queued": queued,
    }


def name(found):
    return f"{found.file.number}/1" if hasattr(found, "file") else str(found.number)


def test_rows_go_by_life_and_then_by_what_is_due(enter, desk):
    page = watched(enter("paula"), now=NOW)
    order = ("vital", "late", "risky", "soon", "programmed", "queued")
    assert numbers(page) == [name(desk[one]) for one in order]
    assert "Primero lo vital" in page.text


def test_a_risk_is_said_in_words_before_it_fails(enter, desk):
    found = signs(watched(enter("paula"), now=NOW))
    assert found[name(desk["vital"])] == ["Vencido"]
    assert found[name(desk["risky"])] == ["En riesgo · 80 %"]
    assert found[name(desk["soon"])] == ["Por vencer · 60 %"]
    assert found[name(desk["programmed"])] == found[name(desk["queued"])] == []
    assert found[name(desk["late"])][-1] == "Llegaría tarde: 12:05"
    row = see(enter("paula"), f"/mesa/asistencia/{desk['risky'].file.number}/1/fila/", now=NOW)
    assert "En riesgo · 80 %" in row.text, "a row that is renewed says the same"


def test_counts_are_those_of_the_rows(enter, desk):
    paula = enter("paula")
    told = counts(watched(paula, now=NOW))
    assert told == {
        "": 6, "vencidos": 2, "en-riesgo": 1, "por-vencer": 1, "tarde": 1, "vitales": 1, "sin-coordinador": 1,
    }  # fmt: skip
    for kind, number in told.items():
        assert len(numbers(watched(paula, now=NOW, riesgo=kind))) == number, kind
    told = counts(watched(paula, now=NOW, prioridad="vital"))
    assert (told[""], told["vitales"], told["en-riesgo"]) == (1, 1, 0), "they are of what the list is narrowed to"
    assert numbers(watched(paula, now=NOW, pais="ar")) == []
    assert "Nada con esos filtros" in watched(paula, now=NOW, pais="ar", riesgo="vitales").text


def test_pages_follow_each_other_by_place(enter, desk, monkeypatch):
    monkeypatch.setattr(watching, "LIMIT", 2)
    paula, pages, path = enter("paula"), [], "?vista=abiertos"
    while path:
        page = see(paula, f"{BOARD}{path}", now=NOW)
        pages.append(numbers(page))
        following = BeautifulSoup(page.text, "html.parser").select_one(".pager a[href*='despues']")
        path = following["href"] if following else ""
    order = ("vital", "late", "risky", "soon", "programmed", "queued")
    assert pages == [[name(desk[one]) for one in order[place : place + 2]] for place in (0, 2, 4)]


def test_a_strange_place_or_kind_is_as_if_it_was_not_said(enter, desk):
    paula = enter("paula")
    for odd in ("x", "1.2.3", "0..9.9.9", "0.99999999999999999.1.1", "-1.0.0.0", "0.²3.1.1", "\x00"):
        assert watched(paula, now=NOW, despues=odd).status_code == 200, odd
    assert len(numbers(watched(paula, now=NOW, riesgo="x"))) == 6


def test_who_supervises_passes_a_file_on_from_here_and_others_see_no_such_list(enter, desk):
    page = BeautifulSoup(watched(enter("paula"), now=NOW).text, "html.parser")
    link = page.find("a", attrs={"aria-label": f"Entregar {name(desk['vital'])}"})
    file = BeautifulSoup(see(enter("paula"), link["href"].partition("#")[0], now=NOW).text, "html.parser")
    assert file.find("form", id="entrega") is not None
    assert numbers(see(enter("paula"), now=NOW)) == numbers(watched(enter("paula"), now=NOW)), "it begins with it"
    for who in ("luz", "irma"):
        other = watched(enter(who), now=NOW)
        assert "Por riesgo" not in other.text and "Entregar " not in other.text


def test_it_asks_as_many_questions_with_few_files_as_with_many(enter, quetzal):
    paula = enter("paula")
    accepted(quetzal)
    watched(paula)
    with CaptureQueriesContext(connection) as few:
        watched(paula)
    for _n in range(3):
        assigned(quetzal, priority="programmed")
    with CaptureQueriesContext(connection) as many:
        assert len(numbers(watched(paula))) == 4
    assert len(many) == len(few) <= 20


class TestOnThePageOfAnAssistance:
    def test_a_reminder_is_put_and_done(self, no_static_folder, quetzal):
        at = AtPage(quetzal, an_assistance(quetzal))
        answer = at.open(f"{at.url}recordatorios/", now=TUESDAY, text="Llamar al taller", hour="11:30", day="")
        assert answer.status_code == 302
        owed = Commitment.objects.get(kind="reminder", settled_at=None)
        assert owed.due_at == TUESDAY.replace(hour=16, minute=30)
        page = at.see(now=TUESDAY)
        section = page.find("section", attrs={"aria-labelledby": "recordatorios"})
        assert "Llamar al taller" in section.text and "11:30" in section.text
        [done] = [one["action"] for one in section.find_all("form") if "/recordatorios/" in one["action"]][:1]
        assert at.open(done, now=TUESDAY, x="").status_code == 302
        assert not Commitment.objects.filter(kind="reminder", settled_at=None).exists()
        assert "Llamar al taller" not in at.see(now=TUESDAY).find("main").text

    def test_what_is_wrong_with_it_comes_back_with_what_was_typed(self, no_static_folder, quetzal):
        at = AtPage(quetzal, an_assistance(quetzal))
        answer = at.open(f"{at.url}recordatorios/", now=TUESDAY, text="Llamar", hour="tarde", day="")
        assert answer.status_code == 422
        page = BeautifulSoup(answer.text, "html.parser")
        assert "Escriba la hora así: 15:30." in page.text
        assert page.find("input", attrs={"name": "text", "value": "Llamar"})
        assert not Commitment.objects.filter(kind="reminder").exists()

    def test_that_of_another_assistance_is_on_its_own_page(self, no_static_folder, quetzal):
        file = a_file(quetzal)
        first, second = an_assistance(quetzal, file=file), an_assistance(quetzal, file=file)
        said = {"org": quetzal.org, "file_id": file.pk, "by": quetzal.actor("luz"), "now": TUESDAY}
        set_reminder(text="De la primera", assistance_id=first.pk, due_at=TUESDAY + MINUTE, **said)
        set_reminder(text="De las dos", due_at=TUESDAY + MINUTE, **said)
        seen = AtPage(quetzal, second).see(now=TUESDAY).find("main").text
        assert "De las dos" in seen and "De la primera" not in seen

    def test_who_only_looks_puts_none(self, no_static_folder, quetzal):
        at = AtPage(quetzal, an_assistance(quetzal), "irma")
        assert at.see(now=TUESDAY).find("form", action=re.compile("recordatorios")) is None
        answer = at.open(f"{at.url}recordatorios/", now=TUESDAY, text="Llamar", hour="11:30", day="")
        assert answer.status_code == 403


@pytest.mark.requirement("ASIS-06.6")
def test_what_the_clock_asks_the_supervisor_is_in_its_day(enter, quetzal):
    found = accepted(quetzal, priority="vital")
    let_time_pass(NOW)
    today = BeautifulSoup(see(enter("paula"), "/mesa/", now=NOW).text, "html.parser")
    [link] = [one for one in today.select(".agenda-what a") if "Decidir" in one.text]
    assert link["href"] == f"{BOARD}{found.file.number}/1/#decision"
    assert not [one for one in today.select(".agenda-what") if "Emergencia vital" not in one.text]
    line = see(enter("paula"), f"{BOARD}{found.file.number}/1/?pestana=bitacora", now=NOW).text
    assert "Sin proveedor a tiempo" in line and "60 segundos después de su hora" in line


def new_url(page):
    return page.find("a", attrs={"data-key": "n"})["href"]


def test_n_opens_the_file_of_a_call_where_assistances_are(enter, quetzal):
    at = f"{BOARD}{an_assistance(quetzal).file.number}/"
    for path in (BOARD, at, f"{at}1/", f"{at}nueva/"):
        page = BeautifulSoup(see(enter("luz"), path).text, "html.parser")
        assert new_url(page) == f"{BOARD}nuevo/", path
