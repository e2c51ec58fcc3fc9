"""Ledgers for the tests of the strip: business days of a calendar written out by hand."""

from dataclasses import dataclass
from datetime import date, timedelta

HOLIDAYS = {
    date(2026, 3, 23): "Ley 51 de 1983, art. 2",
    date(2026, 4, 2): "Ley 51 de 1983, art. 1",
    date(2026, 4, 3): "Ley 51 de 1983, art. 1",
}
NAMES = {
    date(2026, 3, 23): "Día de San José",
    date(2026, 4, 2): "Jueves Santo",
    date(2026, 4, 3): "Viernes Santo",
}


@dataclass(frozen=True)
class Row:
    date: date
    reason: str
    n: int | None = None
    norm: str | None = None


def ledger(received: date, amount: int, *, paused: tuple[date, date] | None = None) -> list[Row]:
    rows, day, counted = [Row(received, "received", None, "Ley 1437 de 2011, art. 15")], received, 0
    while counted < amount:
        day += timedelta(days=1)
        if paused and paused[0] <= day <= paused[1]:
            rows.append(Row(day, "paused", None, "Ley 1755 de 2015, art. 17"))
        elif day.weekday() > 4:
            rows.append(Row(day, ("saturday", "sunday")[day.weekday() - 5], None, "Ley 4 de 1913, art. 62"))
        elif day in HOLIDAYS:
            rows.append(Row(day, "holiday", None, HOLIDAYS[day]))
        else:
            counted += 1
            rows.append(Row(day, "counted", counted, "Ley 4 de 1913, art. 62"))
    return rows
