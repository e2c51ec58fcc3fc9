"""The event process of the tests: what changes reaches the pages that are open."""

import os
import socket
import subprocess
import sys

import pytest
from django.db import connection

from tests.setup.processes import soon


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
