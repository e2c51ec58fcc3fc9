"""Whether processes live, for tests of what starts and ends them."""

import time
from collections.abc import Callable
from pathlib import Path


def lives(pid: int) -> bool:
    """Whether it runs; one that ended and was not yet collected does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def children_of(pid: int) -> list[int]:
    """Its children, in the order of their start."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def soon(happens: Callable[[], bool]) -> bool:
    """Whether it happens within ten seconds."""
    patience = time.monotonic() + 10
    while time.monotonic() < patience:
        if happens():
            return True
        time.sleep(0.05)
    return False
