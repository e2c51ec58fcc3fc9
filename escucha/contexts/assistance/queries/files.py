"""Files as lists: «A cargo», «Abiertos» and «Todos», each with its assistances and what is owed next.

A page is a handful of statements however many rows it has, and goes on from the last one shown.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet

from escucha.contexts.assistance.models import Assignment, Assistance, AssistanceFile, HandOver, LogLine, Reminder
from escucha.contexts.assistance.queries.doors import OF_FILE, may_look, visible_files
from escucha.contexts.assistance.queries.finding import files_said
from escucha.contexts.assistance.queries.ways import OF_WAY, way_of
from escucha.contexts.assistance.rules.assignments import Work
from escucha.contexts.assistance.rules.opening import TO_SERVE
from escucha.contexts.assistance.rules.risk import Way
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.kernel.commitments.models import Commitment
from escucha.kernel.commitments.queries import open_debts_of
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor

View = Literal["mine", "open", "all"]  # «A cargo», «Abiertos», «Todos»
NOBODY = 0  # in place of a coordinator: the queue of the shift
PAGE = 40
CAP = 1_000


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; what is empty narrows nothing. `text`: a number, a name, a document, a telephone."""

    account: str = ""
    stage: str = ""
    priority: str = ""
    coordinator: int | None = None
    text: str = ""
    country: str = ""


@dataclass(frozen=True)
class Held:
    """An assistance in a list, with who goes, went, or was about to, and what is known of its way."""

    assistance: Assistance
    provider: str = ""
    way: Way | None = None


@dataclass(frozen=True)
class FileRow:
    """A file in a list. `next` is what is owed first about it or its assistances, `owed` everything, by subject."""

    file: AssistanceFile
    assistances: Sequence[Held]
    next: Commitment | None
    owed: Mapping[str, Sequence[Commitment]]


def files_in(
    *,
    org: Organisation,
    viewer: Actor,
    view: View,
    filters: Filters = Filters(),
    before: int | None = None,
    limit: int = PAGE,
) -> Sequence[FileRow]:
    """A page, the newest first, of files older than one that was shown: five statements."""
    found = narrowed(org, viewer, view, filters, before, limit)
    files = found.select_related(*OF_FILE).defer("profile_version__document").order_by("-pk")[:limit]
    return _rows(org, list(files))


def file_row(*, org: Organisation, viewer: Actor, number: int) -> FileRow | None:
    """One file as a list shows it; None where there is none, or not for who asks."""
    found = visible_files(org=org, viewer=viewer).filter(number=number).select_related(*OF_FILE)
    rows = _rows(org, list(found.defer("profile_version__document")))
    return rows[0] if rows else None


def rows_in(*, org: Organisation, viewer: Actor, ids: Collection[int]) -> Mapping[int, FileRow]:
    """The files of some ids as a list shows them, by id: five statements."""
    found = visible_files(org=org, viewer=viewer).filter(pk__in=[*ids]).select_related(*OF_FILE)
    return {row.file.pk: row for row in _rows(org, list(found.defer("profile_version__document")))}


def count_in(*, org: Organisation, viewer: Actor, view: View, filters: Filters = Filters(), cap: int = CAP) -> int:
    """How many there are; `cap` + 1 stands for more than `cap`: one statement."""
    found = narrowed(org, viewer, view, filters, None, cap + 1)
    return found.order_by("-pk").values("pk")[: cap + 1].count()


def coordinators_of(*, org: Organisation, viewer: Actor, file: AssistanceFile) -> Sequence[HandOver]:
    """Who had a file, from when, and who passed it on, the first one first: one statement."""
    if not may_look(viewer):
        return []
    found = HandOver.objects.filter(org=org, file=file).select_related("member__account", "by__account")
    return list(found.order_by("at", "pk"))


def is_ordered(assistance: Assistance) -> bool:
    """Whether somebody who authorises ordered that who asks be served."""
    return LogLine.objects.filter(assistance=assistance, subtype=Subtype.AUTHORISED, said__about=TO_SERVE).exists()


def narrowed(
    org: Organisation, viewer: Actor, view: View, filters: Filters, before: int | None, limit: int
) -> QuerySet[AssistanceFile]:
    """What a list holds before it is cut into pages."""
    found = visible_files(org=org, viewer=viewer)
    if view != "all":
        found = found.filter(closed_at=None)
    if view == "mine":
        found = found.filter(coordinator=viewer.member_id) if viewer.member_id else found.none()
    if before is not None:
        found = found.filter(pk__lt=before)
    same = {name: said for name in ("account", "country") if (said := getattr(filters, name))}
    found = found.filter(**same)
    if filters.coordinator is not None:
        found = found.filter(coordinator=filters.coordinator or None)
    wanted = {name: said for name in ("stage", "priority") if (said := getattr(filters, name))}
    if wanted:
        found = found.filter(Exists(Assistance.objects.filter(file=OuterRef("pk"), **wanted)))
    return files_said(found, filters.text, org=org, limit=limit) if filters.text.strip() else found


def _rows(org: Organisation, files: Sequence[AssistanceFile]) -> Sequence[FileRow]:
    if not files:
        return []
    of = Assistance.objects.filter(org=org, file__in=files).order_by("file", "position")
    assistances = list(of)
    goes = _providers(org, assistances)
    held: dict[int, list[Held]] = {file.pk: [] for file in files}
    for one in assistances:
        held[one.file_id].append(Held(one, *goes.get(one.pk, ())))
    debts = _debts(org, files, assistances)
    return [_row(file, held[file.pk], debts.get(file.pk, [])) for file in files]


def _row(file: AssistanceFile, held: Sequence[Held], debts: Sequence[Commitment]) -> FileRow:
    owed: dict[str, list[Commitment]] = {}
    for debt in debts:
        owed.setdefault(debt.subject, []).append(debt)
    return FileRow(file, held, debts[0] if debts else None, owed)


def _providers(org: Organisation, assistances: Iterable[Assistance]) -> Mapping[int, tuple[str, Way | None]]:
    """The name of the last provider of each, unless it was called off, and its way while it goes."""
    sent = Assignment.objects.filter(Q(org=org) & ~Q(state=Work.CANCELLED), assistance__in=[*assistances])
    rows = sent.order_by("pk").values("assistance", "state", "provider__name", *OF_WAY)
    return {one["assistance"]: (one["provider__name"], way_of(one)) for one in rows}


def _debts(
    org: Organisation, files: Sequence[AssistanceFile], assistances: Sequence[Assistance]
) -> Mapping[int, Sequence[Commitment]]:
    """What is owed of each file by due time, reminders included."""
    whose = {file.subject: file.pk for file in files if file.is_open}
    whose |= {one.subject: one.file_id for one in assistances if one.is_open}
    reminders = Reminder.objects.filter(org=org, file__in=[file for file in files if file.is_open])
    whose |= {one.subject: one.file_id for one in reminders}
    of: dict[int, list[Commitment]] = {}
    for owed in open_debts_of(org=org, subjects=whose.keys()):
        of.setdefault(whose[owed.subject], []).append(owed)
    return of
