"""What is known of who asked is put right from its case, and what it missed meanwhile may be sent to it again."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from escucha.contexts.cases import notices
from escucha.contexts.cases.events import KeysRenewed, LetterSentAgain, PersonPutRight, PersonPutRightElsewhere
from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.answering import new_link_token
from escucha.contexts.cases.operations.filing import new_contact_code, new_receipt_code
from escucha.contexts.cases.operations.indexing import index_case, index_person
from escucha.contexts.cases.operations.owing import keep
from escucha.contexts.cases.operations.refusal import refuse_if
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import case_for_change, profile_of_case
from escucha.contexts.cases.queries.petitioners import all_of_person, is_kept_from, others_of_person
from escucha.contexts.cases.queries.written import answers_of, latest_answer
from escucha.contexts.cases.rules.correcting import ANSWER, blockers_to_correct_petitioner, letter_missed
from escucha.contexts.cases.rules.debts import LEGAL_TERM, VITAL_TERM
from escucha.contexts.cases.rules.standing import State
from escucha.contexts.cases.rules.starting import came, start_of
from escucha.contexts.messaging.operations.recalling import recall
from escucha.contexts.people.models import Correction
from escucha.contexts.people.operations.correcting import correct_person, welcome
from escucha.contexts.people.queries import data_of, person_by_id
from escucha.contexts.people.rules.correcting import WRITTEN_TO, addresses_left, reached_at
from escucha.kernel.commitments.queries import owed_about
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.record import record
from escucha.kernel.worktime.words import long_day


@act
def correct_petitioner(
    *,
    org: Organisation,
    case_id: int,
    said: Mapping[str, str],
    reason: str,
    seen: int | None = None,
    send_again: bool = False,
    renew_keys: bool = False,
    by: Actor,
    now: datetime,
) -> Correction:
    """The person of a case is as `said` from now on, in all its cases; what waits to leave for the wrong address does
    not leave. Of who left nothing when it filed, this is the first that is known.

    With `send_again` the letter that it waits for goes where it is reached now; with `renew_keys` too, what somebody
    else was sent opens nothing any more. The other cases say that it was corrected, unless this one keeps who its
    person is: they would tell that it is there.
    """
    case = case_for_change(org=org, case_id=case_id, by=by)
    kept = is_kept_from(case, viewer=by, now=now)
    known = case.person_id  # of the row that was waited for: who was told meanwhile is not in what was read beside it
    refuse_if(
        blockers_to_correct_petitioner(
            anonymous=case.anonymous, known=known is not None, in_reserve=case.keeps_papers, kept=kept
        )
    )
    correction = correct_person(
        org=org,
        person_id=known or welcome(org=org, now=now).pk,
        said=said,
        reason=reason,
        about=case.subject,
        seen=seen,
        by=by,
        now=now,
    )
    case.person = correction.person
    if known:
        keep(case)
        index_case(case, correction.person)
    else:
        keep(case, "person")
    _tell(case, correction, by=by, now=now)
    after = data_of(correction.person)
    if left := addresses_left(after | correction.before, after):
        recall(org=org, person_id=correction.person_id, subject=case.subject, addresses=left, now=now)
    if send_again and not WRITTEN_TO.isdisjoint(correction.after):
        _send_again(case, renew_keys=renew_keys, by=by, now=now)
    return correction


@transaction.atomic
def find_by_person(*, org: Organisation, person_id: int) -> None:
    """All the cases of a person are found by what is known of it now; twice is as once."""
    cases = all_of_person(org=org, person_id=person_id)
    index_person(cases, person_by_id(org=org, person_id=person_id))  # read once nobody else can be correcting it


def _tell(case: Case, correction: Correction, *, by: Actor, now: datetime) -> None:
    number, corrected = correction.pk, ",".join(correction.after)
    record(PersonPutRight(subject=case.subject, correction=number, corrected=corrected), org=case.org, by=by, now=now)
    for other in () if case.keeps_papers else others_of_person(case):
        fact = PersonPutRightElsewhere(subject=other.subject, correction=number, corrected=corrected)
        record(fact, org=case.org, by=by, now=now)


def _renew_keys(case: Case, *, by: Actor, now: datetime) -> None:
    """The code of its receipt, the one that is dictated, and the links of its answers. What anybody checks stays."""
    case.receipt_code, case.contact_code = new_receipt_code(), new_contact_code()
    case.save(update_fields=["receipt_code", "contact_code"])
    for answer in answers_of(case):
        answer.link_token = new_link_token()
        answer.save(update_fields=["link_token"])
    record(KeysRenewed(subject=case.subject), org=case.org, by=by, now=now)


def _send_again(case: Case, *, renew_keys: bool, by: Actor, now: datetime) -> None:
    """Nothing where the person waits for nothing, or there is nowhere to send it: then its keys stay too, for without
    the letter nobody would have the new ones."""
    letter = letter_missed(state=State(case.state), reserved=case.reserved)
    assert case.person is not None
    if not letter or not reached_at(data_of(case.person)):
        return
    if renew_keys:
        _renew_keys(case, by=by, now=now)
    if letter == ANSWER:
        answer = latest_answer(case)
        assert answer is not None
        notices.deliver_answer(case, answer, now=now)
    else:
        _acknowledge_again(case, now=now)
    record(LetterSentAgain(subject=case.subject, letter=letter), org=case.org, by=by, now=now)


def _acknowledge_again(case: Case, *, now: datetime) -> None:
    """The receipt as it would be today, with the term that its kind now has."""
    profile = profile_of_case(case)
    policy = profile.section(CasesPolicy)
    by_law = [debt for debt in owed_about(org=case.org, subject=case.subject) if debt.kind in (LEGAL_TERM, VITAL_TERM)]
    first = min((debt.due_at for debt in by_law if debt.due_at), default=None)
    last_day = long_day((first - timedelta(seconds=1)).astimezone(profile.zone).date()) if first else ""
    kind = policy.type_of(case.case_type) or policy.types[policy.general]
    starts = came(start_of(kind.promised, profile, received_at=case.received_at))
    notices.acknowledge(case, profile=profile, due_on=last_day, starts=str(starts), now=now)
