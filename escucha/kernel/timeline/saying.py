"""What is said in an act waits until it ends: facts and news are written down together, in their order.

What was said inside a savepoint that was undone is forgotten with it.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction


class Said:
    """Something to write down or to tell when the act ends."""

    def __call__(self) -> None:
        """Nothing follows. Django keeps what is to be called at the commit, and forgets it with its savepoint."""


class _UnderWay(threading.local):
    """The act of this thread, if one is under way: what was said in it."""

    said: list[Said] | None = None


_under_way = _UnderWay()


def is_under_way() -> bool:
    return _under_way.said is not None


def say(said: Said) -> None:
    """To be written down when the act ends. Raises RuntimeError where none is under way."""
    if _under_way.said is None:
        raise RuntimeError("no act is under way")
    transaction.on_commit(said)
    _under_way.said.append(said)


@contextmanager
def together(write: Callable[[Sequence[Said]], None]) -> Iterator[None]:
    """What is said inside is written when it ends, unless it fails; inside another, when that one ends."""
    if _under_way.said is not None:
        yield
        return
    said: list[Said] = []
    _under_way.said = said
    try:
        yield
    finally:
        _under_way.said = None
    stand = {id(waiting[1]) for waiting in connection.run_on_commit}
    write([one for one in said if id(one) in stand])
