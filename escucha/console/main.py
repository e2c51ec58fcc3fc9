"""The command `escucha`: the calculator without Django, every other command through it."""

import os
import sys
from collections.abc import Sequence

from escucha.console.reckon import answer_lines

OWNERS = {"prepare", "migrate", "load_profiles"}  # orders that only the owner of the database may carry out
USAGE = """Uso: escucha <orden>

  reckon            calcula plazos: una pregunta en JSON por línea, una respuesta por línea
  help              todas las órdenes
  help <orden>      qué hace una orden
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the order and give its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in {"-h", "--help"}:
        print(USAGE)
        return 0
    if words[0] == "reckon":
        return _reckon(words[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escucha.settings")
    if words[0] in OWNERS:
        os.environ.setdefault("ESCUCHA_DB_ROLE", "owner")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["escucha", *words])
    return 0


def _reckon(words: Sequence[str]) -> int:
    if words:
        print(USAGE)
        return 0 if words[0] in {"-h", "--help"} else 2
    try:
        answer_lines(sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:
        # Whoever read the answers has left: nothing more to say, and nothing to flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    return 0
