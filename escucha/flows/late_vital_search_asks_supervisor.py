"""When nobody was found in time for a life at risk, who supervises owes a decision."""

from datetime import datetime

from escucha.contexts.assistance.operations.escalating import escalate_search
from escucha.contexts.assistance.rules.timers import UNASSIGNED
from escucha.kernel.commitments.facts import StepReached
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import SYSTEM


def is_of_a_life(fact: StepReached) -> bool:
    return fact.subject.startswith("assistance:") and fact.step == UNASSIGNED


def ask_supervisor(fact: StepReached, *, org: Organisation, now: datetime) -> None:
    assistance_id = int(fact.subject.removeprefix("assistance:"))
    escalate_search(org=org, assistance_id=assistance_id, commitment_id=fact.commitment, by=SYSTEM, now=now)
