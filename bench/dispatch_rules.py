"""The dispatch rule of the product against the procedure's, in ten worlds. Run it: `python -m bench.dispatch_rules`."""

from collections.abc import Iterable

from bench.dispatch.policies import POLICIES
from bench.dispatch.runs import SEEDS, Found, gate, run, shown
from bench.dispatch.storm import AT_ONCE, compare
from bench.report import Row, table

WORDS = {
    "in_5": "{} % en 5 min",
    "arrival_p50": "llegan en {} min",
    "late": "{} % tarde",
    "calls": "{} llamadas",
    "gini": "Gini {}",
}


def main() -> list[Row]:
    """What the gate asks, then every rule for who reads."""
    found = run()
    storm = compare(SEEDS)
    return [
        *(Row(f"Asignar con puntaje y ofertas: {one.says}", one.figure, one.target, one.met) for one in gate(found)),
        *_others(found),
        Row(
            f"{AT_ONCE} emergencias a la vez: minutos hasta llegar, por turno y en lote",
            f"{shown(storm['turn_eta'])} y {shown(storm['together_eta'])}",
        ),
    ]


def _others(found: Found) -> Iterable[Row]:
    for policy in POLICIES:
        said = "; ".join(
            words.format(shown(found[policy.key][name], 2 if name == "gini" else 1)) for name, words in WORDS.items()
        )
        yield Row(f"Regla de asignación: {policy.label.lower()}", said)


if __name__ == "__main__":
    print(table(main()))
