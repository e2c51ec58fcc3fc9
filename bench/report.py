"""What a bench says, and where it is written down."""

import os
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from escucha.console.embedded import find_binaries

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
HEADINGS = ("Trabajo", "Medida", "Meta", "¿Se cumple?")
ANSWERS = {True: "sí", False: "no", None: "—"}
PREFACE = """# Medidas

Las escribe `python -m bench [nombre …] --write`: lo que se midió toma el lugar de su sección, y lo demás queda con su
fecha. Cada trabajo se mide en un PostgreSQL de un solo uso, con `fsync`, `synchronous_commit` y `full_page_writes`
encendidos. «Piso» es escribir las mismas filas con SQL directo, una orden por tabla, en el mismo servidor.
"""


class Row(NamedTuple):
    """One measure beside its target. `met` is None where no target is set."""

    job: str
    figure: str
    target: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, str, str, str]:
        return self.job, self.figure, self.target or "—", ANSWERS[self.met]


def measured(name: str) -> list[Row]:
    """The rows of one bench, measured now."""
    found: list[Row] = import_module(f"bench.{name}").main()
    return found


def table(rows: Iterable[Row]) -> str:
    """The rows in columns, as Markdown, which is also how the terminal shows them."""
    cells = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(HEADINGS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def write(found: Mapping[str, Sequence[Row]], *, now: datetime, page: Path = PAGE) -> None:
    """Each bench measured takes the place of its section of the page; the others stay as they were, with their date."""
    said = f"{now:%Y-%m-%d}. {machine()}"
    sections = _sections(page.read_text()) if page.exists() else {}
    sections |= {name: f"{said}\n\n{table(rows)}" for name, rows in found.items()}
    page.write_text("\n".join([PREFACE, *(f"## {name}\n\n{sections[name]}\n" for name in sorted(sections))]))


def _sections(text: str) -> dict[str, str]:
    """What the page says of each bench, by its name."""
    pieces = (piece.partition("\n") for piece in text.split("\n## ")[1:])
    return {name.strip(): said.strip() for name, _newline, said in pieces}


def machine() -> str:
    """Cores, memory, processor and the version of PostgreSQL, in one sentence."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    asked = [str(find_binaries() / "postgres"), "--version"]
    postgres = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()[2]
    python = platform.python_version()
    return (
        f"{os.cpu_count()} núcleos, {memory:.0f} GB de memoria, {_processor()}; PostgreSQL {postgres}, Python {python}."
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()
