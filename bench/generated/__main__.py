"""`python -m bench.generated [cases]`: loads a very large organisation into a throw-away database and says how long."""

import sys
from datetime import UTC, datetime

import psycopg

from bench.cluster import database
from bench.generated.copies import Schema
from bench.generated.lives import live, lives
from bench.generated.loading import Plan, multiply, timed

SEED = 20261122
NOW = datetime(2026, 11, 20, 21, tzinfo=UTC)


def fill(url: str, cases: int) -> dict[str, float]:
    """Lives, then copies until there are so many cases. Returns the seconds of each part."""
    from django.conf import settings

    spent = {"lives": timed(lambda: live(NOW, folder=settings.PROFILES))}
    with psycopg.connect(url) as connection:
        schema = Schema.read(connection)
        closed, still_open = lives(connection, schema)
    plan = Plan.draw(closed, still_open, count=cases, until=NOW.date(), seed=SEED)
    return spent | {"copies": multiply(url, plan, seed=SEED)}


def main(cases: int) -> None:
    with database() as url:
        print(fill(url, cases))
        with psycopg.connect(url) as connection:
            sizes = "SELECT relname, n_live_tup, pg_size_pretty(pg_total_relation_size(relid)) FROM pg_stat_user_tables"
            for row in connection.execute(f"{sizes} WHERE n_live_tup > 0 ORDER BY 2 DESC"):
                print(*row)
        from django.core.management import call_command

        call_command("verify")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1_000_000)
