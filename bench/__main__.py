"""`python -m bench [name …] [--write]`: measure each job, show it beside its target, and write it down if asked.

Each module of this folder that has a `main()` is a bench; it runs in a process of its own and gives its rows.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

from bench.report import PAGE, Row, machine, measured, table, write

NOT_A_BENCH = {"__init__", "__main__", "report", "cluster", "floor", "serving", "beside"}


def main(argv: list[str]) -> int:
    """Run what was asked for; 0 when every target was met."""
    names = sorted(file.stem for file in Path(__file__).parent.glob("*.py") if file.stem not in NOT_A_BENCH)
    parser = argparse.ArgumentParser(prog="python -m bench", description="Mide cuánto tarda cada trabajo.")
    parser.add_argument("names", nargs="*", metavar="nombre", help=f"qué medir: {', '.join(names)}; sin nombre, todo")
    parser.add_argument("--write", action="store_true", help="escribe lo medido en docs/benchmarks.md")
    asked = parser.parse_args(argv)
    if unknown := set(asked.names) - set(names):
        parser.error(f"no existe: {', '.join(sorted(unknown))}")
    found: dict[str, list[Row]] = {}
    for name in asked.names or names:
        print(f"{name}…", file=sys.stderr, flush=True)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            found[name] = process.submit(measured, name).result()
        if asked.write:  # at once: what follows may take an hour, or fail
            write({name: found[name]}, now=datetime.now().astimezone())
    rows = [row for of_one in found.values() for row in of_one]
    print(f"{machine()}\n\n{table(rows)}")
    if asked.write:
        print(f"\n{PAGE}", file=sys.stderr)
    return int(any(row.met is False for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
