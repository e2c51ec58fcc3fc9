"""The board of 3,000 open files: how long it takes to open, and how soon 150 screens show what another did.

On a throw-away PostgreSQL with fsync on, through the real web server and the real event process. Two of three screens
are on what each has in charge, the third on everybody's open files. Another process goes on with the assistances, as
many acts a second as the busiest hour has: of any file, and one of each ten of a file that every screen of the third
kind shows. `python -m bench.board [screens] [files]`
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import get_context
from socket import create_server
from statistics import median
from typing import Any

from bench.cluster import database, django
from bench.hour.house import SLUG, Size, furnish
from bench.report import Row, table
from bench.screens.watching import Change, Screen, Seen, watched
from bench.serving import Visitor, late, middle, served, staff

SCREENS, FILES, SAMPLE = 150, 3_000, 60
CHANGES, A_SECOND, EVERYWHERE = 300, 15, 10
MOST = 1.0  # seconds, of ninety-five in a hundred
HOST = f"{SLUG}.localhost"
MINE, OPEN = "/mesa/asistencia/?vista=a-cargo", "/mesa/asistencia/?vista=abiertos"
SETTLES = 5  # seconds after the last act, for the screens to end asking
COMMITTED = """
SELECT file.number || '/' || one.position, one.version,
       extract(epoch FROM pg_xact_commit_timestamp(one.xmin))::float
