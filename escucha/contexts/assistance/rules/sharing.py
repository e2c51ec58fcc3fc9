"""Several files passed on at once: who gets which, and why they are not passed on. Plain values in, reasons out."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from escucha.contexts.assistance.rules.acts import SUPERVISE
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _

MOST = 200  # files at once
UNDONE_WITHIN = timedelta(minutes=30)
OTHER = "other"
# How somebody is doing is nobody's business in the log of a file: a reason tells of the work, not of the person.
REASONS: Mapping[str, str] = {
    "shift": _("Terminó su turno"),
    "away": _("No puede seguir hoy"),
    "load": _("Tenía demasiados"),
    OTHER: _("Otro motivo"),
}
NOT_SUPERVISION = Saying(_("Los expedientes de otra persona los entrega supervisión."))


def shares(
    files: Sequence[int], members: Sequence[int | None], *, held: Mapping[int | None, int]
) -> Mapping[int, int | None]:
    """Who gets each file, in turns by their order, so that nobody gets two more than another; who has fewer begins."""
    turns = sorted(members, key=lambda member: held.get(member, 0))
    return {file: turns[place % len(turns)] for place, file in enumerate(files)}


def blockers_to_hand_over_several(
    *, files: Collection[int], targets: Collection[int | None], before: int | None, reason: str, by: Actor
) -> Sequence[Saying]:
    """`before` is who has them all; None is the queue of the shift, and so it is among `targets`."""
    if not by.may(SUPERVISE):
        return [NOT_SUPERVISION]
    blockers = []
    if not files:
        blockers.append(Saying(_("Elija al menos un expediente.")))
    if len(files) > MOST:
        blockers.append(Saying(_("Se entregan hasta {most} a la vez: elija menos."), {"most": MOST}))
    if not targets:
        blockers.append(Saying(_("Escoja quién los recibe.")))
    elif before in targets:
        blockers.append(Saying(_("Escoja a alguien distinto de quien los tiene.")))
    if not reason.strip():
        blockers.append(Saying(_("Diga por qué se entregan.")))
    return blockers


def blockers_to_take_back(*, handed: Collection[int], at: datetime, now: datetime, by: Actor) -> Sequence[Saying]:
    """Who handed over takes it back, and soon: later it is another hand-over."""
    if not by.may(SUPERVISE):
        return [NOT_SUPERVISION]
    if not handed:
        return [Saying(_("No hay nada que deshacer."))]
    late = Saying(_("Ya pasó media hora. Entréguelos otra vez desde aquí, a quien los debe tener."))
    return [late] if now - at > UNDONE_WITHIN else []
