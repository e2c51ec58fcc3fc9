"""Runs the errands that facts leave behind, each at least once; towards the database exactly once.

The kernel does not know who reacts: the switchboard connects reactions here when the process starts.
"""

import logging
import traceback
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from django.db import transaction
from django.db.models import F

from escucha.kernel.composed import Blank, Composed, update
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.aloud import fact_of
from escucha.kernel.timeline.facts import Fact
from escucha.kernel.timeline.models import Errand

SHOWN_AFTER = 3
LONGEST_DELAY = timedelta(hours=1)
# Locked while it runs: another worker skips it and takes the next.
NEXT = Composed(
    lambda: (
        Errand.objects.filter(done_at=None, next_try_at__lte=Blank("now"))
        .select_related("entry", "org")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("next_try_at", "id")[:1]
    )
)
log = logging.getLogger(__name__)


class Reaction(Protocol):
    """What follows from a fact: idempotent, and it only writes rows."""

    __name__: str

    def __call__(self, fact: Any, /, *, org: Organisation, now: datetime) -> None: ...


class Connection(NamedTuple):
    """A reaction to the facts of a kind that concern it: of the others no errand is left."""

    said: type[Fact]
    reaction: Reaction
    concerns: Callable[[Any], bool] = lambda fact: True


_reactions: dict[str, Connection] = {}


class NotConnected(LookupError):
    """Nobody says the fact or the reaction of an errand any more."""


def connect(connections: Iterable[Connection]) -> None:
    """Connect reactions to facts. One given again changes nothing; TypeError for another reaction of that name."""
    for one in connections:
        name = f"{one.said.verb}>{one.reaction.__name__}"
        if _reactions.setdefault(name, one)[:2] != one[:2]:
            raise TypeError(f"two reactions are called {name}")


def reactions_to(fact: Fact) -> Sequence[str]:
    """The names of what follows from a fact, as its errands keep them."""
    return [name for name, one in _reactions.items() if isinstance(fact, one.said) and one.concerns(fact)]


def run_errands(*, now: datetime, limit: int = 100) -> int:
    """Run up to `limit` errands whose moment has come, each in its own transaction; gives how many were done.

    One that fails is rolled back, and pushed ahead with a growing delay; the next ones go on.
    """
    done = 0
    for _turn in range(limit):
        succeeded = _run_next(now)
        if succeeded is None:
            break
        done += succeeded
    return done


def failing_errands(*, org: Organisation) -> Sequence[Errand]:
    """What has failed three times or more and waits for its next try, oldest first."""
    waiting = Errand.objects.filter(org=org, done_at=None, attempts__gte=SHOWN_AFTER)
    return list(waiting.select_related("entry").order_by("entry_id", "id"))


def _run_next(now: datetime) -> bool | None:
    """Whether the next errand was done; None where none waits."""
    errand: Errand | None = None
    try:
        with transaction.atomic():
            errand = _claimed(now)
            return None if errand is None else _tried(errand, now)
    except Exception as error:  # a constraint that is looked at when the transaction ends
        if errand is None:
            raise
        _push_ahead(errand, error, now)
        return False


def _tried(errand: Errand, now: datetime) -> bool:
    try:
        with transaction.atomic():
            _react(errand, now)
    except Exception as error:
        _push_ahead(errand, error, now)
        return False
    errand.done_at, errand.error = now, ""
    update(errand, "done_at", "error")
    return True


def _claimed(now: datetime) -> Errand | None:
    return NEXT.first(now=now)


def _react(errand: Errand, now: datetime) -> None:
    connected, fact = _reactions.get(errand.reaction), fact_of(errand.entry)
    if connected is None or fact is None:
        raise NotConnected(errand.reaction)
    if connected.concerns(fact):  # it was owed by a version that asked less
        connected.reaction(fact, org=errand.org, now=now)


def _push_ahead(errand: Errand, error: Exception, now: datetime) -> None:
    delay = min(timedelta(seconds=2 ** min(errand.attempts, 20)), LONGEST_DELAY)
    kind = _kind_of(error)
    Errand.objects.filter(pk=errand.pk, done_at=None).update(
        attempts=F("attempts") + 1, next_try_at=now + delay, error=kind
    )
    log.warning("errand %s of %s failed: %s", errand.pk, errand.reaction, kind)


def _kind_of(error: Exception) -> str:
    """What went wrong and where. Not its message, which may name a person."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}{place}"[:160]
