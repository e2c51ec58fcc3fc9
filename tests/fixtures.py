"""Fixtures that every test may use."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase

from escucha.web.public.limits import RECKONINGS, VERIFICATIONS
from tests.make import a_house

# The list of places, and what Django keeps of the models.
BROUGHT = {"people_place", "django_content_type", "auth_permission"}


@pytest.fixture(scope="session", autouse=True)
def emptying_past_the_triggers() -> Iterator[None]:
    """After a test with real transactions the tables are emptied; the bitácora's triggers would refuse it.

    What migrations bring stays: no test would find it again.
    """

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: empty_tables())
        yield


def empty_tables() -> None:
    """Only those that were written to: to empty all of them takes a hundred times as long."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET LOCAL session_replication_role = replica")
        for table in _written(cursor):
            cursor.execute(f"DELETE FROM {table}")


def _written(cursor: CursorWrapper) -> list[str]:
    """Those with rows, once whoever still writes has ended."""
    tables = [f'"{table}"' for table in emptied_tables()]
    cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
    cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables))
    return [table for (table,) in cursor.fetchall()]


def emptied_tables() -> list[str]:
    return sorted(set(connection.introspection.django_table_names(include_views=False)) - BROUGHT)


@pytest.fixture(scope="session", autouse=True)
def passwords_at_a_small_cost() -> Iterator[None]:
    """Argon2 as it is, but cheap: an organisation with its people is made anew for each test."""
    with pytest.MonkeyPatch.context() as patch:
        for cost, value in (("time_cost", 1), ("memory_cost", 8), ("parallelism", 1)):
            patch.setattr(Argon2PasswordHasher, cost, value)
        yield


@pytest.fixture(scope="session", autouse=True)
def examples_shown() -> Iterator[None]:
    """As on one's own machine, whatever database the tests were given."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "SAMPLE", True)
        yield


@pytest.fixture
def cafetal(db):
    """The fund: only User Attention classifies, the service answers in 5, User Attention checks and sends in 2."""
    return a_house("cafetal")


@pytest.fixture
def vidamar(db):
    """The insurer: terms by kind, health claims in hours, a coordinator over the assistants."""
    return a_house("vidamar")


@pytest.fixture
def arrayanes(db):
    """A small clinic, with vital claims in hours."""
    return a_house("arrayanes")


@pytest.fixture
def quetzal(db):
    """The assistance company, which works on Saturdays."""
    return a_house("quetzal")


@pytest.fixture
def corrioverde(db):
    """The authority: whoever directs the unit answers and sends; communications classifies and redirects."""
    return a_house("corrioverde")


@pytest.fixture
def real_cafetal(transactional_db):
    """The fund with its rows committed, for tests with several connections."""
    return a_house("cafetal")


@pytest.fixture(scope="session", autouse=True)
def plain_static_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Pages of the tests name static files that nobody collected."""
    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture(scope="session", autouse=True)
def files_in_their_own_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What tests keep is not kept beside the data of this machine."""
    kept = settings.STORAGES["files"] | {"OPTIONS": {"location": tmp_path_factory.mktemp("files")}}
    settings.STORAGES = settings.STORAGES | {"files": kept}


@pytest.fixture(autouse=True)
def nobody_has_asked_yet() -> None:
    """What visitors may ask is counted by the process, which all tests share."""
    RECKONINGS.forget()
    VERIFICATIONS.forget()
