"""What follows on the page of an assistance: whole while it is near, a line that opens while it is far."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from escucha.contexts.assistance.models import Affiliate
from escucha.contexts.assistance.operations.files import hand_over_file
from escucha.contexts.assistance.rules.duties import Duty
from escucha.web.desk.assistance.todo import ANCHORS
from tests.assisting import a_file, accepted, an_affiliate, an_assistance
from tests.cast import TUESDAY
from tests.contexts.assistance.service.steps import assigned, do
from tests.web.desk.assistance.at_assistance import AtPage, headings, nouns

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ASIS-14.1")]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def lines(page):
    """What is far: of each its anchor and its line."""
    return {
        one.select_one("summary + div")["id"]: " ".join(one.summary.get_text(" ", strip=True).split())
        for one in page.select("details[data-unfold]")
    }


@pytest.fixture
def found(quetzal):
    """Somebody goes in six hours; the first of what it owes is to be done now."""
    return assigned(quetzal, priority="programmed", window=(TUESDAY + 6 * HOUR, TUESDAY + 8 * HOUR))


def test_what_is_far_is_a_line_that_says_what_when_and_whose(quetzal, found):
    at = AtPage(quetzal, found)
    page = at.see(now=TUESDAY + MINUTE)
    assert lines(page) == {
        "salida": "Verificar que el proveedor sale a tiempo 15:00 · faltan 4 h 59 min · Luz Marina Daza",
        "arribo": "Confirmar la llegada del proveedor 17:00 · faltan 6 h 59 min · Luz Marina Daza",
    }
    assert [one.get("open") for one in page.select("details[data-unfold]")] == [None, None]
    assert page.select_one("section#confirmacion form")["action"].endswith("/confirmacion/")
    assert page.select_one("details[data-unfold] #arribo form")["action"].endswith("/arribo/"), "it is done from there"
    assert len(headings(page)) == 3


def test_it_stands_open_once_its_hour_is_near(quetzal, found):
    do(quetzal, found, "confirm", now=TUESDAY)
    at = AtPage(quetzal, found)
    near = TUESDAY + 2 * HOUR + 30 * MINUTE  # half of the five hours that the first one was given
    assert [*lines(at.see(now=near - MINUTE))] == ["salida", "arribo"]
    assert [*lines(at.see(now=near))] == ["arribo"]
    page = at.see(now=TUESDAY + 6 * HOUR)
    assert lines(page) == {}
    assert page.select_one("section#arribo form") is not None


def test_the_acts_of_what_is_far_are_done_from_its_line(quetzal, found):
    at = AtPage(quetzal, found)
    do(quetzal, found, "confirm", now=TUESDAY)
    now = TUESDAY + 10 * MINUTE
    assert "monitoreos/proveedor" in nouns(at.see(now=now))
    at.do("monitoreos/proveedor", now=now, on_time="yes", direction="inbound")
    assert "salida" not in lines(at.see(now=now))


def test_with_nobody_in_charge_it_is_of_the_shift_and_what_a_role_decides_is_of_the_role(quetzal):
    who = an_affiliate(quetzal, active=None)
    ordered = {"ordered_by": quetzal.members["paula"].pk, "order_reason": "Viene de la empresa"}
    found = an_assistance(quetzal, file=a_file(quetzal, affiliate=who), **ordered)
    assert who.status == Affiliate.Status.TO_VERIFY
    page = AtPage(quetzal, found).see(now=TUESDAY)
    assert lines(page)["verificacion"].endswith("Supervisión de Operaciones")
    [link] = page.select("#verificacion a")
    assert link["href"] == f"/mesa/asistencia/{found.file.number}/"
    other = assigned(quetzal, priority="programmed", window=(TUESDAY + 6 * HOUR, TUESDAY + 8 * HOUR))
    said = {"member_id": None, "by": quetzal.actor("paula"), "now": TUESDAY}
    hand_over_file(org=quetzal.org, file_id=other.file.pk, **said)
    assert lines(AtPage(quetzal, other).see(now=TUESDAY))["arribo"].endswith("La cola del turno")


def test_the_agenda_leads_to_the_very_duty(quetzal, found):
    at = AtPage(quetzal, found)
    today = BeautifulSoup(at.open("/mesa/", now=TUESDAY + MINUTE).text, "html.parser")
    linked = {one["href"].partition("#")[2] for one in today.select(".agenda-what a") if at.url in one["href"]}
    assert linked == {"confirmacion", "salida", "arribo"}
    page = at.see(now=TUESDAY + MINUTE)
    assert all(len(page.select(f"#{anchor}")) == 1 for anchor in linked)
    file = BeautifulSoup(at.open(f"/mesa/asistencia/{found.file.number}/", now=TUESDAY).text, "html.parser")
    assert file.find("a", href=f"{at.url}#arribo") is not None


def test_every_duty_has_an_anchor_of_its_own():
    assert set(ANCHORS) == set(Duty)
    assert len(set(ANCHORS.values())) == len(ANCHORS)


def test_a_search_is_never_folded_and_only_a_reminder_goes_before_who_may_be_sent(quetzal):
    at = AtPage(quetzal, accepted(quetzal, priority="programmed"))
    page = at.see(now=TUESDAY)
    assert headings(page) == ["Asignar proveedor"] and not lines(page)
    assert titles(page)[:3] == ["ahora", "proveedores", "recordatorios"]
    at.open(f"{at.url}recordatorios/", now=TUESDAY, text="Llamar al taller", hour="11:30", day="")
    assert titles(at.see(now=TUESDAY))[:3] == ["ahora", "recordatorios", "proveedores"]


def titles(page):
    return [one["id"] for one in page.select("main h2[id]")]
