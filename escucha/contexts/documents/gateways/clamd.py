"""The virus scanner: ClamAV's daemon, asked by its own protocol over the socket of `ESCUCHA_CLAMD`.

`INSTREAM`: each chunk after its length in four octets, and a length of zero at the end; the answer ends in a NUL.
"""

import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings

SHORT_PATIENCE = 5.0  # to know whether it is there
PATIENCE = 60.0  # seconds for each step: a large archive takes its time
ANSWER = 4096


class Unavailable(Exception):
    """The scanner could not be asked, or gave no verdict: it may give one later."""


class TooLarge(Exception):
    """The scanner takes nothing as large: trying again would not help."""


def is_configured() -> bool:
    return bool(settings.CLAMD)


def scan(chunks: Iterable[bytes]) -> str:
    """How the scanner calls what it found; empty if it found nothing. Raises Unavailable or TooLarge."""
    try:
        with _called() as line:
            line.sendall(b"zINSTREAM\0")
            cut = _fed(line, chunks)
            answer = _answer(line)
    except OSError as failed:
        raise Unavailable(type(failed).__name__) from failed
    if "size limit exceeded" in answer:
        raise TooLarge
    verdict = answer.removeprefix("stream: ")
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    if verdict == "OK" and not cut:
        return ""
    raise Unavailable("answer")


def answers() -> bool:
    """Whether the scanner is there."""
    try:
        with _called(SHORT_PATIENCE) as line:
            line.sendall(b"zPING\0")
            return _answer(line) == "PONG"
    except OSError:
        return False


def _fed(line: socket.socket, chunks: Iterable[bytes]) -> bool:
    """Sends everything. True if the scanner stopped listening before: it still says why."""
    try:
        for chunk in chunks:
            if chunk:
                line.sendall(len(chunk).to_bytes(4) + chunk)
        line.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        return True
    return False


def _answer(line: socket.socket) -> str:
    said = b""
    while b"\0" not in said and len(said) < ANSWER:
        more = line.recv(ANSWER)
        if not more:
            break
        said += more
    return said.partition(b"\0")[0].decode("ascii", "replace").strip()


def _called(patience: float = PATIENCE) -> socket.socket:
    address = urlsplit(settings.CLAMD)
    if address.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(patience)
            line.connect(address.path)
        except BaseException:
            line.close()
            raise
        return line
    return socket.create_connection((address.hostname or "localhost", address.port or 3310), timeout=patience)
