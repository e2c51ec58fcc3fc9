"""Every upward arrow on one page: sections a profile may have, acts, what follows from what, what is compared."""

from collections.abc import Mapping
from typing import Any

from escucha.contexts.assistance.events import AssistanceEnded, LineWritten
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.comparing import lines_that_differ
from escucha.contexts.assistance.rules.acts import ACTS as ASSISTANCE_ACTS
from escucha.contexts.cases.events import (
    AnswerRejected,
    CaseAnswered,
    CaseOpenedUp,
    CaseReturned,
    IdentityRevealed,
    NoteWritten,
    OriginalRevealed,
    WithdrawalRecorded,
    WordAdded,
)
from escucha.contexts.cases.policy import AttentionPolicy, BoxesPolicy, CasesPolicy, FormsPolicy
from escucha.contexts.cases.queries.comparing import answers_that_differ, remarks_that_differ, reveals_that_differ
from escucha.contexts.cases.queries.words import words_that_differ
from escucha.contexts.cases.rules.acts import ACTS as CASE_ACTS
from escucha.contexts.documents.events import FileAttached, OriginalOpened
from escucha.contexts.documents.policy import DocumentsPolicy
from escucha.contexts.documents.queries import files_that_differ
from escucha.contexts.messaging.events import MailArrived, TextArrived
from escucha.contexts.messaging.policy.channels import ChannelsPolicy
from escucha.contexts.messaging.policy.mailboxes import MailboxesPolicy
from escucha.contexts.messaging.policy.sms import SmsPolicy
from escucha.contexts.messaging.queries.comparing import letters_that_differ
from escucha.contexts.people.events import (
    ConsentGiven,
    ConsentWithdrawn,
    GroupMarked,
    GroupUnmarked,
    PersonCorrected,
)
from escucha.contexts.people.policy import PeoplePolicy
from escucha.contexts.people.queries import consents_that_differ, corrections_that_differ
from escucha.contexts.surveys.policy import SurveysPolicy
from escucha.contexts.surveys.rules import ACTS as SURVEY_ACTS
from escucha.flows.arrived_text_becomes_case import settle_text
from escucha.flows.corrected_person_is_found_anew import find_anew
from escucha.flows.ended_assistance_sends_survey import send_survey
from escucha.flows.ended_notice_notifies_person import is_the_end_of_a_notice, notify_by_notice
from escucha.flows.late_vital_search_asks_supervisor import ask_supervisor, is_of_a_life
from escucha.flows.marked_person_goes_first import turn_cases
from escucha.flows.reached_share_tells_open_pages import is_of_the_desk, tell_open_pages
from escucha.flows.reached_step_tells_who_must_know import is_of_a_case, tell_who_must_know
from escucha.kernel.commitments.facts import CommitmentAnnulled, CommitmentMet, CommitmentWaived, StepReached
from escucha.kernel.commitments.queries import outcomes_that_differ
from escucha.kernel.timeline.comparing import Comparison
from escucha.kernel.timeline.facts import Fact
from escucha.kernel.timeline.relay import Connection

SECTIONS: list[type[Any]] = [
    CasesPolicy,
    ChannelsPolicy,
    DocumentsPolicy,
    PeoplePolicy,
    AttentionPolicy,
    BoxesPolicy,
    FormsPolicy,
    SmsPolicy,
    MailboxesPolicy,
    AssistancePolicy,
    SurveysPolicy,
]

ACTS: Mapping[str, str] = {**CASE_ACTS, **ASSISTANCE_ACTS, **SURVEY_ACTS}  # what a role may be given, in words

REACTIONS: list[Connection] = [
    Connection(StepReached, tell_who_must_know, is_of_a_case),
    Connection(StepReached, notify_by_notice, is_the_end_of_a_notice),
    Connection(StepReached, ask_supervisor, is_of_a_life),
    Connection(StepReached, tell_open_pages, is_of_the_desk),
    Connection(TextArrived, settle_text),
    Connection(GroupMarked, turn_cases),
    Connection(GroupUnmarked, turn_cases),
    Connection(PersonCorrected, find_anew),
    Connection(AssistanceEnded, send_survey),
]

COMPARISONS: list[tuple[type[Fact], Comparison]] = [
    (CaseAnswered, answers_that_differ),
    (CaseReturned, remarks_that_differ),
    (AnswerRejected, remarks_that_differ),
    (NoteWritten, remarks_that_differ),
    (WithdrawalRecorded, remarks_that_differ),
    (CaseOpenedUp, remarks_that_differ),
    (IdentityRevealed, reveals_that_differ),
    (OriginalRevealed, reveals_that_differ),
    (WordAdded, words_that_differ),
    (ConsentGiven, consents_that_differ),
    (ConsentWithdrawn, consents_that_differ),
    (PersonCorrected, corrections_that_differ),
    (FileAttached, files_that_differ),
    (OriginalOpened, files_that_differ),
    (MailArrived, letters_that_differ),
    (LineWritten, lines_that_differ),
    (CommitmentMet, outcomes_that_differ),
    (CommitmentAnnulled, outcomes_that_differ),
    (CommitmentWaived, outcomes_that_differ),
]
