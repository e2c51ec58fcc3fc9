"""`escucha explain_profile <organisation>`: what a profile means, in plain Spanish. It needs no database."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from escucha.console.explanation import explain
from escucha.console.profile_check import aloud
from escucha.kernel.norms.pack import NoLegalTerm
from escucha.kernel.profiles.loader import BadProfile, load
from escucha.kernel.words import _


class Command(BaseCommand):
    help = "Explica en palabras sencillas qué dice el perfil de una organización"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="El nombre de la carpeta del perfil")

    def handle(self, *args: Any, **options: Any) -> None:
        known = sorted(file.parent.name for file in settings.PROFILES.glob("*/profile.toml"))
        if options["slug"] not in known:
            raise CommandError(_("No hay un perfil con ese nombre. Hay: {known}.").format(known=", ".join(known)))
        try:
            profile = load(settings.PROFILES / options["slug"])
            lines = list(explain(profile, on=datetime.now().astimezone().date()))
        except BadProfile as error:
            raise CommandError(aloud(error.__cause__ or error)) from error
        except NoLegalTerm as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join(lines))
