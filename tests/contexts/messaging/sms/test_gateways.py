"""Both gateways over real HTTP: what they are asked, what their refusals mean, and that nobody speaks in their name."""

import base64
import json
from datetime import timedelta
from urllib.parse import parse_qsl

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escucha.contexts.messaging.gateways.errors import Forged, NotNow, Rejected, Unavailable
from escucha.contexts.messaging.gateways.sms import TABLE, interface, telnyx, twilio
from escucha.contexts.messaging.gateways.sms.interface import Account, Callback, Said, Standing, Text, Told
from escucha.contexts.messaging.policy.sms import GATEWAYS
from tests.cast import TUESDAY
from tests.contexts.messaging.sms.stand_in import FORM_SECRET, FORM_USER, JSON_USER, MINE, Answer, StandIn

URL = "https://fondo.example.org/ganchos/sms/x/"
TEXT = Text(to="+573000000001", body="Hola, niño: ¿qué?", sender=MINE, reference="7.0", callback=URL)


def account(stand_in: StandIn, gateway: str, **changes: str) -> Account:
    user, secret = {"twilio": (FORM_USER, FORM_SECRET), "telnyx": (JSON_USER, stand_in.public_key)}[gateway]
    return Account(**{"gateway": gateway, "user": user, "secret": secret, "address": stand_in.address} | changes)


def refusal(gateway: str, status: int, code: str) -> Answer:
    bodies = {
        "twilio": {"code": int(code or 0), "message": "no"},
        "telnyx": {"errors": [{"code": code, "title": "no"}]},
    }
    return Answer(status=status, body=json.dumps(bodies[gateway]).encode())


def test_the_table_has_what_a_profile_may_name():
    assert tuple(TABLE) == GATEWAYS


class TestWhatIsAsked:
    def test_as_a_form_with_basic_authentication(self, stand_in):
        ref = twilio.send(TEXT, account=account(stand_in, "twilio"))
        [asked] = stand_in.asked
        assert ref == asked.ref
        assert asked.said == {
            "To": "+573000000001",
            "From": MINE,
            "Body": "Hola, niño: ¿qué?",
            "StatusCallback": f"{URL}?ref=7.0",
        }
        assert asked.headers["content-type"] == "application/x-www-form-urlencoded"

    def test_by_a_service_where_the_sender_is_one(self, stand_in):
        service = "MG" + "0" * 32
        twilio.send(Text("+573000000001", "Hola", service, "7.0", URL), account=account(stand_in, "twilio"))
        assert "From" not in stand_in.asked[0].said
        assert stand_in.asked[0].said["MessagingServiceSid"] == service

    def test_as_json_with_a_bearer_and_a_key_against_twice(self, stand_in):
        ref = telnyx.send(TEXT, account=account(stand_in, "telnyx"))
        [asked] = stand_in.asked
        assert ref == asked.ref
        assert asked.headers["content-type"] == "application/json"
        assert asked.headers["idempotency-key"] == "7-0"
        assert (asked.said["from"], asked.said["to"], asked.said["text"]) == (MINE, TEXT.to, TEXT.body)
        assert (asked.said["webhook_url"], asked.said["tags"]) == (URL, ["7.0"])


NEVER, LATER, CLOSED = Rejected, NotNow, Unavailable
REFUSALS = [
    ("twilio", 400, "21211", NEVER, "number 21211"),
    ("twilio", 400, "21614", NEVER, "number 21614"),
    ("twilio", 400, "21612", NEVER, "number 21612"),
    ("twilio", 400, "21610", NEVER, "opt_out 21610"),
    ("twilio", 400, "21617", NEVER, "text 21617"),
    ("twilio", 403, "21408", LATER, "account 21408"),
    ("twilio", 429, "21611", LATER, "account 21611"),
    ("twilio", 400, "21606", CLOSED, "account 21606"),
    ("twilio", 401, "20003", CLOSED, "account 20003"),
    ("twilio", 429, "20429", CLOSED, "busy 20429"),
    ("twilio", 503, "20503", CLOSED, "busy 20503"),
    ("twilio", 400, "29999", NEVER, "unknown 29999"),
    ("twilio", 404, "29999", CLOSED, "account 29999"),
    ("telnyx", 422, "40310", NEVER, "number 40310"),
    ("telnyx", 422, "10016", NEVER, "number 10016"),
    ("telnyx", 403, "40300", NEVER, "opt_out 40300"),
    ("telnyx", 422, "40302", NEVER, "text 40302"),
    ("telnyx", 403, "40309", LATER, "account 40309"),
    ("telnyx", 429, "40318", LATER, "busy 40318"),
    ("telnyx", 401, "10009", CLOSED, "account 10009"),
    ("telnyx", 403, "40305", CLOSED, "account 40305"),
    ("telnyx", 402, "20100", CLOSED, "account 20100"),
    ("telnyx", 429, "10011", CLOSED, "busy 10011"),
    ("telnyx", 500, "10007", CLOSED, "busy 10007"),
    ("telnyx", 400, "99999", NEVER, "unknown 99999"),
]


