"""What a debt is made of: its owner, its row, its steps, and how the verbs of the ledger find and change it."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from escucha.kernel.commitments.ladder import LATE, Planned, Rung, plan
from escucha.kernel.commitments.models import OPEN, Commitment, Step
from escucha.kernel.composed import Blank, Composed
from escucha.kernel.orgs.models import Member, Organisation, ProfileVersion
from escucha.kernel.orgs.models import Unit as Dependency
from escucha.kernel.worktime.calendar import Calendar
from escucha.kernel.worktime.terms import Unit

CLOSE = """
WITH lifted AS (
    UPDATE commitments_step SET lifted_at = %(now)s
    WHERE commitment_id = ANY(%(ids)s) AND taken_at IS NULL AND lifted_at IS NULL
)
UPDATE commitments_commitment AS owed
SET outcome = ended.outcome, cause = %(cause)s, settled_at = %(at)s, late_at = ended.late_at
FROM unnest(%(ids)s::bigint[], %(outcomes)s::text[], %(late_ats)s::timestamptz[]) AS ended (id, outcome, late_at)
WHERE owed.id = ended.id
"""
WRITE = """
WITH owed AS (
    INSERT INTO commitments_commitment
        (org_id, subject, plan_version_id, born_at, spent_seconds, outcome, cause, kind, attempt, owner_unit_id,
         owner_role, owner_member_id, turn, reserved, counted_from, running_since, due_at, due_on, visible_at, unit,
         rungs, reckoning)
    SELECT %(org)s, %(subject)s, %(plan_version)s, %(born_at)s, 0, '', '', new.*
    FROM unnest(%(kind)s::text[], %(attempt)s::int[], %(owner_unit)s::bigint[], %(owner_role)s::text[],
                %(owner_member)s::bigint[], %(turn)s::int[], %(reserved)s::bool[], %(counted_from)s::timestamptz[],
                %(running_since)s::timestamptz[], %(due_at)s::timestamptz[], %(due_on)s::date[],
                %(visible_at)s::timestamptz[], %(unit)s::text[], %(rungs)s::jsonb[], %(reckoning)s::jsonb[]) AS new
    ON CONFLICT (org_id, kind, subject) WHERE settled_at IS NULL DO NOTHING
    RETURNING id, kind
), step AS (
    INSERT INTO commitments_step (commitment_id, name, at, told)
    SELECT owed.id, new.name, new.at, new.told
    FROM unnest(%(step_kinds)s::text[], %(step_names)s::text[], %(step_ats)s::timestamptz[], %(step_tolds)s::text[])
        WITH ORDINALITY AS new (kind, name, at, told, place)
    JOIN owed ON owed.kind = new.kind
    ORDER BY new.place
)
SELECT kind, id FROM owed
"""
OPEN_DEBT = Composed(lambda: _open_about().filter(kind=Blank("kind")))
OPEN_DEBTS = Composed(lambda: _open_about().extra(where=["kind = ANY(%s)"], params=[Blank("kinds")]).order_by("id"))
EVERY_OPEN_DEBT = Composed(lambda: _open_about().order_by("id"))
COLUMNS = (
    "kind", "attempt", "owner_unit_id", "owner_role", "owner_member_id", "turn", "reserved", "counted_from",
    "running_since", "due_at", "due_on", "visible_at", "unit",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Who owes: a unit, whoever has a role in it, or one of its members."""

    unit: Dependency
    role: str = ""
    member: Member | None = None


@dataclass(frozen=True, kw_only=True)
class Debt:
    """What is about to be owed. `due_at` is exclusive and was reckoned by the caller.

    `counted_from` is the instant its time runs from. `reckoning` keeps what explains it again: rule, amount, norm,
    calendar version, receipt, layers; the ledger adds the events that come later under `events`. Of two that are due
    at one instant, the one of the lower `turn` goes first.
    """

    kind: str
    owner: Owner
    counted_from: datetime
    due_at: datetime
    due_on: date | None = None
    unit: Unit = Unit.BUSINESS_DAYS
    rungs: Sequence[Rung] = ()
    reckoning: Mapping[str, Any] = field(default_factory=dict)
    visible_at: datetime | None = None  # not in the agenda before; at once if not said
    turn: int = 1
    reserved: bool = False  # on no agenda but of who is let see its subject


def row_of(
    debt: Debt, org: Organisation, subject: str, attempt: int, version: ProfileVersion, now: datetime
) -> Commitment:
    return Commitment(
        org=org,
        kind=debt.kind,
        subject=subject,
        attempt=attempt,
        owner_unit=debt.owner.unit,
        owner_role=debt.owner.role,
        owner_member=debt.owner.member,
        turn=debt.turn,
        reserved=debt.reserved,
        plan_version=version,
        born_at=now,
        counted_from=debt.counted_from,
        running_since=debt.counted_from,
        due_at=debt.due_at,
        due_on=debt.due_on,
        visible_at=debt.visible_at or now,
        unit=debt.unit,
        rungs=[dict(rung.plain()) for rung in debt.rungs],
        reckoning=dict(debt.reckoning),
    )


