"""The event process of the tests: what changes reaches the pages that are open."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from escucha.console.embedded import LEASH
from tests.setup.processes import soon


@pytest.fixture
def events(settings: Any, event_process: int) -> int:
    """The event process, where the pages of this test look for it."""
    settings.EVENTS = f"http://{{host}}:{event_process}"
    settings.SECURE_CSP = settings.SECURE_CSP | {"connect-src": ["'self'", f"http://*:{event_process}"]}
    return event_process


@pytest.fixture(scope="session")
def event_process(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """One for all tests, over their database: it keeps nothing of what passes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with django_db_blocker.unblock():
        said = connection.get_connection_params()
    url = f"postgres://{said['user']}@localhost/{said['dbname']}?host={said['host']}"
    environment = os.environ | {"DATABASE_URL": url, "ESCUCHA_SECRET": settings.SECRET_KEY, "ESCUCHA_SAMPLE": "1"}
    environment["ESCUCHA_DB_ROLE"] = "run"  # as it runs, and never over the database of who prepares
    command = [sys.executable, "-I", "-S", str(LEASH), "self", str(int(signal.SIGTERM)), str(os.getpid())]
    command += [sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "--workers", "1"]
    command += ["--workers-kill-timeout", "2", "--host", "127.0.0.1", "--port", str(port), "escucha.asgi:application"]
    with subprocess.Popen(command, env=environment) as process:
        try:
            assert soon(lambda: _listens(port))
            yield port
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
