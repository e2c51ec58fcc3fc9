"""`escucha check_profiles`: whether every profile can be taken into force. It needs no database."""

import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from escucha.console.profile_check import problems_in
from escucha.console.scenarios import scenarios_in
from escucha.kernel.words import _


class Command(BaseCommand):
    help = "Revisa los perfiles: claves, promesas frente a la ley, mensajes y ejemplos"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folders", nargs="*", type=Path, help="Carpetas de perfiles; sin ellas, todas")

    def handle(self, *args: Any, **options: Any) -> None:
        folders = options["folders"] or sorted(file.parent for file in settings.PROFILES.glob("*/profile.toml"))
        today = datetime.now().astimezone().date()
        wrong = [(folder, problem) for folder in folders for problem in problems_in(folder, on=today)]
        for folder, problem in wrong:
            self.stdout.write(f"{folder.name}/{problem}")
        if not folders:
            self.stdout.write(_("No hay perfiles en {place}.").format(place=settings.PROFILES))
        if wrong or not folders:
            sys.exit(1)
        examples = sum(len(scenarios_in(folder)) for folder in folders)
        said = _("{profiles} perfiles en orden; {examples} ejemplos se cumplen.")
        self.stdout.write(said.format(profiles=len(folders), examples=examples))
