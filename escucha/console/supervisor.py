"""Keeps the house running: PostgreSQL, the web, the worker. What dies is started again; at the end nothing is left.

Plain Python, without Django, so that the process that only watches stays small: `escucha run` becomes
`python -m escucha.console.supervisor PLAN`.
"""

import errno
import fcntl
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType

from escucha.console import embedded
from escucha.console.children import LONGEST_DELAY, Child, last_line, opened, spawn
from escucha.console.embedded import CannotStart
from escucha.console.private import make_home
from escucha.kernel.words import _

ENOUGH_DISK = 300 * 2**20
READY_SECONDS, STOP_SECONDS, PORT_SECONDS, WATCH_SECONDS = 60, 3, 4, 0.5


class Stopped(BaseException):
    """A person, or the system, asked to stop."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to run, and where; plain values, to be handed over as text."""

    var: str
    root: str
    host: str
    port: int
    events_port: int
    workers: int
    threads: int
    own_database: bool
    landing_host: str
    addresses: Sequence[tuple[str, str]]
    shows_sign_ins: bool

    @property
    def logs(self) -> Path:
        return Path(self.var) / "log"

    def command(self) -> list[str]:
        """The process that carries this plan out."""
        return [sys.executable, "-m", __name__, json.dumps(asdict(self))]

    def escucha(self, *arguments: str) -> list[str]:
        return [str(Path(sys.executable).with_name("escucha")), *arguments]

    def web(self) -> list[str]:
        command = [*self._granian("wsgi", self.port), "--workers", str(self.workers)]
        return [*command, "--blocking-threads", str(self.threads), "escucha.console.serving:application"]

    def events(self) -> list[str]:
        return [*self._granian("asgi", self.events_port), "--workers", "1", "escucha.asgi:application"]

    def _granian(self, interface: str, port: int) -> list[str]:
        command = [sys.executable, "-m", "granian", "--interface", interface, "--no-ws", "--log-level", "warning"]
        command += ["--host", self.host, "--port", str(port)]
        return [*command, "--workers-kill-timeout", "2", "--respawn-failed-workers"]


def run(plan: Plan, *, say: Callable[[str], None]) -> None:
    """Runs everything until asked to stop by SIGINT, SIGTERM or SIGHUP. Raises CannotStart."""
    make_home(Path(plan.var))
    with _only_one(plan), _signals():
        _look_around(plan)
        server: embedded.Server | None = None
        children: list[Child] = []
        try:
            if plan.own_database:
                say(_("Iniciando la base de datos…"))
                server = embedded.start(Path(plan.var))
            _prepare(plan)
            children = _children(plan)
            for child in children:
                child.start()
            _wait_until_ready(plan, children[0])
            _welcome(plan, say)
            _watch(plan, server, children, say)
        except Stopped:
            say(_("\nDeteniendo Escucha…"))
        finally:
            _stop(server, children)
        say(_("Escucha está detenida. Sus datos quedan en {var}.").format(var=plan.var))


@contextmanager
def _only_one(plan: Plan) -> Iterator[None]:
    """Holds the lock of this installation's data; it ends with the process, however that ends."""
    with (Path(plan.var) / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            address = lock.read().strip() or plan.addresses[0][1]
            said = _("Escucha ya está funcionando en {address}. Para iniciarla otra vez, deténgala primero con Ctrl-C.")
            raise CannotStart(said, address=address) from error
        lock.truncate(0)
        lock.write(plan.addresses[0][1])
        lock.flush()
        yield


@contextmanager
def _signals() -> Iterator[None]:
    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number: int, frame: FrameType | None) -> None:
        for other in wanted:  # stopping is not interrupted by a second Ctrl-C
            signal.signal(other, signal.SIG_IGN)
        raise Stopped

    before = {number: signal.signal(number, stop) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _look_around(plan: Plan) -> None:
    """Refuses early, in plain words, what would fail later."""
    if shutil.disk_usage(plan.var).free < ENOUGH_DISK:
        said = _("Quedan menos de 300 MB en el disco de {var}. Libere espacio e inicie otra vez.")
        raise CannotStart(said, var=plan.var)
    patience = time.monotonic() + PORT_SECONDS  # the web of a killed run may need a moment to let go
    while True:
        try:
            for port in (plan.port, plan.events_port):
                _try_port(plan.host, port)
            return
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > patience:
                raise _refusal(plan, error) from error
        time.sleep(0.2)


def _try_port(host: str, port: int) -> None:
    family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)


