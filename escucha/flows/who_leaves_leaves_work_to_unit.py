"""Who leaves the organisation leaves its cases and what it owed to its unit: nothing waits for somebody who is gone."""

from datetime import datetime

from django.db import transaction

from escucha.contexts.cases.operations.handling import release_cases
from escucha.kernel.commitments import ledger
from escucha.kernel.commitments.ledger import Owner
from escucha.kernel.commitments.queries import owed_by_member
from escucha.kernel.orgs.models import Member, Organisation
from escucha.kernel.orgs.operations import take_out
from escucha.kernel.timeline.facts import Actor


@transaction.atomic
def leave(*, org: Organisation, member: Member, by: Actor, now: datetime) -> None:
    """The member enters no more. Due times stay as they are; what it did stays its own."""
    take_out(org=org, member=member)
    release_cases(org=org, member=member, by=by, now=now)
    for owed in owed_by_member(org=org, member_id=member.pk):
        owner = Owner(unit=owed.owner_unit, role=owed.owner_role)
        ledger.hand_over(org=org, kind=owed.kind, subject=owed.subject, owner=owner, by=by, now=now)
