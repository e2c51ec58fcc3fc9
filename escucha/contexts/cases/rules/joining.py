"""When two cases may become one, and one two; and back."""

from collections.abc import Sequence
from dataclasses import dataclass

from escucha.contexts.cases.rules.likeness import Told, same_requester
from escucha.contexts.cases.rules.standing import UNANSWERED, Standing, State, elsewhere, without_act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import Saying, _

JOIN = "cases.join"
WHO = _("Los casos los junta y los separa {who}.")


@dataclass(frozen=True)
class Side:
    """One of two cases that somebody wants to put together."""

    case_id: int
    standing: Standing
    told: Told
    kept: bool = False  # it, or its person, is reserved
    holds: int = 0  # how many were put into it
    split_from: int | None = None


def blockers_to_merge(one: Side, into: Side, by: Actor) -> Sequence[Saying]:
    """Why one case cannot follow another: two people's cases never do, nor one that was answered."""
    blockers = without_act(one.standing, by, JOIN, WHO)
    if one.case_id == into.case_id:
        return [*blockers, Saying(_("Escoja otro caso: es este mismo."))]
    if one.kept or into.kept:
        return [*blockers, Saying(_("Un caso reservado, o de identidad reservada, no se junta con otro."))]
    if State.MERGED in (one.standing.state, into.standing.state):
        return [*blockers, Saying(_("Uno de los dos ya está junto con otro caso. Sepárelo antes."))]
    if not {one.standing.state, into.standing.state} <= UNANSWERED:
        return [*blockers, Saying(_("Solo se juntan casos abiertos cuya respuesta no ha salido."))]
    if one.holds:
        blockers.append(Saying(_("El caso que va a seguir a otro ya tiene otros juntos: júntelos al revés.")))
    if not (same_requester(one.told, into.told) or _of_one_another(one, into)):
        blockers.append(Saying(_("No son de la misma persona ni tienen el mismo documento, teléfono o correo.")))
    return [*blockers, *_elsewhere_either(one, into, by)]


def blockers_to_undo(standing: Standing, by: Actor) -> Sequence[Saying]:
    """Why a case cannot be taken out of the one it follows."""
    blockers = without_act(standing, by, JOIN, WHO)
    if standing.state != State.MERGED:
        return [*blockers, Saying(_("El caso no está junto con otro."))]
    return [*blockers, *elsewhere(standing, by)]


def blockers_to_split(standing: Standing, by: Actor, *, body: str | None = None) -> Sequence[Saying]:
    """Why nothing can be taken out of a case to be answered apart. `body` is None while a page only asks."""
    blockers = without_act(standing, by, JOIN, WHO)
    if standing.state not in UNANSWERED:
        blockers.append(Saying(_("Solo se divide un caso abierto cuya respuesta no ha salido.")))
    else:
        blockers.extend(elsewhere(standing, by))
    if body is not None and not body.strip():
        blockers.append(Saying(_("Escriba lo que se va a responder aparte.")))
    return blockers


def blockers_to_tell_apart(standing: Standing, by: Actor) -> Sequence[Saying]:
    return [*without_act(standing, by, JOIN, WHO), *elsewhere(standing, by)]


def _of_one_another(one: Side, into: Side) -> bool:
    """One was split from the other: nobody else's, though its person left nothing."""
    return one.case_id == into.split_from or into.case_id == one.split_from


def _elsewhere_either(one: Side, into: Side, by: Actor) -> Sequence[Saying]:
    return elsewhere(one.standing, by) or elsewhere(into.standing, by)
