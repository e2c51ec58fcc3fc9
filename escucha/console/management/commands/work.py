"""`escucha work`: the clock, the errands and the outgoing messages and the files, once a second, until told to stop."""

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, Protocol

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from escucha.console.inbox import Inbox
from escucha.contexts.assistance.operations.importing.running import run_imports
from escucha.contexts.assistance.operations.offering import close_offers
from escucha.contexts.cases.operations.tallying import fold_tallies, recount_all
from escucha.contexts.documents.operations.copying import make_copies
from escucha.contexts.documents.operations.scanning import scan_waiting
from escucha.contexts.documents.operations.sweeping import sweep_orphans
from escucha.contexts.messaging.operations.delivering import deliver
from escucha.kernel.commitments.clock import tick
from escucha.kernel.timeline.anchors import take_anchor
from escucha.kernel.timeline.relay import run_errands

EVERY = 0.5  # seconds
SHARE = 20  # of each kind in one turn: asked to stop, it stops soon
PATIENCE = 2.0  # seconds for the message in hand when asked to stop; afterwards its lease ends and it is taken up again
log = logging.getLogger(__name__)


class Part(Protocol):
    def __call__(self, *, now: datetime) -> int: ...


class Command(BaseCommand):
    help = "Hace avanzar los plazos, los encargos, los mensajes y los archivos"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--once", action="store_true", help="una vuelta y termina")

    def handle(self, *args: Any, once: bool = False, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        time: tuple[Part, ...] = (
            tick, partial(run_errands, limit=SHARE), close_offers, fold_tallies, Daily(take_anchor),
        )  # fmt: skip
        sweeping, counting = Daily(sweep_orphans), Daily(recount_all)
        importing = partial(run_imports, clock=timezone.now)
        if once:
            shares = [partial(part, limit=SHARE) for part in (deliver, scan_waiting, make_copies)]
            while _turn((*time, Inbox(at_once=True), *shares, importing, sweeping, counting), stop):
                pass
            return
        # A mail server, a virus scanner, a large image, a client's million rows: the clock waits for none of them.
        slow: dict[str, Sequence[Part]] = {
            "mail": [partial(deliver, limit=1)],
            "inbox": [Inbox()],
            "files": [partial(scan_waiting, limit=1), partial(make_copies, limit=1), sweeping],
            "counts": [counting],
            "imports": [importing],
        }
        threads = [
            threading.Thread(target=_keep_apart, args=(parts, stop), name=name, daemon=True)
            for name, parts in slow.items()
        ]
        for thread in threads:
            thread.start()
        _keep_on(time, stop)
        for thread in threads:
            thread.join(PATIENCE)


class Daily:
    """What is done once a day: it counts for nothing that a next turn would have to be taken at once for."""

    def __init__(self, act: Callable[..., object]):
        self.act = act
        self.done_on: date | None = None

    def __call__(self, *, now: datetime) -> int:
        if self.done_on != now.date():
            self.act(now=now)
            self.done_on = now.date()
        return 0


def _keep_on(parts: Sequence[Part], stop: threading.Event) -> None:
    while not stop.is_set():
        if not _turn(parts, stop):
            stop.wait(EVERY)


def _keep_apart(parts: Sequence[Part], stop: threading.Event) -> None:
    """One thing after another, each at its own moment; a server that cannot be asked is asked again in a second."""
    try:
        _keep_on(parts, stop)
    finally:
        connection.close()


def _turn(parts: Sequence[Part], stop: threading.Event) -> int:
    return sum(_done(part) for part in parts if not stop.is_set())


def _done(part: Part) -> int:
    """How much a part did. Each fails alone; a lost database is asked again a little later."""
    try:
        return part(now=timezone.now())
    except (OperationalError, InterfaceError):
        connection.close()
        log.warning("the database did not answer; trying again")
    except Exception:
        log.exception("%r failed", part)
        connection.close()
    return 0
