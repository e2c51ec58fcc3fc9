"""`escucha run`: everything on one machine, as `make run` starts it."""

import os
from typing import Any

from django.conf import settings
from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandError

from escucha.console.supervisor import Plan
from escucha.kernel.words import _


class Command(BaseCommand):
    help = "Inicia la base de datos, la web y el trabajador, y los mantiene hasta Ctrl-C"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        command = _plan().command()
        os.execv(command[0], command)


def _plan() -> Plan:
    landing = settings.LANDING_HOSTS[0]
    slugs = sorted(file.parent.name for file in settings.PROFILES.glob("*/profile.toml")) if settings.SAMPLE else []
    hosts = [(_("Entrada"), landing), *((slug, f"{slug}.{landing}") for slug in slugs)]
    return Plan(
        var=str(settings.VAR),
        root=str(settings.ROOT),
        host=os.environ.get("ESCUCHA_HOST", "127.0.0.1"),
        port=_number("ESCUCHA_PORT", 8000),
        events_port=_number("ESCUCHA_EVENTS_PORT", _number("ESCUCHA_PORT", 8000) + 1),
        workers=_number("ESCUCHA_WORKERS", 1),
        threads=_number("ESCUCHA_THREADS", 16),
        own_database="DATABASE_URL" not in os.environ,
        landing_host=landing,
        addresses=[(name, settings.ADDRESS.format(host=host) + "/") for name, host in hosts],
        shows_sign_ins=settings.SAMPLE and "sample_sign_ins" in get_commands(),
    )


def _number(name: str, default: int) -> int:
    try:
        return int(os.environ.get(name, default))
    except ValueError as error:
        raise CommandError(_("{name} debe ser un número.").format(name=name)) from error
