"""Every upward arrow on one page: which sections a profile may have, and what follows from what."""

from typing import Any

from escucha.contexts.cases.policy import CasesPolicy
from escucha.flows.ended_notice_notifies_person import notify_by_notice
from escucha.flows.reached_step_tells_who_must_know import tell_who_must_know
from escucha.kernel.commitments.facts import StepReached
from escucha.kernel.timeline.relay import Connection

SECTIONS: list[type[Any]] = [CasesPolicy]

REACTIONS: list[Connection] = [
    (StepReached, tell_who_must_know),
    (StepReached, notify_by_notice),
]
