"""The address that gateways of text messages call: only a signed POST says anything to it, and it tells nobody why."""

import logging
import socket
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.urls.resolvers import get_resolver

from escucha.contexts.messaging.models import Arrival, Receipt
from escucha.contexts.messaging.operations.delivering import deliver
from escucha.contexts.messaging.operations.ways import callback_of
from escucha.contexts.people.models import AccessTry
from escucha.web.hooks import urls
from escucha.web.hooks.access import MOST_BYTES, MOST_FORGED
from tests.cast import TUESDAY
from tests.contexts.messaging.sms.houses import (
    MOBILE,
    a_receipt,
    a_reply,
    a_text,
    a_texting_house,
    fresh,
    gateway_of,
    reference_of,
)
from tests.contexts.messaging.sms.stand_in import Called
from tests.make import a_house

SIGNATURES = {"twilio": "X-Twilio-Signature", "telnyx": "Telnyx-Signature-Ed25519"}


@pytest.fixture
def message(texting, stand_in):
    one = a_text(texting)
    deliver(now=TUESDAY)
    return fresh(one)


@pytest.fixture
def receipt(texting, stand_in, message):
    return a_receipt(stand_in, texting, message.gateway_ref, "delivered", reference=reference_of(message))


class TestWhoMayCall:
    def test_the_gateway_with_its_signature_and_no_session(self, texting, post, receipt, message):
        response = post(texting, receipt)
        assert response.status_code == 200
        assert response.content == {"twilio": b"<Response></Response>", "telnyx": b"{}"}[gateway_of(texting)]
        assert fresh(message).state == "delivered"
        assert not response.cookies
        assert "no-store" in response["Cache-Control"]

    def test_as_often_as_it_likes_and_it_is_once(self, texting, post, receipt, message):
        assert {post(texting, receipt).status_code for _time in range(5)} == {200}
        assert Receipt.objects.count() == 1

    @pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
    def test_by_no_other_method(self, texting, receipt, message, method, at_noon):
        path = f"/ganchos/sms/{gateway_of(texting)}/"
        response = Client().generic(method, path, receipt.body, headers={"host": texting.org.host} | receipt.headers)
        assert response.status_code == 405
        assert (fresh(message).state, Receipt.objects.count()) == ("sent", 0)

    @pytest.mark.parametrize("change", ["no signature", "other signature", "other body", "odd body"])
    def test_nobody_else_and_nobody_is_told_why(self, texting, post, receipt, message, change, caplog):
        name = SIGNATURES[gateway_of(texting)]
        others = {key: value for key, value in receipt.headers.items() if key != name}
        asked = {
            "no signature": {"headers": others},
            "other signature": {"headers": others | {name: "AAAA"}},
            "other body": {"body": receipt.body.replace(b"delivered", b"undelivered")},
            "odd body": {"body": b"\xff"},
        }[change]
        with caplog.at_level(logging.DEBUG):
            response = post(texting, receipt, **asked)
        assert (response.status_code, response.content) == (403, b"")
        assert (fresh(message).state, Receipt.objects.count()) == ("sent", 0)
        assert message.gateway_ref not in caplog.text and MOBILE not in caplog.text

    def test_nobody_at_an_organisation_that_has_no_such_gateway(self, texting, post, receipt, message):
        plain = a_house("arrayanes", sample=False)
        assert post(texting, receipt, host=plain.org.host).status_code == 404
        other = {"twilio": "telnyx", "telnyx": "twilio"}[gateway_of(texting)]
        assert post(texting, receipt, gateway=other).status_code == 404
        assert post(texting, receipt, gateway="carrier").status_code == 404
        assert (fresh(message).state, Receipt.objects.count()) == ("sent", 0)

    def test_nobody_at_an_example(self, db, stand_in, settings, gateway, post):
        house = a_texting_house(stand_in, settings, gateway, sample=True)
        assert post(house, a_receipt(stand_in, house, "SM1", "delivered")).status_code == 404

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "nadie.example.org"])
    def test_nobody_at_a_host_of_no_organisation(self, texting, post, receipt, host):
        assert post(texting, receipt, host=host).status_code == 404

    def test_of_another_organisation_no_message_is_touched(self, texting, stand_in, settings, post, message):
        other = a_texting_house(stand_in, settings, gateway_of(texting), slug="vidamar")
        called = a_receipt(stand_in, other, message.gateway_ref, "delivered", reference=reference_of(message))
        assert post(other, called).status_code == 200
        assert fresh(message).state == "sent"
        assert [row.org for row in Receipt.objects.all()] == [other.org]

    def test_every_address_of_this_face_says_who_may_enter(self):
        assert [pattern.callback.entry for pattern in urls.urlpatterns] == ["hook"] * len(urls.urlpatterns)


