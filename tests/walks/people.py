"""The people of the walks, each in a browser of their own: what they see, and what they press."""

import re
from datetime import datetime
from typing import Any

from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from escucha.contexts.messaging.operations.delivering import deliver
from escucha.kernel.commitments.clock import tick
from escucha.kernel.timeline.relay import run_errands
from tests.browser import PHONE, address, enter
from tests.make import House


def work(now: datetime | None = None) -> None:
    """What the worker does in a turn, until nothing is left to do."""
    now = now or timezone.now()
    while tick(now=now) + run_errands(now=now) + deliver(now=now):
        pass


class Somebody:
    """Anybody with a browser, at one organisation."""

    def __init__(self, browser: Browser, live_server: Any, house: House, **context: Any):
        self.server, self.house = live_server, house
        self.page: Page = browser.new_context(locale="es-CO", timezone_id="America/Bogota", **context).new_page()

    def go(self, path: str) -> None:
        response = self.page.goto(address(self.server, self.house.org.slug, path))
        assert response is not None and response.ok, path

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()

    def sees(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)

    def does_not_see(self, text: str) -> None:
        expect(self.page.locator("main")).not_to_contain_text(text)

    def leave(self) -> None:
        self.page.context.close()


class Citizen(Somebody):
    """On a phone, without JavaScript where it is said."""

    def __init__(self, browser: Browser, live_server: Any, house: House, *, scripts: bool = True):
        super().__init__(browser, live_server, house, viewport=PHONE, java_script_enabled=scripts)

    def file(self, *, body: str, matter: str = "", kind: str = "", **person: str) -> str:
        """Files by the form; gives the number that the receipt shows."""
        self.go("/radicar/")
        self.page.get_by_label("¿Qué pasó y qué espera que hagamos?").fill(body)
        self.page.get_by_label("En una frase").fill(matter)
        if kind:
            self.page.get_by_role("radio", name=re.compile(f"^{kind}")).check()
        for label, value in person.items():
            self.page.locator(f"[name={label}]").fill(value)
        self.press("Radicar")
        expect(self.page).to_have_url(re.compile(r"/recibo/[\w-]{20,}/$"))
        number = self.page.locator(".number .vh").inner_text()
        assert number.replace(" ", "-") not in self.page.url
        return re.sub(r"^(\w+) (\d{4}) (\d{3}) (\d{3})$", r"\1-\2-\3\4", number)

    def contact_code(self) -> str:
        return self.page.locator(".receipt-top .code").inner_text().replace(" ", "")

    def follow(self, number: str, factor: str) -> None:
        self.go("/seguir/")
        self.page.get_by_label("Número de radicado").fill(number)
        self.page.get_by_label("Su documento, o el código del recibo").fill(factor)
        self.press("Ver en qué va")


class Staff(Somebody):
    """A member, signed in with the second factor."""

    def __init__(self, browser: Browser, live_server: Any, house: House, who: str):
        super().__init__(browser, live_server, house)
        enter(self.page, live_server, house, who, at=timezone.now)

    def open(self, number: str) -> None:
        self.go(f"/mesa/casos/{number}/")

    def unfold(self, name: str) -> None:
        self.page.locator("summary", has_text=name).click()

    def classify(self, kind: str, unit: str) -> None:
        self.page.get_by_role("radio", name=re.compile(f"^{kind}")).check()
        self.page.get_by_label("Dependencia que responde").select_option(label=unit)
        self.press("Clasificar y asignar")

    def route(self, unit: str) -> None:
        form = self.page.locator("form[action$='/traslado/']")
        if self.page.locator("details:not([open])", has=form).count():
            self.unfold("Pasar a una dependencia")
        form.get_by_label("Dependencia que responde").select_option(label=unit)
        self.press("Pasar el caso")

    def give_to(self, name: str) -> None:
        self.unfold("Encargar a una persona")
        self.page.get_by_label("Quién lo atiende").select_option(label=name)
        self.press("Encargar")

    def give_back(self, reason: str) -> None:
        self.unfold("No es de mi dependencia")
        self.page.get_by_label("Por qué no es de su dependencia").fill(reason)
        self.press("Devolver el caso")

    def answer(self, body: str) -> None:
        self.page.get_by_label("Texto de la respuesta").fill(body)
        self.press("Entregar la respuesta")

    def check(self, *, failing: str = "", reason: str = "") -> None:
        for point in ("Calidad", "Claridad", "Precisión", "Idoneidad", "Congruencia"):
            group = self.page.get_by_role("group", name=point, exact=True)
            group.get_by_label("No cumple" if point == failing else "Cumple", exact=True).check()
        if reason:
            self.page.get_by_label("Qué debe corregir la dependencia").fill(reason)
        self.press("Terminar la revisión")

    def call(self, result: str) -> None:
        self.page.get_by_label("Número marcado").fill("300 000 0001")
        self.page.get_by_label(result).check()
        self.press("Registrar la llamada")
