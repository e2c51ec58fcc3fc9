"""The answer reaches the person: by telephone, by its link, or by the published notice. Then the case may close."""

from datetime import datetime

from django.db import transaction

from escucha.contexts.cases import notices
from escucha.contexts.cases.events import (
    CaseClosed,
    CaseNotified,
    NoticeKept,
    NoticePublished,
    PersonCalled,
    PersonReminded,
)
from escucha.contexts.cases.models import Case, Notice
from escucha.contexts.cases.operations.owing import annul, keep, owe_notice, settle
from escucha.contexts.cases.operations.refusal import refuse_if, same_version
from escucha.contexts.cases.policy import CasesPolicy
from escucha.contexts.cases.queries.doors import case_for_change, profile_of_case
from escucha.contexts.cases.queries.holders import answer_by_token
from escucha.contexts.cases.queries.standing import standing_of
from escucha.contexts.cases.queries.written import latest_answer
from escucha.contexts.cases.rules.debts import LEGAL_TERM, NOTICE_PERIOD, VITAL_TERM, debt_of_notice
from escucha.contexts.cases.rules.standing import (
    BY_NOTICE,
    CALL_REACHED,
    KEPT_NOTICE,
    State,
    blockers_to_call,
    blockers_to_close,
    blockers_to_publish,
    blockers_to_remind,
)
from escucha.contexts.messaging.models import Call
from escucha.contexts.messaging.operations.delivering import keep_call
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import CITIZEN, SYSTEM, Actor
from escucha.kernel.timeline.record import record


@transaction.atomic
def record_call(
    *,
    org: Organisation,
    case_id: int,
    number: str,
    result: str,
    at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> Call:
    """A call to give the answer: who called is who acts; number, instant, result. One that reached the person notifies.

    It counts from the instant of the call, though it be written down later; never from before the answer left.
    """
    case = case_for_change(org=org, case_id=case_id, by=by)
    refuse_if(blockers_to_call(standing_of(case), by))
    assert by.member_id is not None  # only members have acts
    called_at = min(at or now, now)
    call = keep_call(org=org, subject=case.subject, member_id=by.member_id, number=number, result=result, at=called_at)
    case.version += 1
    case.save(update_fields=["version"])
    record(PersonCalled(subject=case.subject, call=call.pk, result=result), org=org, by=by, now=now)
    if result == CALL_REACHED:
        _notified(case, "call", at=max(called_at, case.sent_at or called_at), by=by, now=now)
    return call


@transaction.atomic
def remind_person(*, org: Organisation, case_id: int, version: int | None = None, by: Actor, now: datetime) -> Case:
    """The person is written to again: its answer waits. For who left no telephone, each day of it is a try."""
    case = case_for_change(org=org, case_id=case_id, by=by)
    same_version(case, version)
    profile = profile_of_case(case)
    refuse_if(blockers_to_remind(standing_of(case, profile=profile), by))
    answer = latest_answer(case)
    assert answer is not None
    notice_days = profile.section(CasesPolicy).contact.notice_days
    keep(case)
    record(PersonReminded(subject=case.subject, answer=answer.pk), org=org, by=by, now=now)
    notices.remind_of_answer(case, answer, notice_days=notice_days, now=now)
    return case


@transaction.atomic
def open_answer(*, org: Organisation, token: str, now: datetime) -> Case:
    """The person pressed the button behind the link of its message (CPACA art. 56). Pressing again changes nothing."""
    answer = answer_by_token(org=org, token=token)
    case = case_for_change(org=org, case_id=answer.case_id, by=CITIZEN)
    _notified(case, "link", at=now, by=CITIZEN, now=now)
    return case


@transaction.atomic
def publish_notice(*, org: Organisation, case_id: int, version: int | None = None, by: Actor, now: datetime) -> Notice:
    """The notice for who could not be reached. The person counts as notified when its days end.

    Of a reserved case nothing is published: its answer waits those days where its person follows it.
    """
    case = case_for_change(org=org, case_id=case_id, by=by)
    same_version(case, version)
    profile = profile_of_case(case)
    refuse_if(blockers_to_publish(standing_of(case, profile=profile), by))
    period = debt_of_notice(profile, days=profile.section(CasesPolicy).contact.notice_days, published_at=now)
    until = period.due.due_at
    notice = Notice.objects.create(org=org, case=case, published_at=now, until=until, in_reserve=case.reserved)
    owe_notice(case, profile, period, now=now)
    keep(case)
    told = NoticeKept if case.reserved else NoticePublished
    record(told(subject=case.subject, until=period.due.due_date.isoformat()), org=org, by=by, now=now)
    return notice


@transaction.atomic
def end_notice(*, org: Organisation, case_id: int, now: datetime) -> None:
    """The days of the notice are over: the person counts as notified. Twice, or after a call, it changes nothing."""
    case = case_for_change(org=org, case_id=case_id, by=SYSTEM)
    if Notice.objects.filter(case=case, until__lte=now).exists():
        _notified(case, BY_NOTICE, at=now, by=SYSTEM, now=now)


@transaction.atomic
def close_case(*, org: Organisation, case_id: int, version: int | None = None, by: Actor, now: datetime) -> Case:
    """The case is over: its answer reached the person."""
    case = case_for_change(org=org, case_id=case_id, by=by)
    same_version(case, version)
    refuse_if(blockers_to_close(standing_of(case), by))
    case.state, case.closed_at = State.CLOSED, now
    keep(case, "state", "closed_at")
    record(CaseClosed(subject=case.subject), org=org, by=by, now=now)
    return case


def _notified(case: Case, how: str, *, at: datetime, by: Actor, now: datetime) -> None:
    """The one place where the legal term is met: the answer reached the person, at that instant.

    A notice that had ended by then had notified it already, however late the clock comes to say so.
    """
    if case.state != State.SENT:
        return
    if ended := Notice.objects.filter(case=case, until__lte=at).first():
        how, at = KEPT_NOTICE if ended.in_reserve else BY_NOTICE, ended.until
    case.state, case.notified_at, case.notified_how = State.NOTIFIED, at, how
    settle(case, LEGAL_TERM, VITAL_TERM, by=by, now=now, at=at)
    if ended:
        settle(case, NOTICE_PERIOD, by=by, now=now, at=at)
    else:
        annul(case, cause="reached", by=by, now=now, kinds=(NOTICE_PERIOD,))
    keep(case, "state", "notified_at", "notified_how")
    record(CaseNotified(subject=case.subject, how=how), org=case.org, by=by, now=now)
