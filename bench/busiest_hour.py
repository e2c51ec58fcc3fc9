"""The busiest hour of a day of 30,000 assistances: 3,000 through all their verbs, with the clock ticking beside them.

On a throw-away PostgreSQL with fsync on. Four processes attend, each with many calls in hand, over one desk of 200,000
affiliates and 1,500 providers; `escucha work` runs as it always does, and its messages are kept instead of sent.

Every verb is done at the moment that the wall says, so that each timer comes due when it would. What is compressed is
people's time: the seconds between two acts of one assistance stand for the minutes that they take. Real are the ninety
seconds of an offer and the minute between two calls to a provider. Three tries to reach an affiliate are a minute
apart here, and two hours at a desk. `python -m bench.busiest_hour [assistances]`; with `verbs`, what each verb took.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles

from bench.cluster import database, django
from bench.hour.driving import Done, drive
from bench.hour.house import Size, furnish
from bench.hour.plots import plots
from bench.hour.verdict import Late, findings, lateness, waiting
from bench.report import Row, table

ASSISTANCES, PROCESSES, IN_HAND, PACE = 3_000, 4, 110, 2.0
MINUTES, LATE, LATE_VITAL = 10, 2.0, 1.0
TIMES = {"conformity_apart": 1}
CATCHES_UP = 120  # seconds that the clock is given after the last act
MOST_TOLD = 30  # of what was found wrong
TELLS = {"track_commit_timestamp": "on"}  # when each transaction ended, which is when a timer was really taken


class Anomaly(Exception):
    """The hour went by, and something of it is not as it should be."""


def main(assistances: int = ASSISTANCES, *, verbs: bool = False) -> list[Row]:
    """How long the hour took, and how late its timers were. Raises Anomaly for anything that was lost or left over."""
    with database(TELLS):
        furnish(Size(), now=datetime.now(UTC), times=TIMES)
        _settle()
        began_at = datetime.now(UTC)
        with _worker():
            begun = time.perf_counter()
            done = _attended(assistances)
            attended = time.perf_counter() - begun
            _caught_up()
            seconds = time.perf_counter() - begun
        late = lateness(began_at)
        if wrong := _wrong(done):
            raise Anomaly(f"{len(wrong):,} findings\n" + "\n".join(wrong[:MOST_TOLD]))
    if verbs:
        _tell(done)
    return _rows(assistances, done, seconds, attended, late)


def _settle() -> None:
    """What was just filled in is as it would be after a night; nothing of this process stays open."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    connection.close()


@contextmanager
def _worker() -> Iterator[None]:
    """`escucha work`, as it always runs."""
    command = [str(Path(sys.executable).with_name("escucha")), "work"]
    worker = subprocess.Popen(command, env=os.environ | {"ESCUCHA_DB_ROLE": "run", "ESCUCHA_SAMPLE": "0"})
    try:
        yield
        if worker.poll() is not None:
            raise Anomaly("the worker ended")
    finally:
        worker.terminate()
        worker.wait(30)


def _attended(assistances: int) -> Done:
    wanted, done = plots(assistances), Done()
    shares = [wanted[place::PROCESSES] for place in range(PROCESSES)]
    attend = partial(drive, pace=PACE, in_hand=IN_HAND, now=datetime.now(UTC))
    with get_context("spawn").Pool(PROCESSES, initializer=_as_the_pages) as pool:
        for one in pool.imap_unordered(attend, shares, chunksize=1):
            done.add(one)
    return done


def _as_the_pages() -> None:
    os.environ["ESCUCHA_DB_ROLE"] = "run"
    django()


def _caught_up() -> None:
    patience = time.monotonic() + CATCHES_UP
    while any(waiting()) and time.monotonic() < patience:
        time.sleep(0.1)


def _wrong(done: Done) -> list[str]:
    from bench.hour.house import SLUG
    from escucha.kernel.orgs.queries import org_by_slug

    return list(findings(org_by_slug(SLUG), done))


def _rows(assistances: int, done: Done, seconds: float, attended: float, late: Late) -> list[Row]:
    job = f"La hora más cargada de 30.000 al día: {assistances:,} asistencias por todos sus actos, con el reloj andando"
    every = [spent for of_one in done.spent.values() for spent in of_one]
    p95 = quantiles(every, n=20)[-1]
    acts = f"{len(every):,}, mediana {median(every) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms"
    return [
        Row(job, f"{seconds / 60:.1f} min", f"≤ {MINUTES} min", seconds <= MINUTES * 60),
        Row("En esa hora: actos", f"{acts}; {len(every) / attended:.0f} por segundo"),
        _lateness("En esa hora: temporizadores", late.others, LATE),
        _lateness("En esa hora: temporizadores de riesgo vital", late.vital, LATE_VITAL),
        _lateness("En esa hora: ofertas vencidas", late.offers, LATE),
        Row("En esa hora: quien seguía ya lo había enviado otro", f"{done.overtaken:,} veces"),
    ]


def _lateness(job: str, late: list[float], most: float) -> Row:
    """How much after its moment the latest was taken, and ninety-five in a hundred."""
    if len(late) < 2:
        return Row(job, f"{len(late)}")
    figure = f"{len(late):,}; el más tardío, {max(late):.2f} s; p95 {quantiles(late, n=20)[-1]:.2f} s"
    return Row(job, figure, f"≤ {most:.0f} s", max(late) <= most)


def _tell(done: Done) -> None:
    for verb, spent in sorted(done.spent.items(), key=lambda one: -sum(one[1])):
        p95 = quantiles(spent, n=20)[-1] if len(spent) > 1 else spent[0]
        figures = f"{sum(spent):8.1f} s  median {median(spent) * 1000:6.1f} ms  p95 {p95 * 1000:7.1f} ms"
        print(f"{verb:24} {len(spent):7,} {figures}")


if __name__ == "__main__":
    given = sys.argv[1:]
    numbers = [int(one) for one in given if one.isdigit()]
    print(table(main(*numbers, verbs="verbs" in given)))
