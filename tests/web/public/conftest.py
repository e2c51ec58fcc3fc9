"""Who looks at the public pages."""

import pytest

from tests.make import a_house


@pytest.fixture(scope="session", autouse=True)
def uncollected_static_files():
    """Nobody collected static files for the tests: the middleware, which starts once, is told not to look for them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.WHITENOISE_AUTOREFRESH", True, raising=False)
        yield


@pytest.fixture
def visitor(client, cafetal):
    """A browser at the organisation's host."""
    client.defaults["HTTP_HOST"] = "cafetal.localhost:8000"
    return client


@pytest.fixture
def at(client, db):
    """A browser at an organisation that is loaded."""

    def browser(slug):
        a_house(slug)
        client.defaults["HTTP_HOST"] = f"{slug}.localhost:8000"
        return client

    return browser


@pytest.fixture
def vidamar(db):
    return a_house("vidamar")
