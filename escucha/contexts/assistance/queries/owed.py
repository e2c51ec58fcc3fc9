"""What is owed about files, their assistances and their reminders, with what a list needs to name each."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import CharField, F, IntegerField, Model, QuerySet, Value

from escucha.contexts.assistance.models import Assistance, AssistanceFile, Reminder
from escucha.contexts.assistance.queries.doors import may_look
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.commitments.queries import open_debts_of
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor


class About(NamedTuple):
    """What a debt is about. `position` is 0 for a file as a whole; `text` is that of a reminder."""

    number: int
    position: int
    country: str
    first_name: str
    last_name: str
    service: str
    text: str
    reminder: int


class Owing(NamedTuple):
    """A debt on the page of a file, with the reminder or the assistance it is about."""

    debt: Commitment
    assistance: Assistance | None
    reminder: Reminder | None


def subjects_named(*, org: Organisation, viewer: Actor, subjects: Collection[str]) -> Mapping[str, About]:
    """Those of the subjects that are of the desk, for who may look: one statement, none where there are none."""
    ids = {kind: _ids(kind, subjects) for kind in ("assistance", "assistance_file", "reminder")}
    if not may_look(viewer) or not any(ids.values()):
        return {}
    text, none = CharField(), IntegerField()
    empty, zero = Value("", output_field=text), Value(0, output_field=none)
    held = Assistance.objects.filter(org=org, pk__in=ids["assistance"])
    files = AssistanceFile.objects.filter(org=org, pk__in=ids["assistance_file"])
    reminders = Reminder.objects.filter(org=org, pk__in=ids["reminder"])
    found = _told(held, "assistance", "file__", F("position"), F("service"), empty, zero).union(
        _told(files, "assistance_file", "", zero, empty, empty, zero),
        _told(reminders, "reminder", "file__", F("assistance__position"), F("assistance__service"), F("text"), F("pk")),
        all=True,
    )
    return {
        f"{kind}:{pk}": About(number, position or 0, country, first, last, service or "", said, reminder)
        for kind, pk, number, position, country, first, last, service, said, reminder in found
    }


def owed_on_file(
    *, org: Organisation, viewer: Actor, file: AssistanceFile, assistances: Sequence[Assistance]
) -> Sequence[Owing]:
    """Everything that is owed about a file, by due time: two statements."""
    if not may_look(viewer):
        return []
    held = {one.subject: one for one in assistances}
    reminders = {one.subject: one for one in Reminder.objects.filter(org=org, file=file)}
    debts = open_debts_of(org=org, subjects=[file.subject, *held, *reminders])
    return [Owing(debt, held.get(debt.subject), reminders.get(debt.subject)) for debt in debts]


def _told[M: Model](
    rows: QuerySet[M], kind: str, file: str, position: Any, service: Any, text: Any, reminder: Any
) -> QuerySet[M, tuple[Any, ...]]:
    """The rows as columns in one order, whatever their table. `file` is how it gets to the columns of the file."""
    return rows.order_by().values_list(
        Value(kind, output_field=CharField()),
        F("pk"),
        F(f"{file}number"),
        position,
        F(f"{file}country"),
        F(f"{file}contact_first_name"),
        F(f"{file}contact_last_name"),
        service,
        text,
        reminder,
    )


def _ids(kind: str, subjects: Collection[str]) -> list[int]:
    """The ids of the subjects of a kind."""
    named = (subject.partition(":") for subject in subjects)
    return [int(one) for which, _colon, one in named if which == kind and one.isdecimal()]
