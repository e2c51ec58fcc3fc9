"""The facts of what is received at a desk, in a box or in a hearing."""

from dataclasses import dataclass

from escucha.kernel.timeline.facts import Fact
from escucha.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class AttentionRecorded(Fact):
    channel: str
    stakeholder: str
    topic: str

    verb = "cases.attention_recorded"
    sentence = _("Se registró una atención por {channel}")


@dataclass(frozen=True, kw_only=True)
class AttentionBecameCase(Fact):
    """Told of both: of the contact, and of the case."""

    case: int
    attention: int

    verb = "cases.attention_became_case"
    sentence = _("La atención pasó a ser una solicitud")


@dataclass(frozen=True, kw_only=True)
class ActOpened(Fact):
    kind: str
    number: str
    site: str
    held_at: str
    first_slip: int | None = None
    last_slip: int | None = None

    verb = "cases.act_opened"
    sentence = _("Se abrió el acta {number}")


@dataclass(frozen=True, kw_only=True)
class SlipEntered(Fact):
    """Told of both: of the act, and of the case."""

    position: int
    case: int
    number: str

    verb = "cases.slip_entered"
    sentence = _("Se radicó la número {position} del acta {number}")


@dataclass(frozen=True, kw_only=True)
class SlipVoided(Fact):
    position: int

    verb = "cases.slip_voided"
    sentence = _("Se anuló la número {position} del acta")


@dataclass(frozen=True, kw_only=True)
class SlipCorrected(Fact):
    position: int

    verb = "cases.slip_corrected"
    sentence = _("Se corrigió la número {position} del acta")


@dataclass(frozen=True, kw_only=True)
class ActClosed(Fact):
    cases: int
    voids: int

    verb = "cases.act_closed"
    sentence = _("Se cerró el acta: {cases} solicitudes y {voids} anuladas")
