"""Machines at the door: the stand-in's calls, made to our address by HTTP."""

import pytest
from django.test import Client

from tests.cast import TUESDAY
from tests.contexts.messaging.sms.conftest import gateway, real_texting, stand_in, texting
from tests.contexts.messaging.sms.houses import gateway_of

__all__ = ["gateway", "real_texting", "stand_in", "texting"]


@pytest.fixture
def at_noon(monkeypatch):
    """The moment of the tests, which the middleware gives each request."""
    monkeypatch.setattr("escucha.web.middleware.timezone.now", lambda: TUESDAY)
    return TUESDAY


@pytest.fixture
def post(at_noon):
    """Makes a gateway's call: `post(house, called)`; what is given otherwise takes the place of its own."""

    def made(house, called, *, gateway="", headers=None, body=None, host="", secure=False):
        said = called.headers if headers is None else headers
        client = Client(enforce_csrf_checks=True)
        return client.generic(
            "POST",
            f"/ganchos/sms/{gateway or gateway_of(house)}/" + (f"?{called.query}" if called.query else ""),
            called.body if body is None else body,
            content_type=said.get("Content-Type", "application/octet-stream"),
            headers={"host": host or house.org.host} | {k: v for k, v in said.items() if k != "Content-Type"},
            secure=secure,
        )

    return made
