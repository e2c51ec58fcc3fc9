"""`escucha prepare`: makes the database and the files what this version needs; nothing to do the second time.

Run as the owner of the database, before web and worker start.
"""

import os
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

from escucha.console.catalogues import compile_catalogues
from escucha.kernel.words import _

MOST_PROCESSES = 3


class Command(BaseCommand):
    help = "Migra la base de datos, carga las organizaciones y, si no los hay, los datos de ejemplo"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self._do(_("Preparando la base de datos…"), "migrate", interactive=False)
        self._do(_("Preparando las páginas…"), "collectstatic", interactive=False)
        compile_catalogues(settings.LOCALE_PATHS)
        self._do(_("Cargando las organizaciones…"), "load_profiles")
        if settings.SAMPLE:
            words = _("Revisando los datos de ejemplo (la primera vez tarda un minuto)…")
            self._do(words, "seed", processes=min(os.cpu_count() or 1, MOST_PROCESSES))

    def _do(self, words: str, command: str, **options: Any) -> None:
        if command in get_commands():
            self.stdout.write(words)
            call_command(command, verbosity=0, **options)
