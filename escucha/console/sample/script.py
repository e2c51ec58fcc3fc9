"""What an example organisation brings: who works there and what people write. Read from profiles/<slug>/sample."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Worker:
    """Somebody of the staff. `sign_in` ones are shown on the landing page."""

    key: str
    name: str
    roles: tuple[str, ...]
    unit: str = ""
    sign_in: bool = False
    about: str = ""


@dataclass(frozen=True)
class Story:
    """What a person writes, what it turns out to be, who answers it and how."""

    matter: str
    body: str
    case_type: str
    unit: str
    answer: str
    suggested: str = ""
    wrong_unit: str = ""  # it goes there first, and comes back
    emergency: bool = False


@dataclass(frozen=True)
class Script:
    slug: str
    workers: Sequence[Worker]
    stories: Sequence[Story]
    citizens: Sequence[Mapping[str, str]]


def read_script(folder: Path) -> Script | None:
    """The script beside a profile, or None for an organisation that is no example."""
    file = folder / "sample" / "script.toml"
    if not file.exists():
        return None
    raw: dict[str, Any] = tomllib.loads(file.read_text())
    return Script(
        slug=folder.name,
        workers=[Worker(**dict(one) | {"roles": tuple(one["roles"])}) for one in raw["worker"]],
        stories=[Story(**one) for one in raw["story"]],
        citizens=raw["citizen"],
    )