class TestWhatARefusalMeans:
    @pytest.mark.parametrize(("gateway", "status", "code", "raised", "error"), REFUSALS)
    def test_by_its_own_code(self, stand_in, gateway, status, code, raised, error):
        stand_in.answers = [refusal(gateway, status, code)]
        with pytest.raises(raised) as caught:
            TABLE[gateway].send(TEXT, account=account(stand_in, gateway))
        assert str(caught.value) == error
        assert stand_in.asked == []

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            (Answer(status=429, headers=(("Retry-After", "30"),)), "busy 429"),
            (Answer(status=500, body=b"<html>"), "busy 500"),
            (Answer(status=302, headers=(("Location", "http://127.0.0.1:1/"),)), "unknown 302"),
            (Answer(status=200, body=b"not json"), "unreadable"),
            (Answer(status=200, body=b"[]"), "unreadable"),
            (Answer(status=201, body=b'{"sid": null, "data": {"id": 7}}'), "unreadable"),
            (Answer(status=200, body=b'{"data": []}'), "unreadable"),
            (Answer(hangs_up=True), "RemoteProtocolError"),
        ],
    )
    def test_of_what_says_no_code_by_what_happened(self, stand_in, gateway, answer, error):
        stand_in.answers = [answer]
        with pytest.raises(Unavailable, match=error):
            TABLE[gateway].send(TEXT, account=account(stand_in, gateway))

    def test_of_who_says_nothing_in_time(self, stand_in, gateway, monkeypatch):
        monkeypatch.setattr(interface, "PATIENCE", httpx.Timeout(0.05))
        stand_in.answers = [Answer(slow=0.3)]
        with pytest.raises(Unavailable, match="ReadTimeout"):
            TABLE[gateway].send(TEXT, account=account(stand_in, gateway))

    def test_of_nobody_there(self, stand_in, gateway):
        with pytest.raises(Unavailable, match="ConnectError"):
            TABLE[gateway].send(TEXT, account=account(stand_in, gateway, address="http://127.0.0.1:1"))

    def test_of_a_wrong_account(self, stand_in, gateway):
        wrong = {"twilio": {"secret": "other"}, "telnyx": {"user": "other"}}[gateway]
        with pytest.raises(Unavailable, match="account"):
            TABLE[gateway].send(TEXT, account=account(stand_in, gateway, **wrong))

    def test_says_neither_secret_nor_words_of_the_gateway(self, stand_in, gateway):
        known = account(stand_in, gateway)
        assert known.secret not in repr(known) and known.user not in repr(known)
        said = {"code": 21211, "message": "+573000000001 is wrong", "errors": [{"code": "40310", "title": "+573"}]}
        stand_in.answers = [Answer(status=400, body=json.dumps(said).encode())]
        with pytest.raises(Rejected) as caught:
            TABLE[gateway].send(TEXT, account=known)
        assert "573" not in str(caught.value)

    def test_no_code_is_both_for_good_and_passing(self):
        for module in (twilio, telnyx):
            assert all(code.isdecimal() and len(why) <= 20 for code, (_verdict, why) in module.ERRORS.items())


def called(stand_in: StandIn, gateway: str, kind: str = "receipt", **more: str) -> Callback:
    if gateway == "twilio":
        made = {
            "receipt": lambda: stand_in.form_receipt(URL, "SM1", more.pop("status", "delivered"), **more),
            "text": lambda: stand_in.form_text(URL, "SM1", "+573000000001", "Sí, gracias & adiós"),
        }[kind]()
    else:
        now = TUESDAY.timestamp()
        made = {
            "receipt": lambda: stand_in.json_receipt(now, "SM1", more.pop("status", "delivered"), **more),
            "text": lambda: stand_in.json_text(now, "SM1", "+573000000001", "Sí, gracias & adiós"),
        }[kind]()
    return Callback(URL + (f"?{made.query}" if made.query else ""), httpx.Headers(made.headers), made.body)


