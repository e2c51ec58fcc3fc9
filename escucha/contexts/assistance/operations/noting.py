"""What a coordinator writes in the log by hand: a call that no act tells of, a note."""

from datetime import datetime

from escucha.contexts.assistance.models import LogLine
from escucha.contexts.assistance.operations.log import write
from escucha.contexts.assistance.queries.doors import assistance_for_change, file_for_change
from escucha.contexts.assistance.queries.work import course_of
from escucha.contexts.assistance.rules.closing import blockers_to_write
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import Actor
from escucha.kernel.words import refuse_if


@act
def write_line(
    *, org: Organisation, assistance_id: int, subtype: str, comment: str, by: Actor, now: datetime
) -> LogLine:
    """A line about an assistance, also after it ended, while its file is open. Nothing is owed nor settled by it."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    closed = not assistance.file.is_open
    refuse_if(blockers_to_write(course_of(assistance), by, closed=closed, subtype=subtype, words=comment))
    return write(assistance, Subtype(subtype), comment=comment, automatic=False, by=by, now=now)


@act
def note_on_file(*, org: Organisation, file_id: int, comment: str, by: Actor, now: datetime) -> LogLine:
    """A note about a file as a whole."""
    file = file_for_change(org=org, file_id=file_id, by=by)
    refuse_if(blockers_to_write(None, by, closed=not file.is_open, subtype=Subtype.NOTE, words=comment))
    return write(file, Subtype.NOTE, comment=comment, automatic=False, by=by, now=now)


@act
def note_complaint(*, org: Organisation, assistance_id: int, number: str, by: Actor, now: datetime) -> LogLine:
    """That what the affiliate said is being looked at as a case, by its number."""
    assistance = assistance_for_change(org=org, assistance_id=assistance_id, by=by)
    return write(assistance, Subtype.CONFORMITY, said={"complaint": number}, by=by, now=now)
