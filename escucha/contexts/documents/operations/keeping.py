"""Taking a file in: its bytes to the store, what they are, and then its row."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from typing import IO, Any

from escucha.contexts.documents.gateways import clamd, store
from escucha.contexts.documents.models import File, LeftOut
from escucha.contexts.documents.operations.refusal import Refused, TooBig
from escucha.contexts.documents.policy import DocumentsPolicy
from escucha.contexts.documents.rules.copying import wants_copy
from escucha.contexts.documents.rules.naming import ENDINGS, NAMELESS, safe_name
from escucha.contexts.documents.rules.sniffing import kind_of
from escucha.contexts.documents.rules.taking import blockers_to_keep, too_big, why_left_out
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_of

Content = bytes | IO[bytes] | Iterable[bytes]


def keep_file(
    *,
    org: Organisation,
    content: Content,
    name: str,
    claimed_kind: str = "",
    purpose: str = File.Purpose.ATTACHMENT,
    reserved: bool = False,
    limit: int | None = None,
    now: datetime,
) -> File:
    """The file, with its bytes already safe in the store. Raises TooBig or Refused, and keeps nothing, by policy.

    `limit` in bytes takes the place of the policy's, for what no person chose to send, as a whole e-mail: that is
    taken whatever it is. If the caller's transaction does not end well the bytes are swept later.
    """
    policy = profile_of(org, at=now).section(DocumentsPolicy)
    safe = safe_name(name)
    flow = _Measured(content, name=safe, limit=policy.max_bytes if limit is None else limit)
    key = store.put(flow, on=now.date())
    try:
        with store.opened(key) as file:
            kind = kind_of(file)
        if purpose in (File.Purpose.ATTACHMENT, File.Purpose.SCAN):
            _refuse(kind, name, safe, policy)
    except BaseException:
        store.remove(key)
        raise
    return File.objects.create(
        org=org,
        key=key,
        digest=flow.hash.hexdigest(),
        size=flow.size,
        kind=kind,
        claimed_kind=_plain(claimed_kind, 100),
        name=_neutral(kind) if reserved else safe,
        original_name=_plain(name, 500),
        purpose=purpose,
        reserved=reserved,
        at=now,
        copy_at=now if wants_copy(kind=kind, reserved=reserved) else None,
        **_first_state(purpose, now),
    )


def note_left_out(*, letter: File, content: bytes, name: str, place: int, now: datetime) -> str:
    """Why what a letter brought in a place is not taken, which is kept beside the letter; empty where it is taken."""
    policy = profile_of(letter.org, at=now).section(DocumentsPolicy)
    why = why_left_out(kind=kind_of(BytesIO(content)), said=name, size=len(content), place=place, policy=policy)
    if why:
        said: dict[str, Any] = {"org": letter.org, "name": safe_name(name), "size": len(content), "why": why, "at": now}
        LeftOut.objects.get_or_create(letter=letter, place=place, defaults=said)
    return why


class _Measured:
    """Chunks of a content, counted and digested as they go by. Raises TooBig as soon as they are too many."""

    def __init__(self, content: Content, *, name: str, limit: int):
        self.content, self.name, self.limit = content, name, limit
        self.size, self.hash = 0, hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for chunk in _chunks(self.content):
            self.size += len(chunk)
            if self.size > self.limit:
                raise TooBig([too_big(name=self.name, limit=self.limit)])
            self.hash.update(chunk)
            yield chunk


def _chunks(content: Any) -> Iterator[bytes]:
    if isinstance(content, bytes | bytearray | memoryview):
        yield bytes(content)
    elif hasattr(content, "chunks"):
        yield from content.chunks()
    elif hasattr(content, "read"):
        yield from iter(lambda: content.read(store.CHUNK), b"")
    else:
        yield from content


def _refuse(kind: str, said: str, safe: str, policy: DocumentsPolicy) -> None:
    """By how the name ends as it was said, which is what a machine would go by; told with the safe one."""
    found = blockers_to_keep(kind=kind, said=said, name=safe, policy=policy)
    if found:
        raise Refused(found)


def _first_state(purpose: str, now: datetime) -> dict[str, Any]:
    if purpose == File.Purpose.GENERATED:
        return {"state": File.State.CLEAN}
    state = File.State.WAITING if clamd.is_configured() else File.State.UNSCANNED
    return {"state": state, "look_at": now}


def _neutral(kind: str) -> str:
    return f"{NAMELESS}.{ENDINGS[kind]}" if kind in ENDINGS else NAMELESS


def _plain(said: str, most: int) -> str:
    """What was said, as the database can keep it."""
    return said.replace("\x00", "").encode("utf-8", "replace").decode()[:most]
