"""The worker's part: a file is read row by row into a table apart, and then merged in one transaction, once.

A worker that is killed stops renewing its lease: another takes the file up from its first row, and of the first
nothing is left. The merge itself is all or nothing, whatever was asked of the bad rows.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import IO, NamedTuple

from django.db.models import Q, QuerySet

from escucha.contexts.assistance.events import AffiliatesImported
from escucha.contexts.assistance.models import Affiliate, AffiliateImport
from escucha.contexts.assistance.operations.importing import staging
from escucha.contexts.assistance.operations.registering import meet_verification
from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.rules.importing.columns import Columns, find_columns
from escucha.contexts.assistance.rules.importing.reading import Fault, RowReader
from escucha.contexts.assistance.rules.importing.reporting import FILE_REASONS, lines_of
from escucha.contexts.assistance.rules.importing.sheets import Row, Unreadable, rows_of
from escucha.contexts.documents.models import File
from escucha.contexts.documents.operations.keeping import keep_file
from escucha.contexts.documents.queries import open_original
from escucha.kernel.orgs.queries import profile_of
from escucha.kernel.timeline.actors import actor_of
from escucha.kernel.timeline.acts import act
from escucha.kernel.timeline.facts import SYSTEM
from escucha.kernel.timeline.record import record

LEASE = timedelta(minutes=3)  # many times what a batch takes
BATCH = 10_000
MOST_ATTEMPTS = 3
MOST_ROWS = 5_000_000
BAD_SHOWN = 100
MOST_OCTETS_OF_REPORT = 1 << 30
Clock = Callable[[], datetime]


class Overtaken(Exception):
    """The lease ended, and another worker has the file now."""


class Spoiled(Exception):
    """Nothing of the file can be taken: why, by its key."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class Reading(NamedTuple):
    """What the first pass found."""

    columns: Columns
    rows: int
    bad: int
    beneficiaries: bool


def run_imports(*, now: datetime, clock: Clock | None = None, limit: int = 1) -> int:
    """How many files were taken up. `clock` tells the time while a long one is read."""
    for taken in range(limit):
        one = _claimed(now)
        if one is None:
            return taken
        run_import(one, clock=clock or (lambda: now))
    return limit


def run_import(one: AffiliateImport, *, clock: Clock) -> None:
    """Read and merge a file that this worker has claimed."""
    staging.create()
    try:
        with tempfile.TemporaryFile() as file:
            _fetch(one, file)
            reading = _read(one, file, clock)
        _merge(one, reading, clock())
    except Overtaken:
        return
    except Spoiled as spoiled:
        _fail(one, spoiled.reason, clock())
    except Unreadable:
        _fail(one, "unreadable", clock())
    finally:
        staging.drop()


@act
def _claimed(now: datetime) -> AffiliateImport | None:
    """The file that waits longest, leased to this worker; None if none waits."""
    waits = Q(state=AffiliateImport.State.WAITING) | Q(state=AffiliateImport.State.RUNNING, leased_until__lte=now)
    found = AffiliateImport.objects.filter(waits).order_by("pk").select_related("org", "file", "member__account")
    one = found.select_for_update(skip_locked=True, of=("self",)).first()
    if one is None:
        return None
    if one.attempts >= MOST_ATTEMPTS:
        _fail(one, "kept_failing", now)
        return _claimed(now)
    one.state, one.attempts, one.started_at = AffiliateImport.State.RUNNING, one.attempts + 1, now
    one.leased_until, one.rows_read = now + LEASE, 0
    one.save(update_fields=["state", "attempts", "started_at", "leased_until", "rows_read"])
    return one


def _mine(one: AffiliateImport) -> QuerySet[AffiliateImport]:
    """The row, unless another worker took it up after the lease of this one ended."""
    return AffiliateImport.objects.filter(pk=one.pk, state=AffiliateImport.State.RUNNING, attempts=one.attempts)


def _fetch(one: AffiliateImport, file: IO[bytes]) -> None:
    if one.file is None or one.file.state == File.State.INFECTED:
        raise Spoiled("infected")
    for chunk in open_original(one.file):
        file.write(chunk)


