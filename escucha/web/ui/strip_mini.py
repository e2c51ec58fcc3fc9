"""The strip in a list: one drawing with at most seven paths.

Plain Python. The words beside it carry the meaning.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from escucha.web.ui.strip_input import COUNTED, Row, Term

WIDTH, GAP, BREAK, GROUP = 120.0, 1.4, 2.8, 5


@dataclass(frozen=True, kw_only=True)
class Mini:
    """The `d` of each path; an empty one is not drawn."""

    past: str
    now: str
    next: str
    late: str
    pause: str
    promise: str
    legal: str


def build_mini(rows: Sequence[Row], term: Term) -> Mini:
    """The small strip of a ledger's rows. Without `term.late`, weekdays stand for the days of being late."""
    counted = [row.date for row in rows if row.reason == COUNTED]
    ended = term.settled_on or term.today
    last = counted[-1] if counted else ended
    late = sum(row.reason == COUNTED and row.date <= ended for row in term.late) or _weekdays(last, ended)
    return mini_of_counts(
        total=len(counted),
        spent=sum(day <= ended for day in counted),
        promise=sum(day <= term.promised_on for day in counted) if term.promised_on else 0,
        late=0 if term.is_paused else late,
        is_paused=term.is_paused,
        is_settled=term.settled_on is not None,
    )


def mini_of_counts(
    *, total: int, spent: int, promise: int = 0, late: int = 0, is_paused: bool = False, is_settled: bool = False
) -> Mini:
    """The small strip of a term of `total` days, `spent` of them counted (today included), `promise` the own end.

    `late` days past the end stand in the place of the last cells, at most five. A settled term has no today.
    """
    over = min(late, GROUP)
    cells = total + over
    places = _places(cells)
    today = 0 if is_settled or late or is_paused else spent
    boxes = {number + 1: _box(left, right) for number, (left, right) in enumerate(places)}
    past = [boxes[n] for n in range(1, min(spent, total) + 1) if n != today]
    ahead = [boxes[n] for n in range(max(spent, 0) + 1, total + 1)]
    return Mini(
        past="".join(past),
        now=boxes.get(today, "") if today else "",
        next="" if is_paused else "".join(ahead),
        late="".join(boxes[n] for n in range(total + 1, cells + 1)),
        pause="".join(ahead) if is_paused else "",
        promise=_post(places[promise - 1][1]) if 0 < promise < total else "",
        legal=_post(places[total - 1][1]) if total else "",
    )


def _weekdays(after: date, until: date) -> int:
    days = min((until - after).days, 3 * GROUP)
    return sum((after + timedelta(days=place + 1)).weekday() < 5 for place in range(days))


def _places(cells: int) -> list[tuple[float, float]]:
    breaks = (cells - 1) // GROUP if cells else 0
    width = (WIDTH - 3 - GAP * max(cells - 1, 0) - BREAK * breaks) / cells if cells else 0
    return [
        (n * (width + GAP) + n // GROUP * BREAK, n * (width + GAP) + n // GROUP * BREAK + width) for n in range(cells)
    ]


def _box(left: float, right: float) -> str:
    return f"M{left:.1f} 2h{right - left:.1f}v10h-{right - left:.1f}z"


def _post(at: float) -> str:
    return f"M{at:.1f} 0h2v14h-2z"
