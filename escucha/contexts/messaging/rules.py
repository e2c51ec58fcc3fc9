"""How a template becomes a text, and when a failed message is tried again."""

from collections.abc import Mapping
from datetime import timedelta
from string import Formatter

TRIES = 12


class Plain(Formatter):
    """Fills {names} with values and nothing else: no attributes, no indexes, no formats."""

    def get_field(self, field_name, args, kwargs):  # type: ignore[no-untyped-def]
        return kwargs.get(field_name, ""), field_name


def written(template: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Title and body of a template whose first line is `Asunto: …`. Values cannot add lines to the title."""
    head, _, body = template.partition("\n")
    flat = {key: " ".join(value.split()) for key, value in values.items()}
    title = Plain().format(head.removeprefix("Asunto:").strip(), **flat)
    return title[:300], Plain().format(body.strip(), **values)


def wait_after(attempts: int) -> timedelta | None:
    """How long until the next try, or None when it is given up: one minute, two, four… a day and a half in all."""
    return timedelta(minutes=2 ** (attempts - 1)) if attempts < TRIES else None
