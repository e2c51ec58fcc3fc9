"""`escucha verify`: prove the bitácora. Exit status 1 when something was altered, removed or re-ordered."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from escucha.kernel.orgs.queries import all_orgs
from escucha.kernel.timeline.seals import public_key_at
from escucha.kernel.timeline.verify import Verification
from escucha.kernel.words import _

SEALED = _(
    "Hasta el último sello, del {until:%Y-%m-%d %H:%M} UTC, no se puede alterar, quitar ni reordenar nada sin que esta "
    "comprobación lo encuentre."
)
UNSEALED = _("Todavía no hay ningún sello. Haga el primero con: escucha anchor")
AFTER = _(
    "Después del último sello hay {count} asientos: de ellos solo se encuentra lo que deja un hueco. No se ve lo que "
    "haga quien pueda cambiar la base de datos y rehaga también la cadena y su cabeza."
)
LAST = _(
    "Si se borró el último sello junto con su copia, aquí no se ve: compare esta fecha con las copias guardadas aparte."
)


class Command(BaseCommand):
    help = _("Comprueba la bitácora (cadenas, cabezas, sellos, firmas y copias) y lo que ella dice de los casos.")
    requires_system_checks = ()  # it works whatever state the pages are in

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--org", default="", help=_("solo las cadenas de esta organización"))

    def handle(self, *args: Any, **options: Any) -> None:
        org = next((org for org in all_orgs() if org.slug == options["org"]), None)
        if options["org"] and org is None:
            raise CommandError(_("No hay ninguna organización {slug}.").format(slug=options["org"]))
        verification = Verification(key=public_key_at(settings.ANCHOR_KEY), folder=settings.ANCHORS, org=org)
        wrong = 0
        for finding in verification.findings():
            wrong += not finding.erased
            self.stdout.write(f"{'·' if finding.erased else '✗'} {finding}")
        self._conclude(verification, wrong)
        if wrong:
            sys.exit(1)

    def _conclude(self, verification: Verification, wrong: int) -> None:
        counts = {"subjects": verification.subjects, "entries": verification.entries, "wrong": wrong}
        if wrong:
            said = _("Algo fue cambiado: {wrong} hallazgos en {subjects} cadenas con {entries} asientos.")
        else:
            said = _("La bitácora está íntegra: {subjects} cadenas con {entries} asientos.")
        self.stdout.write(said.format(**counts))
        until = verification.seals.until
        self.stdout.write(SEALED.format(until=until) if until else UNSEALED)
        self.stdout.write(AFTER.format(count=verification.entries_after_seal))
        self.stdout.write(LAST)
