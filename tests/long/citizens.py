"""People who file by the public form, over HTTP, and do not give up when it fails: they send the same form again."""

import html
import http.client
import re
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from random import Random
from urllib.parse import urlencode

HIDDEN = r'name="{name}" value="([^"]*)"'
NUMBER = re.compile(r"\b[A-ZÑ]{2,}-\d{4}-\d{6,}\b")
GONE = (OSError, http.client.HTTPException)


@dataclass
class Shown:
    """What a person saw: the number on the receipt with this code, for what it had written under `mark`."""

    slug: str
    mark: str
    code: str
    number: str
    sent: int  # how many times the form was sent


@dataclass
class Citizens:
    """Some of them at once, until told to stop. `shown` is what was acknowledged to them; `failed` must stay empty."""

    port: int
    slugs: tuple[str, ...]
    random: Random
    pause: float = 0.2
    shown: list[Shown] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self, how_many: int) -> None:
        for place in range(how_many):
            person = Person(self, place, Random(self.random.random()))
            self._threads.append(threading.Thread(target=person.live, daemon=True))
            self._threads[-1].start()

    def stop(self) -> None:
        """Each finishes what it has begun."""
        self._stop.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive()

    @property
    def is_over(self) -> bool:
        return self._stop.is_set()


@dataclass
class Person:
    among: Citizens
    place: int
    random: Random
    address: str = "198.18.0.1"

    def live(self) -> None:
        try:
            turn = 0
            while not self.among.is_over:
                self.among.shown.append(self.file(f"marca {self.place}-{turn}"))
                turn += 1
                time.sleep(self.among.pause * self.random.random())
        except Exception as error:
            self.among.failed.append(repr(error))
            raise

    def file(self, mark: str) -> Shown:
        """Opens the form, sends it until it is answered, and reads the receipt until it is shown.

        Each time from another address and with another e-mail: who files so often from one is asked a question, and
        one e-mail gets one letter an hour.
        """
        self.address = f"198.18.{self.random.randrange(256)}.{self.random.randrange(256)}"
        slug = self.random.choice(self.among.slugs)
        page, cookies = self.insist(slug, "GET", "/radicar/", 200)
        said = {
            "csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken"),
            "key": hidden(page, "key"),
            "body": f"El domingo no nos dejaron entrar; {mark}.",
            "matter": "No nos dejaron entrar",
            "suggested_type": "no-se",
            "name": "Ana Prueba",
            "document_kind": "",
            "email": f"{mark.replace(' ', '-')}@example.org",
        }
        self.sent = 0
        where, _cookies = self.insist(slug, "POST", "/radicar/", 302, said, cookies)
        if self.random.random() < 0.1:  # a second click
            again, _cookies = self.insist(slug, "POST", "/radicar/", 302, said, cookies)
            assert again == where, "the same form sent twice gave two receipts"
        receipt, _cookies = self.insist(slug, "GET", where, 200)
        found = NUMBER.search(receipt)
        assert found, "a receipt without number"
        return Shown(slug, mark, where.rstrip("/").rpartition("/")[2], found.group(), self.sent)

    def insist(
        self, slug: str, method: str, path: str, wanted: int, said: dict | None = None, cookies: str = ""
    ) -> tuple[str, str]:
        """Asks until the wanted answer comes: its body (or where it leads) and its cookies. 4xx is never right."""
        patience = time.monotonic() + 90
        while time.monotonic() < patience:
            self.sent = getattr(self, "sent", 0) + (method == "POST")
            try:
                status, headers, body = self.ask(slug, method, path, said, cookies)
            except GONE:
                status = 0
            if status == wanted:
                made = SimpleCookie("; ".join(headers.get_all("Set-Cookie") or []))
                crumbs = "; ".join(f"{name}={one.value}" for name, one in made.items())
                return (headers["Location"] if wanted == 302 else body), crumbs
            assert not 400 <= status < 500, f"{method} {path}: {status}"
            time.sleep(0.1 + self.random.random() / 5)
        raise TimeoutError(f"{method} {path} of {slug}")

    def ask(
        self, slug: str, method: str, path: str, said: dict | None, cookies: str
    ) -> tuple[int, http.client.HTTPMessage, str]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.among.port, timeout=10)) as line:
            headers = {
                "Host": f"{slug}.localhost:{self.among.port}",
                "Cookie": cookies,
                "X-Forwarded-For": self.address,
            }
            if said:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            line.request(method, path, urlencode(said) if said else None, headers)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read().decode()


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of the form."""
    found = re.search(HIDDEN.format(name=name), page)
    assert found, f"the form has no {name}"
    return html.unescape(found.group(1))
