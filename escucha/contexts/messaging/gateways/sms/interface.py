"""What every gateway of text messages offers, and the plain values that go in and come out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import httpx

from escucha.contexts.messaging.gateways.errors import NotNow, Rejected, Unavailable

PATIENCE = httpx.Timeout(20, connect=5)  # well within the lease of a message


class Verdict(StrEnum):
    """What a failure means for a text."""

    NEVER = "never"
    LATER = "later"
    CLOSED = "closed"  # the gateway refuses us, whatever the text


RAISED: Mapping[Verdict, type[Exception]] = {
    Verdict.NEVER: Rejected,
    Verdict.LATER: NotNow,
    Verdict.CLOSED: Unavailable,
}
# Why, beside the code: what staff reads, and what the organisation can mend.
NUMBER, OPT_OUT, TEXT, BLOCKED, ACCOUNT, BUSY, PHONE_OFF, UNKNOWN = (
    "number", "opt_out", "text", "blocked", "account", "busy", "phone_off", "unknown",
)  # fmt: skip


@dataclass(frozen=True)
class Account:
    """An organisation's account with a gateway. Its secret is in no log, no trace and no page."""

    gateway: str
    user: str = field(repr=False)
    secret: str = field(repr=False)
    address: str


@dataclass(frozen=True)
class Text:
    """One text for one telephone. `reference` is ours: it comes back with the receipts, sent to `callback`."""

    to: str
    body: str
    sender: str
    reference: str
    callback: str


class Standing(StrEnum):
    """How far a text has come, as a receipt says."""

    TAKEN = "taken"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"  # worth keeping, worth nothing else


@dataclass(frozen=True)
class Told:
    """A receipt: how the gateway calls the text, the status it has, and what its failure means."""

    ref: str
    status: str
    standing: Standing
    reference: str = ""
    code: str = ""
    error: str = ""
    passing: bool = False


@dataclass(frozen=True)
class Said:
    """A text that somebody wrote to us."""

    ref: str
    sender: str
    body: str


@dataclass(frozen=True)
class Callback:
    """A request that came in a gateway's name, as it came. `url` is the address we gave, not what the request says."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class Gateway(Protocol):
    """A module of this folder."""

    REPLY: tuple[str, str]  # the type and the body of our answer, which says that we have it and nothing to it
    STANDINGS: Mapping[str, Standing]  # what each of its statuses means

    def send(self, text: Text, *, account: Account) -> str:
        """How the gateway calls the text it took. Raises Rejected, NotNow or Unavailable."""

    def heard(self, callback: Callback, *, account: Account, now: datetime) -> Sequence[Told | Said]:
        """What the gateway tells, once the request proved to be its own. Raises Forged."""


Errors = Mapping[str, tuple[Verdict, str]]


def failed(code: str, *, status: int, errors: Errors) -> Exception:
    """What a refusal means: by the gateway's own code where the table has it, else by the HTTP status."""
    verdict, why = errors.get(code) or _by_status(status)
    return RAISED[verdict](f"{why} {code or status}"[:60])


def _by_status(status: int) -> tuple[Verdict, str]:
    if status in (401, 402, 403, 404):
        return Verdict.CLOSED, ACCOUNT
    if status in (408, 429) or status >= 500:
        return Verdict.CLOSED, BUSY
    return (Verdict.NEVER, UNKNOWN) if status >= 400 else (Verdict.CLOSED, UNKNOWN)


def asked(request: httpx.Request) -> httpx.Response:
    """The gateway's answer. Raises Unavailable where there is none: a text it took all the same tells so by receipt."""
    try:
        with httpx.Client(timeout=PATIENCE, follow_redirects=False, trust_env=False) as client:
            return client.send(request)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as failure:
        raise Unavailable(type(failure).__name__) from failure


def as_object(response: httpx.Response) -> Mapping[str, object]:
    """The JSON object of an answer, or an empty one."""
    try:
        read = response.json()
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
