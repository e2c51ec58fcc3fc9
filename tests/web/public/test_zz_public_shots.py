import pytest
from tests.browser import PHONE, DESK, address, faults_at_both_widths, browser_context_args, browser_type_launch_args  # noqa
from tests.make import a_house
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
def test_shots(page, live_server, settings, db):
    settings.ADDRESS = "http://{host}:" + live_server.url.rpartition(":")[2]
    for slug in ("cafetal", "vidamar", "corrioverde", "arrayanes"): a_house(slug)
    out = []
    for theme in ("light", "dark"):
        page.emulate_media(reduced_motion="reduce", color_scheme=theme)
        for name, host, path in [("radicar","cafetal","/radicar/"),("soporte","vidamar","/formularios/soporte/"),("formato","corrioverde","/formularios/formato/"),("denuncias","arrayanes","/denuncias/"),("buzon","cafetal","/buzon/"),("home","arrayanes","/")]:
            page.goto(address(live_server, host, path))
            if theme == "light": out += [(name, f) for f in faults_at_both_widths(page)]
            if name == "radicar":
                for d in page.locator("details.more").all(): d.evaluate("d => d.open = true")
                if theme == "light": out += [(name+" open", f) for f in faults_at_both_widths(page)]
            for size, w in ((PHONE, 320), (DESK, 1280)):
                page.set_viewport_size(size)
                page.screenshot(path=f"/tmp/shots/public-{name}-{w}-{theme}.png", full_page=True)
    print(out)
    assert out == []
