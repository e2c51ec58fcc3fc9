"""How a verb about files says no."""

from collections.abc import Sequence

from escucha.kernel.words import Saying


class Refused(Exception):
    """The file may not be taken, or the act not be done: why, in words for who tried."""

    def __init__(self, blockers: Sequence[Saying]):
        super().__init__(" ".join(map(str, blockers)))
        self.blockers = blockers


class TooBig(Refused):
    """The file has more bytes than the policy takes. Nothing of it was kept."""


def refuse_if(blockers: Sequence[Saying]) -> None:
    if blockers:
        raise Refused(blockers)
