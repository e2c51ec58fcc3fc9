"""How a file (expediente) stands."""

from collections.abc import Mapping
from enum import StrEnum

from escucha.kernel.words import _


class FileState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


STATE_NAMES: Mapping[FileState, str] = {FileState.OPEN: _("Abierto"), FileState.CLOSED: _("Cerrado")}
MOVES: Mapping[FileState, frozenset[FileState]] = {
    FileState.OPEN: frozenset({FileState.CLOSED}),
    FileState.CLOSED: frozenset({FileState.OPEN}),
}
