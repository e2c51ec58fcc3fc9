"""While the desk is open: a life at risk is said and sounds, an hour of mine too; and the board of who supervises."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from escucha.contexts.assistance.operations.calls import note_call
from escucha.contexts.assistance.operations.files import hand_over_file
from escucha.contexts.assistance.operations.reminding import set_reminder
from escucha.contexts.assistance.rules.calls import CallEvent, Told
from tests.assisting import a_file, accepted, an_assistance
from tests.browser import DESK, PHONE, address, faults_at_both_widths, hears
from tests.contexts.assistance.service.steps import assigned, work
from tests.make import a_house, let_time_pass
from tests.web.entering import let_in

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture
def house(transactional_db, no_static_folder):
    return a_house("quetzal")


@pytest.fixture
def visit(live_server, new_context, house):
    """A browser of its own for each member."""
    pages = {}

    def go(who, path="/mesa/asistencia/"):
        if who not in pages:
            context = new_context()
            let_in(context, live_server, house, who)
            pages[who] = context.new_page()
        pages[who].goto(address(live_server, "quetzal", path))
        return pages[who]

    return go


def a_busy_desk(house, now):
    """One of each kind of risk."""
    queued = a_file(house, now=now)
    hand_over_file(org=house.org, file_id=queued.pk, member_id=None, by=house.actor("paula"), now=now)
    late = assigned(house, priority="programmed", window=(now + 60 * MINUTE, now + 90 * MINUTE), now=now)
    one = work(late)
    one.eta_at = now + 100 * MINUTE
    one.save(update_fields=["eta_at"])
    accepted(house, priority="programmed", account="hogar_del_sur", now=now)
    accepted(house, now=now)
    accepted(house, now=now + MINUTE, who="fabian")
    return accepted(house, priority="vital", now=now + 2 * MINUTE)


@pytest.mark.requirement("ASIS-14.3", "MORE-06.1", "MORE-06.2")
def test_the_board_of_who_supervises_is_for_everybody_and_worked_by_keyboard(house, visit):
    vital = a_busy_desk(house, timezone.now() - 4 * MINUTE)
    page = visit("paula")
    assert faults_at_both_widths(page) == []
    page.set_viewport_size(DESK)
    expect(page.locator("[data-live-row]").first).to_have_attribute("data-live-row", f"{vital.file.number}/1")
    page.get_by_role("link", name="Llegarían tarde 1").press("Enter")
    page.wait_for_url("**riesgo=tarde**")
    expect(page.locator("[data-live-row]")).to_have_count(1)
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('tr') !== null")
    page.get_by_role("link", name=re.compile(r"Entregar \d")).press("Enter")
    page.get_by_role("button", name="Entregar", exact=True).wait_for()  # its own form is open and in sight
    assert faults_at_both_widths(page) == []


@pytest.mark.requirement("ASIS-14.5")
def test_a_life_at_risk_is_said_to_all_and_sounds_where_it_was_switched_on(house, visit, events):
    luz, paula = visit("luz"), visit("paula")
    switch, quiet = (page.get_by_role("switch", name="Sonido") for page in (luz, paula))
    for each in (switch, quiet):
        expect(each).to_have_attribute("aria-checked", "false")
    switch.press("Enter")
    expect(switch).to_have_attribute("aria-checked", "true")
    luz.locator("[data-sounded]").first.wait_for(state="attached")  # it is heard when it is switched on
    for page in (luz, paula):
        hears(page)
    vital = accepted(house, priority="vital", who="fabian", now=timezone.now())
    for page in (luz, paula):
        page.get_by_role("status").filter(has_text=f"Emergencia vital: {vital.file.number}/1").wait_for(timeout=15_000)
    expect(switch).to_have_attribute("data-sounded", "2")
    expect(quiet).not_to_have_attribute("data-sounded", re.compile(""))
    luz.reload()
    expect(switch).to_have_attribute("aria-checked", "true")  # it is remembered on this device
    hears(luz)
    accepted(house, who="fabian", now=timezone.now())
    luz.get_by_text("Ver ahora").wait_for(timeout=15_000)
    expect(luz.locator("[data-alerts-word]")).to_have_text("")  # another emergency is not a life


@pytest.mark.requirement("ASIS-14.5")
def test_an_hour_of_mine_that_comes_and_a_time_that_runs_out_are_said(house, visit, events):
    now = timezone.now()
    found = accepted(house, now=now - 5 * MINUTE + 12 * SECOND)
    luz = visit("luz")
    luz.get_by_role("status").filter(has_text=f"Se cumplió la hora: {found.file.number}/1").wait_for(timeout=20_000)
    fabian, paula = visit("fabian"), visit("paula")
    hears(paula)
    let_time_pass(timezone.now())
    said = f"{found.file.number}/1: se acabó el tiempo"
    paula.get_by_role("status").filter(has_text=said).wait_for(timeout=15_000)
    expect(fabian.locator("[data-alerts-word]")).to_have_text("")  # who neither owes it nor supervises


@pytest.mark.requirement("ASIS-15.1", "ASIS-14.1")
def test_a_call_that_rings_is_seen_on_the_page_of_an_assistance(house, visit, events):
    found = an_assistance(house, now=timezone.now())
    due = timezone.now() + MINUTE
    by = house.actor("luz")
    set_reminder(
        org=house.org, file_id=found.file_id, assistance_id=found.pk, text="Llamar al taller", due_at=due, by=by,
        now=timezone.now(),
    )  # fmt: skip
    luz = visit("luz", f"/mesa/asistencia/{found.file.number}/1/")
    hears(luz)
    event = CallEvent(Told.RINGING, "c-1", "601 000 0044", "300 000 0021", timezone.now())
    note_call(org=house.org, event=event, now=timezone.now())
    luz.get_by_role("button", name="Tomar la llamada").wait_for(timeout=15_000)
    luz.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert faults_at_both_widths(luz) == []
    luz.set_viewport_size(PHONE)
    luz.get_by_role("button", name="Hecho: Llamar al taller").press("Enter")
    luz.get_by_text("El recordatorio quedó hecho.").wait_for()
