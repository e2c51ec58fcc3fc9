"""How a provider has done, in counts that fade, and what to expect of it.

A few tries say little: they are weighed with the mean of the zone, and who is new is expected to do as the zone does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from statistics import median

HALF_LIFE_DAYS = 45.0  # a count of 45 days ago is half of what it was
RECENT_PER_DAY = 0.93  # of the works that were given: a fortnight leaves a third
PRIOR = 6.0  # how many tries the mean of the zone is worth


class Band(IntEnum):
    """A part of the day, by the clock of the place. Who answers at noon may not at night."""

    MORNING = 0
    AFTERNOON = 1
    EVENING = 2
    NIGHT = 3


def band_of(hour: int) -> Band:
    """The part of the day of an hour, 0 to 23."""
    if 6 <= hour < 12:
        return Band.MORNING
    if 12 <= hour < 18:
        return Band.AFTERNOON
    return Band.EVENING if 18 <= hour < 22 else Band.NIGHT


def fading(days: float, half_life: float = HALF_LIFE_DAYS) -> float:
    """What is left of a count of so many days ago. Fading twice is fading once for both spans."""
    return 0.5 ** (max(days, 0.0) / half_life)


def recent_fading(days: float) -> float:
    """What is left of the works that were given so many days ago."""
    return RECENT_PER_DAY ** max(days, 0.0)


def shrunk(well: float, tried: float, mean: float, weight: float = PRIOR) -> float:
    """How often it goes well, weighed with the mean as if it had been tried `weight` times more."""
    return (well + weight * mean) / (tried + weight)


@dataclass(frozen=True, slots=True)
class Record:
    """The counts of a provider and a service, faded to now.

    `asked` to `accepted` are of the part of the day that is asked about: turns, each of up to two calls or one link,
    and never an offer that expired or that another took. `jobs` are those that ended, well or called off by the
    provider; `rated`, those whose affiliate said how it was. The rest are of every hour.
    """

    asked: float = 0.0
    answered: float = 0.0
    accepted: float = 0.0
    jobs: float = 0.0
    on_time: float = 0.0
    rated: float = 0.0
    conforming: float = 0.0
    completed: float = 0.0
    cost: float = 0.0  # sum of what the completed ones cost
    recent: float = 0.0  # works it was given, fading within two weeks


NOTHING_YET = Record()


@dataclass(frozen=True, slots=True)
class Zone:
    """The means of a service in an area, over all who give it there and not only those who can go now."""

    answers: float = 0.8
    accepts: float = 0.6
    on_time: float = 0.8
    conforms: float = 0.85
    completes: float = 0.95
    tariff: float | None = None  # the median
    fair_share: float = 0.0  # recent works of each, if they were shared out equally
    eta_minutes: float = 45.0  # of who is nowhere known to be


USUAL = Zone()


def zone_of(records: Iterable[Record], tariffs: Iterable[float] = ()) -> Zone:
    """The means of a zone. Where there is little, they are near what is usual anywhere."""
    found, charged = list(records), list(tariffs)

    def mean(well: str, tried: str, usual: float) -> float:
        return shrunk(sum(getattr(one, well) for one in found), sum(getattr(one, tried) for one in found), usual)

    return Zone(
        answers=mean("answered", "asked", USUAL.answers),
        accepts=mean("accepted", "answered", USUAL.accepts),
        on_time=mean("on_time", "jobs", USUAL.on_time),
        conforms=mean("conforming", "rated", USUAL.conforms),
        completes=mean("completed", "jobs", USUAL.completes),
        tariff=float(median(charged)) if charged else None,
        fair_share=sum(one.recent for one in found) / len(found) if found else 0.0,
    )
