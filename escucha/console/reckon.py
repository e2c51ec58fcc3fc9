"""`escucha reckon`: one question in JSON a line, one answer a line. No database, and no stop for a bad line."""

import json
import math
from collections.abc import Iterable
from typing import Any, BinaryIO

from escucha.kernel.norms.questions import answer, refusal
from escucha.kernel.words import _


def answer_lines(questions: Iterable[bytes], answers: BinaryIO) -> None:
    """Answer each line as it comes; empty lines are passed over."""
    for line in questions:
        if line.strip():
            answers.write(_answered(line) + b"\n")
            answers.flush()


def _answered(line: bytes) -> bytes:
    try:
        question = json.loads(line.decode("utf-8-sig"), parse_constant=_no_number, parse_float=_finite)
        return _written(answer(question))
    except (ValueError, RecursionError):
        return _written(refusal(None, "line", _("La línea no es JSON válido.")))


def _written(found: dict[str, Any]) -> bytes:
    # A lone surrogate can only be written as its escape, which is also how JSON spells it.
    return json.dumps(found, ensure_ascii=False).encode(errors="backslashreplace")


def _no_number(name: str) -> float:
    raise ValueError(name)


def _finite(written: str) -> float:
    number = float(written)
    return number if math.isfinite(number) else _no_number(written)
