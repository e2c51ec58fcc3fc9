"""Twilio's Messages API: a form, Basic authentication, receipts signed by HMAC-SHA1 over the address and the form.

It offers no key against sending twice. What is asked again because its answer was lost may arrive twice, unless the
receipt of the first, which carries our reference, came before.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

import httpx

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
REPLY = ("text/xml", "<Response></Response>")
REFERENCE = "ref"
ERRORS: Errors = {
    **dict.fromkeys(["21211", "21214", "21217", "21265", "21604", "21612", "21614", "21635"], (NEVER, NUMBER)),
    **dict.fromkeys(["30005", "30006"], (NEVER, NUMBER)),
    **dict.fromkeys(["21602", "21605", "21617", "30019"], (NEVER, TEXT)),
    "21610": (NEVER, OPT_OUT),
    **dict.fromkeys(["30004", "30007", "30024", "30032", "30034", "30044"], (NEVER, BLOCKED)),
    "30010": (NEVER, ACCOUNT),  # dearer than the account allows
    **dict.fromkeys(["21408", "21611"], (LATER, ACCOUNT)),  # this country, or this sender's queue: others may leave
    **dict.fromkeys(["30001", "30017", "30022", "30410"], (LATER, BUSY)),
    "30003": (LATER, PHONE_OFF),
    **dict.fromkeys(["30008", "30009"], (LATER, UNKNOWN)),
    **dict.fromkeys(["20003", "20005", "20008", "20404", "30002"], (CLOSED, ACCOUNT)),
    **dict.fromkeys(
        ["21212", "21603", "21606", "21608", "21659", "21660", "21703", "21704", "63038"], (CLOSED, ACCOUNT)
    ),
    **dict.fromkeys(["14107", "20429", "20500", "20503"], (CLOSED, BUSY)),
}
STANDINGS: Mapping[str, Standing] = {
    **dict.fromkeys(["accepted", "queued", "sending", "sent"], Standing.TAKEN),
    **dict.fromkeys(["delivered", "read"], Standing.DELIVERED),
    **dict.fromkeys(["failed", "undelivered", "canceled"], Standing.FAILED),
}


def send(text: Text, *, account: Account) -> str:
    by = "MessagingServiceSid" if text.sender.startswith("MG") and len(text.sender) == 34 else "From"
    form = {
        "To": text.to,
        by: text.sender,
        "Body": text.body,
        "StatusCallback": f"{text.callback}?{urlencode({REFERENCE: text.reference})}",
    }
    request = httpx.Request("POST", f"{account.address}/2010-04-01/Accounts/{account.user}/Messages.json", data=form)
    request.headers["Authorization"] = _basic(account)
    response = asked(request)
    said = as_object(response)
    if not response.is_success:
        raise failed(str(said.get("code") or ""), status=response.status_code, errors=ERRORS)
    if not isinstance(sid := said.get("sid"), str) or not sid:
        raise Unavailable("unreadable")
    return sid


def heard(callback: Callback, *, account: Account, now: datetime) -> Sequence[Told | Said]:
    """The signature has no moment in it: what is repeated says the same again, and is kept once."""
    form = _proved(callback, account)
    sid = form.get("MessageSid") or form.get("SmsSid") or ""
    status = form.get("MessageStatus") or form.get("SmsStatus") or ""
    if status in ("received", "receiving") and sid:
        return [Said(ref=sid, sender=form.get("From", ""), body=form.get("Body", ""))]
    if not sid or not status:
        return []
    standing = STANDINGS.get(status, Standing.UNKNOWN)
    code = form.get("ErrorCode", "") if standing is Standing.FAILED else ""
    verdict, why = ERRORS.get(code, (NEVER, UNKNOWN))
    return [
        Told(
            ref=sid,
            status=status,
            standing=standing,
            reference=parse_qs(urlsplit(callback.url).query).get(REFERENCE, [""])[0],
            code=code,
            error=f"{why} {code}".strip() if standing is Standing.FAILED else "",
            passing=standing is Standing.FAILED and verdict is not NEVER,
        )
    ]


def signature(url: str, form: Sequence[tuple[str, str]], secret: str) -> str:
    """HMAC-SHA1 over the address followed by every name and value of the form, by name."""
    said = url + "".join(name + value for name, value in sorted(set(form)))
    return base64.b64encode(hmac.new(secret.encode(), said.encode(), hashlib.sha1).digest()).decode()


def _proved(callback: Callback, account: Account) -> Mapping[str, str]:
    """The form, if its signature is the account's. The gateway signs the values, not the bytes: they are read by one
    reader, strictly, and what it read is both what is proved and what is used."""
    given = callback.headers.get("X-Twilio-Signature", "")
    try:
        form = parse_qsl(callback.body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError as unreadable:
        raise Forged from unreadable
    wanted = [signature(url, form, account.secret) for url in _addresses(callback.url)]
    matching = [hmac.compare_digest(one.encode(), given.encode()) for one in wanted]
    if not any(matching):
        raise Forged
    return dict(form)


def _addresses(url: str) -> Sequence[str]:
    """The same address with its port and without: the gateway signs either."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return [urlunsplit(parts._replace(netloc=netloc)) for netloc in (host, f"{host}:{port}")]


def _basic(account: Account) -> str:
    return "Basic " + base64.b64encode(f"{account.user}:{account.secret}".encode()).decode()
