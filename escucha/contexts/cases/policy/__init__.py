"""What an organisation's profile says about its cases, and about how they are received."""

from escucha.contexts.cases.policy.kinds import (
    ANYBODY,
    NOTICE,
    Above,
    CasesPolicy,
    CaseType,
    Contact,
    Requester,
    Stage,
    blockers_to_classify_in,
    blockers_to_promise,
    blockers_to_publish_for,
)
from escucha.contexts.cases.policy.receiving import AttentionPolicy, BoxesPolicy, FormsPolicy

__all__ = [
    "ANYBODY", "NOTICE", "Above", "AttentionPolicy", "BoxesPolicy", "CaseType", "CasesPolicy", "Contact", "FormsPolicy",
    "Requester", "Stage", "blockers_to_classify_in", "blockers_to_promise", "blockers_to_publish_for",
]  # fmt: skip
