"""The board stays true while it is open: what another does is on its row within a moment, and the row does not move."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.assisting import accepted
from tests.browser import address, enter, faults_at_both_widths, hears
from tests.contexts.assistance.assigning.network import a_provider, assign
from tests.make import a_house

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.requirement("ASIS-14.5")
def test_what_another_does_is_on_the_row_and_what_is_elsewhere_is_offered(page, live_server, events, no_static_folder):
    house = a_house("quetzal")
    now = timezone.now()
    found = accepted(house, now=now - timedelta(minutes=1))
    enter(page, live_server, house, "luz", at=timezone.now)
    page.goto(address(live_server, "quetzal", "/mesa/asistencia/"))
    row = page.locator(f'[data-live-row="{found.file.number}/1"]')
    expect(row).to_contain_text("Por asignar")
    hears(page)
    provider = a_provider(house, "Reparaciones El Faro", service=found.service, area="co/bogota/norte")
    assign(house, found, provider, now=timezone.now())
    row.get_by_text("Asignada").wait_for(timeout=15_000)
    expect(row).to_contain_text("Reparaciones El Faro")
    accepted(house, who="fabian", now=timezone.now())
    page.get_by_text("Ver ahora").wait_for(timeout=15_000)
    assert not faults_at_both_widths(page)
