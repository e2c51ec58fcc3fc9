"""When a debt of a case reaches a step of its ladder, whoever owes it or answers for it is told."""

from datetime import datetime

from escucha.contexts.cases.operations.owing import NOTICE_ENDS
from escucha.contexts.cases.operations.telling import tell_step
from escucha.kernel.commitments.facts import StepReached
from escucha.kernel.orgs.models import Organisation


def is_of_a_case(fact: StepReached) -> bool:
    return fact.subject.startswith("case:") and fact.step != NOTICE_ENDS.step


def tell_who_must_know(fact: StepReached, *, org: Organisation, now: datetime) -> None:
    case_id = int(fact.subject.removeprefix("case:"))
    tell_step(org=org, case_id=case_id, kind=fact.kind, commitment_id=fact.commitment, to=fact.to, now=now)
