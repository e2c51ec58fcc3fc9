"""`escucha work`: the clock, the errands and the outgoing messages, once a second, until told to stop."""

import logging
import signal
import threading
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, Protocol

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from escucha.contexts.messaging.operations.delivering import deliver
from escucha.kernel.commitments.clock import tick
from escucha.kernel.timeline.anchors import take_anchor
from escucha.kernel.timeline.relay import run_errands

EVERY = 1.0  # seconds
SHARE = 20  # of each kind in one turn: asked to stop, it stops soon
PATIENCE = 2.0  # seconds for the message in hand when asked to stop; afterwards its lease ends and it is taken up again
log = logging.getLogger(__name__)


class Part(Protocol):
    def __call__(self, *, now: datetime) -> int: ...


class Command(BaseCommand):
    help = "Hace avanzar los plazos, los encargos y los mensajes"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--once", action="store_true", help="una vuelta y termina")

    def handle(self, *args: Any, once: bool = False, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        time: tuple[Part, ...] = (tick, partial(run_errands, limit=SHARE), Sealing())
        if once:
            while _turn((*time, partial(deliver, limit=SHARE)), stop):
                pass
            return
        # A mail server may take its time: the clock never waits for it.
        mail = threading.Thread(target=_keep_mailing, args=(stop,), name="mail", daemon=True)
        mail.start()
        _keep_on(time, stop)
        mail.join(PATIENCE)


class Sealing:
    """Once a day the heads of all chains are sealed. Nothing that a next turn would have to wait for."""

    sealed: date | None = None

    def __call__(self, *, now: datetime) -> int:
        if self.sealed != now.date():
            take_anchor(now=now)
            self.sealed = now.date()
        return 0


def _keep_on(parts: Sequence[Part], stop: threading.Event) -> None:
    while not stop.is_set():
        if not _turn(parts, stop):
            stop.wait(EVERY)


def _keep_mailing(stop: threading.Event) -> None:
    """Message after message, each at its own moment; a server that cannot be asked is asked again in a second."""
    try:
        while not stop.is_set():
            if not _done(partial(deliver, limit=1)):
                stop.wait(EVERY)
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
