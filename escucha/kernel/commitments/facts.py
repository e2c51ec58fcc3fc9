"""What the ledger and the clock tell the timeline.

Owing is not told: the act that made the debt (a case filed, a case classified) has its own line, and the debt's row
keeps its inputs. Everything that changes what was promised is told, since it must be explained years later: pause,
resume, extension, a new reckoning, another owner, an end. So is every step the clock takes, and lateness once.

A fact holds keys, ids and instants (ISO, UTC); `kind` is a key, whose label the faces know.
"""

from dataclasses import dataclass

from escucha.kernel.timeline.facts import Fact
from escucha.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class StepReached(Fact):
    """A reminder or an escalation fell. `to` is the role told; empty: whoever owes it."""

    kind: str
    commitment: int
    step: str
    to: str = ""

    verb = "commitments.step_reached"
    sentence = _("{step}: {kind}")


@dataclass(frozen=True, kw_only=True)
class CommitmentLate(Fact):
    """The due time passed with the debt open. Told once for each due time."""

    kind: str
    commitment: int

    verb = "commitments.commitment_late"
    sentence = _("Venció sin cumplirse: {kind}")


@dataclass(frozen=True, kw_only=True)
class CommitmentMet(Fact):
    kind: str
    commitment: int
    late: bool

    verb = "commitments.commitment_met"
    sentence = _("Se cumplió: {kind}")


@dataclass(frozen=True, kw_only=True)
class CommitmentPaused(Fact):
    kind: str
    commitment: int
    at: str

    verb = "commitments.commitment_paused"
    sentence = _("Se suspendió: {kind}")


@dataclass(frozen=True, kw_only=True)
class CommitmentResumed(Fact):
    kind: str
    commitment: int
    due_at: str

    verb = "commitments.commitment_resumed"
    sentence = _("Se reanudó: {kind}")


@dataclass(frozen=True, kw_only=True)
class CommitmentExtended(Fact):
    kind: str
    commitment: int
    was: str
    due_at: str

    verb = "commitments.commitment_extended"
    sentence = _("Se amplió: {kind}")


@dataclass(frozen=True, kw_only=True)
class CommitmentReckonedAgain(Fact):
    """The due time was counted again, since a norm, a calendar or its receipt changed. `cause` is a key."""

    kind: str
    commitment: int
    was: str
    due_at: str
    cause: str

    verb = "commitments.commitment_reckoned_again"
    sentence = _("Se contó de nuevo: {kind}")


@dataclass(frozen=True, kw_only=True)
class CommitmentHandedOver(Fact):
    """Another unit, role or member owes it now; its time runs on."""

    kind: str
    commitment: int
    from_unit: int
    unit: int
    role: str = ""
    member: int | None = None

    verb = "commitments.commitment_handed_over"
    sentence = _("Pasó a otro responsable, sin interrumpirse: {kind}")


@dataclass(frozen=True, kw_only=True)
class CommitmentAnnulled(Fact):
    """It should not have been owed, or another took its place. `cause` is a key."""

    kind: str
    commitment: int
    cause: str

    verb = "commitments.commitment_annulled"
    sentence = _("Quedó sin efecto: {kind}")


@dataclass(frozen=True, kw_only=True)
class CommitmentWaived(Fact):
    """Whom it was owed to, or the norm, let it go. `cause` is a key."""

    kind: str
    commitment: int
    cause: str

    verb = "commitments.commitment_waived"
    sentence = _("Se dispensó: {kind}")
