"""Bytes held for a form that is not finished: safe in the store, and of nobody until they are kept as a file.

No row knows them, so those of a form that was never sent are swept as orphans are, two days later.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import IO, NamedTuple

from escucha.contexts.documents.gateways import store
from escucha.contexts.documents.operations.refusal import TooBig, refuse_if
from escucha.contexts.documents.policy import DocumentsPolicy
from escucha.contexts.documents.rules.naming import safe_name
from escucha.contexts.documents.rules.sniffing import kind_of
from escucha.contexts.documents.rules.taking import blockers_to_keep, too_big
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.orgs.queries import profile_of


class Held(NamedTuple):
    """What a form needs to find its bytes again. Whoever can read it can read them: it goes signed."""

    key: str
    name: str
    claimed_kind: str
    size: int

    def chunks(self) -> Iterator[bytes]:
        """The bytes, in the shape that `keep_file` takes. Raises OSError where the store no longer has them."""
        return store.chunks_of(self.key)


def hold(*, org: Organisation, content: IO[bytes], name: str, claimed_kind: str = "", size: int, now: datetime) -> Held:
    """The bytes in the store. Raises TooBig or Refused, and holds nothing, by policy: as `keep_file` would."""
    policy = profile_of(org, at=now).section(DocumentsPolicy)
    safe = safe_name(name)
    if size > policy.max_bytes:
        raise TooBig([too_big(name=safe, limit=policy.max_bytes)])
    content.seek(0)
    refuse_if(blockers_to_keep(kind=kind_of(content), said=name, name=safe, policy=policy))
    content.seek(0)
    key = store.put(iter(lambda: content.read(store.CHUNK), b""), on=now.date())
    return Held(key, name.replace("\x00", "")[:500], claimed_kind[:100], size)


def is_held(held: Held) -> bool:
    """Whether the store still has the bytes."""
    try:
        store.opened(held.key).close()
    except OSError:
        return False
    return True


def let_go(held: Held) -> None:
    """The bytes are not needed any more: their form was filed, or gave them up."""
    store.remove(held.key)