def write_down(rows: Sequence[Commitment], calendar: Calendar, now: datetime) -> bool:
    """The new debts of one subject, each of its own kind, with their planned steps: one statement.

    False where somebody owes one of them already, which stays as it is.
    """
    if not rows:
        return True
    with connection.cursor() as cursor:
        cursor.execute(WRITE, _columns(rows, [step for row in rows for step in steps_of(row, calendar, now)]))
        ids = dict(cursor.fetchall())
    for row in rows:
        row.pk = ids.get(row.kind)
        row._state.adding = row.pk is None
    return len(ids) == len(rows)


def _columns(rows: Sequence[Commitment], steps: Sequence[Step]) -> dict[str, Any]:
    first = rows[0]
    return {
        "org": first.org_id,
        "subject": first.subject,
        "plan_version": first.plan_version_id,
        "born_at": first.born_at,
        **{name.removesuffix("_id"): [getattr(row, name) for row in rows] for name in COLUMNS},
        "rungs": [json.dumps(row.rungs) for row in rows],
        "reckoning": [json.dumps(row.reckoning) for row in rows],
        "step_kinds": [step.commitment.kind for step in steps],
        "step_names": [step.name for step in steps],
        "step_ats": [step.at for step in steps],
        "step_tolds": [step.told for step in steps],
    }


def steps_of(owed: Commitment, calendar: Calendar, now: datetime, taken: frozenset[str] = frozenset()) -> list[Step]:
    """The steps to wait for, the due time among them; never one that was taken."""
    assert owed.due_at is not None
    planned = plan(
        [Rung(**rung) for rung in owed.rungs if rung["step"] not in taken],
        owed_at=owed.running_since,
        due_at=owed.due_at,
        calendar=calendar,
        unit=Unit(owed.unit),
        spent=timedelta(seconds=owed.spent_seconds),
        now=now,
    )
    if owed.late_at is None:
        planned.append(Planned(max(owed.due_at, now), LATE, ""))
    return [Step(commitment=owed, at=step.at, name=step.step, told=step.to) for step in planned]


def _open_about() -> QuerySet[Commitment]:
    return Commitment.objects.filter(OPEN, org=Blank("org"), subject=Blank("subject")).select_for_update(of=("self",))


def open_debt(org: Organisation, kind: str, subject: str) -> Commitment | None:
    """The open debt, locked until the transaction ends."""
    return OPEN_DEBT.first(org=org.pk, kind=kind, subject=subject)


def open_debts(org: Organisation, kinds: Collection[str], subject: str) -> Sequence[Commitment]:
    """What is owed of these kinds, in their order, all locked until the transaction ends: one statement."""
    order = list(kinds)
    if len(order) < 2:
        return [owed for kind in order if (owed := open_debt(org, kind, subject))]
    return sorted(OPEN_DEBTS.ask(org=org.pk, kinds=order, subject=subject), key=lambda one: order.index(one.kind))


def every_open_debt(org: Organisation, subject: str) -> Sequence[Commitment]:
    """All that is owed about a subject by due time, what is paused last, all locked until the transaction ends."""
    found = EVERY_OPEN_DEBT.ask(org=org.pk, subject=subject)
    return sorted(found, key=lambda owed: (owed.due_at is None, owed.due_at or owed.born_at, owed.pk))


def close(debts: Sequence[Commitment], *, at: datetime, now: datetime, cause: str = "") -> None:
    """They are over, each with the outcome that it was given, and their steps are lifted: one statement."""
    if not debts:
        return
    for owed in debts:
        owed.cause, owed.settled_at = cause, at
    said: dict[str, Any] = {
        "ids": [owed.pk for owed in debts],
        "outcomes": [owed.outcome for owed in debts],
        "late_ats": [owed.late_at for owed in debts],
        "cause": cause,
        "at": at,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, said)


def lift(owed: Commitment, now: datetime) -> None:
    Step.objects.filter(commitment=owed, taken_at=None, lifted_at=None).update(lifted_at=now)


def move(
    owed: Commitment, due_at: datetime, due_on: date | None, calendar: Calendar, now: datetime, *changed: str
) -> None:
    """Another due time: what waited is lifted, what was not taken is planned again."""
    owed.due_at, owed.due_on = due_at, due_on
    if due_at > now:
        owed.late_at = None
    owed.save(update_fields=["due_at", "due_on", "late_at", "reckoning", *changed])
    lift(owed, now)
    taken = frozenset(owed.steps.exclude(taken_at=None).values_list("name", flat=True))
    Step.objects.bulk_create(steps_of(owed, calendar, now, taken))


def keep_event(owed: Commitment, event: Mapping[str, Any] | None) -> None:
    if event:
        owed.reckoning = owed.reckoning | {"events": [*owed.reckoning.get("events", []), dict(event)]}
