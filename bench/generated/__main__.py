"""`python -m bench.generated [cases]`: loads a very large organisation into a throw-away database and says how long."""

import sys

import psycopg

from bench.cluster import database

SIZES = """
SELECT relname, n_live_tup, pg_size_pretty(pg_total_relation_size(relid)) FROM pg_stat_user_tables
WHERE n_live_tup > 0 ORDER BY pg_total_relation_size(relid) DESC
"""


def main(cases: int) -> None:
    """Prints the seconds of each part and the size of each table, and verifies every chain."""
    with database() as url:
        from bench.generated.filling import Filling

        filling = Filling(url)
        filling.grow_to(cases)
        print(filling.spent)
        with psycopg.connect(url) as connection:
            for row in connection.execute(SIZES):
                print(*row)
        from django.core.management import call_command

        call_command("verify")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1_000_000)
