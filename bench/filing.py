"""How long the verb that files a case takes, with few and with many cases, beside its floor.

On a throw-away PostgreSQL with fsync on. `python -m bench.filing [cases]`; with `profile` it says what dominates.
"""

import cProfile
import pstats
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from statistics import median, quantiles
from typing import Any

import psycopg

from bench.cluster import database
from bench.floor import Written, floor_of, rows_written_by
from bench.report import Row, table

CASES, SAMPLE = 5_000, 300
MOST_MEDIAN, MOST_P95, MOST_RATIO = 0.025, 0.060, 6.0
BEGINNING = datetime(2026, 3, 3, 15, tzinfo=UTC)
WORDS = "El domingo fuimos al parque y la reserva no aparecía. Esperamos una hora y nadie nos respondió. " * 4


class Clock:
    """Time spent in the database by statement, with its commits."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()

    def __call__(self, execute: Callable[..., Any], statement: str, values: Any, many: bool, context: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(statement, values, many, context)
        finally:
            self.note(re.sub(r"\s+", " ", re.sub(r"_x\d+|s\d+_x\d+", "", statement)), time.perf_counter() - begun)

    def forget(self) -> None:
        self.spent.clear()
        self.calls.clear()

    def note(self, statement: str, seconds: float) -> None:
        self.spent[statement] += seconds
        self.calls[statement] += 1


def main(cases: int = CASES, *, profiled: bool = False) -> list[Row]:
    """The verb at no case and at many, its statements, and its ratio to the floor."""
    with database() as url:
        file_one = _filing()
        few = [_timed(file_one) for _ in range(SAMPLE)]
        for _ in range(cases - SAMPLE):
            file_one()
        _vacuum()
        begun = time.process_time()
        many = [_timed(file_one) for _ in range(SAMPLE)]
        own = (time.process_time() - begun) / SAMPLE
        with psycopg.connect(url, autocommit=True) as plain, watched() as clock:
            written = rows_written_by(plain, file_one)
            clock.forget()
            # In turns, so that whatever else the machine does falls on both.
            pairs = [(inside(clock, file_one), least) for least in islice(floor_of(plain, written), SAMPLE)]
        if profiled:
            _tell(clock, file_one, {one.table: (len(one.inserted), len(one.changed)) for one in written})
        rows = [*_times(few, f"0 a {SAMPLE}"), *_times(many, f"{cases:,}"), *_against_floor(clock, pairs, written)]
        return [*rows, Row("Radicar un caso: tiempo medio de procesador fuera de la base de datos", _ms(own))]


def _filing() -> Callable[[], object]:
    from django.conf import settings

    from escucha.contexts.cases.operations.filing import file_case
    from escucha.kernel.orgs.operations import put_in_force
    from escucha.kernel.profiles.loader import load
    from escucha.kernel.timeline.facts import CITIZEN

    profile = load(min(file.parent for file in settings.PROFILES.glob("*/profile.toml")))
    began = datetime.fromisoformat(profile.identity.valid_from)
    org = put_in_force(profile=profile, host="bench.localhost", valid_from=began, now=began).org
    numbers = count()

    def file_one() -> object:
        number = next(numbers)
        return file_case(
            org=org, channel="web", matter="La reserva no aparecía", body=WORDS, person=a_person(number),
            filing_key=f"bench-{number}", by=CITIZEN, now=BEGINNING + timedelta(seconds=number),
        )  # fmt: skip

    file_one()  # what is read once in a process is read now
    return file_one


def a_person(number: int, *, mailbox: str = "persona", documents: int = 1_990_000_000) -> dict[str, str]:
    """Somebody invented, unlike any other of its series."""
    return {
        "name": f"Persona {number}",
        "document_kind": "CC",
        "document_number": str(documents + number),
        "email": f"{mailbox}{number}@example.org",
        "phone": "300 000 0001",
    }


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


@contextmanager
def watched() -> Iterator[Clock]:
    """The time that this process spends in the database meanwhile."""
    from django.db import connection

    clock, commit = Clock(), connection._commit

    def timed_commit() -> None:
        clock.note("COMMIT", _timed(commit))

    connection._commit = timed_commit
    try:
        with connection.execute_wrapper(clock):
            yield clock
    finally:
        connection._commit = commit


def _vacuum() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _times(spent: list[float], cases: str) -> list[Row]:
    middle, late = median(spent), quantiles(spent, n=20)[-1]
    job = f"Radicar un caso (el verbo), con {cases} casos"
    return [
        Row(f"{job}: mediana", _ms(middle), f"≤ {_ms(MOST_MEDIAN)}", middle <= MOST_MEDIAN),
        Row(f"{job}: p95", _ms(late), f"≤ {_ms(MOST_P95)}", late <= MOST_P95),
    ]


def inside(clock: Clock, work: Callable[[], object]) -> float:
    """Seconds in the database of some work."""
    before = clock.spent.total()
    work()
    return clock.spent.total() - before


def _against_floor(clock: Clock, pairs: list[tuple[float, float]], written: list[Written]) -> list[Row]:
    statements = clock.calls.total() / SAMPLE
    spent, least = median(spent for spent, _least in pairs), median(least for _spent, least in pairs)
    rows = sum(len(one.inserted) + len(one.changed) for one in written)
    ratio = spent / least
    return [
        Row("Radicar un caso: órdenes a la base de datos, con la de confirmar", f"{statements:.1f}"),
        Row("Radicar un caso: mediana en la base de datos", _ms(spent)),
        Row(f"Radicar un caso: mediana del piso ({rows} filas en {len(written)} tablas)", _ms(least)),
        Row("Radicar un caso: veces el piso", f"{ratio:.1f}", f"≤ {MOST_RATIO:.0f}", ratio <= MOST_RATIO),
    ]


def _tell(clock: Clock, work: Callable[[], object], written: dict[str, tuple[int, int]]) -> None:
    print("rows by table (inserted, changed):", written)
    for statement, seconds in clock.spent.most_common(40):
        print(f"{seconds / SAMPLE * 1000:7.3f} ms {clock.calls[statement] / SAMPLE:5.1f}x  {statement[:150]}")
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(SAMPLE):
        work()
    profile.disable()
    pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
    pstats.Stats(profile).sort_stats("tottime").print_stats(25)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


if __name__ == "__main__":
    given = sys.argv[1:]
    print(table(main(int(given[0]) if given[:1] and given[0].isdigit() else CASES, profiled="profile" in given)))
