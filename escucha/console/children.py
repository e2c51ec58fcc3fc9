"""Processes that must be there: started, started again when they end, and ended without leaving any of their own.

They end with this process even when it is killed: see leash.py.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from escucha.console.embedded import LEASH
from escucha.console.private import add_to

LARGE_LOG = 10 * 2**20
LONGEST_DELAY, HEALTHY_SECONDS = 10, 60


@dataclass
class Child:
    """A process that must be there, started again with a growing delay when it ends."""

    command: Sequence[str]
    log: Path
    root: str
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    delay: float = 1
    started: float = 0
    again: float = 0

    def start(self) -> None:
        with opened(self.log) as file:
            self.process = spawn(self.command, self.root, self.environment, out=file, err=file)
        self.started, self.again = time.monotonic(), 0

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def watch(self) -> bool:
        """Starts it again when its delay is over; whether it has just been found dead."""
        now = time.monotonic()
        if self.is_running():
            return False
        if self.again:
            if now >= self.again:
                self.start()
            return False
        self.sweep()
        self.delay = 1 if now - self.started > HEALTHY_SECONDS else min(self.delay * 2, LONGEST_DELAY)
        self.again = now + self.delay
        return True

    def ask_to_stop(self) -> None:
        if self.process and self.is_running():
            self.process.terminate()

    def sweep(self) -> None:
        """Ends what is left of it and of the processes it started."""
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
            self.process.wait()


def spawn(
    command: Sequence[str], root: str, environment: Mapping[str, str], *, out: IO[bytes] | None, err: IO[bytes] | int
) -> subprocess.Popen[bytes]:
    """Starts a command that ends with this process, in a session of its own: Ctrl-C is for its parent to handle."""
    leash = [sys.executable, "-I", "-S", str(LEASH), "self", str(int(signal.SIGTERM)), str(os.getpid())]
    return subprocess.Popen(
        [*leash, *command], cwd=root, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
        start_new_session=True,
    )  # fmt: skip


def opened(log: Path) -> IO[bytes]:
    """The log, to be added to; a large one is put aside first."""
    if log.exists() and log.stat().st_size > LARGE_LOG:
        log.replace(log.with_suffix(".log.1"))
    return add_to(log)


def last_line(log: Path) -> str:
    """How a log ends, to be shown with the error it explains."""
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
