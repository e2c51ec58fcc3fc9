"""Who may, says what for and opens a reserved attachment as it was received: both are written down, or neither."""

from datetime import datetime

from django.db import transaction

from escucha.contexts.cases.operations.reserving import reveal_original
from escucha.contexts.cases.queries.doors import case_for_change
from escucha.contexts.documents.models import Attachment
from escucha.contexts.documents.operations.attaching import unseal
from escucha.contexts.documents.queries import NoSuchAttachment, file_to_read
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor


@transaction.atomic
def open_original(
    *, org: Organisation, case_id: int, attachment_id: int, reason: str, by: Actor, now: datetime
) -> Attachment:
    """The attachment, whose bytes as received may now leave once.

    Raises NoSuchCase; NoSuchAttachment, also where it is not reserved; Refused of cases or of documents.
    """
    case = case_for_change(org=org, case_id=case_id, by=by)
    one = file_to_read(org=org, attachment_id=attachment_id, subject=case.subject)
    if not one.file.reserved:
        raise NoSuchAttachment
    reveal_original(
        org=org, case_id=case_id, attachment_id=attachment_id, number=one.number, reason=reason, by=by, now=now
    )
    unseal(org=org, attachment_id=attachment_id, subject=case.subject, by=by, now=now)
    return one
