"""`escucha reckon`: one question in JSON a line, one answer a line. No database, and no stop for a bad line."""

import json
import logging
import math
from collections.abc import Iterable
from typing import Any, BinaryIO

from escucha.kernel.norms.questions import answer, refusal
from escucha.kernel.words import _

log = logging.getLogger(__name__)


def answer_lines(questions: Iterable[bytes], answers: BinaryIO) -> None:
    """Answer each line as it comes; empty lines are passed over."""
    for line in questions:
        if line.strip():
            answers.write(_answered(line) + b"\n")
            answers.flush()


def _answered(line: bytes) -> bytes:
    try:
        question = _parsed(line)
    except (ValueError, RecursionError):
        return _written(refusal(None, "line", _("La línea no es JSON válido.")))
    return _written(_found(question))


def _parsed(line: bytes) -> Any:
    """What the line says. A number too large to hold is infinite, which every key refuses by its name."""
    return json.loads(line.decode("utf-8-sig"), parse_constant=_no_number, parse_int=_whole)


def _found(question: Any) -> dict[str, Any]:
    try:
        return answer(question)
    except Exception:
        log.exception("a question was not answered")
        identity = question.get("id") if isinstance(question, dict) else None
        return refusal(identity, "question", _("No se pudo calcular esta pregunta. Avise a quien administra Escucha."))


def _written(found: dict[str, Any]) -> bytes:
    try:
        written = json.dumps(found, ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError):
        return _written(refusal(None, "id", _("«id» no se puede repetir: use un texto o un número corto.")))
    # A lone surrogate can only be written as its escape, which is also how JSON spells it.
    return written.encode(errors="backslashreplace")


def _no_number(name: str) -> float:
    raise ValueError(name)


def _whole(digits: str) -> float:
    try:
        return int(digits)
    except ValueError:  # more digits than Python reads
        return math.inf