FROM assistance_assistance AS one JOIN assistance_assistancefile AS file ON file.id = one.file_id
WHERE one.id = ANY(%s)
"""


def main(screens: int = SCREENS, files: int = FILES) -> list[Row]:
    """What the screens saw, and the page itself."""
    with database({"track_commit_timestamp": "on"}), _events() as address:
        os.environ["ESCUCHA_EVENTS"] = address
        furnish(Size(affiliates=20_000), now=datetime.now(UTC), times={"call_apart_seconds": 0})
        members = _filled(screens, files)
        with served() as port:
            visitors = [staff(port, HOST, email) for email in members]
            _close()
            pages = _pages(visitors[0], files)
            seen, committed = _changes(visitors)
    return [*pages, *_seen(seen, committed, screens, files)]


def _filled(screens: int, files: int) -> Sequence[str]:
    """The addresses of who coordinates, each with its second factor; the files are in their charge."""
    from bench.screens.files import LIVED, lived, multiplied
    from escucha.kernel.orgs.operations import take_in
    from escucha.kernel.orgs.queries import org_by_slug, unit_by_key
    from escucha.kernel.orgs.second_factor import give_second_factor, sample_secret

    org = org_by_slug(SLUG)
    unit = unit_by_key(org=org, key="operaciones")
    members = []
    for number in range(screens):
        email = f"pantalla-{number}@{SLUG}.example.org"
        member = take_in(org=org, email=email, name=f"Pantalla {number}", hashed="!", unit=unit, roles=["coordinator"])
        give_second_factor(member.account, secret=sample_secret(email))
        members.append(member)
    lived()
    multiplied(files // LIVED - 1, [one.pk for one in members])
    return [one.account.email for one in members]


@contextmanager
def _events() -> Iterator[str]:
    """Where the event process will tell its news; it starts once it is asked for the first time."""
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "--workers", "1", "--log-level"]
    command += ["warning", "--host", "127.0.0.1", "--port", str(port), "escucha.asgi:application"]
    process = subprocess.Popen(command, env=os.environ | {"ESCUCHA_DB_ROLE": "run"})
    try:
        yield f"http://{{host}}:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _close() -> None:
    from django.db import connection

    connection.close()


def _pages(visitor: Visitor, files: int) -> list[Row]:
    rows = []
    for name, path in (("lo que está a cargo", MINE), ("los abiertos", OPEN)):
        visitor.get(path)
        spent = [visitor.get(path)[0] for _turn in range(SAMPLE)]
        figure = f"mediana {middle(spent) * 1000:.0f} ms, p95 {late(spent) * 1000:.0f} ms"
        rows.append(Row(f"Tablero, primera página de {name}, con {files:,} expedientes abiertos", figure))
    return rows


def _changes(visitors: Sequence[Visitor]) -> tuple[Seen, Mapping[Change, float]]:
    """What every screen saw of the acts of another process, and when each was committed."""
    seen = Seen()
    screens = [
        Screen(one.port, one.host, one.cookies, OPEN if place % 3 == 0 else MINE, seen)
        for place, one in enumerate(visitors)
    ]
    wanted = _wanted()
    with get_context("spawn").Pool(1, initializer=django) as pool:
        asyncio.run(_watch(screens, seen, pool, wanted))
    committed = {(name, version): at for name, version, at in _rows(COMMITTED, [key for key, _stage in wanted])}
    return seen, committed


async def _watch(screens: Sequence[Screen], seen: Seen, pool: Any, wanted: Sequence[tuple[int, str]]) -> None:
    act, over = asyncio.Event(), asyncio.Event()
    watching = asyncio.create_task(watched(screens, seen, act, over))
    waiting = asyncio.create_task(act.wait())
    await asyncio.wait([watching, waiting], return_when=asyncio.FIRST_COMPLETED)
    if not watching.done():
        await asyncio.get_running_loop().run_in_executor(None, pool.map, _acted, [wanted])
        await asyncio.sleep(SETTLES)
        over.set()
    await watching


def _acted(wanted: Sequence[tuple[int, str]]) -> None:
    """Goes on with each, at its pace; what it could not keep up with it does at once."""
    from bench.hour.house import Desk
    from bench.screens.files import go_on

    desk, begun = Desk.open(now=datetime.now(UTC)), time.monotonic()
    for place, (assistance_id, stage) in enumerate(wanted):
        time.sleep(max(0.0, begun + place / A_SECOND - time.monotonic()))
        go_on(desk, assistance_id, stage)


def _wanted() -> list[tuple[int, str]]:
    """Assistances of any file, and, among them, some of those that the list of open ones begins with."""
    found = _rows("SELECT id, stage FROM assistance_assistance WHERE ended_at IS NULL ORDER BY file_id DESC")
    first, rest = found[: CHANGES // EVERYWHERE], found[40:]
    chosen = rest[:: len(rest) // (CHANGES - len(first))][: CHANGES - len(first)]
    for place, one in enumerate(first):
        chosen.insert(place * EVERYWHERE, one)
    return chosen


def _seen(seen: Seen, committed: Mapping[Change, float], screens: int, files: int) -> list[Row]:
    """Every change was heard by every screen, and the rows of those that show it are the ones that came."""
    assert not seen.failures, seen.failures[:10]
    deaf = [change for change in committed if len(seen.heard.get(change, ())) != screens]
    assert not deaf, f"{len(deaf)} of {len(committed)} changes were not heard by all: {deaf[:5]}"
    heard = [at - committed[change] for change in committed for at in seen.heard[change]]
    shown = [at - committed[change] for change in committed for at in seen.shown.get(change, ())]
    everywhere = max(len(at) for at in seen.shown.values())
    job = f"Tablero de {files:,} expedientes abiertos y {screens} pantallas, {A_SECOND} actos por segundo"
    return [
        _row(f"{job}: del acto a su noticia en todas", heard),
        _row(f"{job}: del acto a su fila, en las que la muestran (hasta {everywhere})", shown),
    ]


def _row(job: str, spent: Sequence[float]) -> Row:
    p95 = late(spent)
    figure = f"mediana {median(spent) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, la última {max(spent) * 1000:.0f} ms"
    return Row(job, figure, f"p95 ≤ {MOST:.0f} s", p95 <= MOST)


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


if __name__ == "__main__":
    given = [int(number) for number in sys.argv[1:]]
    print(table(main(*given)))
