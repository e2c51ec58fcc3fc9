"""Those who attend: each process has many calls in hand, and does whatever is next as soon as its moment comes."""

import heapq
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from bench.hour.house import Desk
from bench.hour.plots import Plot

IDLE = 0.02  # seconds between looks at the clock while there is nothing to do


@dataclass
class Done:
    """What one process did."""

    files: list[int] = field(default_factory=list)
    assistances: list[tuple[int, str, str]] = field(default_factory=list)  # each with how it should have ended
    spent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    overtaken: int = 0
    failures: list[str] = field(default_factory=list)

    def add(self, other: "Done") -> None:
        self.files += other.files
        self.assistances += other.assistances
        self.overtaken += other.overtaken
        self.failures += other.failures
        for verb, spent in other.spent.items():
            self.spent[verb] += spent


def drive(
    plots: Sequence[Plot],
    *,
    pace: float,
    in_hand: int,
    now: datetime,
    idle: Callable[[], object] = lambda: time.sleep(IDLE),
) -> Done:
    """Lives all of these, so many at once; `pace` are the seconds between two acts of one."""
    from bench.hour.lives import Life

    desk, done, random = Desk.open(now=now), Done(), Random(len(plots))
    following = iter(plots)
    waiting: list[tuple[float, int, Life, Iterator[float]]] = []

    def take(after: float) -> None:
        if plot := next(following, None):
            life = Life(plot, desk, pace=pace)
            heapq.heappush(waiting, (time.monotonic() + after, plot.number, life, life.live()))

    for _one in range(in_hand):
        take(random.random() * pace * 10)
    while waiting:
        moment, number, life, acts = waiting[0]
        if moment > time.monotonic():
            idle()
            continue
        heapq.heappop(waiting)
        if (wait := _next(life, acts, done)) is not None:
            heapq.heappush(waiting, (time.monotonic() + wait, number, life, acts))
        else:
            take(0.0)
    return done


def _next(life: "Life", acts: Iterator[float], done: Done) -> float | None:  # type: ignore[name-defined]  # noqa: F821
    """How long until its next act; None for one that is over."""
    try:
        return next(acts)
    except StopIteration:
        pass
    except Exception as error:
        done.failures.append(f"{life.plot}: {type(error).__name__}: {error}")
    done.files += life.files
    done.assistances += [(one, life.plot.ends, life.plot.conformity) for one in life.assistances]
    done.overtaken += life.overtaken
    for verb, spent in life.spent.items():
        done.spent[verb] += spent
    return None
