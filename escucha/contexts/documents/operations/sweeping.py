"""Removing bytes that no row knows: what was left by a crash between keeping them and writing the row."""

from datetime import datetime, timedelta

from escucha.contexts.documents.gateways import store
from escucha.contexts.documents.models import File

GRACE = 2  # days: whoever kept the bytes has long written the row, or never will
LOOK_BACK = 30  # days: every day is looked at many times before it is left alone


def sweep_orphans(*, now: datetime) -> int:
    """How many were removed. A row never loses its bytes: a key that any row knows is left."""
    removed = 0
    for days in range(GRACE, LOOK_BACK):
        keys = set(store.keys_of((now - timedelta(days=days)).date()))
        for key in sorted(keys - _known(keys)):
            store.remove(key)
            removed += 1
    return removed


def _known(keys: set[str]) -> set[str]:
    known = set(File.objects.filter(key__in=keys).values_list("key", flat=True))
    return known | set(File.objects.filter(shown__in=keys - known).values_list("shown", flat=True))
