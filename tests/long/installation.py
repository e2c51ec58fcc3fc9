"""The real product, started in a folder of its own by `escucha run`, for tests that kill parts of it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import psycopg

from escucha.console import embedded
from tests.setup.processes import children_of, lives

ESCUCHA = Path(sys.executable).with_name("escucha")
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "ESCUCHA_"))}
PARTS = {
    "postgres": "postgres",
    "web": "granian",
    "worker": "escucha work ",
}  # a word of the command line of each child
PATIENCE = 60


class Installation:
    """Starts, watches and kills one `escucha run`. Its moments are measured in seconds."""

    def __init__(self, folder: Path, **environment: str):
        self.var = folder / "var"
        self.port = free_port()
        self.environment = CLEAN | {
            "ESCUCHA_VAR": str(self.var),
            "ESCUCHA_PORT": str(self.port),
            "ESCUCHA_SAMPLE": "0",
        }
        self.environment |= environment
        self.said = folder / "said.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Returns when it says that it is ready: how long that took."""
        begun = time.monotonic()
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [ESCUCHA, "run"], env=self.environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )
        self.wait(lambda: "Ctrl-C." in self.words() or self.process.poll() is not None, 120)
        assert self.process.poll() is None, self.words()
        return time.monotonic() - begun

    def stop(self, number: int = signal.SIGINT) -> float:
        """Ends it and says how long that took."""
        begun = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(30)
        return time.monotonic() - begun

    def words(self) -> str:
        return self.said.read_text(errors="replace")

    def pid_of(self, part: str) -> int | None:
        """The process of a part, if it is up; `page` is the process that serves the pages, below `web`."""
        if part == "page":
            web = self.pid_of("web")
            below = [pid for pid in (children_of(web) if web else []) if is_page(command_of(pid))]
            return below[0] if below else None
        found = [pid for pid in children_of(self.process.pid) if PARTS[part] in command_of(pid)]
        return found[0] if found and lives(found[0]) else None

    def kill(self, part: str) -> bool:
        """SIGKILL to a part; whether it was there."""
        try:
            pid = self.pid_of(part)
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
            return pid is not None
        except (FileNotFoundError, ProcessLookupError):
            return False

    def everything(self) -> list[int]:
        """Every process of it, to see afterwards what was left alive."""
        found = [self.process.pid]
        for pid in found:
            found += children_of(pid)
        return found

    def is_serving(self, path: str = "/", host: str = "localhost") -> bool:
        try:
            return self.status(path, host) == 200
        except (OSError, http.client.HTTPException):
            return False

    def status(self, path: str, host: str) -> int:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as asking:
            asking.request("GET", path, headers={"Host": f"{host}:{self.port}"})
            return asking.getresponse().status

    def wait(self, happens: Callable[[], object], seconds: float = PATIENCE) -> float:
        """Until it happens: how long that took. Fails after `seconds`."""
        begun = time.monotonic()
        while not happens():
            assert time.monotonic() - begun < seconds, f"waited {seconds} s\n{self.words()}"
            time.sleep(0.05)
        return time.monotonic() - begun

    def rows(self, query: str) -> list[tuple]:
        """What the database's owner reads."""
        place = embedded.socket_dir(self.var)
        with psycopg.connect(host=str(place), port=embedded.PORT, user=embedded.OWNER, dbname=embedded.DATABASE) as db:
            return db.execute(query).fetchall()

    def order(self, *words: str) -> subprocess.CompletedProcess[str]:
        """An order of the console, in this installation."""
        return subprocess.run([ESCUCHA, *words], env=self.environment, capture_output=True, text=True, check=False)


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")


def is_page(command: str) -> bool:
    """Whether granian started it to serve, by fork or anew."""
    return "granian" in command or "spawn_main" in command


def memory_of(pid: int) -> float:
    """Its proportional share of memory, in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def a_seed() -> Random:
    """Randomness that can be had again: `KILLS_SEED` repeats a run, whose seed is printed."""
    seed = os.environ.get("KILLS_SEED") or str(Random().randrange(10**6))
    note(f"KILLS_SEED={seed}")
    return Random(seed)


def note(words: str) -> None:
    """Something measured, to be read in the report of the test."""
    sys.stdout.write(words + "\n")
