"""Calls as the switchboard tells them: one event for every switchboard, what is said on answering, and who is next."""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from escucha.contexts.assistance.rules.acts import HANDLE
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _

FRESH = timedelta(minutes=5)  # what was signed longer ago, or later, is not believed
LATEST_RING = 3  # answered after it is late
STALE = timedelta(seconds=90)  # a call that rings for longer has been lost by its switchboard
NOON, EVENING = time(12), time(19)


class Told(StrEnum):
    RINGING = "ringing"
    ANSWERED = "answered"
    HELD = "held"
    ENDED = "ended"


class Malformed(ValueError):
    """It was signed by whom it should, and says nothing that can be kept."""


@dataclass(frozen=True)
class CallEvent:
    """What happened to a call. `rings` is counted by the switchboard; `caller` is empty where it is hidden."""

    told: Told
    call: str
    line: str
    caller: str
    at: datetime
    rings: int = 0


def signature_of(body: bytes, *, stamp: str, secret: str) -> str:
    """HMAC-SHA-256 of `<stamp>.<body>` in hexadecimal; the stamp is the Unix second of signing."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, sha256).hexdigest()


def is_signed(body: bytes, *, stamp: str, given: str, secret: str, now: datetime) -> bool:
    """Whether the bytes are of who knows the secret, and were signed just now."""
    if not (secret and stamp.isascii() and stamp.isdecimal() and len(stamp) < 12):
        return False
    fresh = abs(now.timestamp() - int(stamp)) <= FRESH.total_seconds()
    wanted = signature_of(body, stamp=stamp, secret=secret)
    return fresh and hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace"))


def event_in(body: bytes, *, now: datetime) -> CallEvent:
    """The event in a body of JSON. Raises Malformed. What is told to happen later than now happens now."""
    try:
        said = json.loads(body)
        event = CallEvent(
            told=Told(said["event"]),
            call=_text(said, "call", 80),
            line=_text(said, "line", 30),
            caller=_text(said, "caller", 30),
            at=min(datetime.fromisoformat(said["at"]), now) if "at" in said else now,
            rings=max(0, min(int(said.get("rings", 0)), 99)),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed(str(error)) from error
    if not event.call or event.at.tzinfo is None:
        raise Malformed("a call has its key, and its moment a zone")
    return event


def greeting(account: str, *, name: str, emergency: bool, now: datetime, zone: ZoneInfo) -> Saying:
    """What is said on answering (5.1.2): the account, the hour of who calls, the coordinator, the question."""
    local = now.astimezone(zone).time()
    day = _("Buenos días") if local < NOON else _("Buenas tardes") if local < EVENING else _("Buenas noches")
    ask = _("¿Cuál es su emergencia?") if emergency else _("¿En qué le puedo ayudar?")
    return Saying(
        _("{account}. {day}. Le habla {name}. {ask}"), {"account": account, "day": day, "name": name, "ask": ask}
    )


def hold_words(name: str) -> Saying:
    """What is asked of who calls while another call is on."""
    return Saying(_("Le habla {name}. Lo pongo un momento en espera y ya lo atiendo. ¿Está bien?"), {"name": name})


def blockers_to_take(*, taken_by: int | None, ended: bool, by: Actor) -> Sequence[Saying]:
    if not by.may(HANDLE) or by.member_id is None:
        return [Saying(_("Las llamadas las atiende quien coordina asistencias."))]
    if ended:
        return [Saying(_("La llamada ya terminó."))]
    return [Saying(_("Ya la tomó otra persona."))] if taken_by not in (None, by.member_id) else []


def is_in_time(rings: int) -> bool:
    return rings <= LATEST_RING


def _text(said: Mapping[str, Any], key: str, longest: int) -> str:
    value = said.get(key, "")
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(f"{key} is a text")
    return value.strip()[:longest]
