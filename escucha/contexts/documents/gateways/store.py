"""Where the bytes of files are: the storage called `files` of the settings, a private folder unless they say another.

A key says the day on which it was made, so that what nobody knows can be looked for day by day, and nothing else.
"""

import io
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

CHUNK = 64 * 1024


class PrivateFolder(FileSystemStorage):
    """Files that only the owner of the process reads. One is there whole, and on the disk, or it is not there."""

    def _save(self, name: str, content: Any) -> str:
        place = Path(self.path(name))
        _make_private(place.parent)
        unfinished = place.with_name(f"{place.name}.part")
        try:
            with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(place)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _settle(place.parent)
        return name


def put(chunks: Iterable[bytes], *, on: date) -> str:
    """The key under which the bytes are safe. What the chunks raise is raised, and nothing is left of them."""
    with io.BufferedReader(_Flow(chunks), CHUNK) as flow:
        return _store().save(f"{on:%Y/%m/%d}/{secrets.token_hex(20)}", File(flow))


def opened(key: str) -> IO[bytes]:
    """To be read from any place; who opens it closes it. Raises OSError where it is not there."""
    return _store().open(key)


def chunks_of(key: str) -> Iterator[bytes]:
    with opened(key) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def remove(key: str) -> None:
    _store().delete(key)


def keys_of(day: date) -> Sequence[str]:
    """What is kept of a day, what was never finished included."""
    folder = f"{day:%Y/%m/%d}"
    try:
        return [f"{folder}/{name}" for name in _store().listdir(folder)[1]]
    except FileNotFoundError:
        return []


class _Flow(io.RawIOBase):
    """Chunks as a file that is read once from its beginning."""

    def __init__(self, chunks: Iterable[bytes]):
        self.chunks, self.rest = iter(chunks), b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.rest:
            chunk = next(self.chunks, None)
            if chunk is None:
                return 0
            self.rest = chunk
        size = min(len(buffer), len(self.rest))
        buffer[:size], self.rest = self.rest[:size], self.rest[size:]
        return size


def _store() -> Storage:
    return storages["files"]


def _make_private(folder: Path) -> None:
    if not folder.is_dir():
        _make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _settle(folder.parent)


def _settle(folder: Path) -> None:
    """The names in a folder are on the disk."""
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
