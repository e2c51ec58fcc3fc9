"""`escucha load_profiles`: takes every profile of the folder into force, unless it already is."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from escucha.console.profile_check import problems_in
from escucha.kernel.orgs.operations import put_in_force
from escucha.kernel.profiles.loader import load
from escucha.kernel.words import _


class Command(BaseCommand):
    help = "Pone en vigencia los perfiles de la carpeta"

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        for folder in sorted(file.parent for file in settings.PROFILES.glob("*/profile.toml")):
            if problems := problems_in(folder, on=timezone.localdate(now)):
                raise CommandError("\n".join([_("El perfil no se puede poner en vigencia:"), *map(str, problems)]))
            profile = load(folder)
            version = put_in_force(
                profile=profile,
                host=f"{profile.slug}.{settings.LANDING_HOSTS[0]}",
                valid_from=datetime.fromisoformat(profile.identity.valid_from),
                now=now,
            )
            self.stdout.write(
                _("{name}: vigente, versión {digest}").format(name=profile.slug, digest=version.digest[:8])
            )
