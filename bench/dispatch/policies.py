"""The rules that are compared. Each orders the candidates of a request; the score is the product's own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.dispatch.memory import Memory
from bench.dispatch.world import BEGINS, Provider, Request, hour_of
from escucha.contexts.assistance.rules.ranking import WEIGHTS, Candidate, Parts, first_position_order, rank
from escucha.contexts.assistance.rules.stages import Priority
from escucha.contexts.assistance.rules.standings import band_of


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known when somebody has to be found."""

    request: Request
    providers: Sequence[Provider]  # of the cell
    etas: Sequence[float]  # minutes, with the work that each has now
    memory: Memory

    @property
    def candidates(self) -> list[Candidate]:
        records = self.memory.records(band_of(hour_of(self.request.minute)))
        return [
            Candidate(one.key, one.position, eta, records[one.key], None, _moment(self.memory.last.get(one.key)))
            for one, eta in zip(self.providers, self.etas, strict=True)
        ]


type Order = Callable[[Moment], list[int]]  # the keys, as they are to be asked


@dataclass(frozen=True, slots=True)
class Policy:
    key: str
    label: str
    order: Order
    offers: bool = False


def fixed(moment: Moment) -> list[int]:
    """The order of the network, as the procedure has it."""
    return [one.key for one in first_position_order(_by_position(moment))]


def rotation(moment: Moment) -> list[int]:
    """Who was assigned longest ago."""
    last = moment.memory.last
    return [one.key for one in sorted(moment.providers, key=lambda one: (last.get(one.key, -1.0), one.position))]


def nearest(moment: Moment) -> list[int]:
    """Who arrives first."""
    return [one.key for _eta, one in sorted(zip(moment.etas, moment.providers, strict=True), key=lambda two: two[0])]


def curated(moment: Moment) -> list[int]:
    """A fixed order made by somebody who knows what nobody can: what each provider is really like."""
    return [one.key for one in sorted(moment.providers, key=_truth, reverse=True)]


def score(moment: Moment, weights: Mapping[Priority, Parts] = WEIGHTS) -> list[int]:
    """The product's order."""
    candidates, now = moment.candidates, _moment(moment.request.minute)
    zone = moment.memory.zone({one.key: one.record for one in candidates})
    ranking = rank(candidates, priority=moment.request.priority, zone=zone, now=now or BEGINS, weights=weights)
    return [one.candidate.key for one in ranking]


POLICIES = (
    Policy("fixed", "Orden fijo", fixed),
    Policy("curated", "Orden fijo de quien lo sabe todo", curated),
    Policy("rotation", "Por turnos", rotation),
    Policy("nearest", "El que llega primero", nearest),
    Policy("score", "Puntaje", score),
    Policy("fixed_offers", "Orden fijo y ofertas por enlace", fixed, offers=True),
    Policy("score_offers", "Puntaje y ofertas por enlace", score, offers=True),
)


def _by_position(moment: Moment) -> list[Candidate]:
    return [Candidate(one.key, one.position) for one in moment.providers]


def _truth(provider: Provider) -> float:
    answers = 1 - (1 - provider.answers) ** 2
    return answers * provider.accepts * (1 - provider.outside) + 0.5 * (provider.punctual + provider.conforms) / 2


def _moment(minute: float | None) -> datetime | None:
    return None if minute is None else BEGINS + timedelta(minutes=minute)
