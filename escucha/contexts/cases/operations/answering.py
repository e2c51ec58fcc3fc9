"""The answer: written by the unit, checked on its five characteristics, sent."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from escucha.contexts.cases import notices
from escucha.contexts.cases.events import AnswerApproved, AnswerRejected, AnswerSent, CaseAnswered
from escucha.contexts.cases.models import Answer, Case, Draft, Remark
from escucha.contexts.cases.operations.handling import keep_remark
from escucha.contexts.cases.operations.owing import keep, owe, settle
from escucha.contexts.cases.operations.refusal import refuse_if, same_version
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import case_for_change, profile_of_case
from escucha.contexts.cases.queries.joined import first_receipt
from escucha.contexts.cases.queries.standing import standing_of
from escucha.contexts.cases.queries.written import latest_answer
from escucha.contexts.cases.rules.debts import CENTRAL_ANSWER, UNIT_ANSWER, debt_after_rejection
from escucha.contexts.cases.rules.standing import (
    State,
    blockers_to_answer,
    blockers_to_check,
    blockers_to_send,
)
from escucha.kernel.commitments.queries import owed_of_kind
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.digests import digest_of
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.timeline.record import record


@transaction.atomic
def answer_case(
    *, org: Organisation, case_id: int, body: str, version: int | None = None, by: Actor, now: datetime
) -> Answer:
    """The unit hands in its answer. Where no check is asked, it may leave at once.

    Its part is met when it hands on; where the whole promise is its own and it sends too, only by sending.
    """
    case = case_for_change(org=org, case_id=case_id, by=by)
    same_version(case, version)
    standing = standing_of(case)
    refuse_if(blockers_to_answer(standing, by, body=body))
    assert by.member_id is not None  # only members have acts
    at_once = standing.at_once and standing.state == State.CLASSIFIED
    answer = Answer.objects.create(
        org=org,
        case=case,
        body=body.strip(),
        salt=secrets.token_hex(16),
        written_by_id=by.member_id,
        handed_in_at=now,
        link_token=new_link_token(),
    )
    Draft.objects.filter(case=case, member_id=by.member_id).delete()
    case.state = State.ANSWERED if standing.check_needed and not at_once else State.APPROVED
    if case.state == State.ANSWERED or owed_of_kind(org=org, subject=case.subject, kind=CENTRAL_ANSWER):
        settle(case, UNIT_ANSWER, by=by, now=now)
    keep(case, "state")
    digest = digest_of(answer.salt, answer.body)
    fact = CaseAnswered(subject=case.subject, answer=answer.pk, digest=digest, at_once=at_once)
    record(fact, org=org, by=by, now=now)
    return answer


@transaction.atomic
def check_answer(
    *,
    org: Organisation,
    case_id: int,
    verdicts: Mapping[str, bool],
    reason: str = "",
    version: int | None = None,
    by: Actor,
    now: datetime,
) -> Answer:
    """The five characteristics are judged. All met, the answer may leave; one failed, it goes back with the reason."""
    case = case_for_change(org=org, case_id=case_id, by=by)
    same_version(case, version)
    refuse_if(blockers_to_check(standing_of(case), by, verdicts=verdicts, reason=reason))
    answer = latest_answer(case)
    assert answer is not None
    answer.verdicts, answer.checked_by_id, answer.checked_at = dict(verdicts), by.member_id, now
    answer.passed = all(verdicts.values())
    answer.save(update_fields=["verdicts", "checked_by", "checked_at", "passed"])
    if answer.passed:
        case.state = State.APPROVED
        keep(case, "state")
        record(AnswerApproved(subject=case.subject, answer=answer.pk), org=org, by=by, now=now)
    else:
        _send_back(case, answer, reason, by=by, now=now)
    return answer


@transaction.atomic
def send_answer(*, org: Organisation, case_id: int, version: int | None = None, by: Actor, now: datetime) -> Case:
    """The answer leaves: our promise is met. It has not reached the person yet, so the legal term goes on."""
    case = case_for_change(org=org, case_id=case_id, by=by)
    same_version(case, version)
    refuse_if(blockers_to_send(standing_of(case), by))
    answer = latest_answer(case)
    assert answer is not None
    answer.sent_at, answer.sent_by_id = now, by.member_id
    answer.save(update_fields=["sent_at", "sent_by"])
    case.state, case.sent_at = State.SENT, now
    settle(case, CENTRAL_ANSWER, UNIT_ANSWER, by=by, now=now)
    keep(case, "state", "sent_at")
    by_email = notices.deliver_answer(case, answer, now=now)
    record(AnswerSent(subject=case.subject, answer=answer.pk, by_email=by_email), org=org, by=by, now=now)
    return case


def new_link_token() -> str:
    return secrets.token_urlsafe(24)


def _send_back(case: Case, answer: Answer, reason: str, *, by: Actor, now: datetime) -> None:
    """The unit owes again, to one business day before the final date: a new try never moves the promise."""
    profile = profile_of_case(case)
    case.state = State.ASSIGNED
    if case.member and (case.member.unit_id != case.unit_id or not case.member.active):
        case.member = None  # who checked it, or left
    kind = profile.section(CasesPolicy).types[case.case_type]
    owe(case, profile, [debt_after_rejection(kind, profile, received_at=first_receipt(case))], now=now)
    keep(case, "state", "member")
    remark, digest = keep_remark(case, Remark.Kind.REJECTION, reason, by=by, now=now)
    failed = ",".join(key for key, met in answer.verdicts.items() if not met)
    fact = AnswerRejected(subject=case.subject, answer=answer.pk, failed=failed, remark=remark.pk, digest=digest)
    record(fact, org=case.org, by=by, now=now)
    notices.tell_unit(case, notices.RETURNED, now=now)
