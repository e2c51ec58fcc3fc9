"""The doors to the files of affiliates that were sent."""

import tempfile
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from django.db.models import QuerySet

from escucha.contexts.assistance.models import AffiliateImport
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.rules.acts import AFFILIATES
from escucha.contexts.assistance.rules.importing.columns import Columns, find_columns
from escucha.contexts.assistance.rules.importing.reading import Fault, RowReader
from escucha.contexts.assistance.rules.importing.sheets import Unreadable, rows_of
from escucha.contexts.documents.queries import open_original
from escucha.kernel.orgs.models import Organisation
from escucha.kernel.timeline.facts import Actor

ROWS_LOOKED_AT = 200
FAULTS_SHOWN = 10


class NoSuchImport(LookupError):
    """There is no such import, or not for who asks."""


class Preview(NamedTuple):
    """What the first rows of a file say of it. `problem` is the key of what keeps all of it out."""

    columns: Columns | None
    rows: int = 0
    whole: bool = False  # those were all
    bad: int = 0
    faults: Sequence[Fault] = ()
    problem: str = ""


def visible_imports(*, org: Organisation, viewer: Actor) -> QuerySet[AffiliateImport]:
    found = AffiliateImport.objects.filter(org=org)
    return found if viewer.may(AFFILIATES) else found.none()


def import_by_id(*, org: Organisation, viewer: Actor, import_id: int) -> AffiliateImport:
    """Raises NoSuchImport."""
    found = visible_imports(org=org, viewer=viewer).filter(pk=import_id)
    one = found.select_related("org", "file", "bad_file", "member__account").first()
    if one is None:
        raise NoSuchImport
    return one


def newest_imports(
    *, org: Organisation, viewer: Actor, before: int | None = None, limit: int = 20
) -> Sequence[AffiliateImport]:
    """The last ones, newest first; with `before`, those older than that one."""
    found = visible_imports(org=org, viewer=viewer)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.select_related("file", "member__account").order_by("-pk")[:limit])


def preview_of(one: AffiliateImport, policy: AssistancePolicy) -> Preview:
    """The columns and the first rows, as the worker will read them. Nothing is kept."""
    account = policy.account(one.account)
    if account is None or one.file is None:
        return Preview(None, problem="no_account")
    with tempfile.TemporaryFile() as file:
        for chunk in open_original(one.file):
            file.write(chunk)
        try:
            rows = rows_of(file, one.file_kind)
            columns = find_columns(rows, validator=account.validator)
            if columns is None:
                return Preview(None, problem="no_headings")
            reader = RowReader(columns, policy=policy, account=account)
            return _look(columns, list(islice(rows, ROWS_LOOKED_AT + 1)), reader)
        except Unreadable:
            return Preview(None, problem="unreadable")


def _look(columns: Columns, rows: Sequence[tuple[int, Sequence[str]]], reader: RowReader) -> Preview:
    found: list[Fault] = []
    bad = 0
    for number, cells in rows[:ROWS_LOOKED_AT]:
        _said, _key, faults = reader.read(number, cells)
        bad += bool(faults)
        found.extend(faults)
    looked_at = min(len(rows), ROWS_LOOKED_AT)
    problem = "" if looked_at else "no_rows"
    return Preview(columns, looked_at, len(rows) <= ROWS_LOOKED_AT, bad, found[:FAULTS_SHOWN], problem)
