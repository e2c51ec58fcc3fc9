"""How many steps a second the clock takes: 100,000 due at once, by one process and by four.

On a throw-away PostgreSQL with fsync on, filled by plain SQL. `python -m bench.tick [steps] [processes …]`
"""

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from multiprocessing import get_context

from bench.cluster import database, django
from bench.report import Row, table

TARGET = 2_000  # steps a second
STEPS_OF_ONE = 4
DUE = datetime(2001, 1, 2, tzinfo=UTC)  # before everything else that a database may hold: nothing more is due
FILL = """
WITH owed AS (
    INSERT INTO commitments_commitment
        (org_id, kind, subject, attempt, owner_unit_id, owner_role, plan_version_id, born_at, counted_from, due_at,
         visible_at, unit, rungs, reckoning, running_since, spent_seconds, outcome, cause, turn,
         reserved)
    SELECT %(org)s, 'cases.legal_term', %(run)s || n, 1, %(unit)s, '', %(version)s, %(at)s, %(at)s, %(at)s,
           %(at)s, 'business_days', '[]', '{}', %(at)s, 0, '', '', 1, false
    FROM generate_series(1, %(count)s) AS n RETURNING id, subject
), head AS (
    INSERT INTO timeline_head (org_id, subject, number, hash) SELECT %(org)s, subject, 0, repeat('0', 64) FROM owed
)
INSERT INTO commitments_step (commitment_id, name, at, told)
SELECT owed.id, step.name, %(at)s, '' FROM owed, unnest(ARRAY['half', 'most', 'late', 'over']) AS step (name)
"""


def main(steps: int = 100_000, processes: Sequence[int] = (1, 4)) -> list[Row]:
    """The rate of each number of processes; every step was taken once, and told once."""
    with database():
        return [_measured(steps, clocks) for clocks in processes]


def _measured(steps: int, clocks: int) -> Row:
    found = rate(steps, clocks, run=f"{clocks}.{time.time_ns()}:")
    job = f"Tomar {steps:,} pasos vencidos a la vez, {clocks} proceso(s), cada uno una vez"
    return Row(job, f"{found:,.0f} por segundo", f"≥ {TARGET:,} por segundo", found >= TARGET)


def rate(steps: int, clocks: int, *, run: str) -> float:
    """How many a second so many clocks take, of steps that are due at once; each was taken once, and told once.

    `run` begins the names of what these steps are about.
    """
    from django.db import connection

    fill(steps, run)
    connection.close()
    with get_context("spawn").Pool(clocks) as pool:
        shares = pool.map(_drain, range(clocks), chunksize=1)
    seconds = max(spent for _taken, spent in shares)
    taken = [count for count, _spent in shares]
    assert sum(taken) == steps == _told(run), (taken, _told(run))
    connection.close()
    return steps / seconds


def _drain(_number: int) -> tuple[int, float]:
    django()
    from escucha.kernel.commitments.clock import tick

    began, taken, idle = time.perf_counter(), 0, 0
    last = began
    while idle < 3:
        if found := tick(now=DUE):
            taken, idle, last = taken + found, 0, time.perf_counter()
        else:
            idle += 1
            time.sleep(0.05)
    return taken, last - began


def fill(steps: int, run: str) -> None:
    """So many steps that fell due at `DUE`, four of each debt."""
    from django.conf import settings
    from django.db import connection

    from escucha.kernel.orgs.models import Organisation, ProfileVersion, Unit
    from escucha.kernel.profiles.loader import load

    profile = load(min(file.parent for file in settings.PROFILES.glob("*/profile.toml")))
    org, _ = Organisation.objects.get_or_create(
        slug="bench", defaults={"name": "bench", "host": "bench", "created_at": DUE}
    )
    unit, _ = Unit.objects.get_or_create(org=org, key="unit")
    in_force = {"document": profile.document, "digest": profile.digest, "valid_from": DUE, "loaded_at": DUE}
    version, _ = ProfileVersion.objects.get_or_create(org=org, defaults=in_force)
    said = {
        "org": org.pk,
        "unit": unit.pk,
        "version": version.pk,
        "run": run,
        "at": DUE,
        "count": steps // STEPS_OF_ONE,
    }
    with connection.cursor() as cursor:
        cursor.execute(FILL, said)
        cursor.execute("VACUUM ANALYZE commitments_step, commitments_commitment, timeline_head")


def _told(run: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM timeline_entry WHERE starts_with(subject, %s)", [run])
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    given = [int(number) for number in sys.argv[1:]]
    print(table(main(given[0] if given else 100_000, given[1:] or (1, 4))))
