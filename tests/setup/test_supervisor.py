"""What `make run` started is watched, told apart from another start, and ended without leftovers."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from escucha.console import children, supervisor
from escucha.console.children import Child
from escucha.console.embedded import CannotStart
from escucha.console.supervisor import Plan, run
from tests.setup.processes import children_of, lives, soon

NOTHING = {"PATH": os.environ["PATH"]}

# The supervisor itself, over a web and a worker that are only there: it needs no database and no pages.
STAND_IN = """
import json, sys
from escucha.console.supervisor import Plan, run

class StandIn(Plan):
    def escucha(self, *words):
        return [sys.executable, "-c", "import sys, time; time.sleep(60 if sys.argv[1] == 'work' else 0)", *words]

    def web(self):
        return [sys.executable, "-m", "http.server", "--bind", self.host, str(self.port)]

    def events(self):
        return self.escucha("work")

run(StandIn(**json.loads(sys.argv[1])), say=lambda words: print(words, flush=True))
"""


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def plan(tmp_path: Path, port: int) -> Plan:
    return Plan(
        var=str(tmp_path),
        root=str(tmp_path),
        host="127.0.0.1",
        port=port,
        events_port=port + 1,
        workers=1,
        threads=1,
        own_database=False,
        landing_host="localhost",
        addresses=[("Entrada", f"http://localhost:{port}/")],
        shows_sign_ins=False,
    )


@pytest.fixture
def started(plan: Plan) -> Iterator[subprocess.Popen[str]]:
    """The stand-in, ready."""
    command = [sys.executable, "-c", STAND_IN, json.dumps(asdict(plan))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if "Ctrl-C" in line:
                break
        yield process
        process.kill()


class TestRefusing:
    def test_a_second_start_says_where_the_first_one_answers(self, plan):
        with (Path(plan.var) / "run.lock").open("w") as lock:
            lock.write("http://localhost:8000/")
            lock.flush()
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(CannotStart, match="ya está funcionando en http://localhost:8000/"):
                run(plan, say=print)

    def test_a_port_in_use_offers_another(self, plan, monkeypatch):
        monkeypatch.setattr(supervisor, "PORT_SECONDS", 0)
        with socket.socket() as other:
            other.bind((plan.host, plan.port))
            other.listen()
            with pytest.raises(CannotStart, match=f"ESCUCHA_PORT={plan.port + 10} make run"):
                run(plan, say=print)

    def test_a_full_disk(self, plan, monkeypatch):
        monkeypatch.setattr(supervisor, "ENOUGH_DISK", 2**80)
        with pytest.raises(CannotStart, match="Libere espacio"):
            run(plan, say=print)


class TestAChild:
    def test_is_started_again_each_time_later(self, tmp_path, monkeypatch):
        now = [1000.0]
        monkeypatch.setattr(children.time, "monotonic", lambda: now[0])
        child = Child([sys.executable, "-c", ""], tmp_path / "child.log", str(tmp_path), NOTHING)
        delays = []
        for _death in range(6):
            child.start()
            child.process.wait()
            assert child.watch(), "its end is noticed"
            assert not child.watch(), "and told once"
            delays.append(child.delay)
        assert delays == [2, 4, 8, 10, 10, 10]

        before = child.process.pid
        now[0] += 11
        child.watch()
        assert child.process.pid != before
        child.process.wait()

    def test_leaves_no_process_of_its_own(self, tmp_path):
        parent = "import subprocess, sys; print(subprocess.Popen(['sleep', '60']).pid, flush=True)"
        child = Child([sys.executable, "-c", parent], tmp_path / "child.log", str(tmp_path), NOTHING)
        child.start()
        child.process.wait()
        grandchild = int((tmp_path / "child.log").read_text())

        child.watch()

        assert soon(lambda: not lives(grandchild))


@pytest.mark.slow
class TestStopping:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_ends_everything_and_says_so(self, started, number):
        below = children_of(started.pid)
        started.send_signal(number)

        assert started.wait(10) == 0
        assert len(below) == 3
        assert not [pid for pid in below if lives(pid)]
        assert "Sus datos quedan" in started.stdout.read()

    def test_a_killed_one_takes_its_children_along(self, started):
        below = children_of(started.pid)
        started.kill()

        assert len(below) == 3
        assert soon(lambda: not [pid for pid in below if lives(pid)])

    def test_what_dies_is_started_again(self, started, plan):
        first = children_of(started.pid)
        os.kill(first[0], signal.SIGKILL)

        assert soon(lambda: len(children_of(started.pid)) == 3 and children_of(started.pid) != first)
        assert soon(lambda: _connects(plan))


def _connects(plan: Plan) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex((plan.host, plan.port)) == 0
