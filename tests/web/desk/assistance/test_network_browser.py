"""The pages of the network in a real browser: for everybody, at both widths, and by keyboard."""

from datetime import timedelta

import pytest
from django.utils import timezone

from escucha.contexts.assistance.models import Provider, Reach
from escucha.contexts.assistance.operations.network import set_shifts, veto_provider
from escucha.contexts.assistance.operations.papers import add_paper
from escucha.contexts.assistance.operations.suspending import suspend_provider
from tests.browser import address, faults_at_both_widths
from tests.contexts.assistance.assigning.network import a_network, a_provider, assigned
from tests.make import a_house
from tests.web.entering import let_in

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HOME = "/mesa/asistencia/red/"


@pytest.fixture
def house(transactional_db):
    return a_house("quetzal")


@pytest.fixture
def visit(live_server, page, house, no_static_folder):
    let_in(page.context, live_server, house, "paula")

    def go(path):
        page.goto(address(live_server, "quetzal", f"{HOME}{path}"))
        return page

    return go


@pytest.fixture
def busy(house):
    """A provider that has some of everything."""
    now = timezone.now()
    said = {"org": house.org, "by": house.actor("paula"), "now": now}
    assigned(house, now=now)
    one = Provider.objects.get()
    set_shifts(
        provider_id=one.pk,
        shifts={"0": [[480, 720], [840, 1080]], "4": [[1320, 1800]]},
        on_guard=True,
        capacity=2,
        **said,
    )
    for name, days in (("Matrícula", None), ("Póliza de responsabilidad civil", 9), ("Licencia de conducción", -3)):
        until = None if days is None else timezone.localdate() + timedelta(days=days)
        add_paper(provider_id=one.pk, name=name, until=until, **said)
    veto_provider(provider_id=one.pk, account="techo_amigo", reason="Dañó una puerta y no respondió", **said)
    return one


def test_pages_are_for_everybody(house, visit, busy):
    a_network(house, 3)
    left = a_provider(house, "Vidrios Vera", service="vidrios", area="co/antioquia")
    said = {"org": house.org, "by": house.actor("paula"), "now": timezone.now()}
    suspend_provider(provider_id=left.pk, reason="No contesta desde el lunes", **said)
    found = {}
    for path in ("", "?q=nadie", "?servicio=vidrios", "nuevo/", "importacion/", f"{busy.pk}/", f"{left.pk}/"):
        page = visit(path)
        page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        found[path] = faults_at_both_widths(page)
    assert {where: faults for where, faults in found.items() if faults} == {}


def test_a_provider_is_added_and_given_a_service_by_keyboard(house, visit):
    page = visit("nuevo/")
    page.get_by_label("Nombre").first.focus()
    page.keyboard.type("Gasfitería Ñuble")
    page.get_by_label("Código en la red").focus()
    page.keyboard.type("G-1")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Gasfitería Ñuble").wait_for()
    page.get_by_text("Agregar un servicio en una zona").press("Enter")
    page.get_by_label("Servicio", exact=True).focus()
    page.keyboard.type("Plomer")
    page.keyboard.press("Tab")
    page.keyboard.type("Antioq")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("80.000")
    page.keyboard.press("Enter")
    page.get_by_role("cell", name="COP 80.000").wait_for()
    [one] = Reach.objects.values_list("service", "area", "position")
    assert one == ("plomeria", "co/antioquia", 1)