def heard(stand_in: StandIn, gateway: str, callback: Callback, now=TUESDAY) -> list[Told | Said]:
    return list(TABLE[gateway].heard(callback, account=account(stand_in, gateway), now=now))


class TestWhatTheyTell:
    def test_that_a_text_arrived_with_our_reference(self, stand_in, gateway):
        [told] = heard(stand_in, gateway, called(stand_in, gateway, reference="7.0"))
        assert told == Told(ref="SM1", status="delivered", standing=Standing.DELIVERED, reference="7.0")

    @pytest.mark.parametrize(
        ("name", "status", "code", "error", "passing"),
        [
            ("twilio", "undelivered", "30003", "phone_off 30003", True),
            ("twilio", "undelivered", "30008", "unknown 30008", True),
            ("twilio", "failed", "30001", "busy 30001", True),
            ("twilio", "undelivered", "30004", "blocked 30004", False),
            ("twilio", "undelivered", "30005", "number 30005", False),
            ("twilio", "undelivered", "30006", "number 30006", False),
            ("twilio", "undelivered", "30007", "blocked 30007", False),
            ("twilio", "failed", "", "unknown", False),
            ("telnyx", "delivery_failed", "40006", "phone_off 40006", True),
            ("telnyx", "delivery_failed", "40002", "blocked 40002", True),
            ("telnyx", "sending_failed", "40011", "busy 40011", True),
            ("telnyx", "sending_failed", "40012", "number 40012", False),
            ("telnyx", "delivery_failed", "40008", "blocked 40008", False),
            ("telnyx", "delivery_failed", "", "unknown", False),
        ],
    )
    def test_that_it_failed_for_good_or_may_pass(self, stand_in, name, status, code, error, passing):
        [told] = heard(stand_in, name, called(stand_in, name, status=status, code=code))
        assert (told.standing, told.code, told.error, told.passing) == (Standing.FAILED, code, error, passing)

    @pytest.mark.parametrize(
        ("name", "status", "standing"),
        [
            ("twilio", "queued", Standing.TAKEN),
            ("twilio", "sent", Standing.TAKEN),
            ("twilio", "read", Standing.DELIVERED),
            ("twilio", "dreamt", Standing.UNKNOWN),
            ("telnyx", "sent", Standing.TAKEN),
            ("telnyx", "expired", Standing.FAILED),
            ("telnyx", "delivery_unconfirmed", Standing.UNKNOWN),
        ],
    )
    def test_how_far_it_has_come(self, stand_in, name, status, standing):
        [told] = heard(stand_in, name, called(stand_in, name, status=status))
        assert (told.status, told.standing) == (status, standing)

    def test_what_somebody_wrote(self, stand_in, gateway):
        [said] = heard(stand_in, gateway, called(stand_in, gateway, "text"))
        assert said == Said(ref="SM1", sender="+573000000001", body="Sí, gracias & adiós")

    @pytest.mark.parametrize("event", [{}, {"data": 7}, {"data": {"event_type": "message.sent", "payload": {}}}, []])
    def test_what_we_do_not_know_and_nothing_follows(self, stand_in, event):
        body = json.dumps(event).encode()
        moment = str(int(TUESDAY.timestamp()))
        proof = base64.b64encode(stand_in.key.sign(moment.encode() + b"|" + body)).decode()
        headers = httpx.Headers({"Telnyx-Timestamp": moment, "Telnyx-Signature-Ed25519": proof})
        assert heard(stand_in, "telnyx", Callback(URL, headers, body)) == []


