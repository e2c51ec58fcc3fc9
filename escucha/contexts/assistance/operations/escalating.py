"""A life at risk that nobody goes to in time: who supervises must decide. The clock asks, and once."""

from datetime import datetime, timedelta

from escucha.contexts.assistance.events import SearchOverdue
from escucha.contexts.assistance.operations.assigning import owe_decision
from escucha.contexts.assistance.operations.log import write
from escucha.contexts.assistance.queries.doors import assistance_for_change, policy_of_file
from escucha.contexts.assistance.queries.network import search_number
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.kernel.commitments.queries import owed_of_kind
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor


@act
def escalate_search(*, org: Organisation, assistance_id: int, commitment_id: int, by: Actor, now: datetime) -> bool:
    """P16, unless somebody goes already or who supervises owes the decision: then nothing is written.

    `commitment_id` is that of the search that was late: one that began later has its own time. The version of the
    assistance stays, so that who is sending somebody at this moment is not held back by it.
    """
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    late = owed_of_kind(org=org, subject=assistance.subject, kind=Duty.ASSIGN)
    if late is None or late.pk != commitment_id or late.due_at is None:
        return False
    if owed_of_kind(org=org, subject=assistance.subject, kind=Duty.DECIDE):
        return False
    tolerance = policy_of_file(assistance.file).vital_tolerance(assistance.file.account) or 0
    owe_decision(assistance, at=late.due_at + timedelta(seconds=tolerance), now=now)
    search = search_number(assistance)
    overdue = SearchOverdue(subject=assistance.subject, search=search, tolerance=tolerance)
    said = {"search": search, "tolerance": tolerance}
    write(assistance, Subtype.OVERDUE, overdue, said=said, by=by, now=now)
    return True
