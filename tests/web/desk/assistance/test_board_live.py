"""The board stays true while it is open: what another does is on its row within a moment, and the row does not move."""

import os
import socket
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.assisting import accepted
from tests.browser import address, enter, faults_at_both_widths
from tests.contexts.assistance.assigning.network import a_provider, assign
from tests.make import a_house
from tests.setup.processes import soon

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def events(settings):
    """The event process, over the database of the test, where the pages look for it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    said = connection.get_connection_params()
    url = f"postgres://{said['user']}@localhost/{said['dbname']}?host={said['host']}"
    environment = os.environ | {"DATABASE_URL": url, "ESCUCHA_SECRET": settings.SECRET_KEY, "ESCUCHA_SAMPLE": "1"}
    environment["ESCUCHA_DB_ROLE"] = "run"  # as it runs, and never over the database of who prepares
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "--workers", "1"]
    command += ["--workers-kill-timeout", "2", "--host", "127.0.0.1", "--port", str(port), "escucha.asgi:application"]
    settings.EVENTS = f"http://{{host}}:{port}"
    settings.SECURE_CSP = settings.SECURE_CSP | {"connect-src": ["'self'", f"http://*:{port}"]}
    with subprocess.Popen(command, env=environment) as process:
        try:
            assert soon(lambda: _listens(port))
            yield port
        finally:
            process.terminate()


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.requirement("ASIS-14.5")
def test_what_another_does_is_on_the_row_and_what_is_elsewhere_is_offered(page, live_server, events, no_static_folder):
    house = a_house("quetzal")
    now = timezone.now()
    found = accepted(house, now=now - timedelta(minutes=1))
    enter(page, live_server, house, "luz", at=timezone.now)
    page.goto(address(live_server, "quetzal", "/mesa/asistencia/"))
    row = page.locator(f'[data-live-row="{found.file.number}/1"]')
    assert "Por asignar" in row.inner_text()
    page.wait_for_timeout(2500)  # the stream is open: a page that opens it late only reads the board anew
    provider = a_provider(house, "Reparaciones El Faro", service=found.service, area="co/bogota/norte")
    assign(house, found, provider, now=timezone.now())
    row.get_by_text("Asignada").wait_for(timeout=5000)
    assert "Reparaciones El Faro" in row.inner_text()
    accepted(house, who="fabian", now=timezone.now())
    page.get_by_text("Ver ahora").wait_for(timeout=5000)
    assert not faults_at_both_widths(page)
