"""An act: one transaction, whose facts are written down together as it ends, and its news told with them.

Facts said one by one would each lock the chain of their subject, read its head and write. Said inside an act they wait,
in their order, and take two statements in all. What was said inside a savepoint that was undone is not written.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

from django.db import connection, transaction


class Said:
    """Something to write down or to tell when the act ends."""

    def __call__(self) -> None:
        """Nothing follows. Django keeps what is to be called at the commit, and forgets it with its savepoint."""


type Write = Callable[[list[Said]], None]


class _UnderWay(threading.local):
    """The act of this thread, if one is under way: what was said in it."""

    said: list[Said] | None = None


_under_way = _UnderWay()
_writers: list[Write] = []  # the bitácora, which this file does not know


def act[**P, R](verb: Callable[P, R]) -> Callable[P, R]:
    """The verb in a transaction of its own, or as a part of the act that calls it."""

    @wraps(verb)
    def whole(*args: P.args, **said: P.kwargs) -> R:
        with transaction.atomic(), _under_one_roof():
            return verb(*args, **said)

    return whole


def is_under_way() -> bool:
    return _under_way.said is not None


def say(said: Said) -> None:
    """To be written down when the act ends. Raises RuntimeError where none is under way."""
    if _under_way.said is None:
        raise RuntimeError("no act is under way")
    transaction.on_commit(said)
    _under_way.said.append(said)


def written_by(write: Write) -> Write:
    """Whoever writes down what was said in an act, all of it at once."""
    _writers.append(write)
    return write


@contextmanager
def _under_one_roof() -> Iterator[None]:
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
    for write in _writers:
        write([one for one in said if id(one) in stand])
