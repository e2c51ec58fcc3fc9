"""How the work of one provider stands within an assistance."""

from collections.abc import Mapping
from enum import StrEnum

from escucha.kernel.words import _


class Work(StrEnum):
    ASSIGNED = "assigned"
    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    DONE = "done"
    CANCELLED = "cancelled"


STATE_NAMES: Mapping[Work, str] = {
    Work.ASSIGNED: _("Asignado"),
    Work.ON_THE_WAY: _("En camino"),
    Work.ARRIVED: _("Llegó"),
    Work.DONE: _("Proveedor concluido"),
    Work.CANCELLED: _("Proveedor cancelado"),
}

MOVES: Mapping[Work, frozenset[Work]] = {
    Work.ASSIGNED: frozenset({Work.ON_THE_WAY, Work.ARRIVED, Work.DONE, Work.CANCELLED}),
    Work.ON_THE_WAY: frozenset({Work.ARRIVED, Work.DONE, Work.CANCELLED}),
    Work.ARRIVED: frozenset({Work.DONE, Work.CANCELLED}),
    Work.DONE: frozenset(),
    Work.CANCELLED: frozenset(),
}
GOING = frozenset({Work.ASSIGNED, Work.ON_THE_WAY, Work.ARRIVED})


class Asked(StrEnum):
    """What came of asking a provider, by a call or by a link."""

    NO_ANSWER = "no_answer"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    SKIPPED = "skipped"  # with its reason


ASKED_NAMES: Mapping[Asked, str] = {
    Asked.NO_ANSWER: _("No contesta"),
    Asked.UNAVAILABLE: _("Sin disponibilidad"),
    Asked.REFUSED: _("No acepta"),
    Asked.ACCEPTED: _("Acepta"),
    Asked.SKIPPED: _("Se pasa al siguiente"),
}
