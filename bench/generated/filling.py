"""The whole of it: lives, copies, and what the product keeps about cases besides: what is searched and counted."""

from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any

import psycopg

from bench.generated.copies import Life, Schema
from bench.generated.lives import live, lives
from bench.generated.loading import Plan, multiply, timed

SEED = 20261122
NOW = datetime(2026, 11, 20, 21, tzinfo=UTC)
SEARCHED = import_module("escucha.contexts.cases.migrations.0005_search")


class Filling:
    """A database that grows to as many cases as it is told."""

    def __init__(self, url: str) -> None:
        from django.conf import settings

        self.url, self.cases, self.spent = url, 0, dict[str, float]()
        self.spent["lives"] = timed(lambda: live(NOW, folder=settings.PROFILES))
        with psycopg.connect(url) as connection:
            self.lives: tuple[list[Life], list[Life]] = lives(connection, Schema.read(connection))

    def grow_to(self, cases: int) -> None:
        """Adds copies until there are so many cases, and lets the product catch up."""
        plan = Plan.draw(*self.lives, count=cases - self.cases, until=self.today, seed=SEED + self.cases)
        self.spent[f"copies to {cases:,}"] = multiply(self.url, plan, first=self.cases, seed=SEED + self.cases)
        self.cases = cases
        self.spent[f"search and counts of {cases:,}"] = timed(self._catch_up)

    @property
    def today(self) -> date:
        return NOW.date()

    def _catch_up(self) -> None:
        from escucha.contexts.cases.models import tally_sql

        with psycopg.connect(self.url, autocommit=True) as connection:
            rebuilt = _without_search_index(connection)
            connection.execute(SEARCHED.ENTRIES)
            connection.execute("DELETE FROM cases_searchword")
            connection.execute(SEARCHED.LEXICON)
            for definition in rebuilt:
                connection.execute(definition)
            connection.execute("DELETE FROM cases_tally")
            connection.execute(tally_sql.FILL)
            connection.execute("VACUUM ANALYZE")


def _without_search_index(connection: psycopg.Connection[Any]) -> list[Any]:
    connection.execute("SET maintenance_work_mem = '1GB'")
    connection.execute("SET max_parallel_maintenance_workers = 2")
    found = connection.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'search_entries'").fetchall()
    connection.execute("DROP INDEX IF EXISTS search_entries")
    return [definition for (definition,) in found]
