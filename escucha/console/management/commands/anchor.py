"""`escucha anchor`: take today's anchor of the bitácora, where the worker is not the one to do it."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from escucha.kernel.timeline.anchors import copy_of, take_anchor
from escucha.kernel.words import _


class Command(BaseCommand):
    help = _("Sella las cadenas de la bitácora. El sello de cada día se hace una sola vez.")
    requires_system_checks = ()  # it works whatever state the pages are in

    def handle(self, *args: Any, **options: Any) -> None:
        anchor = take_anchor(now=datetime.now(UTC))
        self.stdout.write(
            _("Sello del {day}: {count} cadenas con asientos nuevos. Su copia está en {file}.").format(
                day=anchor.taken_on, count=anchor.count, file=copy_of(anchor, settings.ANCHORS)
            )
        )
