"""When a share of the time of something at the assistance desk is spent, whoever owes it or supervises hears of it."""

from datetime import datetime

from escucha.contexts.assistance.operations.telling import tell_share
from escucha.kernel.commitments.facts import StepReached
from escucha.kernel.orgs.models import Organisation


def is_of_the_desk(fact: StepReached) -> bool:
    return fact.subject.partition(":")[0] in {"assistance", "assistance_file"}


def tell_open_pages(fact: StepReached, *, org: Organisation, now: datetime) -> None:
    tell_share(org=org, subject=fact.subject, kind=fact.kind, commitment_id=fact.commitment, step=fact.step)
