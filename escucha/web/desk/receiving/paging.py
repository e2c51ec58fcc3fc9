"""Where a page of contacts or of acts begins."""

from datetime import UTC, datetime

from escucha.contexts.cases.queries.receiving import Place
from escucha.web.ui.requests import DeskRequest


def place_in(request: DeskRequest, name: str) -> Place | None:
    """What an address says, `<instant>_<id>`; anything odd is the beginning."""
    moment, _under, number = request.GET.get(name, "").rpartition("_")
    try:
        at = datetime.fromisoformat(moment)
        return Place(at.astimezone(UTC), int(number)) if at.tzinfo and len(number) < 19 else None
    except (ValueError, OverflowError):
        return None
