"""The switchboard's hook: believed by its signature over the bytes, and by nothing else."""

import json

import pytest

from escucha.contexts.assistance.models import IncomingCall
from escucha.contexts.assistance.rules.calls import signature_of
from tests.cast import TUESDAY
from tests.make import a_house

pytestmark = pytest.mark.django_db
SECRET = "clave-de-prueba"
BODY = json.dumps({"event": "ringing", "call": "a-1", "line": "601 000 0043", "caller": "300 000 0021"}).encode()


@pytest.fixture(autouse=True)
def switchboard(settings, time_machine):
    time_machine.move_to(TUESDAY, tick=False)
    settings.SWITCHBOARDS = {"ESCUCHA_SWITCHBOARD_QUETZAL": SECRET}
    a_house("quetzal")


def tell(client, body=BODY, *, signed=None, stamp=None, slug="quetzal", secret=SECRET):
    stamp = stamp or str(int(TUESDAY.timestamp()))
    signature = signed if signed is not None else signature_of(body, stamp=stamp, secret=secret)
    headers = {"host": f"{slug}.localhost", "X-Escucha-Stamp": stamp, "X-Escucha-Signature": signature}
    return client.post("/ganchos/llamadas/", body, content_type="application/json", headers=headers)


@pytest.mark.requirement("ASIS-15.1")
def test_what_is_signed_is_kept_once(client):
    assert tell(client).status_code == tell(client).status_code == 204
    assert IncomingCall.objects.get().account == "techo_amigo"


def test_what_is_not_signed_keeps_nothing(client):
    assert tell(client, signed="").status_code == 403
    assert tell(client, secret="otra").status_code == 403
    assert tell(client, stamp="1000000000").status_code == 403
    assert not IncomingCall.objects.exists()


def test_what_is_signed_and_says_nothing_is_told_so(client):
    assert tell(client, b"{}").status_code == 400


def test_an_organisation_without_switchboard_has_no_such_address(client, settings):
    a_house("cafetal")
    assert tell(client, slug="cafetal").status_code == 404
    settings.SWITCHBOARDS = {}
    assert tell(client).status_code == 404


def test_looking_is_not_telling(client):
    assert client.get("/ganchos/llamadas/", headers={"host": "quetzal.localhost"}).status_code == 405
