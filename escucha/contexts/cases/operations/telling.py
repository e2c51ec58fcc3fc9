"""Staff are told that something they owe, or answer for, comes near its end."""

from datetime import datetime, timedelta

from django.db import transaction

from escucha.contexts.cases import notices
from escucha.contexts.cases.queries.doors import case_by_id
from escucha.contexts.cases.queries.reserved import keepers_of
from escucha.contexts.cases.rules.debts import DEBT_NAMES
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.commitments.queries import owed_of_kind
from escucha.kernel.orgs.models import Member, Organisation
from escucha.kernel.orgs.queries import members_of, profile_of
from escucha.kernel.worktime.words import long_day

REMINDER, ESCALATION = "step_reminder", "step_escalation"


@transaction.atomic
def tell_step(*, org: Organisation, case_id: int, kind: str, commitment_id: int, to: str, now: datetime) -> None:
    """Who owes it is reminded; a role of the ladder is told that it may fail. What is no longer owed tells nobody.

    Of a reserved case only who may handle it is told, at every step; where nobody may, who is above them.
    """
    case = case_by_id(org=org, case_id=case_id)
    owed = owed_of_kind(org=org, subject=case.subject, kind=kind)
    if owed is None or owed.pk != commitment_id or owed.due_at is None:
        return
    zone = profile_of(org, at=now).zone
    last_moment = (owed.due_at - timedelta(seconds=1)).astimezone(zone)
    values = {
        "owed": DEBT_NAMES[kind],
        "unit": owed.owner_unit.label,
        "due_on": long_day(last_moment.date()) + ("" if owed.due_on else f", {last_moment:%H:%M}"),
    }
    told = keepers_of(case, now=now) if case.reserved else _told(org, owed, to)
    if case.reserved and not told:
        notices.tell_above(case, now=now)
    for member in told:
        notices.tell_member(case, member, ESCALATION if to else REMINDER, values, now=now)


def _told(org: Organisation, owed: Commitment, to: str) -> list[Member]:
    if to:
        return list(members_of(org=org, role=to))
    if owed.owner_member and owed.owner_member.active:
        return [owed.owner_member]
    return list(members_of(org=org, unit=owed.owner_unit))
