"""How a verb about people says no."""

from collections.abc import Sequence

from escucha.kernel.words import Saying


class Refused(Exception):
    """The act may not be done now: why, in words for who tried."""

    def __init__(self, blockers: Sequence[Saying]):
        super().__init__(" ".join(map(str, blockers)))
        self.blockers = blockers


def refuse_if(blockers: Sequence[Saying]) -> None:
    if blockers:
        raise Refused(blockers)
