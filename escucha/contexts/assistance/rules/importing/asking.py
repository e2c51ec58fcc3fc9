"""Who may import affiliates, and when."""

from collections.abc import Sequence

from escucha.contexts.assistance.rules.acts import AFFILIATES
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _

SHOWN = "shown"  # as the table keeps it
ACTIVE, INACTIVE, TO_VERIFY = "active", "inactive", "to_verify"
MOST_OCTETS = 600 * 1024 * 1024
NOT_YOURS = _("Su rol no importa ni corrige afiliados. Pídalo a quien supervisa la mesa.")


def blockers_to_ask(by: Actor, *, account_known: bool, kind: str) -> Sequence[Saying]:
    if not by.may(AFFILIATES):
        return [Saying(NOT_YOURS)]
    found = [] if account_known else [Saying(_("Escoja la cuenta del cliente."))]
    if not kind:
        found.append(
            Saying(_("Este archivo no se puede leer por filas. Guárdelo como CSV o como libro de Excel (.xlsx)."))
        )
    return found


def blockers_to_confirm(by: Actor, *, state: str) -> Sequence[Saying]:
    if not by.may(AFFILIATES):
        return [Saying(NOT_YOURS)]
    return [] if state == SHOWN else [Saying(_("Este archivo ya se confirmó o se descartó."))]


def blockers_to_drop(by: Actor, *, state: str) -> Sequence[Saying]:
    if not by.may(AFFILIATES):
        return [Saying(NOT_YOURS)]
    return [] if state == SHOWN else [Saying(_("Ya no se puede descartar: la importación empezó o terminó."))]


def blockers_to_correct(by: Actor, *, status: str, after: str) -> Sequence[Saying]:
    """Why somebody may not be made active, or no longer active, by hand."""
    if not by.may(AFFILIATES):
        return [Saying(NOT_YOURS)]
    if status == TO_VERIFY:
        return [Saying(_("Está por verificar: verifíquelo, y con eso queda activo o inactivo."))]
    return [Saying(_("Ya está así."))] if status == after else []
