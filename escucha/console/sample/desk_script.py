"""What an example organisation with an assistance desk brings. Read from profiles/<slug>/sample/assistance.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Book:
    """The affiliates that a client sends."""

    account: str
    holders: int
    beneficiaries: int
    document_kind: str
    first_document: int
    first_phone: int
    validator: str
    areas: Sequence[str]
    street: str


@dataclass(frozen=True)
class Supplier:
    """Somebody of the network. `shift`, `papers` and `veto` are what may keep it from being sent."""

    name: str
    services: Sequence[str]
    areas: Sequence[str]
    kind: str = "external"
    capacity: int = 1
    shift: str = ""
    papers: str = ""
    on_guard: bool = False
    veto: str = ""


@dataclass(frozen=True)
class Job:
    """What happens of a service, and what it costs in each money."""

    service: str
    happened: str
    failure: str
    diagnosis: str
    costs: Mapping[str, int]

    def cost(self, currency: str) -> Decimal:
        return Decimal(self.costs.get(currency, 0))


@dataclass(frozen=True)
class Plot:
    """How one assistance goes. `stop` is the stage where it is left as it stands now; empty, it goes to its end."""

    account: str
    service: str
    priority: str
    stop: str = ""
    ago: int = 0  # minutes
    window: int = 0  # minutes from now until its window opens
    eta: int = 35  # minutes that the provider says it takes
    refusals: int = 0
    ending: str = "conforming"
    category: str = ""
    excess: bool = False  # it costs more than the plan gives
    exhausted: bool = False  # nobody can go, and it is refunded
    replaced: bool = False  # who goes fails, and another does
    moved: bool = False  # its window is agreed on again
    again: bool = False  # it comes back under its guarantee
    orphan: bool = False  # nobody has it in charge
    to_verify: bool = False


@dataclass(frozen=True)
class DeskScript:
    words: Mapping[str, Any]
    books: Sequence[Book]
    suppliers: Sequence[Supplier]
    tariffs: Mapping[str, int]
    shifts: Mapping[str, Any]
    jobs: Mapping[str, Job]
    ongoing: Sequence[Plot]
    usual: Sequence[Plot]
    special: Sequence[Plot]
    days: int


def read_desk_script(folder: Path) -> DeskScript | None:
    """The script of the desk beside a profile, or None for an organisation that has none."""
    file = folder / "sample" / "assistance.toml"
    if not file.exists():
        return None
    raw: dict[str, Any] = tomllib.loads(file.read_text())
    return DeskScript(
        words={name: said for name, said in raw.items() if isinstance(said, str | list)},
        books=[Book(**one) for one in raw["affiliates"]],
        suppliers=[Supplier(**one) for one in raw["network"]["providers"]],
        tariffs=raw["tariffs"],
        shifts=raw["shifts"],
        jobs={one["service"]: Job(**one) for one in raw["jobs"]},
        ongoing=[Plot(**one) for one in raw["open"]["plots"]],
        usual=[Plot(**one) for one in raw["past"]["usual"]],
        special=[Plot(**one) for one in raw["past"]["special"]],
        days=raw["past"]["days"],
    )
