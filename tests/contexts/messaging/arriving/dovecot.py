"""Debian's dovecot, as one process tree of an unprivileged user, in a folder that goes with it.

Any user may sign in with the one password: each test has a mailbox of its own by its user's name.
"""

import grp
import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

PASSWORD = "clave-de-prueba"
SETTINGS = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
mail_location = maildir:~/mail
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
disable_plaintext_auth = no
mail_max_userip_connections = 100
ssl = {ssl}
{certificate}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    """A server that runs. Its mailboxes are made by who signs in first."""

    def __init__(self, folder: Path, port: int, tls_port: int) -> None:
        self.folder, self.port, self.tls_port = folder, port, tls_port

    def url(self, user: str, *, folder: str = "", scheme: str = "imap", password: str = PASSWORD) -> str:
        port = self.tls_port if scheme == "imaps" else self.port
        return f"{scheme}://{user}:{password}@127.0.0.1:{port}/{folder}"

    @contextmanager
    def signed_in(self, user: str) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=20) as client:
            client.login(user, PASSWORD)
            yield client

    def put(self, user: str, *letters: bytes, at: datetime | None = None, folder: str = "INBOX") -> None:
        """As a mail server delivers: nobody has read them."""
        with self.signed_in(user) as client:
            for one in letters:
                moment = imaplib.Time2Internaldate(at) if at else ""
                outcome, said = client.append(folder, "", moment, one)
                assert outcome == "OK", said

    def uids(self, user: str, criterion: str = "ALL", *, folder: str = "INBOX") -> list[int]:
        with self.signed_in(user) as client:
            outcome, said = client.select(folder, readonly=True)
            if outcome != "OK":
                return []
            return [int(one) for one in client.uid("SEARCH", criterion)[1][0].split()]

    def erase(self, user: str, *uids: int) -> None:
        with self.signed_in(user) as client:
            client.select("INBOX")
            client.uid("STORE", ",".join(map(str, uids)), "+FLAGS", r"(\Deleted)")
            client.expunge()

    def begin_anew(self, user: str) -> None:
        """The mailbox as after a restore: the same letters under another UIDVALIDITY, which is the second it begins."""
        time.sleep(1.1)
        for file in (self.folder / "home" / user / "mail").glob("dovecot*"):
            file.unlink()


@contextmanager
def dovecot(*, certificate: tuple[Path, Path] | None = None) -> Iterator[Dovecot]:
    program = shutil.which("dovecot") or "/usr/sbin/dovecot"
    assert Path(program).exists(), "Instale dovecot: apt-get install dovecot-imapd dovecot-lmtpd"
    folder = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))  # sockets: a short path
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    server = Dovecot(folder, free_port(), free_port())
    (folder / "home").mkdir()
    (folder / "dovecot.conf").write_text(_settings(server, owner, certificate))
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    command = [program, "-F", "-c", str(folder / "dovecot.conf")]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **as_owner
    )
    try:
        _wait_for(server, process)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _settings(server: Dovecot, owner: pwd.struct_passwd, certificate: tuple[Path, Path] | None) -> str:
    lines = f"ssl_cert = <{certificate[0]}\nssl_key = <{certificate[1]}" if certificate else ""
    return SETTINGS.format(
        folder=server.folder,
        user=owner.pw_name,
        group=grp.getgrgid(owner.pw_gid).gr_name,
        uid=owner.pw_uid,
        gid=owner.pw_gid,
        ssl="yes" if certificate else "no",
        certificate=lines,
        password=PASSWORD,
        port=server.port,
        tls_port=server.tls_port if certificate else 0,
    )


def _wait_for(server: Dovecot, process: subprocess.Popen[bytes]) -> None:
    for _try in range(200):
        assert process.poll() is None, _log(server)
        try:
            with imaplib.IMAP4("127.0.0.1", server.port, timeout=5):
                return
        except (OSError, imaplib.IMAP4.error):
            time.sleep(0.1)
    raise AssertionError(f"dovecot did not answer\n{_log(server)}")


def _log(server: Dovecot) -> str:
    log = server.folder / "log"
    return log.read_text() if log.exists() else "dovecot ended without a word"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
