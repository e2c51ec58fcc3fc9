"""Folders and files of an installation that nobody but its owner reads."""

import os
from pathlib import Path
from typing import IO


def make_home(var: Path) -> None:
    """The folder of an installation's data, if there is none. One that is there keeps the rights it was given.

    Made by root it can be walked through, not listed: PostgreSQL, as another user, reaches its own folder in it.
    """
    var.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)


def make_private(folder: Path) -> None:
    """A folder for its owner only, whatever it was before."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def add_to(log: Path) -> IO[bytes]:
    """A log to be added to, which only its owner reads: an error may quote what was being done."""
    make_private(log.parent)
    file = os.fdopen(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")
    os.fchmod(file.fileno(), 0o600)
    return file
