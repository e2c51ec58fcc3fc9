"""When a debt of a case reaches a step of its ladder, whoever owes it or answers for it is told."""

from datetime import datetime

from escucha.contexts.cases.operations.telling import tell_step
from escucha.kernel.commitments.facts import StepReached
from escucha.kernel.orgs.models import Organisation


def tell_who_must_know(fact: StepReached, *, org: Organisation, now: datetime) -> None:
    kind, _colon, case_id = fact.subject.partition(":")
    if kind == "case" and fact.step != "notice_ends":
        tell_step(org=org, case_id=int(case_id), kind=fact.kind, commitment_id=fact.commitment, to=fact.to, now=now)
