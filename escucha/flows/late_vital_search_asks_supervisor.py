"""When nobody was found in time for a life at risk, who supervises owes a decision."""

from datetime import datetime

from escucha.contexts.assistance.operations.escalating import escalate_search
from escucha.contexts.assistance.rules.timers import UNASSIGNED
from escucha.kernel.commitments.facts import StepReached
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import SYSTEM


def ask_supervisor(fact: StepReached, *, org: Organisation, now: datetime) -> None:
    kind, _colon, assistance_id = fact.subject.partition(":")
    if kind == "assistance" and fact.step == UNASSIGNED:
        escalate_search(org=org, assistance_id=int(assistance_id), commitment_id=fact.commitment, by=SYSTEM, now=now)
