"""The way in by e-mail: a folder of an IMAP server, read without changing it until we have what it holds.

A letter is known by its UID within the folder's UIDVALIDITY. It is fetched in parts, so that none fills the memory.
"""

import imaplib
import re
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from itertools import batched
from urllib.parse import unquote, urlsplit

from django.conf import settings
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError
from imap_tools.utils import encode_folder

TIMEOUT = 20.0  # seconds
PART = 1024 * 1024
STRETCH = 50_000  # numbers that one answer may have: a client reads no line of more than a million bytes
MOST_STRETCHES = 50  # of a folder whose numbers begin high
AT_ONCE = 500  # letters in one command: a server reads no long line either
PORTS = {"imaps": 993, "imap+tls": 143, "imap": 143}
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
FAILURES = (imaplib.IMAP4.error, ImapToolsError, OSError, EOFError)


class Unusable(Exception):
    """The address of a mailbox is not one that may be read: the reason, in words, never with its password."""


class Unavailable(Exception):
    """The server could not be asked, or does not let us in: the kind of failure only."""


class Withheld(Exception):
    """The server gives no such letter: it is gone, or the server itself cannot read it. The next one may be well."""


@dataclass(frozen=True)
class Account:
    """Where a mailbox is and how to enter it."""

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"

    @property
    def is_near(self) -> bool:
        """On this very machine, where nobody listens on the way."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


@dataclass(frozen=True)
class Letter:
    """A letter in the folder: its number there, how large it is, and when the server had it."""

    uid: int
    size: int
    arrived_at: datetime


def account_of(slug: str, key: str, *, sample: bool) -> Account | None:
    """The account of a mailbox, from the environment; None where it says none. Raises Unusable.

    An example organisation reads no real mailbox: only one on this machine.
    """
    url = _given().get(variable_of(slug, key), "")
    if not url:
        return None
    account = _read(url)
    if sample and not account.is_near:
        raise Unusable("una organización de ejemplo no lee buzones de otros equipos")
    if account.scheme == "imap" and not account.is_near:
        raise Unusable("hace falta TLS: escriba imaps:// o imap+tls://")
    return account


def variable_of(slug: str, key: str) -> str:
    """The name of the environment's variable with the account of a mailbox."""
    return "ESCUCHA_MAILBOX_" + re.sub(r"[^A-Z0-9]", "_", f"{slug}_{key}".upper())


def _given() -> Mapping[str, str]:
    given: Mapping[str, str] = settings.MAILBOXES
    return given


def _read(url: str) -> Account:
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise Unusable("la dirección es imaps://usuario:clave@servidor/carpeta") from None
    if not (parts.hostname and parts.username):
        raise Unusable("la dirección es imaps://usuario:clave@servidor/carpeta")
    return Account(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port,
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.lstrip("/")) or "INBOX",
    )


