"""The pages of an organisation with ten thousand cases and with a million, beside the floor of each, in one run.

On a throw-away PostgreSQL with fsync on, through the real web server. `python -m bench.volume [few] [many]`
"""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import Any
from urllib.parse import quote

import psycopg

from bench.cluster import database
from bench.report import Row, table
from bench.serving import Visitor, late, many, middle, served, staff

FEW, MANY = 10_000, 1_000_000
SAMPLE, CLIENTS, EACH, DEEP = 60, 8, 25, 5_000
HOST, HEAD = "cafetal.localhost", "patricia@cafetal.example.org"
LONG_STORY = 480  # notes of the case with five hundred entries
LIST = """
SELECT one.*, person.*, unit.* FROM cases_case one LEFT JOIN people_person person ON person.id = one.person_id
LEFT JOIN orgs_unit unit ON unit.id = one.unit_id
WHERE one.org_id = %(org)s AND one.closed_at IS NULL ORDER BY one.due_at, one.turn, one.id LIMIT 51
"""
MONTHS = """
SELECT case_type, date_trunc('month', filed_on), count(*) FROM cases_case WHERE org_id = %(org)s AND NOT reserved
GROUP BY 1, 2
"""
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

        filling = Filling(url)
        found: dict[int, dict[str, list[float]]] = {}
        rows: list[Row] = []
        for size in (few, many_cases):
            filling.grow_to(size)
            found[size] = _measured(url, size)
            rows += _rows(size, found[size])
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


def _measured(url: str, size: int) -> dict[str, list[float]]:
    from escucha.kernel.orgs.queries import org_by_slug

    org = org_by_slug("cafetal")
    spent: dict[str, list[float]] = {}
    with psycopg.connect(url, autocommit=True) as plain, served() as port:
        head = staff(port, HOST, HEAD)
        spent["list"] = _asked(head, "/mesa/casos/")
        spent["list floor"] = _run(plain, LIST, org=org.pk)
        spent["deep"] = _asked(head, f"/mesa/casos/?vista=cerrados&desde={quote(_deep_place(plain, org.pk, size))}")
        spent["agenda"] = _asked(head, "/mesa/")
        short, long = _cases_of_staff(org, size)
        spent["case"], spent["case500"] = _asked(head, f"/mesa/casos/{short}/"), _asked(head, f"/mesa/casos/{long}/")
        spent["search"] = [
            one for said in SEARCHES.values() for one in _asked(head, f"/mesa/buscar/?q={quote(said)}", 20)
        ]
        spent["months"], spent["months floor"] = _counted(org), _run(plain, MONTHS, times=3, org=org.pk)
        spent["recount"] = [_timed(lambda: _recount(org))]
        citizens = [Visitor(port, HOST) for _ in range(CLIENTS)]
        spent["file"] = [citizens[0].file(_text(), place=size + n)[0] for n in range(SAMPLE)]
        spent["file8"] = many(citizens, EACH, _text(), start=size + SAMPLE)
        _without_gap(plain, org.pk)
    return spent


def _asked(visitor: Visitor, path: str, times: int = SAMPLE) -> list[float]:
    visitor.get(path), visitor.get(path), visitor.get(path), visitor.get(path)  # every process has seen it
    return [visitor.get(path)[0] for _ in range(times)]


def _run(plain: psycopg.Connection[Any], statement: str, *, times: int = SAMPLE, **said: Any) -> list[float]:
    return [_timed(lambda: plain.execute(statement, said).fetchall()) for _ in range(times)]


def _counted(org: Any) -> list[float]:
    from escucha.contexts.cases.queries.tallies import counts_by_kind_and_month
    from escucha.kernel.timeline.facts import Actor

    viewer = Actor("staff", id="0", acts=frozenset({"cases.see"}), everywhere=True)
    return [_timed(lambda: counts_by_kind_and_month(org=org, viewer=viewer)) for _ in range(SAMPLE)]


def _recount(org: Any) -> None:
    from escucha.contexts.cases.operations.tallying import recount

    assert recount(org=org) == 0


def _deep_place(plain: psycopg.Connection[Any], org: int, size: int) -> str:
    skipped = min(DEEP, size // 60) * 50
    row = plain.execute(
        "SELECT filed_at, id FROM cases_case WHERE org_id = %s AND closed_at IS NOT NULL "
        "ORDER BY filed_at DESC, id DESC OFFSET %s LIMIT 1",
        [org, skipped],
    ).fetchone()
    assert row is not None
    return f"{row[0].isoformat()}_1_{row[1]}"


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
