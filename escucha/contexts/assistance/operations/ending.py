"""The end of an assistance, by whatever way it comes: nothing is owed any more, and its file may be due to close."""

from collections.abc import Mapping
from datetime import datetime

from escucha.contexts.assistance.events import AssistanceEnded, AssistanceMoved
from escucha.contexts.assistance.models import Assistance, AssistanceFile
from escucha.contexts.assistance.operations.keeping import keep, move
from escucha.contexts.assistance.operations.log import write
from escucha.contexts.assistance.operations.owing import annul_all, owe
from escucha.contexts.assistance.operations.reminding import annul_reminders
from escucha.contexts.assistance.queries.doors import file_for_change
from escucha.contexts.assistance.rules.duties import Duty
from escucha.contexts.assistance.rules.stages import Stage
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.contexts.assistance.rules.timers import at_once
from escucha.kernel.timeline.facts import Actor, Fact


def end_assistance(
    assistance: Assistance,
    after: Stage,
    *facts: Fact,
    subtype: Subtype,
    cause: str = "",
    fields: tuple[str, ...] = (),
    said: Mapping[str, str | int | None] | None = None,
    comment: str = "",
    by: Actor,
    now: datetime,
) -> Assistance:
    """A locked assistance ends now, with its line; `fields` are the columns that the act changed besides.

    The last one of a file owes its closing (P15). Each holds the file as it ends: two at once agree on the last.
    """
    file = file_for_change(org=assistance.org, file_id=assistance.file_id, by=by)
    before = move(assistance, after)
    assistance.file, assistance.ended_at = file, now
    keep(assistance, "stage", "ended_at", *fields)
    annul_all(assistance, cause=after, by=by, now=now)
    annul_reminders(file, of=assistance.pk, cause=after, by=by, now=now)
    moved = AssistanceMoved(subject=assistance.subject, before=before, after=after, cause=cause)
    ended = AssistanceEnded(
        subject=assistance.subject, stage=after, conformity=assistance.conformity, service=assistance.service
    )
    write(assistance, subtype, moved, ended, *facts, said=said, comment=comment, by=by, now=now)
    owe_closing(file, now=now)
    return assistance


def owe_closing(file: AssistanceFile, *, now: datetime) -> None:
    """P15, of a locked file: as its last assistance ends."""
    if file.is_open and not Assistance.objects.filter(file=file, ended_at=None).exists():
        owe(file, [at_once(Duty.CLOSE_FILE, at=now, now=now)], now=now)
