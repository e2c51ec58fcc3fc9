"""A stand-in for two gateways of text messages: a real HTTP server that speaks the wire format of each.

It takes texts as they do, names them, answers as a test tells it to, and makes the requests by which they call back,
signed with real keys.
"""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

FORM_USER, FORM_SECRET = "AC" + "0" * 31 + "1", "a-form-secret-of-tests"
JSON_USER = "KEY-of-tests"
MINE = "+576010000010"


class Asked(NamedTuple):
    """A text as it was asked for."""

    gateway: str
    path: str
    headers: dict[str, str]
    said: dict[str, Any]
    ref: str


class Answer(NamedTuple):
    """What the stand-in shall answer, instead of taking the text; `takes`, though it takes it."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    slow: float = 0
    hangs_up: bool = False
    takes: bool = False


class Called(NamedTuple):
    """A request as a gateway makes it to us."""

    query: str
    headers: dict[str, str]
    body: bytes


@dataclass
class StandIn:
    """What was asked for, in order, and what to answer next."""

    address: str = ""
    asked: list[Asked] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def public_key(self) -> str:
        return base64.b64encode(self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()

    @property
    def accounts(self) -> dict[str, str]:
        """As the environment says them."""
        return {"twilio": f"twilio:{FORM_USER}:{FORM_SECRET}", "telnyx": f"telnyx:{JSON_USER}:{self.public_key}"}

    def take(self, gateway: str, path: str, headers: dict[str, str], said: dict[str, Any]) -> tuple[str, Answer | None]:
        with self.lock:
            ref = f"SM{len(self.asked):032x}" if gateway == "twilio" else f"msg-{len(self.asked):04d}"
            answer = self.answers.pop(0) if self.answers else None
            if answer is None or answer.takes:
                ref = self._same(said, headers) or ref
                self.asked.append(Asked(gateway, path, headers, said, ref))
        return ref, answer

    @property
    def texts(self) -> list[Asked]:
        """What reached a telephone: what was asked for twice with one idempotency key is one."""
        return list({one.ref: one for one in self.asked}.values())

    def _same(self, said: dict[str, Any], headers: dict[str, str]) -> str:
        key = headers.get("idempotency-key")
        before = [one for one in self.asked if key and one.headers.get("idempotency-key") == key and one.said == said]
        return before[0].ref if before else ""

    def form_receipt(self, url: str, ref: str, status: str, *, reference: str = "", code: str = "") -> Called:
        query = urlencode({"ref": reference}) if reference else ""
        values = {"MessageSid": ref, "SmsSid": ref, "MessageStatus": status, "AccountSid": FORM_USER, "From": MINE}
        return self.form(url, values | ({"ErrorCode": code} if code else {}), query=query)

    def form_text(self, url: str, ref: str, sender: str, body: str) -> Called:
        values = {"MessageSid": ref, "SmsSid": ref, "SmsStatus": "received", "From": sender, "To": MINE, "Body": body}
        return self.form(url, values | {"NumMedia": "0", "AccountSid": FORM_USER})

    def form(self, url: str, values: dict[str, str], *, query: str = "") -> Called:
        signed = url + (f"?{query}" if query else "") + "".join(key + values[key] for key in sorted(values))
        proof = base64.b64encode(hmac.new(FORM_SECRET.encode(), signed.encode(), hashlib.sha1).digest()).decode()
        headers = {"X-Twilio-Signature": proof, "Content-Type": "application/x-www-form-urlencoded"}
        return Called(query, headers, urlencode(values).encode())

    def json_receipt(self, at: float, ref: str, status: str, *, reference: str = "", code: str = "") -> Called:
        kind = "message.sent" if status == "sent" else "message.finalized"
        message = {
            "id": ref,
            "direction": "outbound",
            "to": [{"phone_number": "+573000000001", "status": status}],
            "from": {"phone_number": MINE},
            "tags": [reference] if reference else [],
            "errors": [{"code": code, "title": "said by the gateway"}] if code else [],
        }
        return self.json(at, kind, message)

    def json_text(self, at: float, ref: str, sender: str, body: str) -> Called:
        message = {
            "id": ref,
            "direction": "inbound",
            "type": "SMS",
            "from": {"phone_number": sender},
            "to": [{"phone_number": MINE, "status": "webhook_delivered"}],
            "text": body,
        }
        return self.json(at, "message.received", message)

    def json(self, at: float, kind: str, message: dict[str, Any]) -> Called:
        event = {"data": {"record_type": "event", "id": f"evt-{kind}", "event_type": kind, "payload": message}}
        body = json.dumps(event | {"meta": {"attempt": 1}}).encode()
        moment = str(int(at))
        proof = base64.b64encode(self.key.sign(moment.encode() + b"|" + body)).decode()
        headers = {
            "Telnyx-Timestamp": moment,
            "Telnyx-Signature-Ed25519": proof,
            "Content-Type": "application/json",
        }
        return Called("", headers, body)


class Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        stand_in: StandIn = self.server.stand_in  # type: ignore[attr-defined]  # the handler's own server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {key.lower(): value for key, value in self.headers.items()}
        if self.path == f"/2010-04-01/Accounts/{FORM_USER}/Messages.json":
            proof = "Basic " + base64.b64encode(f"{FORM_USER}:{FORM_SECRET}".encode()).decode()
            refusal = {"code": 20003, "message": "Authenticate", "status": 401}
            said: dict[str, Any] = {key: values[0] for key, values in parse_qs(body.decode(), True).items()}
            gateway, taken = "twilio", lambda ref: (201, {"sid": ref, "status": "queued", "error_code": None})
        elif self.path == "/v2/messages":
            proof = f"Bearer {JSON_USER}"
            refusal = {"errors": [{"code": "10009", "title": "Authentication failed"}]}
            said = json.loads(body)
            gateway, taken = "telnyx", lambda ref: (200, {"data": {"id": ref, "to": [{"status": "queued"}]}})
        else:
            return self.answer(404, b"{}")
        if not hmac.compare_digest(headers.get("authorization", ""), proof):
            return self.answer(401, json.dumps(refusal).encode())
        ref, instead = stand_in.take(gateway, self.path, headers, said)
        if instead is None:
            status, reply = taken(ref)
            return self.answer(status, json.dumps(reply).encode())
        return self.answer_instead(instead)

    def answer_instead(self, answer: Answer) -> None:
        time.sleep(answer.slow)
        if answer.hangs_up:
            self.close_connection = True
            return
        self.answer(answer.status, answer.body, answer.headers)

    def answer(self, status: int, body: bytes, headers: Sequence[tuple[str, str]] = ()) -> None:
        self.send_response(status)
        for key, value in (("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers):
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, *_said: object) -> None:
        """A client that went away is no error of ours."""


@contextmanager
def standing_in() -> Iterator[StandIn]:
    server = Server(("127.0.0.1", 0), Conversation)
    server.stand_in = StandIn(address=f"http://127.0.0.1:{server.server_address[1]}")  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server.stand_in  # type: ignore[attr-defined]  # the handler's own server
    finally:
        server.shutdown()
        server.server_close()
