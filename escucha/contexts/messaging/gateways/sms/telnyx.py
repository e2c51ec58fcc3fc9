"""Telnyx's Messages API (v2): JSON, Bearer authentication, receipts signed by Ed25519 over `moment|body`.

The text is asked for with an idempotency key, which the gateway honours for a day where it honours it at all; besides,
our reference travels as a tag and comes back with each receipt.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from escucha.contexts.messaging.gateways.errors import Forged, Unavailable
from escucha.contexts.messaging.gateways.sms.interface import (
    ACCOUNT,
    BLOCKED,
    BUSY,
    NUMBER,
    OPT_OUT,
    PHONE_OFF,
    TEXT,
    UNKNOWN,
    Account,
    Callback,
    Errors,
    Said,
    Standing,
    Text,
    Told,
    Verdict,
    as_object,
    asked,
    failed,
)

NEVER, LATER, CLOSED = Verdict.NEVER, Verdict.LATER, Verdict.CLOSED
REPLY = ("application/json", "{}")
WINDOW = 300  # seconds that a moment may be from now, either way
ERRORS: Errors = {
    **dict.fromkeys(["10002", "10016", "40001", "40012", "40310", "40319"], (NEVER, NUMBER)),
    "40300": (NEVER, OPT_OUT),
    **dict.fromkeys(["40009", "40301", "40302", "40304", "40316", "40317"], (NEVER, TEXT)),
    **dict.fromkeys(["40003", "40008", "40015"], (NEVER, BLOCKED)),
    **dict.fromkeys(["40002", "40004"], (LATER, BLOCKED)),
    **dict.fromkeys(["40005", "40006"], (LATER, PHONE_OFF)),
    **dict.fromkeys(["40011", "40014", "40318"], (LATER, BUSY)),
    "40309": (LATER, ACCOUNT),  # this country: others may leave
    **dict.fromkeys(["10007", "10008", "10011"], (CLOSED, BUSY)),
    **dict.fromkeys(["10009", "10010", "20100", "40010", "40013", "40100", "40305", "40306"], (CLOSED, ACCOUNT)),
    **dict.fromkeys(["40311", "40312", "40313", "40314", "40315", "40320", "40321", "40333"], (CLOSED, ACCOUNT)),
}
STANDINGS: Mapping[str, Standing] = {
    **dict.fromkeys(["queued", "sending", "sent"], Standing.TAKEN),
    "delivered": Standing.DELIVERED,
    **dict.fromkeys(["sending_failed", "delivery_failed", "expired"], Standing.FAILED),
}


def send(text: Text, *, account: Account) -> str:
    said = {
        "from": text.sender,
        "to": text.to,
        "text": text.body,
        "type": "SMS",
        "tags": [text.reference],
        "webhook_url": text.callback,
        "use_profile_webhooks": False,
    }
    request = httpx.Request(
        "POST",
        f"{account.address}/v2/messages",
        json=said,
        headers={"Authorization": f"Bearer {account.user}", "Idempotency-Key": text.reference.replace(".", "-")},
    )
    response = asked(request)
    answer = as_object(response)
    if not response.is_success:
        raise failed(_first_code(answer.get("errors")), status=response.status_code, errors=ERRORS)
    data = answer.get("data")
    ref = data.get("id") if isinstance(data, dict) else None
    if not isinstance(ref, str) or not ref:
        raise Unavailable("unreadable")
    return ref


def heard(callback: Callback, *, account: Account, now: datetime) -> Sequence[Told | Said]:
    _prove(callback, account, now)
    try:
        event = json.loads(callback.body)["data"]
        kind, message = event["event_type"], event["payload"]
        ref = str(message["id"])
        if kind == "message.received":
            return [Said(ref=ref, sender=str(message["from"]["phone_number"]), body=str(message.get("text") or ""))]
        status = str(message["to"][0]["status"])
        return [_told(ref, status, message)] if kind in ("message.sent", "message.finalized") else []
    except (ValueError, KeyError, IndexError, TypeError):
        return []  # it is the gateway's, and of a kind that we don't know: asking for it again would not help


def _told(ref: str, status: str, message: Mapping[str, Any]) -> Told:
    standing = STANDINGS.get(status, Standing.UNKNOWN)
    code = _first_code(message.get("errors")) if standing is Standing.FAILED else ""
    verdict, why = ERRORS.get(code, (NEVER, UNKNOWN))
    tags = message.get("tags") or [""]
    return Told(
        ref=ref,
        status=status,
        standing=standing,
        reference=str(tags[0]),
        code=code,
        error=f"{why} {code}".strip() if standing is Standing.FAILED else "",
        passing=standing is Standing.FAILED and verdict is not NEVER,
    )


def _prove(callback: Callback, account: Account, now: datetime) -> None:
    """Nothing of the body is read before: the signature is over its bytes."""
    moment = callback.headers.get("Telnyx-Timestamp", "")
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(account.secret, validate=True))
        signed = base64.b64decode(callback.headers.get("Telnyx-Signature-Ed25519", ""), validate=True)
        key.verify(signed, moment.encode() + b"|" + callback.body)
    except (InvalidSignature, ValueError) as forged:
        raise Forged from forged
    if not moment.isdecimal() or abs(now.timestamp() - int(moment)) > WINDOW:
        raise Forged


def _first_code(errors: object) -> str:
    first = errors[0] if isinstance(errors, list) and errors else None
    return str(first.get("code") or "") if isinstance(first, dict) else ""
