"""An act: one transaction, whose facts are written down together as it ends, and its news told with them.

Facts said one by one would each lock the chain of their subject, read its head and write. Said inside an act they take
two statements in all.
"""

from collections.abc import Callable
from functools import wraps

from django.db import transaction

from escucha.kernel.timeline.record import write_down
from escucha.kernel.timeline.saying import together


def act[**P, R](verb: Callable[P, R]) -> Callable[P, R]:
    """The verb in a transaction of its own, or as a part of the act that calls it."""

    @wraps(verb)
    def whole(*args: P.args, **said: P.kwargs) -> R:
        with transaction.atomic(), together(write_down):
            return verb(*args, **said)

    return whole
