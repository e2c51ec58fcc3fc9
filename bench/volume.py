"""The pages of an organisation with ten thousand cases and with a million, beside the floor of each, in one run.

On a throw-away PostgreSQL with fsync on, through the real web server. `python -m bench.volume [few] [many]`
"""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from statistics import median
from typing import Any
from urllib.parse import quote

import psycopg

from bench import beside
from bench.cluster import database
from bench.filing import MOST_RATIO
from bench.report import Row, table
from bench.serving import Visitor, late, many, middle, served, staff
from bench.tick import TARGET

FEW, MANY = 10_000, 1_000_000
SAMPLE, CLIENTS, EACH, DEEP = 60, 8, 25, 5_000
HOST, HEAD = "cafetal.localhost", "patricia@cafetal.example.org"
LONG_STORY = 480  # notes of the case with five hundred entries
SEARCHES = {
    "dos palabras": "medicamento negaron",
    "sin tildes": "peticion medico",
    "mal escrita": "medicamneto",
    "un nombre": "Carmen Ordóñez",
    "teléfono": "300 000 0123",
}


def main(few: int = FEW, many_cases: int = MANY) -> list[Row]:
    """The rows of both sizes, and how the larger compares with the smaller."""
    with database() as url:
        from bench.generated.filling import Filling
        from escucha.kernel.orgs.queries import org_by_slug

        filling = Filling(url)
        found: dict[int, dict[str, list[float]]] = {}
        rows: list[Row] = []
        with psycopg.connect(url, autocommit=True) as plain:
            floors = None
            for size in (few, many_cases):
                filling.grow_to(size)
                org = org_by_slug("cafetal")
                floors = floors or beside.Floors(plain, org=org)
                found[size] = _measured(plain, org, size)
                rows += [*_rows(size, found[size]), *_verbs(floors, size)]
        rows += _ratios(found[few], found[many_cases], few)
        loading = sum(seconds for name, seconds in filling.spent.items() if name != "lives")
        return [Row(f"Generar y cargar {many_cases:,} casos", f"{loading / 60:.1f} min"), *rows]


JOBS: dict[str, tuple[str, float, float | None]] = {  # job: words, most of the median, most of the p95 (ms)
    "file": ("Radicar por el formulario público", 25, 60),
    "file8": (f"Radicar, {CLIENTS} personas a la vez", 1_000, 100),
    "list": ("Lista de casos abiertos, primera página", 40, 80),
    "deep": ("Lista de casos cerrados, página 5.000", 40, 80),
    "agenda": ("Hoy, primera página", 40, 80),
    "case": ("Página de un caso", 25, None),
    "case500": ("Página de un caso con 500 asientos", 80, None),
    "search": ("Buscar", 50, 150),
    "months": ("Contar por tipo y mes, todos los años (la consulta)", 20, None),
    "recount": ("Contar de nuevo, caso por caso", 1_000, None),
}


def _measured(plain: psycopg.Connection[Any], org: Any, size: int) -> dict[str, list[float]]:
    spent: dict[str, list[float]] = {}
    with served() as port:
        head, deep = staff(port, HOST, HEAD), _deep_place(plain, org.pk, size)
        short, long = _cases_of_staff(org, size)
        spent["list"] = _asked(head, "/mesa/casos/")
        spent["deep"] = _asked(head, f"/mesa/casos/?vista=cerrados&desde={quote(f'{deep[0].isoformat()}_1_{deep[1]}')}")
        spent["agenda"] = _asked(head, "/mesa/")
        spent["case"], spent["case500"] = _asked(head, f"/mesa/casos/{short}/"), _asked(head, f"/mesa/casos/{long}/")
        spent["search"] = [
            one for said in SEARCHES.values() for one in _asked(head, f"/mesa/buscar/?q={quote(said)}", 20)
        ]
        spent["months"] = _counted(org)
        spent["recount"] = [_timed(lambda: _recount(org))]
        citizens = [Visitor(port, HOST) for _ in range(CLIENTS)]
        spent["file"] = [citizens[0].file(_text(), place=size + n)[0] for n in range(SAMPLE)]
        spent["file8"] = many(citizens, EACH, _text(), start=size + SAMPLE)
        _without_gap(plain, org.pk)
    return spent | _floors_of_pages(plain, org.pk, deep, short, long)


def _floors_of_pages(
    plain: psycopg.Connection[Any], org: int, deep: tuple[datetime, int], short: str, long: str
) -> dict[str, list[float]]:
    unit = beside.central_unit(plain, org=org)
    return {
        "list floor": _run(plain, beside.LIST, org=org),
        "deep floor": _run(plain, beside.DEEP, org=org, at=deep[0], id=deep[1]),
        "agenda floor": _run(plain, beside.AGENDA, org=org, unit=unit),
        "case floor": _times(beside.case_floor(plain, org=org, number=short)),
        "case500 floor": _times(beside.case_floor(plain, org=org, number=long, entries=500)),
        "search floor": [
            one for said in SEARCHES.values() for one in _run(plain, beside.SEARCH, times=20, org=org, said=said)
        ],
        "months floor": _run(plain, beside.MONTHS, times=3, org=org),
    }


