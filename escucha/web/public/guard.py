"""What every public form stands behind: so much an hour goes freely; more, after a question. Nothing is lost."""

from typing import NamedTuple

from escucha.contexts.people.operations import note_try
from escucha.web.public.forms import PublicForm
from escucha.web.public.limits import key_of, site_of, visitor_of
from escucha.web.public.question import is_answered
from escucha.web.ui.requests import HouseRequest

KILOBYTE = 1024


class Freely(NamedTuple):
    """How much of something one visitor sends in an hour without being asked, and one site of IPv6."""

    kind: str
    visitor: int
    site: int


FILINGS = Freely("filing", 20, 60)
WORDS = Freely("word", 20, 60)  # what is added to a case
BYTES = Freely("bytes", 300 * KILOBYTE, 900 * KILOBYTE)  # in kilobytes


def lets(request: HouseRequest, form: PublicForm, *, of: Freely = FILINGS, heavy: bool = False) -> bool:
    """Counts a valid form that is about to be sent. False for who sends so much that a question comes first."""
    if not (_too_many(request, of, 1) or heavy):
        return True
    said = form.cleaned_data
    return is_answered(request, token=said.get("token", ""), said=said.get("result", ""))


def is_heavy(request: HouseRequest, bytes_sent: int) -> bool:
    """Counts the bytes that came with a form, whatever becomes of it. Whether they are more than go freely."""
    return bool(bytes_sent) and _too_many(request, BYTES, -(-bytes_sent // KILOBYTE))


def _too_many(request: HouseRequest, of: Freely, weight: int) -> bool:
    limits = {key_of(of.kind, visitor_of(request)): of.visitor}
    if site := site_of(request):
        limits[key_of(f"{of.kind} site", site)] = of.site
    return note_try(org=request.org, limits=limits, weight=weight, now=request.now) is not None
