"""`python -m tests.kernel.timeline.grow_examples`: adds an example of each verb that has none to examples.json.

What is there is never touched: it stands for what the databases of those who use Escucha hold already.
"""

import json
import types
import typing
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from escucha.kernel.timeline.facts import Fact, known_facts

EXAMPLES = Path(__file__).with_name("examples.json")
VALUES = {int: 3, str: "x", bool: True, float: 0.5, list: [], dict: {}, tuple: []}


def facts_of_the_house() -> list[type[Fact]]:
    return [said for said in known_facts() if said.__module__.startswith("escucha.")]


def grow() -> None:
    stored = json.loads(EXAMPLES.read_text()) if EXAMPLES.exists() else {}
    for said in facts_of_the_house():
        stored.setdefault(said.verb, example_of(said))
    EXAMPLES.write_text(json.dumps(stored, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def example_of(said: type[Fact]) -> dict[str, Any]:
    kinds = typing.get_type_hints(said)
    return {field.name: _value(kinds[field.name], field.default) for field in fields(said) if field.name != "subject"}


def _value(kind: Any, default: Any) -> Any:
    if default is not MISSING and default is not None:
        return default
    if isinstance(kind, types.UnionType):
        kind = next(option for option in typing.get_args(kind) if option is not type(None))
    return VALUES[typing.get_origin(kind) or kind]


if __name__ == "__main__":
    import django

    django.setup()
    grow()
