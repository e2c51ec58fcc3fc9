"""What every test stands on: a throw-away PostgreSQL, and no network. Fixtures live in tests/fixtures.py."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.db import connection

from escucha.console import embedded
from tests import cluster, examples

pytest_plugins = ["tests.fixtures", "tests.browser", "tests.events"]

CLUSTER = pytest.StashKey[tuple[embedded.Server, Path]]()


# The fast run looks at the same few examples each time; the long one, at more and new ones.
hypothesis.settings.register_profile(examples.FAST, derandomize=True, max_examples=50)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    _close_the_network()
    if "not long" in (config.option.markexpr or ""):
        hypothesis.settings.load_profile(examples.FAST)
    if hasattr(config, "workerinput"):  # xdist's controller started the database and exported its address
        return
    if "DATABASE_URL" not in os.environ:
        var = Path(tempfile.mkdtemp(prefix="escucha-tests-"))
        server = cluster.start(var)
        config.stash[CLUSTER] = server, var
        os.environ["DATABASE_URL"] = server.url(role=embedded.RUNTIME)
        os.environ["DATABASE_OWNER_URL"] = server.url()
        os.environ["ESCUCHA_TESTS"] = str(var)
    os.environ["ESCUCHA_DB_ROLE"] = "owner"
    _point_django_there()


def pytest_unconfigure(config: pytest.Config) -> None:
    if CLUSTER in config.stash:
        server, var = config.stash[CLUSTER]
        server.stop()
        cluster.keep(var)
        shutil.rmtree(var, ignore_errors=True)
        del os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"], os.environ["ESCUCHA_TESTS"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The two processes that share the tests begin with half of those in a browser each: the last ones are short."""
    if hasattr(config, "workerinput"):
        shown = [item for item in items if {"page", "browser"} & set(getattr(item, "fixturenames", ()))]
        seen = set(shown)
        others = [item for item in items if item not in seen]
        half = len(others) // 2
        items[:] = shown[::2] + others[:half] + shown[1::2] + others[half:]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """pytest-django's, which goes before the database of this process is made: it is a copy of the migrated one."""
    if "ESCUCHA_TESTS" in os.environ:
        cluster.migrate_once(Path(os.environ["ESCUCHA_TESTS"]))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's, which can drop the database only once the live server's threads are out of it."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        )


def _point_django_there() -> None:
    """Settings were read before this file; no connection has been opened since."""
    from escucha import settings as file

    file.DATABASES["default"].update(file._database())
    if "ESCUCHA_TESTS" in os.environ:
        file.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = cluster.MIGRATED


def _close_the_network() -> None:
    """Only this machine may be called."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def refuse_far(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not _is_near(str(address[0])):
            raise RuntimeError(f"A test called {address[0]}: no network in tests")

    def near_connect(self: socket.socket, address: Any) -> None:
        refuse_far(self, address)
        connect(self, address)

    def near_connect_ex(self: socket.socket, address: Any) -> int:
        refuse_far(self, address)
        return connect_ex(self, address)

    socket.socket.connect = near_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = near_connect_ex  # type: ignore[method-assign]


def _is_near(host: str) -> bool:
    return host in {"localhost", "::1", "0.0.0.0"} or host.startswith("127.")
