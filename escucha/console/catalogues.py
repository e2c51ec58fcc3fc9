"""Compiles the translations: what people read of a catalogue is the file that this makes beside it."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path


def compile_catalogues(folders: Iterable[Path]) -> bool:
    """Compiles the catalogues that changed; False where gettext or the right to write is missing: Spanish stays.

    Raises CalledProcessError for a catalogue whose placeholders are not those of its texts.
    """
    program = shutil.which("msgfmt") or ""
    waiting = [file for folder in folders for file in folder.rglob("*.po") if _is_old(file)]
    able = bool(program) and all(os.access(file.parent, os.W_OK) for file in waiting)
    for catalogue in waiting if able else ():
        half = catalogue.with_suffix(f".{os.getpid()}.new")
        subprocess.run([program, "--check-format", "-o", half, catalogue], check=True)
        half.replace(catalogue.with_suffix(".mo"))
    return able


def _is_old(catalogue: Path) -> bool:
    compiled = catalogue.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime <= catalogue.stat().st_mtime
