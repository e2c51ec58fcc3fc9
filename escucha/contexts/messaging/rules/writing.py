"""How a template becomes a text, and how that text is read by others than its addressee."""

import re
from collections.abc import Mapping
from string import Formatter

HIDDEN = "•••"
# What stands in for a person: the codes of links, and the six signs of a contact code (never part of a number).
PAGES = ("respuesta", "recibo", "verificar", "clave/nueva", "encuesta", "oferta", "trabajo", "servicio")
KEYS = re.compile("|".join(rf"(?<=/{page}/)[^\s/]+" for page in PAGES))
CODE = re.compile(r"(?<![\w-])[2-9A-HJ-NP-Z]{6}(?![\w-])")


def written(template: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Title and body of a template whose first line is `Asunto: …`. Values cannot add lines to the title."""
    head, _, body = template.partition("\n")
    flat = {key: " ".join(value.split()) for key, value in values.items()}
    return filled(head.removeprefix("Asunto:").strip(), flat)[:300], filled(body.strip(), values)


def line_of(template: str, values: Mapping[str, str]) -> str:
    """A template without title as one line: what a text message says."""
    return " ".join(filled(template, values).split())


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its {names} filled in and nothing else: attributes and indexes are no names, and a format or a
    conversion changes nothing. Raises ValueError where a brace has no pair."""
    parts = Formatter().parse(text)
    return "".join(before + values.get(name or "", "") for before, name, _format, _conversion in parts)


def masked(body: str) -> str:
    """A letter as anybody but its addressee may read it: without what would let the reader act as the person."""
    return CODE.sub(HIDDEN, KEYS.sub(HIDDEN, body))
