"""Who goes: the order of the candidates with its reasons, and the order of the network beside it.

Every part of a score is on a scale of its own, from 0 to 1: nobody's score changes because another may go too, and it
means tomorrow what it means today.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple

from escucha.contexts.assistance.rules.stages import Priority
from escucha.contexts.assistance.rules.standings import NOTHING_YET, Record, Zone, shrunk
from escucha.kernel.words import Saying, _

VERSION = "1"  # of the weights and the scales; kept with every order that was shown
LATEST_MINUTES = 90.0  # who arrives later is worth nothing for arriving
COST_SPREAD = 0.4  # so much above the tariff of the zone is worth nothing; so much below, everything
LEAST_QUALITY = 0.5  # half of it done well is worth nothing: nobody is asked again who does less
MOST_SHARES = 4.0  # who had so many times its share is worth nothing for being fair
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Part(StrEnum):
    """What a score is made of."""

    ARRIVAL = "arrival"
    ACCEPTANCE = "acceptance"
    QUALITY = "quality"
    COST = "cost"
    FAIRNESS = "fairness"


class Parts(NamedTuple):
    """A number for each part, in their order."""

    arrival: float
    acceptance: float
    quality: float
    cost: float
    fairness: float


WEIGHTS: Mapping[Priority, Parts] = {
    Priority.VITAL: Parts(0.55, 0.25, 0.15, 0.0, 0.05),
    Priority.EMERGENCY: Parts(0.35, 0.25, 0.20, 0.10, 0.10),
    Priority.PROGRAMMED: Parts(0.10, 0.15, 0.35, 0.20, 0.20),
}
QUALITY = {"on_time": 0.4, "conforms": 0.4, "completes": 0.2}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may go: nothing forbids it. `eta_minutes` counts the work it has now; None is not known."""

    key: int
    position: int = 1  # in the order of the network
    eta_minutes: float | None = None
    record: Record = NOTHING_YET
    tariff: float | None = None
    last_assigned_at: datetime | None = None
    original: bool = False  # did the work that is under guarantee