class Folder:
    """An open folder."""

    def __init__(self, box: BaseMailBox, uid_validity: int, uid_next: int = 0) -> None:
        self._box = box
        self.uid_validity = uid_validity
        self._uid_next = uid_next

    def uids(self, *, after: int = 0) -> Sequence[int]:
        """The numbers of the letters, oldest first; only those above one where it is given."""
        return self._found("", after)

    def unread(self) -> Sequence[int]:
        """The numbers of those that nobody has marked as read, oldest first."""
        return self._found(" UNSEEN", 0)

    def _found(self, which: str, after: int) -> Sequence[int]:
        """Asked for by stretches, the last of which has no end."""
        stretch = max(STRETCH, self._uid_next // MOST_STRETCHES)
        starts = [after + 1, *range(after + 1 + stretch, self._uid_next, stretch)]
        found: set[int] = set()
        for start, following in zip(starts, [*starts[1:], None], strict=True):
            with _asking():
                said = self._box.uids(f"UID {start}:{following - 1 if following else '*'}{which}", charset=None)
            found.update(int(uid) for uid in said)
        return sorted(uid for uid in found if uid > after)  # `n:*` always names the last one

    def letter(self, uid: int) -> Letter:
        """Raises Withheld."""
        said = self._fetch(uid, "(RFC822.SIZE INTERNALDATE)")
        line = next((one if isinstance(one, bytes) else one[0] for one in said if one), b"")
        size, moment = SIZE.search(line), imaplib.Internaldate2tuple(line)
        if size is None or moment is None:
            raise Withheld
        return Letter(uid, int(size[1]), datetime.fromtimestamp(time.mktime(moment), UTC))

    def parts(self, uid: int) -> Iterator[bytes]:
        """The bytes of a letter, as they are on the server, without marking it. Raises Withheld."""
        start = 0
        while True:
            said = self._fetch(uid, f"(BODY.PEEK[]<{start}.{PART}>)")
            part = next((one[1] for one in said if isinstance(one, tuple)), b"")
            if part:
                yield part
            if len(part) < PART:
                return
            start += len(part)

    def done_with(self, uids: Sequence[int], *, move_to: str = "") -> None:
        """They are marked as read, or moved. Called only once what they say is safe with us."""
        for some in batched(uids, AT_ONCE):
            named = ",".join(str(uid) for uid in some)
            with _asking():
                outcome, _said = self._box.client.uid("STORE", named, "+FLAGS.SILENT", r"(\Seen)")
                if outcome != "OK":
                    raise imaplib.IMAP4.error(outcome)
            if move_to and self._can_move():
                with _asking():
                    self._box.client.uid("MOVE", named, encode_folder(move_to).decode())

    def _can_move(self) -> bool:
        """Asked once inside, where servers say more. Without it, moving would erase what others marked."""
        with _asking():
            _outcome, said = self._box.client.capability()
        return b"MOVE" in b" ".join(one for one in said if one).upper().split()

    def _fetch(self, uid: int, what: str) -> Sequence[bytes | tuple[bytes, bytes]]:
        with _asking():
            outcome, said = self._box.client.uid("FETCH", str(uid), what)
        if outcome != "OK" or not said or said[0] is None:
            raise Withheld
        return list(said)


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except FAILURES as failed:
        raise Unavailable(type(failed).__name__) from failed


@contextmanager
def opened(account: Account) -> Iterator[Folder]:
    """The folder of an account, entered and left. Raises Unavailable, with the kind of failure and nothing else."""
    with _asking():
        box = _connected(account)
    try:
        with _asking():
            uid_validity, uid_next = _entered(box, account)
        yield Folder(box, uid_validity, uid_next)
    finally:
        _leave(box)


def _connected(account: Account) -> BaseMailBox:
    if account.scheme == "imaps":
        return MailBox(account.host, account.port, timeout=TIMEOUT, ssl_context=ssl.create_default_context())
    if account.scheme == "imap+tls":
        return MailBoxStartTls(account.host, account.port, timeout=TIMEOUT, ssl_context=ssl.create_default_context())
    return MailBoxUnencrypted(account.host, account.port, timeout=TIMEOUT)


def _entered(box: BaseMailBox, account: Account) -> tuple[int, int]:
    """The folder's UIDVALIDITY, and the number its next letter will have; 0 from a server that does not tell."""
    plain = (account.user + account.password).isascii()
    (box.login if plain else box.login_utf8)(account.user, account.password, account.folder)
    uid_validity, uid_next = (_told(box, name) for name in ("UIDVALIDITY", "UIDNEXT"))
    if uid_validity is None:
        raise imaplib.IMAP4.error("no UIDVALIDITY")
    return uid_validity, uid_next or 0


def _told(box: BaseMailBox, name: str) -> int | None:
    outcome, said = box.client.response(name)
    return int(said[0]) if outcome == name and said and said[0] is not None else None


def _leave(box: BaseMailBox) -> None:
    try:
        box.logout()
    except FAILURES:
        box.client.shutdown()
