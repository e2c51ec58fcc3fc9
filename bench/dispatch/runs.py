"""Every policy in every world, and what the gate asks of the product's rule."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bench.dispatch.desk import Desk
from bench.dispatch.measures import Interval, interval, measures
from bench.dispatch.policies import POLICIES, Policy
from bench.dispatch.world import make_world

SEEDS = range(1, 11)
MOST_UNEQUAL = 0.40

type Found = Mapping[str, Mapping[str, Interval]]  # by policy and measure


class Demand(NamedTuple):
    """One thing that the gate asks."""

    says: str
    figure: str
    target: str
    met: bool


def run(seeds: Iterable[int] = SEEDS, policies: Sequence[Policy] = POLICIES) -> Found:
    """The interval of each measure under each policy."""
    found: dict[str, list[Mapping[str, float]]] = {policy.key: [] for policy in policies}
    for seed in seeds:
        world = make_world(seed)
        for policy in policies:
            found[policy.key].append(measures(world, list(Desk(world, policy).outcomes())))
    return {key: {name: interval([run[name] for run in runs]) for name in runs[0]} for key, runs in found.items()}


def gate(found: Found) -> list[Demand]:
    """The product's rule against the procedure's: sooner, no later, and shared out."""
    ours, theirs = found["score_offers"], found["fixed"]
    return [
        Demand(
            "no vitales asignadas en 5 min, frente al orden fijo",
            f"{shown(ours['in_5'])} % y {shown(theirs['in_5'])} %",
            "mejor, con intervalos separados",
            ours["in_5"].low > theirs["in_5"].high,
        ),
        Demand(
            "llegan tarde, frente al orden fijo",
            f"{shown(ours['late'])} % y {shown(theirs['late'])} %",
            "no más",
            ours["late"].mean <= theirs["late"].mean,
        ),
        Demand(
            "cómo se reparten los trabajos (Gini)",
            shown(ours["gini"], 3),
            f"≤ {MOST_UNEQUAL}",
            ours["gini"].high <= MOST_UNEQUAL,
        ),
    ]


def shown(found: Interval, places: int = 1) -> str:
    """A mean with its interval."""
    return f"{found.mean:.{places}f} ± {found.half:.{places}f}"