class TestHowMuch:
    def test_a_body_that_no_gateway_sends_is_not_read(self, texting, post, receipt):
        assert post(texting, receipt, body=b"a" * (MOST_BYTES + 1)).status_code == 413

    def test_a_body_of_no_said_length_is_not_read(self, texting, receipt, at_noon):
        client = Client(headers={"host": texting.org.host})
        path = f"/ganchos/sms/{gateway_of(texting)}/"
        for length in ("", "-1", "muchos"):
            response = client.generic("POST", path, receipt.body, headers=receipt.headers, CONTENT_LENGTH=length)
            assert response.status_code == 411

    def test_who_forges_too_often_is_told_to_wait_and_the_gateway_is_not(self, texting, post, receipt, message):
        forged = {"body": b"a=1"}
        answers = [post(texting, receipt, **forged).status_code for _time in range(MOST_FORGED + 2)]
        assert answers == [403] * MOST_FORGED + [429] * 2
        assert int(post(texting, receipt, **forged)["Retry-After"]) == 3600
        assert post(texting, receipt).status_code == 200
        assert fresh(message).state == "delivered"
        assert AccessTry.objects.get().tries == MOST_FORGED

    def test_a_call_of_yesterday_says_nothing_where_its_moment_is_signed(
        self, texting, stand_in, post, message, monkeypatch
    ):
        called = a_receipt(stand_in, texting, message.gateway_ref, "delivered", now=TUESDAY - timedelta(seconds=301))
        assert post(texting, called).status_code == {"telnyx": 403, "twilio": 200}[gateway_of(texting)]


class TestWhatIsLogged:
    def test_of_a_text_is_nothing(self, texting, stand_in, post, caplog):
        with caplog.at_level(logging.DEBUG):
            post(texting, a_reply(stand_in, texting, "in-1", "Mi enfermedad es secreta"))
        assert Arrival.objects.get().body == "Mi enfermedad es secreta"
        assert "secreta" not in caplog.text and "300000" not in caplog.text


def test_the_address_that_gateways_are_given_is_this_one(cafetal, settings):
    assert settings.PAGES["texts"].format(gateway="twilio") == reverse("hooks:texts", args=["twilio"])
    assert urlsplit(callback_of(cafetal.org, gateway="twilio")).path == "/ganchos/sms/twilio/"
    assert get_resolver().resolve("/ganchos/sms/twilio/").func.csrf_exempt


@pytest.mark.slow
def test_over_a_real_connection_as_the_gateway_makes_it(real_texting, stand_in, live_server, settings, monkeypatch):
    """From a text queued to a telephone that has it, and a reply: bytes over sockets both ways, nothing in between."""
    settings.ADDRESS = f"http://{{host}}:{urlsplit(live_server.url).port}"
    monkeypatch.setattr("escucha.web.middleware.timezone.now", lambda: TUESDAY)
    message = a_text(real_texting)
    deliver(now=TUESDAY)
    [asked] = stand_in.asked
    url = urlsplit(asked.said.get("StatusCallback") or asked.said["webhook_url"])
    assert url.path == f"/ganchos/sms/{gateway_of(real_texting)}/"

    delivered = a_receipt(stand_in, real_texting, asked.ref, "delivered", reference=reference_of(message))
    assert url.query == delivered.query
    said = a_reply(stand_in, real_texting, "in-1", "BAJA")
    assert [called_over(url.port, real_texting, one) for one in (delivered, said, delivered, said)] == [b"200"] * 4
    assert fresh(message).state == "delivered"
    assert (Receipt.objects.count(), Arrival.objects.count()) == (1, 1)


def called_over(port: int, house, called: Called) -> bytes:
    path = f"/ganchos/sms/{gateway_of(house)}/" + (f"?{called.query}" if called.query else "")
    head = [f"POST {path} HTTP/1.1", f"Host: {house.org.host}:{port}", f"Content-Length: {len(called.body)}"]
    head += [f"{key}: {value}" for key, value in called.headers.items()] + ["Connection: close", "", ""]
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall("\r\n".join(head).encode() + called.body)
        return line.makefile("rb").readline().split()[1]
