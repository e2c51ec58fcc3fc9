"""`python -m bench.dispatch [--seeds N]`: every policy side by side, and whether the gate is met."""

import argparse
import sys

from bench.dispatch.measures import MEASURES
from bench.dispatch.policies import POLICIES
from bench.dispatch.runs import SEEDS, Found, gate, run, shown


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.dispatch", description="Compara reglas de asignación.")
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="cuántos mundos; la meta se mide con diez")
    asked = parser.parse_args(argv)
    found = run(range(1, asked.seeds + 1))
    print(table(found))
    demands = gate(found)
    for one in demands:
        print(f"{'sí' if one.met else 'NO'}  {one.says}: {one.figure} (meta: {one.target})")
    return int(not all(one.met for one in demands))


def table(found: Found) -> str:
    """A line for each policy, as Markdown."""
    lines = [f"| Regla | {' | '.join(MEASURES.values())} |", "|---" * (len(MEASURES) + 1) + "|"]
    for policy in POLICIES:
        cells = (shown(found[policy.key][name], 2 if name in {"gini", "calls"} else 1) for name in MEASURES)
        lines.append(f"| {policy.label} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
