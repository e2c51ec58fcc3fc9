"""Several emergencies of one zone at once: each takes its best in turn, or all are matched together.

What is compared is the sum of the product's scores. Nobody is sent twice, and who cannot go is never sent.
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from bench.dispatch.measures import Interval, interval
from bench.dispatch.world import Provider, Request, make_world, road_minutes
from escucha.contexts.assistance.rules.ranking import WEIGHTS, Candidate, scored
from escucha.contexts.assistance.rules.stages import Priority
from escucha.contexts.assistance.rules.standings import USUAL

NEVER = 10_000.0  # large and finite: with an infinite one there may be no answer at all
AT_ONCE = 6

type Pairs = list[tuple[int, int]]  # request and provider, by their places


def together(scores: np.ndarray) -> Pairs:
    """Who goes to whom so that the sum of the scores is the most. `nan` is who cannot go."""
    costs = np.where(np.isnan(scores), NEVER, -scores)
    rows, columns = linear_sum_assignment(costs)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if costs[row, column] < NEVER]


def in_turn(scores: np.ndarray) -> Pairs:
    """Each in its turn takes the best of those who are left."""
    left, pairs = scores.copy(), []
    for row in range(len(left)):
        if not np.isnan(left[row]).all():
            column = int(np.nanargmax(left[row]))
            pairs.append((row, column))
            left[:, column] = np.nan
    return pairs


def compare(seeds: Sequence[int]) -> dict[str, Interval]:
    """The mean score and the mean minutes until arrival of each way, over the cells of some worlds."""
    found: dict[str, list[float]] = {f"{way}_{what}": [] for way in ("turn", "together") for what in ("score", "eta")}
    for seed in seeds:
        world = make_world(seed, days=7)
        for cell, providers in enumerate(world.cells):
            asked = [one for one in world.requests if one.cell == cell and one.priority == "emergency"][:AT_ONCE]
            etas = np.array([[_eta(one, request) for one in providers] for request in asked])
            scores = np.array([[_score(one, eta) for one, eta in zip(providers, row, strict=True)] for row in etas])
            for way, pairs in (("turn", in_turn(scores)), ("together", together(scores))):
                found[f"{way}_score"].append(float(np.mean([scores[pair] for pair in pairs])))
                found[f"{way}_eta"].append(float(np.mean([etas[pair] for pair in pairs])))
    return {name: interval(values) for name, values in found.items()}


def _eta(provider: Provider, request: Request) -> float:
    return road_minutes(provider.x, provider.y, request, request.minute)


def _score(provider: Provider, eta: float) -> float:
    return scored(Candidate(provider.key, eta_minutes=eta), USUAL, WEIGHTS[Priority.EMERGENCY]).score