class TestWhoSpeaksInTheirName:
    def test_is_known_by_signatures_that_the_gateway_published(self):
        """Examples of its own documentation, with its own key."""
        form = {"CallSid": "CA1234567890ABCDE", "Digits": "1234", "To": "+18005551212"}
        url = "https://mycompany.com/myapp.php?foo=1&bar=2"
        for caller, expected in (
            ("+14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
            ("+12349013030", "0/KCTR6DLpKmkAf8muzZqo1nDgQ="),
        ):
            said = form | {"Caller": caller, "From": caller}
            assert twilio.signature(url, list(said.items()), "12345") == expected

    @settings(max_examples=40, deadline=None)
    @given(place=st.integers(min_value=0), bit=st.integers(0, 7))
    @pytest.mark.parametrize("name", ["twilio", "telnyx"])
    def test_with_one_bit_of_the_body_changed_is_not_believed(self, name, place, bit):
        stand_in = STAND_IN
        callback = called(stand_in, name, "text")
        body = bytearray(callback.body)
        body[place % len(body)] ^= 1 << bit
        if name == "twilio" and reads_the_same(bytes(body), callback.body):
            return
        with pytest.raises(Forged):
            heard(stand_in, name, Callback(callback.url, callback.headers, bytes(body)))

    @pytest.mark.parametrize("kind", ["receipt", "text"])
    def test_with_another_key_is_not_believed(self, stand_in, gateway, kind):
        stranger = Account(gateway, "user", {"twilio": "other", "telnyx": StandIn().public_key}[gateway], "")
        with pytest.raises(Forged):
            TABLE[gateway].heard(called(stand_in, gateway, kind), account=stranger, now=TUESDAY)

    @pytest.mark.parametrize("proof", [None, "", "AAAA", "=", "ñ", "x" * 9000, base64.b64encode(bytes(64)).decode()])
    def test_with_no_signature_or_an_odd_one_is_not_believed(self, stand_in, gateway, proof):
        callback = called(stand_in, gateway)
        name = {"twilio": "X-Twilio-Signature", "telnyx": "Telnyx-Signature-Ed25519"}[gateway]
        headers = {key: value for key, value in callback.headers.items() if key.lower() != name.lower()}
        if proof is not None:
            headers[name] = proof
        with pytest.raises(Forged):
            heard(stand_in, gateway, Callback(callback.url, Plain(headers), callback.body))

    @pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"a", b"%ff=1", "ñ=1".encode(), b"&&&", b"{" * 5000])
    def test_with_a_body_nobody_can_read_is_not_believed(self, stand_in, gateway, body):
        callback = called(stand_in, gateway)
        with pytest.raises(Forged):
            heard(stand_in, gateway, Callback(callback.url, callback.headers, body))

    def test_with_a_keyless_account_is_not_believed(self, stand_in):
        keyless = Account("telnyx", "user", "not a key", "")
        with pytest.raises(Forged):
            telnyx.heard(called(stand_in, "telnyx"), account=keyless, now=TUESDAY)

    @pytest.mark.parametrize(
        "url",
        [
            "https://otra.example.org/ganchos/sms/x/",
            "http://fondo.example.org/ganchos/sms/x/",
            f"{URL}?ref=8.0",
        ],
    )
    def test_at_another_address_is_not_believed_where_the_address_is_signed(self, stand_in, url):
        callback = called(stand_in, "twilio")
        with pytest.raises(Forged):
            heard(stand_in, "twilio", Callback(url, callback.headers, callback.body))

    def test_is_believed_with_the_port_of_the_address_said_or_not(self, stand_in):
        signed = stand_in.form_receipt("https://fondo.example.org:443/ganchos/sms/x/", "SM1", "sent")
        assert heard(stand_in, "twilio", Callback(URL, httpx.Headers(signed.headers), signed.body))

    @pytest.mark.parametrize(
        ("seconds", "is_fresh"), [(-301, False), (-300, True), (0, True), (300, True), (302, False)]
    )
    def test_is_believed_for_five_minutes_where_the_moment_is_signed(self, stand_in, seconds, is_fresh):
        callback, now = called(stand_in, "telnyx"), TUESDAY + timedelta(seconds=seconds)
        if is_fresh:
            assert heard(stand_in, "telnyx", callback, now)
        else:
            with pytest.raises(Forged):
                heard(stand_in, "telnyx", callback, now)

    def test_with_another_moment_is_not_believed(self, stand_in):
        callback = called(stand_in, "telnyx")
        headers = httpx.Headers(dict(callback.headers) | {"telnyx-timestamp": str(int(TUESDAY.timestamp()) + 1)})
        with pytest.raises(Forged):
            heard(stand_in, "telnyx", Callback(callback.url, headers, callback.body))


class Plain(dict):
    """Headers by their name in any case, with whatever a request may carry in them."""

    def get(self, key, default=None):
        return next((value for name, value in self.items() if name.lower() == key.lower()), default)


STAND_IN = StandIn()


def reads_the_same(one: bytes, other: bytes) -> bool:
    """Whether two forms say the same though their bytes differ, as `%2b` and `%2B` do."""
    try:
        return _form(one) == _form(other)
    except ValueError:
        return False


def _form(body: bytes) -> list[tuple[str, str]]:
    return sorted(parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True))
