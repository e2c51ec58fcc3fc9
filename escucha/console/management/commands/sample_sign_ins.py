"""`escucha sample_sign_ins`: with which e-mails the example organisations can be entered."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from escucha.kernel.orgs.queries import sample_members
from escucha.kernel.words import _


class Command(BaseCommand):
    help = "Muestra las entradas de ejemplo"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(
            _(
                "Clave de todas las entradas de ejemplo: {password}. El código del segundo factor está en la portada."
            ).format(password=settings.SAMPLE_PASSWORD)
        )
        for org, members in sample_members(now=timezone.now()):
            self.stdout.write(f"\n{org.name}")
            for member in members:
                self.stdout.write(f"  {member.account.email:<38} {member.account.name}")
