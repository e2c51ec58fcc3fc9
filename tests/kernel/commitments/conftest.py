from collections.abc import Iterator

import pytest
from django.db import connection

from tests.kernel.commitments.making import Office, an_office

KEPT = ("timeline_entry", "timeline_anchor", "timeline_anchoredhead")


@pytest.fixture
def office(db: None) -> Office:
    return an_office()


@pytest.fixture
def real_office(_may_be_emptied: None, transactional_db: None) -> Office:
    """An office whose rows are committed, for tests with several connections."""
    return an_office()


@pytest.fixture
def _may_be_emptied(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    # The bitácora refuses to be emptied, which is how committed rows are cleared away after a test.
    with django_db_blocker.unblock():
        _triggers("DISABLE")
    yield
    with django_db_blocker.unblock():
        _triggers("ENABLE")


def _triggers(what: str) -> None:
    with connection.cursor() as cursor:
        for table in KEPT:
            cursor.execute(f"ALTER TABLE {table} {what} TRIGGER kept")
