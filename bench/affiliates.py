"""A client's million affiliates, as CSV and as a book, and looking one up among three million.

On a throw-away PostgreSQL with fsync on; each file is read by a process of its own, as the worker would.
`python -m bench.affiliates [rows] [affiliates]`
"""

import os
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

from bench.cluster import database, django
from bench.report import Row, table

ROWS, AFFILIATES, SAMPLE = 1_000_000, 3_000_000, 2_000
CSV_SECONDS, XLSX_SECONDS, LOOK_UP_MS, MEGABYTES = 90, 240, 20, 300
FIRST_DOCUMENT = 1_990_000_000
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
SLUG, ACCOUNT = "quetzal", "techo_amigo"
NAMES = ("Marta", "Julio", "Nidia", "Elián", "Ema", "Ciro", "Iris", "Tulio", "Zoraida", "Fidel", "Amparo", "Nelson")
SURNAMES = ("Cadavid", "Peñaloza", "Ávila", "Berrío", "Londoño", "Quiceno", "Tabares", "Ossa", "Iguarán", "Cotes")
HEADINGS = (
    "Tipo de documento", "Documento", "Nombres", "Apellidos", "Número de póliza", "Plan", "Estado", "Desde", "Hasta",
    "Teléfono", "Otro teléfono", "Correo", "Ciudad", "Dirección",
)  # fmt: skip
# Two more for each that is there: of other accounts, with other documents.
MULTIPLY = """
INSERT INTO assistance_affiliate (org_id, account, plan, relation, first_name, last_name, document_kind,
    document_number, validator, phone, other_phone, email, area, address, status, since_on, until_on, keys,
    external_key, known_since, changed_at)
SELECT org_id, %(account)s, plan, relation, first_name, last_name, document_kind, number::text,
    validator || %(mark)s, phone, other_phone, email, area, address, status, since_on, until_on,
    ARRAY['d:' || number, 'v:POL' || number, 't:' || right('000' || number || %(mark)s, 10)],
    'd:' || number, known_since, changed_at
FROM (SELECT *, document_number::bigint + %(apart)s AS number FROM assistance_affiliate
      WHERE account = 'techo_amigo' LIMIT %(count)s) AS one
"""


class Spent(NamedTuple):
    seconds: float
    reader: float  # processor seconds of the process that reads
    server: float  # and of its server's
    megabytes: float  # the most that the reader held
    counts: tuple[str, int, int, int]


def main(rows: int = ROWS, affiliates: int = AFFILIATES) -> list[Row]:
    """The two files, the first again as a month later, and the look-ups."""
    with database(), tempfile.TemporaryDirectory(prefix="escucha-bench-sent-") as folder:
        org, member = _house()
        text, book = Path(folder, "afiliados.csv"), Path(folder, "afiliados.xlsx")
        write_csv(text, rows)
        write_book(book, rows)
        found = [*_imported(org, member, text, rows, f"Importar {rows:,} afiliados, CSV", CSV_SECONDS)]
        found += _imported(org, member, text, rows, f"El mismo archivo otra vez ({rows:,}, sin cambios)", CSV_SECONDS)
        _empty()
        found += _imported(org, member, book, rows, f"Importar {rows:,} afiliados, XLSX", XLSX_SECONDS)
        _grow(affiliates - rows, rows)
        return [*found, *_look_ups(org, affiliates)]


def rows_of(count: int) -> Iterator[Sequence[str]]:
    """Invented, and the same each time."""
    for n in range(count):
        ends = "" if n % 3 else "31/12/2026"
        yield (
            "CC", str(FIRST_DOCUMENT + n), f"{NAMES[n % 12]} {NAMES[n // 12 % 12]}",
            f"{SURNAMES[n // 144 % 10]} {SURNAMES[n // 1440 % 10]}", f"POL-{n:07}", "Techo Básico",
            "Activo" if n % 20 else "Inactivo", "01/02/2026", ends, f"300 000 0{n % 1000:03} ext. {n // 1000:04}", "",
            f"afiliado{n}@example.org", "Bogotá", f"Calle {n % 200} # {n % 90}-{n % 60}",
        )  # fmt: skip


def write_csv(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(";".join(HEADINGS) + "\n")
        file.writelines(";".join(row) + "\n" for row in rows_of(count))


def write_book(path: Path, count: int) -> None:
    """As spreadsheets save it: every text in the shared table, in the order in which it was met."""
    letters = [chr(65 + place) for place in range(len(HEADINGS))]
    common: dict[str, int] = {}
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        tempfile.TemporaryFile() as texts,
    ):
        for name, said in PARTS.items():
            archive.writestr(name, said)
        known = 0
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for number, row in enumerate(chain([HEADINGS], rows_of(count)), 1):
                cells = []
                for letter, text in zip(letters, row, strict=True):
                    if not text:
                        continue
                    place = common.get(text)
                    if place is None:
                        place, known = known, known + 1
                        texts.write(f"<si><t>{text}</t></si>".encode())
                        if len(common) < 20_000:
                            common[text] = place
                    cells.append(f'<c r="{letter}{number}" t="s"><v>{place}</v></c>')
                sheet.write(f'<row r="{number}">{"".join(cells)}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
        texts.seek(0)
        with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as shared:
            shared.write(f'<sst xmlns="{MAIN}">'.encode())
            while chunk := texts.read(1 << 20):
                shared.write(chunk)
            shared.write(b"</sst>")


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{KIND}.sharedStrings+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets>'
    '<sheet name="Base" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATED}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{RELATED}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
}


