"""Pages name static files that nobody collected; and the moment is that of the case."""

import pytest

from tests.make import a_house

CAFETAL = {"host": "cafetal.localhost:8000"}


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def visitor(client, cafetal):
    """A browser at the organisation's host."""
    client.defaults["HTTP_HOST"] = CAFETAL["host"]
    return client


@pytest.fixture
def vidamar(db):
    return a_house("vidamar")