def _verbs(floors: beside.Floors, size: int) -> Iterator[Row]:
    """What writes: the verb that files and the tick, each beside the same rows in plain SQL."""
    inside, least = floors.filing()
    yield Row(f"Radicar (el verbo), con {size:,} casos: mediana en la base de datos", f"{inside * 1000:.1f} ms")
    yield Row(f"Radicar (el verbo), con {size:,} casos: su piso en SQL", f"{least * 1000:.1f} ms")
    words, ratio = f"Radicar (el verbo), con {size:,} casos: veces el piso", inside / least
    yield Row(words, f"{ratio:.1f}", f"≤ {MOST_RATIO:.0f}", ratio <= MOST_RATIO)
    clocks, plain = floors.tick(size=size)
    words = f"Tomar {beside.STEPS:,} pasos vencidos a la vez, {beside.CLOCKS} relojes, con {size:,} casos"
    yield Row(words, f"{clocks:,.0f} por segundo", f"≥ {TARGET:,} por segundo", clocks >= TARGET)
    yield Row(f"{words}: su piso en SQL, una conexión", f"{plain:,.0f} por segundo")


def _asked(visitor: Visitor, path: str, times: int = SAMPLE) -> list[float]:
    visitor.get(path), visitor.get(path), visitor.get(path), visitor.get(path)  # every process has seen it
    return [visitor.get(path)[0] for _ in range(times)]


def _run(plain: psycopg.Connection[Any], statement: str, *, times: int = SAMPLE, **said: Any) -> list[float]:
    return _times(lambda: plain.execute(statement, said).fetchall(), times)


def _times(work: Callable[[], object], times: int = SAMPLE) -> list[float]:
    return [_timed(work) for _ in range(times)]


def _counted(org: Any) -> list[float]:
    from escucha.contexts.cases.queries.tallies import counts_by_kind_and_month
    from escucha.kernel.timeline.facts import Actor

    viewer = Actor("staff", id="0", acts=frozenset({"cases.see"}), everywhere=True)
    return [_timed(lambda: counts_by_kind_and_month(org=org, viewer=viewer)) for _ in range(SAMPLE)]


def _recount(org: Any) -> None:
    from escucha.contexts.cases.operations.tallying import recount

    assert recount(org=org) == 0


def _deep_place(plain: psycopg.Connection[Any], org: int, size: int) -> tuple[datetime, int]:
    skipped = min(DEEP, size // 60) * 50
    row = plain.execute(
        "SELECT filed_at, id FROM cases_case WHERE org_id = %s AND closed_at IS NOT NULL "
        "ORDER BY filed_at DESC, id DESC OFFSET %s LIMIT 1",
        [org, skipped],
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def _cases_of_staff(org: Any, size: int) -> tuple[str, str]:
    """An ordinary case of many entries, and one with five hundred."""
    from django.utils import timezone

    from escucha.contexts.cases.models import Case
    from escucha.contexts.cases.operations.handling import write_note
    from escucha.kernel.orgs.models import Member
    from escucha.kernel.orgs.queries import profile_of
    from escucha.kernel.timeline.actors import actor_of

    now = timezone.now()
    head = Member.objects.get(org=org, account__email=HEAD)
    by = actor_of(head, profile_of(org, at=now))
    open_ones = Case.objects.filter(org=org, closed_at=None, state="assigned").order_by("-pk")
    short, long = open_ones[0], open_ones[1 if size <= FEW else 2]
    for _ in range(LONG_STORY):
        write_note(org=org, case_id=long.pk, body=_text(), by=by, now=now)
    return short.filing_number, long.filing_number


def _without_gap(plain: psycopg.Connection[Any], org: int) -> None:
    """What was filed just now took consecutive numbers."""
    numbers = plain.execute(
        "SELECT right(filing_number, 6)::int FROM cases_case WHERE org_id = %s ORDER BY id DESC LIMIT %s",
        [org, SAMPLE + CLIENTS * EACH],
    ).fetchall()
    found = sorted(number for (number,) in numbers)
    assert found == list(range(found[0], found[0] + len(found))), "the numbers have a gap"


def _text() -> str:
    return "El domingo fuimos al parque y la reserva no aparecía. Esperamos una hora y nadie nos respondió. " * 4


def _rows(size: int, found: dict[str, list[float]]) -> Iterator[Row]:
    for job, (words, most, most_late) in JOBS.items():
        spent = found[job]
        yield _row(f"{words}, con {size:,} casos: mediana", median(spent), most)
        if most_late:
            yield _row(f"{words}, con {size:,} casos: p95", late(spent), most_late)
        if floor := found.get(f"{job} floor"):
            yield Row(f"{words}, con {size:,} casos: su piso en SQL", f"{middle(floor) * 1000:.1f} ms")


def _row(job: str, seconds: float, most: float) -> Row:
    return Row(job, f"{seconds * 1000:.1f} ms", f"≤ {most:.0f} ms", seconds * 1000 <= most)


def _ratios(small: dict[str, list[float]], large: dict[str, list[float]], few: int) -> Iterator[Row]:
    for job in ("list", "deep", "agenda", "case"):
        ratio = middle(large[job]) / middle(small[job])
        yield Row(f"{JOBS[job][0]}: veces lo que tarda con {few:,}", f"{ratio:.2f}", "≤ 1.5", ratio <= 1.5)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _given(arguments: Sequence[str]) -> list[int]:
    return [int(number) for number in arguments]


if __name__ == "__main__":
    print(table(main(*_given(sys.argv[1:]))))
