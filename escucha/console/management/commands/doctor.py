"""`escucha doctor`: whether this installation is well, line by line. Exit status 1 when something is wrong.

It changes nothing, and works when the database does not.
"""

import sys
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand

from escucha.console.database_health import database_findings
from escucha.console.health import Level, machine_findings
from escucha.kernel.words import _


class Command(BaseCommand):
    help = _("Revisa la instalación: qué está bien, qué mirar y qué está mal.")
    requires_system_checks = ()  # it works whatever state the pages are in

    def handle(self, *args: Any, **options: Any) -> None:
        counts = dict.fromkeys(Level, 0)
        for findings in (machine_findings(now=_clock()), database_findings(clock=_clock)):
            for level, words in findings:
                counts[level] += 1
                self.stdout.write(f"{level:<4} {words}")
        said = {"wrong": counts[Level.WRONG], "care": counts[Level.CARE]}
        if counts[Level.WRONG]:
            self.stdout.write(_("Hay que corregir: {wrong}. Conviene mirar: {care}.").format(**said))
            sys.exit(1)
        self.stdout.write(_("Nada está mal. Conviene mirar: {care}.").format(**said))


def _clock() -> datetime:
    return datetime.now(UTC)
