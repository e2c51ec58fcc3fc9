"""`escucha work`: the clock, the errands and the outgoing messages, once a second, until told to stop."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, connection
from django.utils import timezone

from escucha.contexts.messaging.operations import deliver
from escucha.kernel.commitments.clock import tick
from escucha.kernel.timeline.anchors import take_anchor
from escucha.kernel.timeline.relay import run_errands

EVERY = 1.0  # seconds
log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Hace avanzar los plazos, los encargos y los mensajes"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--once", action="store_true", help="una vuelta y termina")

    def handle(self, *args: Any, once: bool = False, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        sealed = None
        while not stop.is_set():
            busy = _turn()
            today = timezone.now().date()
            if sealed != today and take_anchor(now=timezone.now()):
                sealed = today
            if once and not busy:
                return
            if not busy:
                stop.wait(EVERY)


def _turn() -> int:
    """One turn of everything. Each part fails alone; a lost database is asked again a little later."""
    done = 0
    for part in (tick, run_errands, deliver):
        try:
            done += part(now=timezone.now())
        except OperationalError:
            connection.close()
            log.warning("the database did not answer; trying again")
            return 0
        except Exception:
            log.exception("%s failed", part.__name__)
    return done
