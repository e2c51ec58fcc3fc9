"""How long it takes to rank those who can be sent: 500 candidates, of a network of 20,000 providers.

On a throw-away PostgreSQL with fsync on, filled by plain SQL. `python -m bench.ranking [candidates] [providers]`
"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import Any

from bench.cluster import database
from bench.report import Row, table

TARGET = 0.2  # seconds, of ninety-five in a hundred
PROFILES = Path(__file__).parents[1] / "profiles"
SERVICE, AREA, ELSEWHERE = "plomeria", "ar/rio_negro/valle", "co/antioquia/medellin"
SHOWN = 50  # lines of the page, with their reasons
NOW = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
FILL = """
WITH provider AS (
    INSERT INTO assistance_provider
        (org_id, key, kind, name, legal_name, document_number, contact_name, phone, other_phone, email, address, active,
         capacity, shifts, on_guard, lat, lon, version, changed_at)
    SELECT %(org)s, 'p' || n, 'external', 'Proveedor ' || n, '', '', '', '300 000 0031', '', '', '', true, 3,
           '{"1": [[420, 1260]], "2": [[420, 1260]]}', false, -40.81 + (n %% 100) * 0.003, -63 + (n %% 77) * 0.003,
           1, %(at)s
    FROM generate_series(1, %(providers)s) AS n RETURNING id, substr(key, 2)::int AS n
), reach AS (
    INSERT INTO assistance_reach (org_id, provider_id, service, area, position, tariff, active)
    SELECT %(org)s, id, %(service)s,
           CASE WHEN n <= %(candidates)s THEN %(area)s ELSE %(elsewhere)s || '/' || n %% 40 END, n, 80000 + n %% 900,
           true
    FROM provider
)
INSERT INTO assistance_standing
    (org_id, provider_id, service, band, asked, answered, accepted, jobs, on_time, rated, conforming, completed, cost,
     recent, faded_at, last_assigned_at)
SELECT %(org)s, id, %(service)s, band, 9, 7, 5, 5, 4, 4, 3, 5, 400000, n %% 4, %(at)s - make_interval(days => n %% 60),
       %(at)s - make_interval(hours => n %% 900)
FROM provider, generate_series(0, 3) AS band
"""
BUSY = """
INSERT INTO assistance_assignment
    (org_id, assistance_id, provider_id, state, how, page_code, assigned_at, cause, ranking, override)
SELECT %(org)s, assistance.id, provider.id, 'assigned', 'call', 'bench' || provider.id, %(at)s, '', '{}', ''
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM assistance_provider WHERE org_id = %(org)s) AS provider
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM assistance_assistance WHERE id <> %(mine)s) AS assistance
  ON assistance.n = provider.n
"""
COPIES = """
INSERT INTO assistance_assistance ({columns}, position, page_code)
SELECT {columns}, n + 1, 'bench' || n FROM assistance_assistance, generate_series(1, 3000) AS n WHERE id = %s
"""


def main(candidates: int = 500, providers: int = 20_000, turns: int = 100) -> list[Row]:
    """Both orders, with their reasons, as the search page asks for them."""
    with database():
        return _measured(candidates, providers, turns)


def _measured(candidates: int, providers: int, turns: int) -> list[Row]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from escucha.contexts.assistance.queries.network import candidates as ranked

    org, viewer, assistance = _assistance(candidates, providers)
    spent = []
    for _turn in range(turns):
        began = time.perf_counter()
        lines = ranked(org=org, viewer=viewer, assistance=assistance, now=NOW).lines
        assert all(one.reasons for one in lines[:SHOWN])
        spent.append(time.perf_counter() - began)
        assert len(lines) == candidates, len(lines)
    with CaptureQueriesContext(connection) as captured:
        ranked(org=org, viewer=viewer, assistance=assistance, now=NOW)
    for statement in captured.captured_queries:
        if "assistance_reach" in statement["sql"]:
            plan = _plan(statement["sql"])
            assert "reach_by_position" in plan, plan  # by the service and the place, never the whole network
    p95 = quantiles(spent, n=20)[-1]
    job = f"Ordenar {candidates:,} candidatos de {providers:,} proveedores, con sus razones"
    return [
        Row(job, f"p95 {p95 * 1000:.0f} ms", f"p95 ≤ {TARGET * 1000:.0f} ms", p95 <= TARGET),
        Row("Órdenes a la base de datos para ordenarlos", str(len(captured)), "≤ 6", len(captured) <= 6),
    ]


def _assistance(candidates: int, providers: int) -> tuple[Any, Any, Any]:
    """One in the search, of an account whose rule is the score, among three thousand that are going on."""
    from django.db import connection

    from escucha.contexts.assistance.models import Assistance
    from escucha.contexts.assistance.operations.opening import open_file
    from escucha.contexts.assistance.operations.registering import register_affiliate, verify_affiliate
    from escucha.contexts.assistance.operations.starting import accept_assistance, open_assistance
    from escucha.kernel.orgs.operations import put_in_force
    from escucha.kernel.profiles.loader import load
    from escucha.kernel.timeline.facts import Actor

    read = load(PROFILES / "quetzal")
    org = put_in_force(
        profile=read, host="bench", valid_from=datetime.fromisoformat(read.identity.valid_from), now=NOW
    ).org
    acts = ("handle", "supervise", "authorise", "network", "affiliates")
    desk = Actor("staff", acts=frozenset(f"assistance.{act}" for act in acts))
    said: dict[str, Any] = {
        "first_name": "Rebeca",
        "last_name": "Pedraza",
        "document_kind": "CC",
        "document_number": "1990000021",
    }
    one = register_affiliate(org=org, account="hogar_del_sur", plan="sur_familia", by=desk, now=NOW, **said)
    verify_affiliate(org=org, affiliate_id=one.pk, active=True, by=desk, now=NOW)
    file = open_file(
        org=org,
        affiliate_id=one.pk,
        contact_first_name="Marta",
        contact_phone="300 000 0021",
        country="ar",
        area=AREA,
        address="Calle 900",
        by=desk,
        now=NOW,
    )
    opened = open_assistance(org=org, file_id=file.pk, service=SERVICE, failure="Agua", by=desk, now=NOW)
    assistance = accept_assistance(
        org=org, assistance_id=opened.pk, priority="emergency", declined="Es urgente", consent=True, by=desk, now=NOW
    )
    names = [one.column for one in Assistance._meta.concrete_fields]
    columns = ", ".join(sorted({f'"{name}"' for name in names} - {'"id"', '"position"', '"page_code"', '"form_key"'}))
    values: dict[str, Any] = {
        "org": org.pk,
        "providers": providers,
        "candidates": candidates,
        "service": SERVICE,
        "area": AREA,
        "elsewhere": ELSEWHERE,
        "at": NOW,
        "mine": assistance.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(FILL, values)
        cursor.execute(COPIES.format(columns=columns), [assistance.pk])
        cursor.execute(BUSY, values)
        cursor.execute("VACUUM ANALYZE")
    return org, desk, assistance


def _plan(statement: str) -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {statement}")
        return "\n".join(line for (line,) in cursor.fetchall())


if __name__ == "__main__":
    given = [int(number) for number in sys.argv[1:]]
    print(table(main(*given)))
