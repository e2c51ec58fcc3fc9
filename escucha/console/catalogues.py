"""Compiles the translations: what people read of a catalogue is the file that this makes beside it."""

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path


def compile_catalogues(folders: Iterable[Path]) -> bool:
    """Compiles the catalogues that changed; False where gettext is missing, and texts stay in Spanish.

    Raises CalledProcessError for a catalogue whose placeholders are not those of its texts.
    """
    program = shutil.which("msgfmt")
    for catalogue in (file for folder in folders for file in folder.rglob("*.po")):
        compiled = catalogue.with_suffix(".mo")
        if program and not (compiled.exists() and compiled.stat().st_mtime > catalogue.stat().st_mtime):
            half = compiled.with_suffix(".mo.new")
            subprocess.run([program, "--check-format", "-o", half, catalogue], check=True)
            half.replace(compiled)
    return program is not None
