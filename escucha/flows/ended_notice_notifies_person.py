"""When the days of a published notice are over, the person counts as notified."""

from datetime import datetime

from escucha.contexts.cases.operations.owing import NOTICE_ENDS
from escucha.contexts.cases.operations.reaching import end_notice
from escucha.kernel.commitments.facts import StepReached
from escucha.kernel.orgs.models import Organisation


def is_the_end_of_a_notice(fact: StepReached) -> bool:
    return fact.step == NOTICE_ENDS.step


def notify_by_notice(fact: StepReached, *, org: Organisation, now: datetime) -> None:
    end_notice(org=org, case_id=int(fact.subject.removeprefix("case:")), now=now)
