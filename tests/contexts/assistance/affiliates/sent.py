"""Files as clients send them, and what is done with one. Every row is invented."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from openpyxl import Workbook

from escucha.contexts.assistance.models import Affiliate, AffiliateImport
from escucha.contexts.assistance.operations.importing.asking import ask_import, confirm_import
from escucha.contexts.assistance.operations.importing.running import run_imports
from tests.cast import TUESDAY
from tests.make import House

HEADINGS = ["Documento", "Nombres", "Apellidos", "Número de póliza", "Plan", "Estado", "Teléfono"]
MARTA = ["1.990.000.011", "Marta Inés", "Cadavid Ríos", "POL-11", "Techo Básico", "Activo", "300 000 0011"]
JULIO = ["1.990.000.012", "Julio", "Peñaloza", "POL-12", "techo basico", "ACTIVO", "300 000 0012"]
NIDIA = ["1.990.000.013", "Nidia", "Ávila", "POL-13", "techo_basico", "Inactivo", "300 000 0013"]


def as_csv(*rows: Sequence[str], headings: Sequence[str] = HEADINGS, separator: str = ";") -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerows([headings, *rows])
    return text.getvalue().encode()


def as_book(*rows: Sequence[Any]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{KIND}.sharedStrings+xml"/></Types>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets>'
    '<sheet name="Base" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATED}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def as_shared_book(*rows: Sequence[str]) -> bytes:
    """As most spreadsheets save it: the texts apart, some in several runs, and how one is read aloud beside it."""
    known = list(dict.fromkeys(text for row in rows for text in row))
    texts = "".join(f"<si><r><t>{one[:2]}</t></r><r><t>{one[2:]}</t></r><rPh><t>x</t></rPh></si>" for one in known)
    lines = "".join(f"<row>{''.join(f'<c t="s"><v>{known.index(text)}</v></c>' for text in row)}</row>" for row in rows)
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as book:
        for name, content in PARTS.items():
            book.writestr(name, content)
        book.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{texts}</sst>')
        book.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData></worksheet>'
        )
    return kept.getvalue()


def asked(house: House, content: bytes, *, account: str = "techo_amigo", name: str = "afiliados.csv", **more: Any):
    """Shown and not confirmed."""
    file = io.BytesIO(content)
    said = {"by": house.actor("paula"), "now": TUESDAY} | more
    return ask_import(org=house.org, account=account, content=file, name=name, **said)


def confirmed(house: House, content: bytes, *, all_or_nothing: bool = False, ends_missing: bool = False, **more: Any):
    one = asked(house, content, **more)
    return confirm_import(
        org=house.org,
        import_id=one.pk,
        all_or_nothing=all_or_nothing,
        ends_missing=ends_missing,
        by=house.actor("paula"),
        now=more.get("now", TUESDAY),
    )


def imported(house: House, content: bytes, *, now: datetime = TUESDAY, **more: Any) -> AffiliateImport:
    """Confirmed, and run by a worker twice: the second finds nothing to do."""
    one = confirmed(house, content, now=now, **more)
    assert run_imports(now=now) == 1
    assert run_imports(now=now + timedelta(hours=1)) == 0
    one.refresh_from_db()
    return one


def counts(one: AffiliateImport) -> tuple[int, int, int, int]:
    return one.rows_new, one.rows_changed, one.rows_ended, one.rows_bad


def affiliate(house: House, document: str) -> Affiliate:
    return Affiliate.objects.get(org=house.org, document_number=document)
