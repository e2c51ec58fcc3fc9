"""The pages as they are served: a real web server in front of a database, and visitors who ask over HTTP."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from socket import create_server
from statistics import median, quantiles
from typing import NamedTuple
from urllib.parse import urlencode

HIDDEN = re.compile(r'<input type="hidden" name="(csrfmiddlewaretoken|key)" value="([^"]*)"')


class Filled(NamedTuple):
    """A form that was opened and filled in, ready to be sent."""

    place: int
    cookies: str
    said: str


@dataclass
class Visitor:
    """Somebody with a browser of its own, at an address of its own each time it files."""

    port: int
    host: str
    cookies: str = ""
    seen: Iterator[int] = field(default_factory=count)

    def get(self, path: str) -> tuple[float, str]:
        """Seconds until the whole page was here, and the page. Raises AssertionError for any other answer."""
        spent, status, _where, page = self._ask("GET", path)
        assert status == 200, (path, status, page[:300])
        return spent, page

    def open(self, body: str, *, place: int) -> Filled:
        """Opens the form and fills it in."""
        _seconds, page = self.get("/radicar/")
        said = dict(HIDDEN.findall(page)) | {
            "body": body, "matter": "La reserva no aparecía", "suggested_type": "no-se", "name": "Ana Prueba",
            "document_kind": "CC", "document_number": str(1_991_000_000 + place), "phone": "300 000 0001",
            "email": f"ana{place}@example.org",
        }  # fmt: skip
        return Filled(place, f"csrftoken={self.csrf}", urlencode(said))

    def send(self, form: Filled) -> tuple[float, str]:
        """Seconds that the sending took, and where the receipt is. Raises AssertionError for what did not file."""
        self.cookies = form.cookies
        spent, status, where, answer = self._ask("POST", "/radicar/", form.said, place=form.place)
        assert status == 302, (status, answer[:600])
        return spent, where

    def file(self, body: str, *, place: int) -> tuple[float, str]:
        """Opens the form, fills it in and sends it, as `send` says."""
        return self.send(self.open(body, place=place))

    def _ask(self, method: str, path: str, said: str | None = None, *, place: int = 0) -> tuple[float, int, str, str]:
        headers = {"Host": self.host, "Cookie": self.cookies}
        headers["X-Forwarded-For"] = f"198.18.{place // 250 % 250}.{place % 250 + 1}"
        if said:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            line.request(method, path, said, headers)
            answer = line.getresponse()
            page = answer.read().decode(errors="replace")
        spent = time.perf_counter() - begun
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            if cookie.startswith("csrftoken="):
                self.csrf = cookie.partition("=")[2].partition(";")[0]
        return spent, answer.status, answer.headers.get("Location", ""), page

    csrf: str = ""


@contextmanager
def served(*, processes: int = 2) -> Iterator[int]:
    """The port where granian serves the database that the environment names, as `escucha run` would."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    with closing(create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(processes), "--blocking-threads", "4"]
    environment = os.environ | {"ESCUCHA_PROXIES": "127.0.0.1", "ESCUCHA_DB_ROLE": "run", "ESCUCHA_PORT": str(port)}
    server = subprocess.Popen([*command, "escucha.console.serving:application"], env=environment)
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def staff(port: int, host: str, email: str) -> Visitor:
    """A member that is signed in with its second factor."""
    from django.test import Client

    from escucha.kernel.orgs.models import Account

    client = Client(HTTP_HOST=host)
    client.force_login(Account.objects.get(email=email))
    cookies = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
    return Visitor(port, host, cookies)


def many(visitors: Sequence[Visitor], each: int, body: str, *, start: int) -> list[float]:
    """All visitors file at once, `each` times without a pause. The seconds of every sending.

    Their forms were opened and filled in before: what is measured is sending against sending. People take minutes to
    fill in a form, so that among eight who send at one moment none is opening the next.
    """

    def fill_in(share: int) -> list[Filled]:
        places = range(start + share * each, start + (share + 1) * each)
        return [visitors[share].open(body, place=place) for place in places]

    def send(share: int) -> list[float]:
        return [visitors[share].send(form)[0] for form in filled[share]]

    with ThreadPoolExecutor(len(visitors)) as pool:
        filled = list(pool.map(fill_in, range(len(visitors))))
        return [spent for share in pool.map(send, range(len(visitors))) for spent in share]


def middle(spent: Sequence[float]) -> float:
    return median(spent)


def late(spent: Sequence[float]) -> float:
    """The ninety-fifth of a hundred."""
    return quantiles(spent, n=20)[-1]


def _wait(port: int) -> None:
    patience = time.monotonic() + 60
    while time.monotonic() < patience:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=2)) as line:
                line.request("GET", "/", headers={"Host": "localhost"})
                line.getresponse().read()
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the web server did not start")
