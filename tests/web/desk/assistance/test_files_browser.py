"""A call taken down in a real browser: by keyboard, found while it is typed, and its file at both widths."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from escucha.contexts.assistance.models import AssistanceFile, IncomingCall
from escucha.contexts.assistance.operations.calls import note_call
from escucha.contexts.assistance.operations.reminding import set_reminder
from escucha.contexts.assistance.rules.calls import CallEvent, Told
from tests.assisting import a_file, an_affiliate, an_assistance
from tests.browser import address, faults_at_both_widths
from tests.make import a_house
from tests.web.entering import let_in

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
BOARD = "/mesa/asistencia/"


@pytest.fixture
def house(transactional_db):
    return a_house("quetzal")


@pytest.fixture
def go(live_server, page, house, no_static_folder):
    let_in(page.context, live_server, house, "luz")
    page.emulate_media(reduced_motion="reduce")

    def gone(path):
        page.goto(address(live_server, "quetzal", path))
        return page

    return gone


def ringing(house, key="a-1"):
    event = CallEvent(Told.RINGING, key, "601 000 0043", "300 000 0022", timezone.now(), 2)
    return note_call(org=house.org, event=event, now=timezone.now())


@pytest.mark.requirement("ASIS-02.1", "ASIS-15.1")
def test_a_call_becomes_a_file_with_the_keyboard_alone(go, house):
    who, _call = an_affiliate(house), ringing(house)
    page = go(BOARD)
    assert faults_at_both_widths(page) == []
    page.get_by_role("button", name="Tomar la llamada").press("Enter")
    page.wait_for_url("**/nuevo/?llamada=*")
    expect(page.get_by_label("Rebeca Pedraza")).to_be_checked()
    assert faults_at_both_widths(page) == []
    page.get_by_label("Nombre de quien llama").focus()
    page.keyboard.type("Marta")
    page.get_by_label("Qué pasó").focus()
    page.keyboard.type("Se rompió un tubo")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/?nuevo=1")
    file = AssistanceFile.objects.get()
    assert (file.affiliate, file.contact_phone, IncomingCall.objects.get().file) == (who, "300 000 0022", file)
    expect(page.get_by_role("link", name="Nueva asistencia")).to_be_focused()


def test_who_calls_is_found_while_it_is_typed(go, house):
    who = an_affiliate(house)
    page = go(f"{BOARD}nuevo/")
    page.get_by_label("Cuenta por la que llama").select_option("techo_amigo")
    page.get_by_text("Le habla").first.wait_for()
    page.get_by_label("Buscar al afiliado").press_sequentially("1990000021")
    page.get_by_label("Rebeca Pedraza").wait_for()
    expect(page.get_by_label("Rebeca Pedraza")).to_be_checked()
    assert faults_at_both_widths(page) == []
    page.get_by_label("Llama el mismo afiliado").check()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/?nuevo=1")
    assert AssistanceFile.objects.get().affiliate == who


def test_the_tabs_of_a_file_are_for_everybody(go, house):
    file = a_file(house)
    an_assistance(house, file=file)
    now = timezone.now()
    due = now + timedelta(hours=1)
    set_reminder(org=house.org, file_id=file.pk, text="Llamar", due_at=due, by=house.actor("luz"), now=now)
    for tab in ("principal", "plan", "previas", "coordinadores"):
        page = go(f"{BOARD}{file.number}/?pestana={tab}")
        for one in page.locator("details").all():
            one.evaluate("each => { each.open = true }")
        assert faults_at_both_widths(page) == [], tab
    assert faults_at_both_widths(go("/mesa/")) == []
    page.get_by_role("button", name="Hecho: Llamar").press("Enter")
    page.get_by_text("El recordatorio quedó hecho").wait_for()
