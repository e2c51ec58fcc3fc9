"""The profiles that ship, read once, and ways to spoil a copy of one."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

from escucha.kernel.profiles.loader import Profile, load

PROFILES = sorted(file.parent for file in (Path(__file__).parents[2] / "profiles").glob("*/profile.toml"))
BY_NAME = {folder.name: load(folder) for folder in PROFILES}
DAY = date(2026, 11, 20)


def spoiled(name: str, change: Any) -> Profile:
    """A shipped profile whose document `change` altered."""
    document = json.loads(json.dumps(BY_NAME[name].document))
    change(document["profile"])
    return Profile(name, document)


def copied(name: str, to: Path) -> Path:
    return Path(shutil.copytree(PROFILES[0].parent / name, to / name))


def rewritten(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))
