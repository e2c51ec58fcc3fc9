"""How an assistance stands and where it may go. The diagram in the docs is drawn from this table."""

from collections.abc import Mapping
from enum import StrEnum

from escucha.kernel.words import _


class Stage(StrEnum):
    OPENING = "opening"
    TO_ASSIGN = "to_assign"
    ASSIGNED = "assigned"
    CONFIRMED = "confirmed"  # the affiliate knows who comes and when
    ARRIVED = "arrived"
    CONTACTED = "contacted"
    DIAGNOSED = "diagnosed"
    AUTHORISED = "authorised"
    REFUNDING = "refunding"  # the affiliate pays and is paid back
    FINISHED = "finished"  # the work is done; costs and conformity are missing
    CONCLUDED = "concluded"
    CANCELLED_AT_ONCE = "cancelled_at_once"
    CANCELLED_LATER = "cancelled_later"
    PROVIDER_CANCELLED = "provider_cancelled"


STATE_NAMES: Mapping[Stage, str] = {
    Stage.OPENING: _("En apertura"),
    Stage.TO_ASSIGN: _("Por asignar"),
    Stage.ASSIGNED: _("Asignada"),
    Stage.CONFIRMED: _("Confirmada al afiliado"),
    Stage.ARRIVED: _("El proveedor llegó"),
    Stage.CONTACTED: _("En contacto"),
    Stage.DIAGNOSED: _("Con diagnóstico"),
    Stage.AUTHORISED: _("Autorizada"),
    Stage.REFUNDING: _("Reembolso autorizado"),
    Stage.FINISHED: _("Terminada, por cerrar"),
    Stage.CONCLUDED: _("Concluida"),
    Stage.CANCELLED_AT_ONCE: _("Cancelada al momento"),
    Stage.CANCELLED_LATER: _("Cancelada posterior"),
    Stage.PROVIDER_CANCELLED: _("Proveedor cancelado"),
}

# T18 keeps the stage, T19 goes back to the search, T28 (by telephone) goes from assigned to finished.
MOVES: Mapping[Stage, frozenset[Stage]] = {
    Stage.OPENING: frozenset({Stage.TO_ASSIGN, Stage.CANCELLED_AT_ONCE, Stage.CANCELLED_LATER}),
    Stage.TO_ASSIGN: frozenset({Stage.ASSIGNED, Stage.REFUNDING, Stage.CANCELLED_LATER, Stage.PROVIDER_CANCELLED}),
    Stage.ASSIGNED: frozenset(
        {
            Stage.CONFIRMED,
            Stage.ARRIVED,
            Stage.FINISHED,
            Stage.TO_ASSIGN,
            Stage.CANCELLED_LATER,
            Stage.PROVIDER_CANCELLED,
        }
    ),
    Stage.CONFIRMED: frozenset(
        {Stage.ARRIVED, Stage.FINISHED, Stage.TO_ASSIGN, Stage.CANCELLED_LATER, Stage.PROVIDER_CANCELLED}
    ),
    Stage.ARRIVED: frozenset({Stage.CONTACTED, Stage.TO_ASSIGN, Stage.CANCELLED_LATER, Stage.PROVIDER_CANCELLED}),
    Stage.CONTACTED: frozenset({Stage.DIAGNOSED, Stage.CANCELLED_LATER}),
    Stage.DIAGNOSED: frozenset({Stage.AUTHORISED, Stage.CANCELLED_LATER}),
    Stage.AUTHORISED: frozenset({Stage.FINISHED, Stage.CANCELLED_LATER}),
    Stage.REFUNDING: frozenset({Stage.FINISHED, Stage.CANCELLED_LATER}),
    Stage.FINISHED: frozenset({Stage.CONCLUDED}),
    Stage.CONCLUDED: frozenset(),
    Stage.CANCELLED_AT_ONCE: frozenset(),
    Stage.CANCELLED_LATER: frozenset(),
    Stage.PROVIDER_CANCELLED: frozenset(),
}

ENDED = frozenset(stage for stage, moves in MOVES.items() if not moves)
OPEN = frozenset(Stage) - ENDED
WITH_PROVIDER = frozenset(
    {
        Stage.ASSIGNED,
        Stage.CONFIRMED,
        Stage.ARRIVED,
        Stage.CONTACTED,
        Stage.DIAGNOSED,
        Stage.AUTHORISED,
    }
)
BEFORE_ARRIVAL = frozenset({Stage.ASSIGNED, Stage.CONFIRMED})


class Step(StrEnum):
    """The five stages of the procedure, as its log and its screens name them."""

    OPENING = "1"
    ASSIGNING = "2"
    MONITORING = "3"
    SERVICE = "4"
    CLOSING = "5"


STEP_NAMES: Mapping[Step, str] = {
    Step.OPENING: _("1 Apertura"),
    Step.ASSIGNING: _("2 Asignación de proveedor"),
    Step.MONITORING: _("3 Monitoreos"),
    Step.SERVICE: _("4 Prestación del servicio"),
    Step.CLOSING: _("5 Cierre"),
}

STEP_OF: Mapping[Stage, Step] = {
    Stage.OPENING: Step.OPENING,
    Stage.TO_ASSIGN: Step.ASSIGNING,
    Stage.ASSIGNED: Step.ASSIGNING,
    Stage.CONFIRMED: Step.MONITORING,
    Stage.ARRIVED: Step.MONITORING,
    Stage.CONTACTED: Step.MONITORING,
    Stage.DIAGNOSED: Step.SERVICE,
    Stage.AUTHORISED: Step.SERVICE,
    Stage.REFUNDING: Step.SERVICE,
    Stage.FINISHED: Step.CLOSING,
    Stage.CONCLUDED: Step.CLOSING,
    Stage.CANCELLED_AT_ONCE: Step.CLOSING,
    Stage.CANCELLED_LATER: Step.CLOSING,
    Stage.PROVIDER_CANCELLED: Step.CLOSING,
}


class Category(StrEnum):
    """What the assistance is given for."""

    COVERAGE = "coverage"
    CONNECTION = "connection"  # the affiliate pays; the company finds who comes
    COURTESY = "courtesy"
    GUARANTEE = "guarantee"  # the same work again, by who did it
    REFUND = "refund"


CATEGORY_NAMES: Mapping[Category, str] = {
    Category.COVERAGE: _("Cobertura"),
    Category.CONNECTION: _("Conexión"),
    Category.COURTESY: _("Cortesía"),
    Category.GUARANTEE: _("Garantía"),
    Category.REFUND: _("Reembolso"),
}


class Priority(StrEnum):
    VITAL = "vital"
    EMERGENCY = "emergency"
    PROGRAMMED = "programmed"


PRIORITY_NAMES: Mapping[Priority, str] = {
    Priority.VITAL: _("Emergencia vital"),
    Priority.EMERGENCY: _("Emergencia"),
    Priority.PROGRAMMED: _("Programado"),
}
TURN: Mapping[str, int] = {Priority.VITAL: 0, Priority.EMERGENCY: 1, Priority.PROGRAMMED: 2}


class Conformity(StrEnum):
    CONFORMING = "conforming"
    NONCONFORMING = "nonconforming"
    NO_CONTACT = "no_contact"


CONFORMITY_NAMES: Mapping[Conformity, str] = {
    Conformity.CONFORMING: _("Conforme"),
    Conformity.NONCONFORMING: _("No conforme"),
    Conformity.NO_CONTACT: _("Sin contacto"),
}
