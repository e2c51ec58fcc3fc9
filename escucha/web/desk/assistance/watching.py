"""Everything open by its risk, for who supervises: how many there are of each kind, and one page of a kind."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from escucha.contexts.assistance.policy import AssistancePolicy
from escucha.contexts.assistance.queries.files import Filters
from escucha.contexts.assistance.queries.risks import NEVER, Line, Place, lines_by_risk
from escucha.contexts.assistance.rules.risk import Risk
from escucha.kernel.words import _ as later
from escucha.web.ui.requests import DeskRequest

LIMIT = 40
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
OPEN, KIND, AFTER = "abiertos", "riesgo", "despues"
KINDS: Mapping[str, tuple[str, Callable[[Line], bool]]] = {
    "": (later("Todo"), lambda line: True),
    "vencidos": (later("Vencidos"), lambda line: line.risk is Risk.OVERDUE),
    "en-riesgo": (later("En riesgo"), lambda line: line.risk is Risk.AT_RISK),
    "por-vencer": (later("Por vencer"), lambda line: line.risk is Risk.SOON),
    "tarde": (later("Llegarían tarde"), lambda line: line.late),
    "vitales": (later("Vitales"), lambda line: line.vital),
    "sin-coordinador": (later("Sin coordinador"), lambda line: line.queued),
}


class Kind(NamedTuple):
    """A way to narrow the list, with how many lines it leaves."""

    label: str
    number: int
    url: str
    current: bool


class Watched(NamedTuple):
    page: Sequence[Line]
    narrow: Sequence[Kind]
    next: str
    first: str


def watch(request: DeskRequest, filters: Filters, policy: AssistancePolicy) -> Watched:
    lines = lines_by_risk(org=request.org, viewer=request.actor, policy=policy, filters=filters, now=request.now)
    said = request.GET.get(KIND, "")
    kind = said if said in KINDS else ""
    _label, wanted = KINDS[kind]
    left = [line for line in lines if wanted(line)]
    after = _place(request.GET.get(AFTER, ""))
    start = bisect_right(left, after, key=lambda line: line.place) if after else 0
    page = left[start : start + LIMIT]
    more = len(left) > start + LIMIT
    return Watched(
        page=page,
        narrow=list(_narrow(request, lines, kind)),
        next=_url(request, **{KIND: kind, AFTER: _said(page[-1])}) if more else "",
        first=_url(request, **{KIND: kind}) if after else "",
    )


def _narrow(request: DeskRequest, lines: Sequence[Line], kind: str) -> Iterator[Kind]:
    for key, (label, wanted) in KINDS.items():
        yield Kind(_(label), sum(map(wanted, lines)), _url(request, **{KIND: key}), key == kind)


def _url(request: DeskRequest, **said: str) -> str:
    query: QueryDict = request.GET.copy()
    query["vista"] = OPEN
    for name in (KIND, AFTER):
        query.pop(name, None)
    for name, value in said.items():
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


def _said(line: Line) -> str:
    """The place of a line, as an address keeps it."""
    rest, due, file, position = line.place
    moment = "" if due == NEVER else str((due - EPOCH) // MICROSECOND)
    return f"{int(rest)}.{moment}.{file}.{position}"


def _place(said: str) -> Place | None:
    """The place that an address says; None for anything else."""
    match said.split("."):
        case [rest, moment, file, position] if all(
            part.isascii() and part.isdecimal() and len(part) < 18 for part in (rest, file, position, moment or "0")
        ):
            due = EPOCH + int(moment) * MICROSECOND if moment else NEVER
            return (rest != "0", due, int(file), int(position))
    return None
