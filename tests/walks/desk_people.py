"""The people of an assistance: who answers the call, who goes, and who is waiting, each in a browser of their own."""

import json
from datetime import datetime
from typing import Any

import httpx
from django.utils import timezone
from playwright.sync_api import Locator, expect

from escucha.contexts.assistance.rules.calls import signature_of
from tests.browser import address
from tests.walks.people import Somebody, Staff

SWITCHBOARD = "clave-de-prueba"
PHONE = {"width": 390, "height": 800}
SMALL_PHONE = {"width": 320, "height": 640}


def rings(live_server: Any, house: Any, *, line: str, caller: str, key: str, now: datetime | None = None) -> None:
    """The switchboard tells of a call, as it does: signed, over the network."""
    now = now or timezone.now()
    body = json.dumps({"event": "ringing", "call": key, "line": line, "caller": caller, "rings": 1}).encode()
    stamp = str(int(now.timestamp()))
    told = httpx.post(
        address(live_server, "", "/ganchos/llamadas/"),
        content=body,
        headers={
            "Host": f"{house.org.slug}.localhost:{live_server.url.rpartition(':')[2]}",
            "Content-Type": "application/json",
            "X-Escucha-Stamp": stamp,
            "X-Escucha-Signature": signature_of(body, stamp=stamp, secret=SWITCHBOARD),
        },
    )
    assert told.status_code == 204, told.text


class Coordinator(Staff):
    """Who works an assistance through the pages of the desk."""

    def form(self, noun: str) -> Locator:
        """The form of an act, unfolded if it was folded."""
        form = self.page.locator(f"main form[action$='/{noun}/']").first
        for folded in form.locator("xpath=ancestor::details[not(@open)]").all():
            folded.locator("> summary").click()
        expect(form).to_be_visible()
        return form

    def act(self, noun: str, **said: Any) -> None:
        """Types what an act asks for and sends it; it is accepted."""
        form = self.form(noun)
        for name, value in said.items():
            fill(form, name, value)
        with self.page.expect_navigation():
            form.locator("button[type=submit]").first.click()
        expect(self.page.locator("main [role=alert]")).to_have_count(0)

    def owed(self) -> dict[str, str]:
        """What the page says is owed, whole or as a line, each with its hour; empty where it has none."""
        whole = {
            card.locator("h3").inner_text(): hour_in(card.locator(".timer-what"))
            for card in self.page.locator("section.card").all()
            if card.locator("h3").count()
        }
        lines = self.page.locator("details[data-unfold] > summary").all()
        return whole | {one.locator("h3").inner_text(): one.locator("time").inner_text() for one in lines}

    def later(self) -> dict[str, str]:
        """What the page says comes later, each with its hour."""
        found = {}
        for row in self.page.locator("section[aria-labelledby=luego] li").all():
            hour = row.locator(".quiet").inner_text()
            found[row.inner_text().removesuffix(hour).strip()] = hour
        return found


class Linked(Somebody):
    """On a phone, touching, behind the link of a message; the address is all that they have."""

    def __init__(self, browser: Any, live_server: Any, house: Any, path: str, *, size: Any = PHONE):
        super().__init__(browser, live_server, house, viewport=size, has_touch=True, is_mobile=True)
        self.go(path)

    def tap(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).tap()

    def fits(self) -> None:
        wider = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{self.page.url} scrolls sideways by {wider} px"


def hour_in(told: Locator) -> str:
    return told.first.inner_text().split("\n")[0].strip() if told.count() else ""


def fill(form: Locator, name: str, value: Any) -> None:
    """By what each field is: a choice, a tick, a list or a box."""
    field = form.locator(f"[name={name}]")
    kind = field.first.get_attribute("type") or field.first.evaluate("each => each.tagName.toLowerCase()")
    if kind == "radio":
        form.locator(f"[name={name}][value={value}]").check()
    elif kind == "checkbox" and isinstance(value, list):
        for one in value:
            form.locator(f"[name={name}][value={one}]").check()
    elif kind == "checkbox":
        field.check()
    elif kind == "select":
        field.select_option(value)
    else:
        field.fill(value)
