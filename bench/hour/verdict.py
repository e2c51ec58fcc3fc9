"""What was left of the hour: nothing lost, nothing owed, nothing unrecorded; and how late the clock was."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bench.hour.driving import Done

# A step may be taken from its moment on, or from that at which it began to be owed; it was when its transaction ended.
# One that an act found still waiting after its moment had waited at least until then.
LATENESS = """
SELECT coalesce(assistance.priority = 'vital', false) AS vital,
       extract(epoch FROM CASE WHEN step.taken_at IS NULL THEN step.lifted_at
                               ELSE pg_xact_commit_timestamp(step.xmin) END - greatest(step.at, owed.born_at))::float
FROM commitments_step AS step JOIN commitments_commitment AS owed ON owed.id = step.commitment_id
LEFT JOIN assistance_assistance AS assistance
    ON owed.subject LIKE 'assistance:%%' AND assistance.id = split_part(owed.subject, ':', 2)::bigint
WHERE owed.born_at >= %(since)s AND (step.taken_at IS NOT NULL OR step.lifted_at > step.at)
"""
EXPIRED = """
SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin) - expires_at)::float FROM assistance_offer
WHERE state = 'expired' AND sent_at >= %(since)s
"""
WAITING = """
SELECT (SELECT count(*) FROM commitments_step WHERE taken_at IS NULL AND lifted_at IS NULL AND at <= clock_timestamp()),
       (SELECT count(*) FROM timeline_errand WHERE done_at IS NULL),
       (SELECT count(*) FROM messaging_message WHERE state = 'queued' AND next_try_at <= clock_timestamp()),
       (SELECT count(*) FROM assistance_offer WHERE state = 'open' AND expires_at <= clock_timestamp())
"""
UNRECORDED = """
SELECT line.assistance_id, count(*), coalesce(max(told.lines), 0)
FROM assistance_logline AS line
LEFT JOIN (SELECT subject, count(*) AS lines FROM timeline_entry WHERE verb = %(verb)s GROUP BY subject) AS told
    ON told.subject = 'assistance:' || line.assistance_id
WHERE line.assistance_id IS NOT NULL GROUP BY line.assistance_id HAVING count(*) <> coalesce(max(told.lines), 0)
"""
GAPS = """
SELECT subject FROM timeline_entry WHERE org_id = %(org)s GROUP BY subject
HAVING min(number) <> 1 OR max(number) <> count(*)
"""


@dataclass(frozen=True)
class Late:
    """How late the clock was, in seconds: for lives at risk, for the rest, and for offers whose time ran out."""

    vital: list[float]
    others: list[float]
    offers: list[float]


def waiting() -> tuple[int, int, int, int]:
    """What the clock still has to do: steps, errands, messages, offers."""
    [row] = _rows(WAITING, {})
    return row


def lateness(since: datetime) -> Late:
    """Of a database that keeps when each transaction ended (`track_commit_timestamp`)."""
    found = [*_rows(LATENESS, {"since": since})]
    offers = [late for (late,) in _rows(EXPIRED, {"since": since})]
    return Late([late for vital, late in found if vital], [late for vital, late in found if not vital], offers)


def findings(org: Any, done: Done) -> Iterator[str]:
    """Everything that is wrong; nothing, where all is well."""
    yield from done.failures
    yield from _ended_otherwise(done)
    yield from _unfinished(org)
    yield from _complaints(org, done)
    yield from _log(org)


def _ended_otherwise(done: Done) -> Iterator[str]:
    from escucha.contexts.assistance.models import Assistance

    known = {one.pk: one for one in Assistance.objects.only("stage", "conformity")}
    for key, stage, conformity in done.assistances:
        found = known.pop(key, None)
        if found is None:
            yield f"assistance {key} is not there"
        elif (found.stage, found.conformity) != (stage, conformity):
            yield f"assistance {key} is {found.stage} {found.conformity}, not {stage} {conformity}"
    yield from (f"assistance {key} was opened by nobody" for key in known)


def _unfinished(org: Any) -> Iterator[str]:
    """Files that are open or missing, debts, works, what the clock did not do, errands that failed."""
    from escucha.contexts.assistance.models import Assignment, AssistanceFile
    from escucha.contexts.assistance.rules.assignments import GOING
    from escucha.kernel.commitments.models import OPEN, Commitment
    from escucha.kernel.timeline.models import Errand

    files = list(AssistanceFile.objects.filter(org=org).order_by("number").values_list("number", "closed_at"))
    yield from (f"file {number} is open" for number, closed_at in files if closed_at is None)
    if files and files[-1][0] - files[0][0] + 1 != len(files):
        yield f"{len(files)} files are numbered from {files[0][0]} to {files[-1][0]}"
    owed = Commitment.objects.filter(OPEN, org=org, subject__startswith="assistance")
    yield from (f"{one.kind} of {one.subject} is owed" for one in owed)
    going = Assignment.objects.filter(org=org, state__in=sorted(GOING)).count()
    if going:
        yield f"{going} providers are still on their way"
    if any(left := waiting()):
        yield f"not done by the clock: {left[0]} steps, {left[1]} errands, {left[2]} messages, {left[3]} offers"
    failed = Errand.objects.filter(org=org).exclude(attempts=0).values_list("reaction", "error")
    yield from (f"{count} times {name} failed: {error}" for (name, error), count in Counter(failed).items())


def _complaints(org: Any, done: Done) -> Iterator[str]:
    from escucha.contexts.cases.models import Case

    filed = Counter(key or "nothing" for key in Case.objects.filter(org=org).values_list("filing_key", flat=True))
    wanted = Counter(f"assistance-{key}" for key, _stage, conformity in done.assistances if conformity[:3] == "non")
    for key in sorted(set(filed) | set(wanted)):
        if filed[key] != wanted[key]:
            yield f"{filed[key]} complaints of {key}, not {wanted[key]}"


def _log(org: Any) -> Iterator[str]:
    """Lines that were not recorded, entries that are missing, and whatever `escucha verify` finds."""
    from django.conf import settings

    from escucha.contexts.assistance.events import LineWritten
    from escucha.kernel.timeline.seals import public_key_at
    from escucha.kernel.timeline.verify import Verification

    for key, lines, told in _rows(UNRECORDED, {"verb": LineWritten.verb}):
        yield f"assistance {key} has {lines} lines and {told} were recorded"
    for (subject,) in _rows(GAPS, {"org": org.pk}):
        yield f"entries of {subject} are missing"
    verification = Verification(key=public_key_at(settings.ANCHOR_KEY), folder=settings.ANCHORS, org=org)
    yield from map(str, verification.findings())


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