def _read(one: AffiliateImport, file: IO[bytes], clock: Clock) -> Reading:
    """Every row into the table apart. Raises Spoiled or Unreadable, and Overtaken."""
    policy = profile_of(one.org, at=one.asked_at).section(AssistancePolicy)
    account = policy.account(one.account)
    if account is None:
        raise Spoiled("no_account")
    rows = rows_of(file, one.file_kind)
    columns = find_columns(rows, validator=account.validator)
    if columns is None:
        raise Spoiled("no_headings")
    reader = RowReader(columns, policy=policy, account=account)
    read = bad = 0
    beneficiaries = False
    for batch in _batches(rows):
        staged, faults = [], list[Fault]()
        for number, cells in batch:
            said, key, wrong = reader.read(number, cells)
            if said is not None:
                beneficiaries = beneficiaries or bool(said.holder)
                staged.append(staging.row_of(number, said))
            else:
                bad += 1
                staged.append(staging.bad_row(number, key))
                faults.extend(wrong)
        staging.put(staged, faults)
        read += len(batch)
        _tell(one, read, bad, clock())
    if not read:
        raise Spoiled("no_rows")
    return Reading(columns, read, bad, beneficiaries)


def _batches(rows: Iterator[Row]) -> Iterator[Sequence[Row]]:
    """Raises Spoiled for a file that has no end."""
    batch: list[Row] = []
    read = 0
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            read += BATCH
            if read > MOST_ROWS:
                raise Spoiled("too_many_rows")
            yield batch
            batch = []
    if batch:
        yield batch


def _tell(one: AffiliateImport, read: int, bad: int, now: datetime) -> None:
    """How far it got, for whom looks at the page; with it the lease is renewed."""
    if not _mine(one).update(rows_read=read, rows_bad=bad, leased_until=now + LEASE):
        raise Overtaken


@act
def _merge(one: AffiliateImport, reading: Reading, now: datetime) -> None:
    """The change, its counts and its fact. While it lasts the row is locked, so that nobody takes it up."""
    if not _mine(one).select_for_update(of=("self",)).exists():
        raise Overtaken
    values = {"org": one.org_id, "account": one.account, "import": one.pk, "now": now}
    columns = reading.columns
    staging.prepare(values)
    bad = reading.bad + staging.find_faults(
        values,
        key_heading=columns.key_heading,
        holder_heading=columns.heading("holder_document"),
        beneficiaries=reading.beneficiaries,
    )
    if bad == reading.rows or (bad and one.all_or_nothing):
        state = AffiliateImport.State.REFUSED if one.all_or_nothing else AffiliateImport.State.FAILED
        reason = "only_bad_rows" if bad == reading.rows else ""
        _end(one, state, now, rows_bad=bad, reason=reason, **_report(one, bad, now))
        return
    to_verify = _to_verify(one)
    merged = staging.merge(
        values,
        said=columns.fields,
        beneficiaries=reading.beneficiaries,
        ends_missing=one.ends_missing,
    )
    counts = {"rows_new": merged.new, "rows_changed": merged.changed, "rows_ended": merged.ended, "rows_bad": bad}
    _end(one, AffiliateImport.State.DONE, now, **counts, **_report(one, bad, now))
    fact = AffiliatesImported(
        subject=one.subject, account=one.account, new=merged.new, changed=merged.changed, ended=merged.ended, bad=bad
    )
    by = actor_of(one.member, profile_of(one.org, at=now)) if one.member else SYSTEM
    record(fact, org=one.org, by=by, now=now)
    told = Affiliate.objects.filter(pk__in=to_verify).exclude(status=Affiliate.Status.TO_VERIFY)
    for affiliate in told.select_related("org").order_by("pk"):
        meet_verification(affiliate, by=by, now=now)


def _to_verify(one: AffiliateImport) -> Sequence[int]:
    """Who waits to be verified and came in a file already: coming again, it is what the client says of it."""
    found = Affiliate.objects.filter(org=one.org_id, account=one.account, status=Affiliate.Status.TO_VERIFY)
    return list(found.exclude(last_import=None).values_list("pk", flat=True))


def _report(one: AffiliateImport, bad: int, now: datetime) -> dict[str, object]:
    """The first bad rows for the page, and all of them as a file of ours."""
    if not bad:
        return {"bad": [], "bad_file": None}
    chunks = (line.encode() for line in lines_of(staging.all_faults()))
    file = keep_file(
        org=one.org,
        content=chunks,
        name=f"filas-con-errores-{one.pk}.csv",
        claimed_kind="text/csv",
        purpose=File.Purpose.GENERATED,
        limit=MOST_OCTETS_OF_REPORT,
        now=now,
    )
    return {"bad": [one._asdict() for one in staging.first_faults(BAD_SHOWN)], "bad_file": file}


def _fail(one: AffiliateImport, reason: str, now: datetime) -> None:
    """Nothing of it goes in, whatever its rows say."""
    if reason not in FILE_REASONS:
        raise ValueError(reason)
    _end(one, AffiliateImport.State.FAILED, now, reason=reason)


def _end(one: AffiliateImport, state: AffiliateImport.State, now: datetime, **more: object) -> None:
    _mine(one).update(state=state, ended_at=now, leased_until=None, **more)
