"""What the tests of the page of an assistance share: a coordinator at its page, and the forms that it has there."""

from typing import Any

import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from escucha.contexts.assistance.models import Assistance
from tests.make import House
from tests.web.desk.conftest import sign_in


class AtPage:
    """A member of the desk with the page of an assistance open, at an hour that the test says."""

    def __init__(self, house: House, assistance: Assistance, who: str = "luz"):
        self.house, self.assistance = house, assistance
        self.client = Client(headers={"host": house.org.host})
        sign_in(self.client, house.members[who].account)

    @property
    def url(self) -> str:
        return f"/mesa/asistencia/{self.assistance.file.number}/{self.assistance.position}/"

    def see(self, *, now: Any, tab: str = "", **asked: Any) -> BeautifulSoup:
        with time_machine.travel(now, tick=False):
            found = self.client.get(self.url, ({"pestana": tab} if tab else {}) | asked)
        assert found.status_code == 200, found.status_code
        return BeautifulSoup(found.text, "html.parser")

    def open(self, address: str, *, now: Any, **said: Any) -> Any:
        """Another page; with something said, what is sent to it."""
        with time_machine.travel(now, tick=False):
            return self.client.post(address, said) if said else self.client.get(address)

    def post(self, noun: str, *, now: Any, **said: Any) -> Any:
        self.assistance.refresh_from_db()
        with time_machine.travel(now, tick=False):
            return self.client.post(f"{self.url}{noun}/", {"version": self.assistance.version} | said)

    def do(self, noun: str, *, now: Any, **said: Any) -> Assistance:
        """What is typed is accepted: it comes back to the page."""
        answer = self.post(noun, now=now, **said)
        assert answer.status_code == 302, BeautifulSoup(answer.text, "html.parser").select_one("[role=alert]")
        self.assistance.refresh_from_db()
        return self.assistance

    def refused(self, noun: str, *, now: Any, status: int = 422, **said: Any) -> str:
        """Why it is not accepted, in words; nothing changed."""
        before = self.assistance.version
        answer = self.post(noun, now=now, **said)
        assert answer.status_code == status, answer.status_code
        self.assistance.refresh_from_db()
        assert self.assistance.version == before
        [alert] = BeautifulSoup(answer.text, "html.parser").select("[role=alert]")
        return alert.get_text(" ", strip=True)


def headings(page: BeautifulSoup) -> list[str]:
    """What is owed now, in its order."""
    return [one.get_text(strip=True) for one in page.select("h3.card-title")]


def nouns(page: BeautifulSoup) -> list[str]:
    """The acts that the page offers, by their addresses, in the order of the keyboard."""
    return [str(one["action"]).rstrip("/").split("/", 5)[-1] for one in page.select("main form[method=post]")]