def _refusal(plan: Plan, error: OSError) -> CannotStart:
    if error.errno == errno.EADDRINUSE:
        said = _(
            "Otro programa usa el puerto {port} o el siguiente. Elija otro, por ejemplo: ESCUCHA_PORT={other} make run"
        )
    elif error.errno == errno.EACCES:
        said = _("No hay permiso para usar el puerto {port}. Elija otro, por ejemplo: ESCUCHA_PORT=8000 make run")
    else:
        said = _("La dirección {host} no es de este equipo. Revise ESCUCHA_HOST.")
    return CannotStart(said, port=plan.port, other=plan.port + 10, host=plan.host)


def _prepare(plan: Plan) -> None:
    log = plan.logs / "prepare.log"
    with opened(log) as file:
        process = spawn(plan.escucha("prepare"), plan.root, _as("owner"), out=None, err=file)
        try:
            status = process.wait()
        except Stopped:
            os.killpg(process.pid, signal.SIGKILL)  # with those among whom it has shared its work
            process.wait()
            raise
    if status:
        said = _("No se pudo preparar la base de datos. Lo que pasó está en {log}; termina así:\n{last}")
        raise CannotStart(said, log=log, last=last_line(log))


def _children(plan: Plan) -> list[Child]:
    web = Child(plan.web(), plan.logs / "web.log", plan.root, _as("run"))
    events = Child(plan.events(), plan.logs / "events.log", plan.root, _as("run"))
    return [web, Child(plan.escucha("work"), plan.logs / "worker.log", plan.root, _as("run")), events]


def _wait_until_ready(plan: Plan, web: Child) -> None:
    patience = time.monotonic() + READY_SECONDS
    while not _answers(plan):
        if not web.is_running() or time.monotonic() > patience:
            said = _("La web no pudo iniciar. Lo que pasó está en {log}; termina así:\n{last}")
            raise CannotStart(said, log=web.log, last=last_line(web.log))
        time.sleep(0.1)


def _answers(plan: Plan) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(plan.host, plan.host)
    asking = http.client.HTTPConnection(host, plan.port, timeout=10)
    try:
        asking.request("GET", "/", headers={"Host": plan.landing_host})
        return asking.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


def _welcome(plan: Plan, say: Callable[[str], None]) -> None:
    say(_("\nEscucha está lista.\n"))
    width = max(len(name) for name, _address in plan.addresses)
    for name, address in plan.addresses:
        say(f"  {name:<{width}}  {address}")
    if plan.shows_sign_ins:
        say("")
        spawn(plan.escucha("sample_sign_ins"), plan.root, _as("run"), out=None, err=subprocess.DEVNULL).wait()
    say(_("\nLos registros están en {log}. Para detenerla: Ctrl-C.").format(log=plan.logs))


def _watch(plan: Plan, server: embedded.Server | None, children: Sequence[Child], say: Callable[[str], None]) -> None:
    while True:
        time.sleep(WATCH_SECONDS)
        if server and not server.is_running():
            say(_("La base de datos se detuvo; se inicia otra vez. Mire {log}.").format(log=server.log))
            _revive(server, plan, say)
        for child in children:
            if child.watch():
                said = _("Un proceso se detuvo; se inicia otra vez en {delay:.0f} s. Mire {log}.")
                say(said.format(delay=child.delay, log=child.log))


def _revive(server: embedded.Server, plan: Plan, say: Callable[[str], None]) -> None:
    try:
        server.process = embedded.start(Path(plan.var)).process
    except CannotStart as error:
        say(str(error))
        time.sleep(LONGEST_DELAY)


def _stop(server: embedded.Server | None, children: Sequence[Child]) -> None:
    for child in children:
        child.ask_to_stop()
    patience = time.monotonic() + STOP_SECONDS
    while any(child.is_running() for child in children) and time.monotonic() < patience:
        time.sleep(0.05)
    for child in children:
        child.sweep()
    if server:
        server.stop()


def _as(role: str) -> dict[str, str]:
    """The environment of a process. Only the one that prepares knows how the owner signs in."""
    kept = {name: value for name, value in os.environ.items() if role == "owner" or name != "DATABASE_OWNER_URL"}
    return {**kept, "ESCUCHA_DB_ROLE": role, "PYTHONUNBUFFERED": "1"}


def main() -> int:
    """Carries out the plan given as argument; what cannot be started is told in one sentence."""
    try:
        run(Plan(**json.loads(sys.argv[1])), say=lambda words: print(words, flush=True))
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
