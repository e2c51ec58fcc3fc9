"""The page of an assistance in a real browser: for everybody, at both widths, and worked through by keyboard alone."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from escucha.contexts.assistance.rules.stages import Stage
from tests.assisting import a_file, accepted, an_assistance
from tests.browser import DESK, address, faults_at_both_widths
from tests.cast import TUESDAY
from tests.contexts.assistance.assigning.network import a_network
from tests.contexts.assistance.service.steps import assigned, brought_to, do
from tests.make import a_house
from tests.web.entering import let_in

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(transactional_db):
    return a_house("quetzal")


@pytest.fixture
def visit(live_server, page, house, no_static_folder):
    let_in(page.context, live_server, house, "luz")

    def go(found, path=""):
        page.goto(address(live_server, "quetzal", f"/mesa/asistencia/{found.file.number}/{found.position}/{path}"))
        return page

    return go


def in_each_stage(house):
    """An assistance in each stage that looks different."""
    now = timezone.now() - timedelta(hours=1)
    excess = brought_to(house, "contact", assistance=assigned(house, now=now))
    do(house, excess, "diagnose", now=now + 9 * MINUTE, cost=Decimal(250_000))
    searching = accepted(house, now=now)
    a_network(house)
    return {
        "opening": an_assistance(house, now=now),
        "not_covered": an_assistance(house, service="vidrios", now=now),
        "to_assign": searching,
        "assigned": assigned(house, now=now),
        "diagnosed": excess,
        "finished": brought_to(house, "finish", assistance=assigned(house, now=now)),
        "concluded": brought_to(house, "conclude", assistance=assigned(house, now=TUESDAY)),
    }


@pytest.mark.requirement("MORE-06.1", "MORE-06.2")
def test_pages_are_for_everybody(house, visit):
    found, shown = in_each_stage(house), {}
    for stage, one in found.items():
        page = visit(one)
        page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
        shown[stage] = faults_at_both_widths(page)
    for tab in ("costos", "bitacora", "encuesta", "datos", "tiempos"):
        shown[tab] = faults_at_both_widths(visit(found["concluded"], f"?pestana={tab}"))
    page = visit(found["opening"], "../nueva/")
    shown["new"] = faults_at_both_widths(page)
    assert {where: faults for where, faults in shown.items() if faults} == {}


def test_it_is_accepted_and_somebody_sent_by_keyboard(house, visit):
    [provider] = a_network(house, 1)
    found = an_assistance(house, file=a_file(house, now=timezone.now()), now=timezone.now())
    page = visit(found)
    page.set_viewport_size(DESK)
    page.get_by_role("radio", name="Emergencia", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_role("radio", name="Sí", exact=True).first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Aceptar y buscar proveedor").press("Enter")
    page.get_by_role("heading", name="Asignar proveedor").wait_for()
    page.get_by_role("link", name=f"Sigue {provider.name}").press("Enter")
    page.keyboard.press("Tab")  # from the heading of who may go to its telephone
    page.keyboard.press("Tab")
    expect(page.get_by_label("Llega a las", exact=True)).to_be_focused()
    arrival = (timezone.now() + 30 * MINUTE).astimezone(ZoneInfo(found.zone))
    page.get_by_label("Llega a las", exact=True).fill(f"{arrival:%H:%M}")
    page.get_by_role("button", name="Acepta: asignar").press("Enter")
    page.get_by_role("heading", name="Confirmar al afiliado quién va").wait_for()
    found.refresh_from_db()
    assert found.stage == Stage.ASSIGNED
