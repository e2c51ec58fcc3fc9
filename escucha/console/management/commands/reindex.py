"""`escucha reindex`: writes again what every case is found by, some at a time, while everybody goes on working."""

from typing import Any

from django.core.management.base import BaseCommand

from escucha.contexts.cases.operations.indexing import reindex_cases
from escucha.kernel.orgs.queries import all_orgs
from escucha.kernel.words import _

AT_ONCE = 500


class Command(BaseCommand):
    help = "Escribe de nuevo con qué se encuentra cada caso"

    def handle(self, *args: Any, **options: Any) -> None:
        for org in all_orgs():
            place, done = reindex_cases(org=org, limit=AT_ONCE), 0
            while place is not None:
                done += AT_ONCE
                self.stdout.write(_("{name}: {done} casos").format(name=org.slug, done=done))
                place = reindex_cases(org=org, after=place, limit=AT_ONCE)
            self.stdout.write(_("{name}: listo").format(name=org.slug))
