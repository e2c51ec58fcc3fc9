"""The real browser of the tests: Debian's Chromium, looking at a live server by the organisations' own hosts."""

import os
import shutil
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from escucha.kernel.orgs.second_factor import code_now, give_second_factor, sample_secret
from tests.cast import PASSWORD

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--in-process-gpu",
    "--disable-site-isolation-trials",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP *.localhost 127.0.0.1",
]
# Only what is wrong comes back, and by its own HTML. The sheets are not asked for once more: only a rule that is off
# would read them.
CHECKS = {"resultTypes": ["violations"], "preload": False, "selectors": False}
CHECK = "checks => axe.run(checks).then(found => found.violations)"
expect.set_options(timeout=15_000)  # how long is not what is tested: a loaded machine is slow and right
PHONE, DESK = {"width": 320, "height": 640}, {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    chromium = shutil.which("chromium")
    assert chromium, "Instale Chromium: apt-get install chromium"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright runs its own loop beside the ORM of the test
    return {"executable_path": chromium, "args": FLAGS, "headless": True}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"locale": "es-CO", "timezone_id": "America/Bogota", "viewport": DESK}


def address(live_server: Any, host: str, path: str = "/") -> str:
    port = live_server.url.rpartition(":")[2]
    return f"http://{host}.localhost:{port}{path}" if host else f"http://localhost:{port}{path}"


def enter(page: Page, live_server: Any, house: Any, who: str, *, at: Any) -> None:
    """Sign in as a member, with password and second factor, through the pages."""
    member = house.members[who]
    email = member.account.email
    give_second_factor(member.account, secret=sample_secret(email))
    page.goto(address(live_server, house.org.slug, "/mesa/"))
    page.get_by_label("Correo").fill(email)
    page.get_by_label("Clave").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    page.get_by_label("Código").fill(code_now(sample_secret(email), at=at()))
    page.get_by_role("button", name="Entrar").click()
    page.wait_for_url("**/mesa/")  # where it was going; the pages of signing in are under it too


def hears(page: Page) -> Page:
    """The page, once what changes reaches it."""
    expect(page.locator("[data-live-open]")).to_be_attached()
    return page


def faults(page: Page) -> list[str]:
    """What the automatic accessibility check finds, and whether the page scrolls sideways."""
    page.wait_for_load_state()  # after a click, the page that it leads to: half of one would pass
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    violations = page.evaluate(CHECK, CHECKS)
    found = [f"{one['id']}: {one['help']} {one['nodes'][0]['html'][:120]}" for one in violations]
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + ([f"scrolls sideways by {wider} px"] if wider > 0 else [])


def faults_at_both_widths(page: Page) -> list[str]:
    found = []
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        found += [f"{size['width']}: {fault}" for fault in faults(page)]
    return found
