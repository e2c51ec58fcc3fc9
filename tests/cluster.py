"""The throw-away PostgreSQL of the tests, with a database where the migrations are done, which each process copies.

Migrations take as long as a thousand tests. One process does them, the others wait for it; and the cluster is kept
for the next run, as long as nothing that may have a part in them changes.
"""

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from escucha.console import embedded
from escucha.console.private import make_home

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".pytest_cache" / "clusters"
MIGRATED = embedded.DATABASE
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "log_min_messages": "fatal",
}
NO_PART = {"templates", "static", "locale", "__pycache__", "web", "flows"}  # of these two, no table is


def start(var: Path) -> embedded.Server:
    """A running server under `var`, with what was kept of another run if it is the same."""
    kept = KEPT / what_it_depends_on()
    if kept.exists():
        _copy_in(kept, var)
    return embedded.start(var, options=FAST)


def migrate_once(var: Path) -> None:
    """Does the migrations in the database `MIGRATED` of the server under `var`, unless another process did."""
    with (var / "migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _marker(var).exists():
            before = what_it_depends_on()
            command = [sys.executable, "-m", "django", "migrate", "--run-syncdb", "--verbosity", "0"]
            environment = os.environ | {"DJANGO_SETTINGS_MODULE": "escucha.settings"}
            subprocess.run(command, cwd=ROOT, env=environment, check=True)
            _marker(var).write_text(before if before == what_it_depends_on() else "")


def keep(var: Path) -> None:
    """Keeps the cluster of a stopped server for the next run, and no other."""
    name = _marker(var).read_text() if _marker(var).exists() else ""
    if not name or (KEPT / name).exists():
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.iterdir():  # renamed first: half of one never has the name of a whole one
        gone = KEPT / f"gone.{os.getpid()}"
        with suppress(OSError):  # another run throws it away at the same time
            old.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
    unfinished = KEPT / f"{name}.{os.getpid()}"
    with suppress(OSError, subprocess.CalledProcessError):  # another run keeps its own at the same time
        _copy(_data(var), unfinished)
        unfinished.rename(KEPT / name)


def what_it_depends_on() -> str:
    """The product's code and data, the libraries and the programs, as one word."""
    said = hashlib.sha256(f"{sys.version} {platform.machine()} {embedded.find_binaries()}".encode())
    for file in sorted([*_parts(ROOT / "escucha"), *(ROOT / "requirements").glob("*.txt"), Path(__file__)]):
        said.update(f"{file.relative_to(ROOT)} {file.stat().st_size} ".encode())
        said.update(file.read_bytes())
    return said.hexdigest()[:20]


def _parts(folder: Path) -> list[Path]:
    found: list[Path] = []
    for inside, folders, files in os.walk(folder):
        folders[:] = set(folders) - NO_PART
        found += [Path(inside) / name for name in files]
    return found


def _copy_in(kept: Path, var: Path) -> None:
    make_home(var)
    data = _data(var)
    data.parent.mkdir()
    try:
        owner = kept.stat()
        os.chown(data.parent, owner.st_uid, owner.st_gid)
        _copy(kept, data)
    except (OSError, subprocess.CalledProcessError):  # another run throws it away at the same time
        shutil.rmtree(data.parent)
    else:
        _marker(var).write_text(kept.name)


def _data(var: Path) -> Path:
    return var / "pg" / "data"


def _marker(var: Path) -> Path:
    """Says that the migrations are done, and of which code."""
    return var / "migrated"


def _copy(there: Path, here: Path) -> None:
    """With its owners, as PostgreSQL wants them."""
    subprocess.run(["cp", "-a", str(there), str(here)], check=True, stderr=subprocess.DEVNULL)
