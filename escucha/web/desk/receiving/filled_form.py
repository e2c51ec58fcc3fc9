"""What somebody typed in the PDF of a form. It may come from anybody: nothing in it runs, little of it is read."""

import re
from datetime import date
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from escucha.contexts.cases.policy.receiving import BODY, CHOICE, DATE, REASONS, PaperForm
from escucha.kernel.words import Saying, _
from escucha.kernel.worktime.words import MONTHS

MOST_BYTES, MOST_FIELDS = 5 * 1024 * 1024, 200
LONG, SHORT = 20_000, 200
SAID = re.compile(r"(?:[a-zé]+,? )?(\d{1,2})(?: de |[ /.-]+)([a-z]{3,10})\.?(?: del? |[ /.-]+)(\d{4}|\d{2})")
TOO_BIG = _("El PDF pesa demasiado para ser el formato. Adjúntelo como papel escaneado y copie lo que dice.")
LOCKED = _("El PDF tiene clave. Ábralo, imprímalo en otro PDF sin clave y vuelva a elegirlo.")
BROKEN = _("No se pudo leer el PDF. Adjúntelo como papel escaneado y copie lo que dice.")
NOT_FORM = _("Ese PDF no es el formato que se llena en pantalla. Adjúntelo como papel escaneado y copie lo que dice.")


class Unreadable(Exception):
    """Nothing could be read of the file: why, in words for who chose it."""

    def __init__(self, text: str):
        super().__init__(text)
        self.blocker = Saying(text)


def answers_in(content: bytes, form: PaperForm) -> dict[str, Any]:
    """What the form's own fields say, by key. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(TOO_BIG)
    if not content.lstrip().startswith(b"%PDF-"):
        raise Unreadable(BROKEN)
    try:
        said = _values(content)
    except Unreadable:
        raise
    except Exception as error:  # whatever a broken or hostile file makes its reader raise
        raise Unreadable(BROKEN) from error
    answers = _of_form(said, form)
    if not answers:
        raise Unreadable(NOT_FORM)
    return answers


def day_in(text: str) -> date | None:
    """The day that somebody wrote as day, month and year, or as computers do; none in doubt."""
    if found := re.fullmatch(r"\s*(\d{1,2})\D{1,4}(\d{1,2})\D{1,4}(\d{2}|\d{4})\s*", text):
        day, month, year = map(int, found.groups())
    elif found := SAID.fullmatch(text.casefold().strip()):
        day, year = int(found[1]), int(found[3])
        month = next((place for place, name in enumerate(MONTHS, 1) if name[:3] == found[2][:3]), 0)
    elif found := re.fullmatch(r"\s*(\d{4})-(\d{2})-(\d{2})\s*", text):
        year, month, day = map(int, found.groups())
    else:
        return None
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def _values(content: bytes) -> dict[str, str]:
    """The values of the first fields at the top of the form, as text; fields inside fields are none of ours."""
    reader = PdfReader(BytesIO(content), strict=False)
    if reader.is_encrypted:
        raise Unreadable(LOCKED)
    root = _plain(reader.trailer["/Root"])
    found = _plain(_plain(root.get("/AcroForm", {})).get("/Fields", []))
    values: dict[str, str] = {}
    for one in list(found)[:MOST_FIELDS]:
        field = _plain(one)
        if isinstance(field, DictionaryObject) and "/T" in field:
            values[str(_plain(field["/T"]))] = str(_plain(field.get("/V", "")))
    return values


def _plain(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value


def _of_form(said: dict[str, str], form: PaperForm) -> dict[str, Any]:
    known: dict[str, Any] = {}
    names = set()
    for field in form.fields:
        choices = form.reasons if field.key == REASONS else field.choices if field.kind == CHOICE else ()
        if choices:
            marks = {one.key: field.mark(one) for one in choices}
            names |= set(marks.values())
            marked = [key for key, name in marks.items() if said.get(name, "/Off") not in ("", "/Off")]
            known[field.key] = marked if field.key == REASONS else next(iter(marked), "")
        else:
            names.add(field.key)
            known[field.key] = _text(said.get(field.key, ""), LONG if field.key == BODY else SHORT)
    if not names & said.keys():
        return {}
    if DATE in known:
        known[DATE] = day_in(known[DATE])
    return known


def _text(value: str, longest: int) -> str:
    """Without what no page shows nor database keeps."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lines if one == "\n" or one.isprintable())[:longest].strip()
