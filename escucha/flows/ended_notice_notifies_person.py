"""When the days of a published notice are over, the person counts as notified."""

from datetime import datetime

from escucha.contexts.cases.operations.reaching import end_notice
from escucha.kernel.commitments.facts import StepReached
from escucha.kernel.orgs.models import Organisation


def notify_by_notice(fact: StepReached, *, org: Organisation, now: datetime) -> None:
    if fact.step == "notice_ends":
        end_notice(org=org, case_id=int(fact.subject.removeprefix("case:")), now=now)
