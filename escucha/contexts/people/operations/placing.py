"""The country's municipalities, from the list that the product brings."""

import csv
from datetime import date
from pathlib import Path

from escucha.contexts.people.models import Place
from escucha.contexts.people.rules.places import folded

LIST = Path(__file__).parents[1] / "data" / "divipola.csv"
KEPT = ("name", "department_code", "department", "search", "source", "as_of", "valid_from", "valid_until")


def load_places(*, table: type[Place] = Place, file: Path = LIST) -> int:
    """Put a list of municipalities in force; twice is as once. Returns how many it has.

    One that is not on the list any more keeps its row, for who lives there, and ends on the list's day. A migration
    gives the table as it was on its own day.
    """
    with file.open(newline="", encoding="utf-8") as lines:
        places = [_place(table, row) for row in csv.DictReader(lines)]
    table.objects.bulk_create(places, update_conflicts=True, unique_fields=["code"], update_fields=KEPT)
    gone = table.objects.filter(valid_until=None).exclude(code__in=[place.code for place in places])
    gone.update(valid_until=max(place.as_of for place in places))
    return len(places)


def _place(table: type[Place], row: dict[str, str]) -> Place:
    dates = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("valid_from", "valid_until")}
    plain = {name: row[name] for name in ("code", "name", "department_code", "department", "source")}
    search = f"{folded(row['name'])} | {folded(row['department'])}"
    return table(**plain, **dates, search=search, as_of=date.fromisoformat(row["as_of"]))
