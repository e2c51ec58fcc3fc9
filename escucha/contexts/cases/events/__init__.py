"""The facts this context records. Ids and plain values only; what people wrote is a row, and its digest is here."""

from escucha.contexts.cases.events.joining import (
    CasesMerged,
    CaseSplit,
    CasesToldApart,
    MergeUndone,
)
from escucha.contexts.cases.events.life import (
    AnswerApproved,
    AnswerRejected,
    AnswerSent,
    CaseAnswered,
    CaseAssigned,
    CaseClassified,
    CaseClosed,
    CaseFiled,
    CaseNotified,
    CaseReturned,
    CaseRouted,
    CaseWithdrawn,
    KeysRenewed,
    LetterSentAgain,
    NoteWritten,
    NoticeKept,
    NoticePublished,
    PersonCalled,
    PersonPutRight,
    PersonPutRightElsewhere,
    PersonReminded,
    TurnChanged,
    WithdrawalRecorded,
    WordAdded,
    WordsRead,
)
from escucha.contexts.cases.events.receiving import (
    ActClosed,
    ActOpened,
    AttentionBecameCase,
    AttentionRecorded,
    SlipCorrected,
    SlipEntered,
    SlipVoided,
)
from escucha.contexts.cases.events.reserve import (
    AccusedLifted,
    AccusedNamed,
    CaseOpenedUp,
    CaseReserved,
    IdentityRevealed,
    OriginalRevealed,
)

__all__ = [
    "AccusedLifted", "AccusedNamed", "ActClosed", "ActOpened", "AnswerApproved", "AnswerRejected", "AnswerSent",
    "AttentionBecameCase", "AttentionRecorded", "CaseAnswered", "CaseAssigned", "CaseClassified", "CaseClosed",
    "CaseFiled", "CaseNotified", "CaseOpenedUp", "CaseReserved", "CaseReturned", "CaseRouted", "CaseSplit",
    "CaseWithdrawn", "CasesMerged", "CasesToldApart", "IdentityRevealed", "KeysRenewed", "LetterSentAgain",
    "MergeUndone", "NoteWritten", "NoticeKept", "NoticePublished", "OriginalRevealed", "PersonCalled",
    "PersonPutRight", "PersonPutRightElsewhere", "PersonReminded", "SlipCorrected", "SlipEntered", "SlipVoided",
    "TurnChanged", "WithdrawalRecorded", "WordAdded", "WordsRead",
]  # fmt: skip
