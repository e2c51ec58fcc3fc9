"""What follows and the hand-over of several files in a real browser: for everybody, at both widths, and by keyboard."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from escucha.contexts.assistance.models import AssistanceFile
from tests.assisting import a_file, accepted
from tests.browser import DESK, PHONE, address, faults_at_both_widths
from tests.contexts.assistance.service.steps import assigned
from tests.make import a_house
from tests.web.entering import let_in

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HOME = "/mesa/asistencia/entregas/"


@pytest.fixture
def house(transactional_db):
    return a_house("quetzal")


@pytest.fixture
def enter(live_server, page, house, no_static_folder):
    """Signs a member in; the page of the browser at an address of theirs."""

    def entered(who):
        let_in(page.context, live_server, house, who)
        page.emulate_media(reduced_motion="reduce")

        def go(path):
            page.goto(address(live_server, "quetzal", path))
            return page

        return go

    return entered


def files_of_luz(house, number=4):
    now = timezone.now() - 2 * MINUTE
    vital = accepted(house, priority="vital", now=now)
    return [vital.file, *(a_file(house, now=now) for _n in range(number - 1))]


def holders(files):
    found = dict(AssistanceFile.objects.values_list("pk", "coordinator"))
    return [found[one.pk] for one in files]


@pytest.mark.requirement("ASIS-14.3", "ASIS-17.2", "MORE-06.1", "MORE-06.2")
def test_files_are_handed_over_and_taken_back_by_keyboard(house, enter):
    files, go = files_of_luz(house), enter("paula")
    luz, fabian, rocio = (house.members[who].pk for who in ("luz", "fabian", "rocio"))
    shown = {"people": faults_at_both_widths(go(HOME))}
    page = go(HOME)
    page.get_by_role("link", name="Luz Marina Daza").press("Enter")
    shown["files"] = faults_at_both_widths(page)
    page.set_viewport_size(DESK)
    page.get_by_label("Todos los de esta lista").press("Space")
    expect(page.get_by_text("4 elegidos")).to_be_visible()
    page.get_by_label(f"Elegir {files[0].number}/1").press("Space")
    expect(page.get_by_text("3 elegidos")).to_be_visible()
    page.get_by_label("Fabián Ocampo").press("Space")
    page.get_by_label("Rocío Tamayo").press("Space")
    page.get_by_label("Terminó su turno").press("Space")
    page.get_by_role("button", name="Ver cómo quedaría").press("Enter")
    expect(page.get_by_role("heading", name="Así quedarían 3 expedientes")).to_be_focused()
    shown["preview"] = faults_at_both_widths(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Entregar 3 expedientes")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Se entregaron 3 expedientes").wait_for()
    shown["done"] = faults_at_both_widths(page)
    assert holders(files)[0] == luz and set(holders(files)[1:]) == {fabian, rocio}
    page.keyboard.press("z")
    page.get_by_text("3 expedientes volvieron").wait_for()
    assert set(holders(files)) == {luz}
    assert {where: faults for where, faults in shown.items() if faults} == {}


@pytest.mark.requirement("ASIS-14.3")
def test_without_scripts_all_of_them_are_handed_over_on_a_phone(house, live_server, browser, no_static_folder):
    files = files_of_luz(house, 2)
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    let_in(context, live_server, house, "paula")
    page = context.new_page()
    page.goto(address(live_server, "quetzal", f"{HOME}?de={house.members['luz'].pk}"))
    page.get_by_label("Todos los de esta lista").check()
    page.get_by_label("Fabián Ocampo").check()
    page.get_by_label("No puede seguir hoy").check()
    page.get_by_role("button", name="Ver cómo quedaría").click()
    page.get_by_role("button", name="Entregar 2 expedientes").click()
    page.get_by_role("heading", name="Se entregaron 2 expedientes").wait_for()
    assert set(holders(files)) == {house.members["fabian"].pk}
    context.close()


@pytest.mark.requirement("ASIS-14.1")
def test_what_is_far_opens_by_keyboard_and_by_its_address(house, enter, live_server, browser):
    now, go = timezone.now(), enter("luz")
    found = assigned(house, priority="programmed", now=now, window=(now + 6 * HOUR, now + 8 * HOUR))
    path = f"/mesa/asistencia/{found.file.number}/1/"
    page = go(path)
    button = page.get_by_role("button", name="Anotar la llegada")
    expect(button).to_be_hidden()
    line = page.locator("summary", has_text="Confirmar la llegada del proveedor")
    line.press("Enter")
    expect(button).to_be_visible()
    assert faults_at_both_widths(page) == []
    page.set_viewport_size(DESK)
    expect(go(f"{path}#arribo").get_by_role("button", name="Anotar la llegada")).to_be_in_viewport()
    expect(page.locator("summary", has_text="Confirmar la llegada")).to_be_focused()
    expect(page.get_by_role("button", name="Anotar la llamada").first).to_be_hidden()
    plain = browser.new_context(java_script_enabled=False, viewport=DESK)
    plain.add_cookies([one for one in page.context.cookies() if one["name"] == "sessionid"])
    other = plain.new_page()
    other.goto(address(live_server, "quetzal", f"{path}#arribo"))
    expect(other.get_by_role("button", name="Anotar la llegada")).to_be_visible()
    plain.close()