def _house() -> tuple[int, int]:
    from escucha.kernel.orgs.operations import put_in_force, take_in
    from escucha.kernel.profiles.loader import load

    profile = load(Path(__file__).parents[1] / "profiles" / SLUG)
    valid_from = datetime.fromisoformat(profile.identity.valid_from)
    org = put_in_force(profile=profile, host=f"{SLUG}.localhost", valid_from=valid_from, now=valid_from).org
    member = take_in(org=org, email="quien@example.org", name="Quien importa", unit=None, roles=["supervisor"])
    return org.pk, member.pk


def _imported(org: int, member: int, path: Path, rows: int, job: str, most: int) -> Iterator[Row]:
    from django.db import connection

    connection.close()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        spent = process.submit(_import, org, member, str(path)).result()
    state, new, changed, bad = spent.counts
    assert (state, changed, bad) == ("done", 0, 0) and new in (0, rows), spent.counts
    said = f"{spent.seconds:.0f} s (procesador: {spent.reader:.0f} s de lectura, {spent.server:.0f} s del servidor)"
    scaled = most * rows / ROWS
    yield Row(job, said, f"≤ {scaled:.0f} s", spent.seconds <= scaled)
    yield Row(f"{job}: memoria", f"{spent.megabytes:.0f} MB", f"≤ {MEGABYTES} MB", spent.megabytes <= MEGABYTES)


def _import(org_id: int, member_id: int, path: str) -> Spent:
    django()
    from django.db import connection

    from escucha.contexts.assistance.models import AffiliateImport
    from escucha.contexts.assistance.operations.importing.asking import ask_import, confirm_import
    from escucha.contexts.assistance.operations.importing.running import run_imports
    from escucha.kernel.orgs.models import Member
    from escucha.kernel.orgs.queries import profile_of
    from escucha.kernel.timeline.actors import actor_of

    member = Member.objects.select_related("org", "account").get(pk=member_id)
    by, org = actor_of(member, profile_of(member.org, at=NOW)), member.org
    assert org.pk == org_id
    with open(path, "rb") as content:
        asked = ask_import(org=org, account=ACCOUNT, content=content, name=Path(path).name, by=by, now=NOW)
    confirm_import(org=org, import_id=asked.pk, all_or_nothing=False, ends_missing=True, by=by, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = int(cursor.fetchone()[0])
    begun, reader, served = time.perf_counter(), time.process_time(), _processor_of(server)
    run_imports(now=NOW)
    one = AffiliateImport.objects.get(pk=asked.pk)
    return Spent(
        time.perf_counter() - begun,
        time.process_time() - reader,
        _processor_of(server) - served,
        _most_held(),
        (one.state, one.rows_new, one.rows_changed, one.rows_bad),
    )


def _processor_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _worked() -> float:
    """Processor seconds of this process and of its server's."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return time.process_time() + _processor_of(int(cursor.fetchone()[0]))


def _most_held() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE assistance_affiliate CASCADE")


def _grow(count: int, rows: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for turn, account in enumerate(("ruta_clara", "hogar_del_sur"), 1):
            share = count // 2 if turn == 1 else count - count // 2
            said: dict[str, str | int] = {
                "account": account,
                "mark": str(turn),
                "apart": turn * rows,
                "count": max(share, 0),
            }
            cursor.execute(MULTIPLY, said)
        cursor.execute("VACUUM ANALYZE assistance_affiliate")


def _look_ups(org_id: int, affiliates: int) -> Iterator[Row]:
    from escucha.contexts.assistance.queries.affiliates import find_affiliates
    from escucha.kernel.orgs.models import Organisation
    from escucha.kernel.timeline.facts import Actor

    org, viewer = Organisation.objects.get(pk=org_id), Actor("staff", acts=frozenset({"assistance.handle"}))
    draw = random.Random(20261123)
    numbers = [draw.randrange(affiliates // 3) for _ in range(SAMPLE)]
    ways = {
        "documento": ([f"{FIRST_DOCUMENT + n:,}".replace(",", ".") for n in numbers], ""),
        "teléfono": ([f"300 000 0{n % 1000:03} ext. {n // 1000:04}" for n in numbers], ""),
        "campo validador": ([f"POL-{n:07}" for n in numbers], ""),
        "nombre, dentro de una cuenta": (
            [f"{SURNAMES[n % 10]} {SURNAMES[n // 10 % 10]} {NAMES[n % 12]}" for n in numbers[:200]],
            ACCOUNT,
        ),
    }
    for way, (said, account) in ways.items():
        spent = []
        worked = _worked()
        for text in said:
            begun = time.perf_counter()
            found = find_affiliates(org=org, viewer=viewer, said=text, account=account)
            spent.append((time.perf_counter() - begun) * 1000)
            assert found or account, text
        late, each = quantiles(spent, n=20)[-1], (_worked() - worked) * 1000 / len(said)
        job = f"Buscar entre {affiliates:,} afiliados por {way}"
        target = LOOK_UP_MS if not account else None
        yield Row(
            job,
            f"p95 {late:.1f} ms, mediana {median(spent):.1f} ms (procesador: {each:.1f} ms)",
            f"p95 ≤ {target} ms" if target else "",
            late <= target if target else None,
        )


def _given(arguments: Sequence[str]) -> Any:
    return [int(number) for number in arguments]


if __name__ == "__main__":
    print(table(main(*_given(sys.argv[1:]))))
