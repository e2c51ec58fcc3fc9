"""Owing and settling. Every deadline in the product is a row written here.

A verb finds the open debt by kind and subject. Where there is none, or nothing is left to change, it changes nothing,
so that every verb may be called twice.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from escucha.kernel.commitments.debts import (
    Debt,
    Owner,
    close,
    every_open_debt,
    keep_event,
    lift,
    move,
    open_debt,
    open_debts,
    row_of,
    write_down,
)
from escucha.kernel.commitments.facts import (
    CommitmentAnnulled,
    CommitmentExtended,
    CommitmentHandedOver,
    CommitmentLate,
    CommitmentMet,
    CommitmentPaused,
    CommitmentReckonedAgain,
    CommitmentResumed,
    CommitmentWaived,
)
from escucha.kernel.commitments.ladder import pace_of
from escucha.kernel.commitments.models import Commitment, Outcome, begin_in
from escucha.kernel.composed import Blank, Composed
from escucha.kernel.orgs.models import Organisation, ProfileVersion
from escucha.kernel.timeline.facts import SYSTEM, Actor, Fact
from escucha.kernel.timeline.record import record, record_all, record_each
from escucha.kernel.worktime.calendar import Calendar
from escucha.kernel.worktime.terms import Unit

__all__ = [
    "Debt",
    "Owner",
    "annul",
    "annul_all",
    "extend",
    "hand_over",
    "owe",
    "owe_all",
    "owe_first",
    "pause",
    "place",
    "reckon_again",
    "resume",
    "settle",
    "settle_all",
    "waive",
]

EVER_OWED = Composed(
    lambda: (
        Commitment.objects.filter(org=Blank("org"), subject=Blank("subject"))
        .extra(where=["kind = ANY(%s)"], params=[Blank("kinds")])
        .order_by("attempt")
    )
)


def owe(
    *, org: Organisation, subject: str, debt: Debt, version: ProfileVersion, calendar: Calendar, now: datetime
) -> Commitment:
    """The debt, with its planned steps. Owed already, the open one comes back as it is."""
    return owe_all(org=org, subject=subject, debts=[debt], version=version, calendar=calendar, now=now)[0]


def owe_all(
    *,
    org: Organisation,
    subject: str,
    debts: Sequence[Debt],
    version: ProfileVersion,
    calendar: Calendar,
    now: datetime,
) -> list[Commitment]:
    """Several debts of one subject, in their order: one statement reads, one writes.

    A kind that was owed and settled before is owed again as the next attempt.
    """
    kinds = [debt.kind for debt in debts]
    attempts: dict[str, int] = {}
    owed_now: dict[str, Commitment] = {}
    for owed in EVER_OWED.ask(org=org.pk, subject=subject, kinds=kinds):
        attempts[owed.kind] = owed.attempt
        if owed.is_open:
            owed_now[owed.kind] = owed
    new: list[Commitment] = []
    for debt in debts:
        if debt.kind not in owed_now:
            owed_now[debt.kind] = row_of(debt, org, subject, attempts.get(debt.kind, 0) + 1, version, now)
            new.append(owed_now[debt.kind])
    if not write_down(new, calendar, now):  # somebody owed the same meanwhile: now it is found
        return owe_all(org=org, subject=subject, debts=debts, version=version, calendar=calendar, now=now)
    return [owed_now[debt.kind] for debt in debts]


def owe_first(
    *,
    org: Organisation,
    subject: str,
    debts: Sequence[Debt],
    version: ProfileVersion,
    calendar: Calendar,
    now: datetime,
) -> list[Commitment]:
    """The debts with which a subject begins, one of a kind. Nothing was owed about it before, so nothing is read."""
    new = [row_of(debt, org, subject, 1, version, now) for debt in debts]
    if not write_down(new, calendar, now):
        raise ValueError(f"{subject} owed something before it began")
    return new


def settle(
    *, org: Organisation, kind: str, subject: str, at: datetime | None = None, by: Actor, now: datetime
) -> Commitment | None:
    """Met at the instant `at` (now, if not said), late if that is the due time or after it."""
    return next(iter(settle_all(org=org, kinds=[kind], subject=subject, at=at, by=by, now=now)), None)


@transaction.atomic(savepoint=False)
def settle_all(
    *, org: Organisation, kinds: Collection[str], subject: str, at: datetime | None = None, by: Actor, now: datetime
) -> Sequence[Commitment]:
    """Those of the kinds that are owed, in their order, are met: one statement reads, one writes."""
    debts, met_at = open_debts(org, kinds, subject), at or now
    told: list[tuple[Fact, Actor]] = []
    for owed in debts:
        late = owed.due_at is not None and met_at >= owed.due_at
        said: Any = {"subject": subject, "kind": owed.kind, "commitment": owed.pk}
        if late and owed.late_at is None:
            owed.late_at = now
            told.append((CommitmentLate(**said), SYSTEM))
        owed.outcome = Outcome.MET_LATE if late else Outcome.MET
        told.append((CommitmentMet(**said, late=late), by))
    close(debts, at=met_at, now=now)
    record_each(told, org=org, now=now)
    return debts


def annul(*, org: Organisation, kind: str, subject: str, cause: str, by: Actor, now: datetime) -> Commitment | None:
    """No longer owed, as if it had never been: re-classified, filed by mistake. `cause` is a key."""
    return next(iter(annul_all(org=org, kinds=[kind], subject=subject, cause=cause, by=by, now=now)), None)


@transaction.atomic(savepoint=False)
def annul_all(
    *,
    org: Organisation,
    subject: str,
    kinds: Collection[str] | None = None,
    cause: str,
    by: Actor,
    now: datetime,
) -> Sequence[Commitment]:
    """Those of the kinds that are owed, or everything about the subject: one statement reads, one writes."""
    debts = every_open_debt(org, subject) if kinds is None else open_debts(org, kinds, subject)
    return _let_go(debts, Outcome.ANNULLED, CommitmentAnnulled, org=org, cause=cause, by=by, now=now)


@transaction.atomic(savepoint=False)
def waive(*, org: Organisation, kind: str, subject: str, cause: str, by: Actor, now: datetime) -> Commitment | None:
    """Let go by whom it was owed to: withdrawn by the person, abandoned by the norm. `cause` is a key."""
    debts = open_debts(org, [kind], subject)
    return next(iter(_let_go(debts, Outcome.WAIVED, CommitmentWaived, org=org, cause=cause, by=by, now=now)), None)


def _let_go(
    debts: Sequence[Commitment],
    outcome: Outcome,
    fact: type[CommitmentAnnulled | CommitmentWaived],
    *,
    org: Organisation,
    cause: str,
    by: Actor,
    now: datetime,
) -> Sequence[Commitment]:
    for owed in debts:
        owed.outcome = outcome
    close(debts, at=now, now=now, cause=cause)
    facts = [fact(subject=owed.subject, kind=owed.kind, commitment=owed.pk, cause=cause) for owed in debts]
    record_all(facts, org=org, by=by, now=now)
    return debts


@transaction.atomic
def pause(
    *,
    org: Organisation,
    kind: str,
    subject: str,
    at: datetime | None = None,
    event: Mapping[str, Any] | None = None,
    by: Actor,
    now: datetime,
) -> Commitment | None:
    """The term stands still from `at` on: no due time, no waiting steps. `event` is kept with the reckoning."""
    owed = open_debt(org, kind, subject)
    if owed is None or owed.is_paused:
        return owed
    owed.paused_at, owed.due_at, owed.due_on = at or now, None, None
    keep_event(owed, event)
    owed.save(update_fields=["paused_at", "due_at", "due_on", "reckoning"])
    lift(owed, now)
    fact = CommitmentPaused(subject=subject, kind=kind, commitment=owed.pk, at=owed.paused_at.isoformat())
    record(fact, org=org, by=by, now=now)
    return owed


@transaction.atomic
def resume(
    *,
    org: Organisation,
    kind: str,
    subject: str,
    due_at: datetime,
    due_on: date | None = None,
    at: datetime | None = None,
    restart: bool = False,
    event: Mapping[str, Any] | None = None,
    calendar: Calendar,
    by: Actor,
    now: datetime,
) -> Commitment | None:
    """The term runs again from `at`, to the due time the caller reckoned; `restart`: the whole term, from nothing.

    The steps are planned again over the time that runs, what ran before the pause counting as spent.
    """
    owed = open_debt(org, kind, subject)
    if owed is None or owed.paused_at is None:
        return owed
    pace = pace_of(Unit(owed.unit), calendar=calendar)
    ran = int(pace.between(owed.running_since, owed.paused_at).total_seconds())
    owed.spent_seconds = 0 if restart else owed.spent_seconds + ran
    owed.running_since, owed.paused_at = at or now, None
    keep_event(owed, event)
    move(owed, due_at, due_on, calendar, now, "spent_seconds", "running_since", "paused_at")
    fact = CommitmentResumed(subject=subject, kind=kind, commitment=owed.pk, due_at=due_at.isoformat())
    record(fact, org=org, by=by, now=now)
    return owed


@transaction.atomic
def extend(
    *,
    org: Organisation,
    kind: str,
    subject: str,
    due_at: datetime,
    due_on: date | None = None,
    event: Mapping[str, Any] | None = None,
    calendar: Calendar,
    by: Actor,
    now: datetime,
) -> Commitment | None:
    """The term ends later, at the due time the caller reckoned; its steps are planned again over the whole of it.

    A paused debt has no due time to extend and stays as it is.
    """
    owed = open_debt(org, kind, subject)
    if owed is None or owed.due_at is None or owed.due_at == due_at:
        return owed
    was, owed.extended_at = owed.due_at.isoformat(), now
    keep_event(owed, event)
    move(owed, due_at, due_on, calendar, now, "extended_at")
    fact = CommitmentExtended(subject=subject, kind=kind, commitment=owed.pk, was=was, due_at=due_at.isoformat())
    record(fact, org=org, by=by, now=now)
    return owed


@transaction.atomic
def reckon_again(
    *,
    org: Organisation,
    kind: str,
    subject: str,
    due_at: datetime,
    due_on: date | None = None,
    reckoning: Mapping[str, Any],
    cause: str,
    calendar: Calendar,
    by: Actor,
    now: datetime,
) -> Commitment | None:
    """Another due time because what it was reckoned with changed under an open term: a law, a calendar, its receipt.

    The new inputs take the place of the old ones. A paused debt is reckoned as it resumes and stays as it is.
    """
    owed = open_debt(org, kind, subject)
    if owed is None or owed.due_at is None:
        return owed
    begins_at = begin_in(reckoning, owed.counted_from)
    if (owed.due_at, owed.begins_at) == (due_at, begins_at):
        return owed
    was = owed.due_at.isoformat()
    if owed.running_since == owed.begins_at:
        owed.running_since = begins_at
    owed.reckoning = dict(reckoning) | {"events": owed.reckoning.get("events", [])}
    move(owed, due_at, due_on, calendar, now, "running_since")
    fact = CommitmentReckonedAgain(
        subject=subject, kind=kind, commitment=owed.pk, was=was, due_at=due_at.isoformat(), cause=cause
    )
    record(fact, org=org, by=by, now=now)
    return owed


@transaction.atomic
def hand_over(
    *, org: Organisation, kind: str, subject: str, owner: Owner, by: Actor, now: datetime
) -> Commitment | None:
    """Another owes it from now on. Due time and steps stay as they are: a transfer never restarts the clock."""
    owed = open_debt(org, kind, subject)
    if owed is None:
        return None
    member = owner.member.pk if owner.member else None
    if (owed.owner_unit_id, owed.owner_role, owed.owner_member_id) == (owner.unit.pk, owner.role, member):
        return owed
    fact = CommitmentHandedOver(
        subject=subject,
        kind=kind,
        commitment=owed.pk,
        from_unit=owed.owner_unit_id,
        unit=owner.unit.pk,
        role=owner.role,
        member=member,
    )
    owed.owner_unit, owed.owner_role, owed.owner_member = owner.unit, owner.role, owner.member
    owed.save(update_fields=["owner_unit", "owner_role", "owner_member"])
    record(fact, org=org, by=by, now=now)
    return owed


def place(*, org: Organisation, subject: str, turn: int, reserved: bool) -> None:
    """Where everything about a subject stands on the agendas. No due time, owner or step changes.

    Not told: the act that moved the subject has its own line.
    """
    Commitment.objects.filter(org=org, subject=subject).update(turn=turn, reserved=reserved)
