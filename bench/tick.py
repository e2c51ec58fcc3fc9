"""How many steps a second the clock takes: 100,000 due at once, by one process and by four.

Run with DATABASE_URL pointing at an empty database of a real PostgreSQL (fsync on): it makes the tables, fills them by
plain SQL and leaves them there. `python -m bench.tick [steps] [processes …]`
"""

import os
import sys
import time
from datetime import UTC, datetime
from multiprocessing import get_context

STEPS_OF_ONE = 4
FILL = """
WITH owed AS (
    INSERT INTO commitments_commitment
        (org_id, kind, subject, attempt, owner_unit_id, owner_role, plan_version_id, born_at, counted_from, due_at,
         visible_at, unit, rungs, reckoning, running_since, spent_seconds, outcome, cause)
    SELECT %(org)s, 'cases.legal_term', %(run)s || n, 1, %(unit)s, '', %(version)s, %(at)s, %(at)s, %(at)s,
           %(at)s, 'business_days', '[]', '{}', %(at)s, 0, '', ''
    FROM generate_series(1, %(count)s) AS n RETURNING id, subject
), head AS (
    INSERT INTO timeline_head (org_id, subject, number, hash) SELECT %(org)s, subject, 0, repeat('0', 64) FROM owed
)
INSERT INTO commitments_step (commitment_id, name, at, told)
SELECT owed.id, step.name, %(at)s, '' FROM owed, unnest(ARRAY['half', 'most', 'late', 'over']) AS step (name)
"""


def main(steps: int, processes: list[int]) -> None:
    _django()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, skip_checks=True)
    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        print(f"PostgreSQL {connection.pg_version}, fsync {cursor.fetchone()[0]}")
    for clocks in processes:
        run = f"bench-{clocks}-{time.time_ns()}:"
        _fill(steps, run)
        connection.close()
        began = time.perf_counter()
        with get_context("spawn").Pool(clocks) as pool:
            shares = pool.map(_drain, range(clocks), chunksize=1)
        seconds = max(spent for _taken, spent in shares)
        taken = [count for count, _spent in shares]
        assert sum(taken) == steps == _told(run), (taken, _told(run))
        print(
            f"{clocks} process(es): {steps} steps in {seconds:.1f} s = {steps / seconds:,.0f} a second {taken}"
            f" ({time.perf_counter() - began:.1f} s with starting)"
        )


def _drain(_number: int) -> tuple[int, float]:
    _django()
    from escucha.kernel.commitments.clock import tick

    began, taken, idle, now = time.perf_counter(), 0, 0, datetime.now(UTC)
    last = began
    while idle < 3:
        if found := tick(now=now):
            taken, idle, last = taken + found, 0, time.perf_counter()
        else:
            idle += 1
            time.sleep(0.05)
    return taken, last - began


def _fill(steps: int, run: str) -> None:
    from django.db import connection

    from escucha.kernel.orgs.models import Organisation, ProfileVersion, Unit

    now = datetime.now(UTC)
    org, _ = Organisation.objects.get_or_create(
        slug="bench", defaults={"name": "bench", "host": "bench", "created_at": now}
    )
    unit, _ = Unit.objects.get_or_create(org=org, key="unit")
    version, _ = ProfileVersion.objects.get_or_create(
        org=org, defaults={"document": {}, "digest": "", "valid_from": now, "loaded_at": now}
    )
    said = {
        "org": org.pk,
        "unit": unit.pk,
        "version": version.pk,
        "run": run,
        "at": now,
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


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escucha.settings")
    os.environ.setdefault("ESCUCHA_DB_ROLE", "owner")
    import django

    django.setup()


if __name__ == "__main__":
    given = [int(number) for number in sys.argv[1:]]
    main(given[0] if given else 100_000, given[1:] or [1, 4])
