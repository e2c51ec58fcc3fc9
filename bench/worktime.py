"""How many terms are reckoned in a second on one core: the end alone, and the whole with its ledger.

Random receipts over 15 years, 15 business days, without memo and without batches. Run it: `python -m bench.worktime`.
"""

import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from bench.report import Row, table
from escucha.kernel.norms.pack import load_pack
from escucha.kernel.worktime.calendar import Calendar
from escucha.kernel.worktime.reckoning import reckon
from escucha.kernel.worktime.terms import Term, Unit, due

TARGETS = {"due": 200_000, "ledger": 20_000}
TERM = Term(15, Unit.BUSINESS_DAYS)
FIRST, SECONDS = datetime(2015, 1, 1, tzinfo=UTC), 15 * 365 * 86_400


def receipts(number: int) -> list[datetime]:
    """Random moments of 15 years, the same in every run."""
    chance = random.Random(1755)
    return [FIRST + timedelta(seconds=chance.randrange(SECONDS)) for _ in range(number)]


def rate(work: Callable[[Calendar, datetime, Term], object], moments: Sequence[datetime], rounds: int = 5) -> float:
    """The best of some rounds, in answers a second of processor time."""
    calendar = load_pack("co").calendar()
    best = float("inf")
    for _ in range(rounds):
        begun = time.process_time()
        for moment in moments:
            work(calendar, moment, TERM)
        best = min(best, time.process_time() - begun)
    return len(moments) / best


def measure() -> dict[str, float]:
    """The two rates of the targets."""
    return {"due": rate(due, receipts(200_000)), "ledger": rate(reckon, receipts(20_000))}


def main() -> list[Row]:
    """Each rate beside its target."""
    named = {"due": "Calcular un vencimiento (15 días hábiles)", "ledger": "El mismo, con su libro día por día"}
    return [
        Row(named[name], f"{found:,.0f} por segundo", f"≥ {TARGETS[name]:,} por segundo", found >= TARGETS[name])
        for name, found in measure().items()
    ]


if __name__ == "__main__":
    print(table(main()))
