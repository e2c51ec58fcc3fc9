"""What is measured of a run, and how sure the mean of several is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, quantiles, stdev

from scipy.stats import t

from bench.dispatch.desk import Outcome
from bench.dispatch.world import World

MEASURES: Mapping[str, str] = {
    "in_5": "Emergencias asignadas en 5 min, %",
    "p90": "Minutos para asignarlas, p90",
    "calls": "Llamadas por asistencia",
    "arrival_p50": "Llegada, p50",
    "arrival_p90": "Llegada, p90",
    "late": "Tarde, %",
    "nonconforming": "No conformes, %",
    "cost": "Costo",
    "gini": "Gini",
    "top": "El que más recibe, %",
}


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over seeds, and the half of its interval of 95 %."""

    mean: float
    half: float

    @property
    def low(self) -> float:
        return self.mean - self.half

    @property
    def high(self) -> float:
        return self.mean + self.half


def interval(values: Sequence[float]) -> Interval:
    """By Student's t, with a degree less than the values."""
    if len(values) < 2:
        return Interval(fmean(values), 0.0)
    return Interval(fmean(values), float(t.ppf(0.975, len(values) - 1)) * stdev(values) / sqrt(len(values)))


def measures(world: World, outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Each measure of one run."""
    waits = [one.seconds / 60 if one.provider is not None else 60.0 for one in outcomes if one.priority == "emergency"]
    arrivals = [one.arrival for one in outcomes if one.arrival is not None]
    served = [one for one in outcomes if one.provider is not None]
    shares = [_shared_out(cell, served, number) for number, cell in enumerate(world.cells)]
    return {
        "in_5": 100 * fmean(wait <= 5 for wait in waits),
        "p90": _percentile(waits, 90),
        "calls": fmean(one.calls for one in outcomes),
        "arrival_p50": _percentile(arrivals, 50),
        "arrival_p90": _percentile(arrivals, 90),
        "late": 100 * fmean(one.late for one in served),
        "nonconforming": 100 * fmean(not one.conforming for one in served),
        "cost": fmean(one.cost for one in served),
        "gini": fmean(gini(works) for works in shares),
        "top": 100 * fmean(max(works) / sum(works) for works in shares),
    }


def gini(works: Sequence[float]) -> float:
    """0 where all have the same; near 1 where one has everything."""
    ordered, many = sorted(works), len(works)
    weighed = sum(place * one for place, one in enumerate(ordered, start=1))
    return 2 * weighed / (many * sum(ordered)) - (many + 1) / many


def _shared_out(cell: Sequence[object], served: Sequence[Outcome], number: int) -> list[int]:
    had = Counter(one.provider for one in served if one.cell == number)
    return [had[number * 100 + place] for place in range(len(cell))]


def _percentile(values: Sequence[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1]
