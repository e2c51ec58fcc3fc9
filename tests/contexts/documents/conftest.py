"""A store of its own for each test that counts what is in it, and ClamAV's own daemon."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from django.core.files.storage import storages

from escucha.contexts.documents.operations.keeping import keep_file
from tests.cast import TUESDAY
from tests.contexts.documents.made import EICAR


@pytest.fixture
def store(tmp_path, monkeypatch, settings):
    """An empty folder; what it has is listed by `kept`."""
    folder = tmp_path / "files"
    settings.STORAGES = settings.STORAGES | {"files": settings.STORAGES["files"] | {"OPTIONS": {"location": folder}}}
    assert Path(storages["files"].location) == folder
    return folder


def kept(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def a_file(house, content=b"Prueba", *, name="prueba.txt", now=TUESDAY, **said):
    return keep_file(org=house.org, content=content, name=name, now=now, **said)


@pytest.fixture(scope="session")
def clamd():
    """Debian's clamd, with the one signature of the harmless test file, on a socket."""
    program = shutil.which("clamd") or "/usr/sbin/clamd"
    assert Path(program).exists(), "Instale ClamAV: apt-get install clamav-daemon"
    folder = Path(tempfile.mkdtemp(prefix="escucha-clamd-"))
    (folder / "db").mkdir()
    (folder / "db" / "prueba.ndb").write_text(f"Prueba.Eicar:0:*:{EICAR.hex()}\n")
    line = folder / "clamd.sock"
    (folder / "clamd.conf").write_text(
        f"LocalSocket {line}\nDatabaseDirectory {folder / 'db'}\nForeground yes\nStreamMaxLength 1M\n"
        f"TemporaryDirectory {folder}\nLogFile {folder / 'log'}\nUser root\nMaxThreads 4\n"
    )
    daemon = subprocess.Popen(
        [program, "--config-file", str(folder / "clamd.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(line, daemon, folder)
        yield f"unix:{line}"
    finally:
        daemon.terminate()
        daemon.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(line: Path, daemon, folder: Path) -> None:
    for _try in range(300):
        assert daemon.poll() is None, (folder / "log").read_text() if (folder / "log").exists() else "clamd ended"
        with socket.socket(socket.AF_UNIX) as asked:
            try:
                asked.connect(str(line))
                return
            except OSError:
                time.sleep(0.1)
    raise AssertionError("clamd did not answer")