@dataclass(frozen=True, slots=True)
class Expected:
    """What is to be expected of a candidate, from its record and its zone."""

    eta_minutes: float
    answers: float
    accepts: float
    on_time: float
    conforms: float
    completes: float
    over_tariff: float  # what it costs over the median of the zone, as a fraction; below zero is cheaper
    fair_share: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score, 0 to 100."""

    candidate: Candidate
    score: float
    parts: Parts
    weights: Parts
    expected: Expected

    @property
    def shown(self) -> int:
        """The score as people see it. Two who show the same are equals."""
        return round(self.score)

    @property
    def points(self) -> Sequence[int]:
        """What each part adds, in whole points that sum to the score that is shown."""
        exact = [100 * weight * part for weight, part in zip(self.weights, self.parts, strict=True)]
        points = [int(one) for one in exact]
        by_rest = sorted(range(len(exact)), key=lambda place: points[place] - exact[place])
        for place in by_rest[: self.shown - sum(points)]:
            points[place] += 1
        return points

    @property
    def reasons(self) -> Sequence[Saying]:
        """Why, part by part, for who decides: «llega en 24 min (+25)»."""
        said = [_arrival(self), _acceptance(self), _quality(self), _cost(self), _fairness(self)]
        reasons = [
            Saying(text, {**values, "points": points})
            for (text, values), points, weight in zip(said, self.points, self.weights, strict=True)
            if weight
        ]
        return [Saying(_("hizo el trabajo que está en garantía")), *reasons] if self.candidate.original else reasons


def rank(
    candidates: Iterable[Candidate],
    *,
    priority: str,
    zone: Zone,
    now: datetime,
    weights: Mapping[Priority, Parts] = WEIGHTS,
) -> Sequence[Ranked]:
    """The candidates, best first. `now` is told in the time of the place.

    Who did the work under guarantee goes first. Of those who show the same score, who was assigned longest ago; and of
    those, by a lot that is drawn anew each day.
    """
    chosen = weights[Priority(priority)]
    day = now.date()
    return sorted((scored(one, zone, chosen) for one in candidates), key=lambda ranked: _turn(ranked, day))


def first_position_order(candidates: Iterable[Candidate]) -> Sequence[Candidate]:
    """The order of the network: its positions, and within one who was assigned longest ago."""
    return sorted(
        candidates, key=lambda one: (not one.original, one.position, one.last_assigned_at or LONG_AGO, one.key)
    )


def kept(ranking: Sequence[Ranked], *, most: int = 20) -> Mapping[str, object]:
    """What is kept with an assignment: the first of the order that was shown, and of the order of the network."""
    return {
        "version": VERSION,
        "shown": [
            {"provider": one.candidate.key, "score": one.shown, "parts": [round(part, 3) for part in one.parts]}
            for one in ranking[:most]
        ],
        "first_position": [one.key for one in first_position_order(one.candidate for one in ranking)[:most]],
    }


def scored(candidate: Candidate, zone: Zone, weights: Parts) -> Ranked:
    """A candidate with its score: it depends on nobody else."""
    expected = expected_of(candidate, zone)
    parts = parts_of(candidate.record, expected)
    score = 100 * sum(weight * part for weight, part in zip(weights, parts, strict=True))
    return Ranked(candidate, min(100.0, max(0.0, score)), parts, weights, expected)


def expected_of(candidate: Candidate, zone: Zone) -> Expected:
    """What its record lets us expect, weighed with the means of its zone."""
    record = candidate.record
    return Expected(
        eta_minutes=zone.eta_minutes if candidate.eta_minutes is None else candidate.eta_minutes,
        answers=shrunk(record.answered, record.asked, zone.answers),
        accepts=shrunk(record.accepted, record.answered, zone.accepts),
        on_time=shrunk(record.on_time, record.jobs, zone.on_time),
        conforms=shrunk(record.conforming, record.rated, zone.conforms),
        completes=shrunk(record.completed, record.jobs, zone.completes),
        over_tariff=_over_tariff(candidate, zone),
        fair_share=zone.fair_share,
    )


def parts_of(record: Record, expected: Expected) -> Parts:
    """Each part on its own scale, from 0 to 1."""
    return Parts(
        arrival=1 - min(max(expected.eta_minutes, 0.0), LATEST_MINUTES) / LATEST_MINUTES,
        acceptance=_within(expected.answers * expected.accepts),
        quality=_within((_quality_of(expected) - LEAST_QUALITY) / (1 - LEAST_QUALITY)),
        cost=_within(0.5 - expected.over_tariff / (2 * COST_SPREAD)),
        fairness=_within(1 - record.recent / (MOST_SHARES * max(expected.fair_share, 1.0))),
    )


def _quality_of(expected: Expected) -> float:
    return (
        QUALITY["on_time"] * expected.on_time
        + QUALITY["conforms"] * expected.conforms
        + QUALITY["completes"] * expected.completes
    )


def _over_tariff(candidate: Candidate, zone: Zone) -> float:
    if not zone.tariff:
        return 0.0
    agreed = zone.tariff if candidate.tariff is None else candidate.tariff
    return shrunk(candidate.record.cost, candidate.record.completed, agreed) / zone.tariff - 1


def _within(part: float) -> float:
    return min(1.0, max(0.0, part))


def _turn(ranked: Ranked, day: date) -> tuple[bool, int, datetime, bytes]:
    one = ranked.candidate
    lot = blake2b(f"{day}:{one.key}".encode(), digest_size=8).digest()
    return not one.original, -ranked.shown, one.last_assigned_at or LONG_AGO, lot


type _Said = tuple[str, Mapping[str, object]]


def _arrival(ranked: Ranked) -> _Said:
    if ranked.candidate.eta_minutes is None:
        return _("no se sabe dónde está (+{points})"), {}
    return _("llega en {minutes} min (+{points})"), {"minutes": round(ranked.expected.eta_minutes)}


def _acceptance(ranked: Ranked) -> _Said:
    return _("acepta {percent} % a esta hora (+{points})"), {"percent": _percent(ranked.parts.acceptance)}


def _quality(ranked: Ranked) -> _Said:
    return _("{conforming} % conforme y {on_time} % a tiempo (+{points})"), {
        "conforming": _percent(ranked.expected.conforms),
        "on_time": _percent(ranked.expected.on_time),
    }


def _cost(ranked: Ranked) -> _Said:
    over = _percent(ranked.expected.over_tariff)
    if not over:
        return _("cobra como la zona (+{points})"), {}
    text = _("{percent} % más que la zona (+{points})") if over > 0 else _("{percent} % menos que la zona (+{points})")
    return text, {"percent": abs(over)}


def _fairness(ranked: Ranked) -> _Said:
    had, fair = ranked.candidate.record.recent, ranked.expected.fair_share
    if had < 0.9 * fair:
        return _("le tocan trabajos (+{points})"), {}
    if had > 1.1 * fair:
        return _("ya tuvo más de los que le tocan (+{points})"), {}
    return _("ha tenido los que le tocan (+{points})"), {}


def _percent(fraction: float) -> int:
    return round(100 * fraction)
