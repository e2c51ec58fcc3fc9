"""The list that is seen, whole, as a file for a spreadsheet: same door, same filters, every page."""

import csv
import re
from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.queries.lists import Position, case_list
from escucha.kernel.orgs.queries import units_of
from escucha.web.desk.cases import VIEWS, chosen_in, last_day_of, place_of, row_of
from escucha.web.ui.access import desk
from escucha.web.ui.requests import DeskRequest

BATCH = 500
# With which a spreadsheet begins to calculate, where a cell may begin: also after the signs at which one that reads
# Spanish divides a line, whatever the quotes say.
FORMULA = re.compile(r"(^\s*|[;\t\r\n][^\S\t\r\n]*)([=+\-@＝＋－＠])")
MARK = "\ufeff"  # without it Excel reads accents wrong


class Line:
    """What the writer of CSV writes to: it gives every line back."""

    def write(self, line: str) -> str:
        return line


@desk("cases.see")
def export(request: DeskRequest) -> StreamingHttpResponse:
    """Comma separated, UTF-8. It is read and sent in batches, so that a year of cases takes no more memory than a page.

    What people typed never becomes a formula of who opens it: such a text carries an apostrophe before it.
    """
    view, chosen = chosen_in(request, units_of(request.org))
    response = StreamingHttpResponse(_lines(request, view, chosen), content_type="text/csv; charset=utf-8")
    name = f"{VIEWS[view][0]}-{timezone.localtime(request.now):%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(request: DeskRequest, view: str, chosen: dict[str, Any]) -> Iterator[str]:
    writer = csv.writer(Line())
    heads = [_("Número"), _("Asunto"), _("Persona"), _("Tipo"), _("Dependencia"), _("Estado"), _("Vence")]
    yield MARK + writer.writerow(heads)
    for batch in _batches(request, view, chosen):
        yield "".join(writer.writerow([harmless(cell) for cell in _cells(request, case)]) for case in batch)


def _batches(request: DeskRequest, view: str, chosen: dict[str, Any]) -> Iterator[list[Case]]:
    after: Position | None = None
    while True:
        found = list(case_list(org=request.org, viewer=request.actor, view=view, after=after, limit=BATCH, **chosen))
        if found:
            yield found[:BATCH]
        if len(found) <= BATCH:
            return
        after = place_of(found[BATCH - 1], view)


def _cells(request: DeskRequest, case: Case) -> tuple[str, ...]:
    row = row_of(case, request.profile, request.now)
    due = last_day_of(case, request.profile).isoformat() if row.due else ""
    return row.number, row.matter, row.person, row.kind, row.unit, row.state, due


def harmless(cell: str) -> str:
    """The text as a spreadsheet may show it, never calculate it."""
    return FORMULA.sub(r"\1'\2", cell)
