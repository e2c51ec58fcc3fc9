"""The world: its providers, what they are really like, and what is asked of them. Its numbers are frozen.

To change one of them is a decision (docs/decisions), never a way to pass the gate: rules change, the world does not.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

CELLS = 20  # a zone and a trade
PROVIDERS = (6, 12)  # of each cell
DAYS = 45
A_DAY = 12.0  # requests of each cell
BUSY_DAY, BUSIER = 4, 1.25  # of the week
SIDE_KM = 18.0
MIX = {"vital": 0.05, "emergency": 0.55, "programmed": 0.40}
BY_HOUR = (1.0,) * 6 + (3.0,) * 2 + (6.0,) * 12 + (3.0,) * 2 + (1.5,) * 2  # how many are asked for, in proportion
BEGINS = datetime(2026, 3, 2, tzinfo=UTC)

ROAD_FACTOR, DAY_KMH, NIGHT_KMH = 1.35, 22.0, 32.0
NIGHT = frozenset({22, 23, 0, 1, 2, 3, 4, 5})
WORK_MINUTES, WORK_SPREAD = 55.0, 0.35  # how long a work takes, more or less so much of it
STAYS_MINUTES = 60.0  # who finished is still there for so long
PROGRAMMED_HOURS = (3.0, 30.0)  # from the request to the window
OUTSIDE_WORK = (0.05, 0.35)  # how often a provider has work of others
WHEN_FULL, WHEN_OUTSIDE, AT_NIGHT = 0.15, 0.1, 0.6  # what is left of its will to accept
NEAR_KM, FAR_KM = 6.0, 22.0  # the will falls with what lies beyond the first, by the second
LATE_MINUTES = 35.0  # mean lateness of who is late
WHEN_LATE = 0.8  # what is left of conformity
COST, COST_SPREAD, COST_NOISE = 100.0, 0.18, 0.05
READS_LINKS, IN_TIME = 0.70, 0.75  # providers who read links, and how often they do so in time
READ_SECONDS = (10.0, 85.0)

UNANSWERED, REFUSAL, ACCEPTANCE = 35.0, 75.0, 150.0  # seconds of a call
MOST_TRIES = 2  # for which fate has an answer
ROUNDS = 3
BETWEEN_ROUNDS = 300.0  # seconds that the supervisor takes when nobody is left
ACCOUNTED_MINUTES = 60.0  # after the end of a work, until the affiliate has said how it was


@dataclass(frozen=True, slots=True)
class Provider:
    """What a provider is really like. No policy may look, but the one that says so."""

    key: int
    position: int
    x: float
    y: float
    answers: float  # each call
    accepts: float
    outside: float
    punctual: float
    conforms: float
    cost: float
    capacity: int
    reads: bool


@dataclass(frozen=True, slots=True)
class Luck:
    """What fate has for one provider and one request, the same under every policy."""

    outside: float
    accepts: tuple[float, ...]  # each round
    answers: tuple[float, ...]  # each call of each round
    reads: float
    seconds: float
    punctual: float
    lateness: float
    conforms: float
    cost: float
    works: float


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody who needs somebody. `minute` counts from the beginning of the world."""

    cell: int
    minute: float
    priority: str
    x: float
    y: float
    window_minute: float  # of a programmed one: when it is to begin
    luck: tuple[Luck, ...]  # by provider of the cell


@dataclass(frozen=True, slots=True)
class World:
    cells: tuple[tuple[Provider, ...], ...]
    requests: tuple[Request, ...]  # as they come


def make_world(seed: int, days: int = DAYS) -> World:
    """The world of a seed: always the same."""
    chance = np.random.default_rng(seed)
    cells = tuple(_cell(chance, cell) for cell in range(CELLS))
    requests = [request for cell, providers in enumerate(cells) for request in _requests(chance, cell, providers, days)]
    return World(cells, tuple(sorted(requests, key=lambda one: one.minute)))


def hour_of(minute: float) -> int:
    """The hour of the clock."""
    return int(minute // 60) % 24


def road_minutes(x: float, y: float, request: Request, minute: float) -> float:
    """How long it takes from there to who asks."""
    km = ROAD_FACTOR * ((x - request.x) ** 2 + (y - request.y) ** 2) ** 0.5
    return 60 * km / (NIGHT_KMH if hour_of(minute) in NIGHT else DAY_KMH)


def _cell(chance: np.random.Generator, cell: int) -> tuple[Provider, ...]:
    many = int(chance.integers(PROVIDERS[0], PROVIDERS[1] + 1))
    positions = chance.permutation(many) + 1
    return tuple(_provider(chance, cell * 100 + place, int(positions[place])) for place in range(many))


def _provider(chance: np.random.Generator, key: int, position: int) -> Provider:
    return Provider(
        key=key,
        position=position,
        x=float(chance.uniform(0, SIDE_KM)),
        y=float(chance.uniform(0, SIDE_KM)),
        answers=float(chance.beta(6, 3)),
        accepts=float(chance.beta(5, 3)),
        outside=float(chance.uniform(*OUTSIDE_WORK)),
        punctual=float(chance.beta(8, 2.5)),
        conforms=float(chance.beta(14, 2.2)),
        cost=COST * float(chance.lognormal(0, COST_SPREAD)),
        capacity=int(chance.integers(1, 4)),
        reads=bool(chance.random() < READS_LINKS),
    )


def _requests(chance: np.random.Generator, cell: int, providers: tuple[Provider, ...], days: int) -> list[Request]:
    found = []
    share = np.array(BY_HOUR) / sum(BY_HOUR)
    for day in range(days):
        mean = A_DAY * (BUSIER if day % 7 == BUSY_DAY else 1)
        for _ in range(int(chance.poisson(mean))):
            minute = 1440 * day + 60 * float(chance.choice(24, p=share)) + 60 * float(chance.random())
            found.append(_request(chance, cell, providers, minute))
    return found


def _request(chance: np.random.Generator, cell: int, providers: tuple[Provider, ...], minute: float) -> Request:
    return Request(
        cell=cell,
        minute=minute,
        priority=str(chance.choice(list(MIX), p=list(MIX.values()))),
        x=float(chance.uniform(0, SIDE_KM)),
        y=float(chance.uniform(0, SIDE_KM)),
        window_minute=minute + 60 * float(chance.uniform(*PROGRAMMED_HOURS)),
        luck=tuple(_luck(row) for row in chance.random((len(providers), 8 + ROUNDS * (1 + MOST_TRIES))).tolist()),
    )


def _luck(drawn: list[float]) -> Luck:
    rest = drawn[8:]
    return Luck(
        outside=drawn[0],
        reads=drawn[1],
        seconds=READ_SECONDS[0] + drawn[2] * (READ_SECONDS[1] - READ_SECONDS[0]),
        punctual=drawn[3],
        lateness=-LATE_MINUTES * float(np.log1p(-drawn[4])),
        conforms=drawn[5],
        cost=1 + COST_NOISE * (2 * drawn[6] - 1),
        works=WORK_MINUTES * (1 + WORK_SPREAD * (2 * drawn[7] - 1)),
        accepts=tuple(rest[:ROUNDS]),
        answers=tuple(rest[ROUNDS:]),
    )
