import pytest
from tests.web.desk.assistance.test_assistance_browser import *  # noqa
from tests.web.desk.assistance.test_assistance_browser import in_each_stage
for _n in [n for n in dir() if n.startswith("test_")]: del globals()[_n]
def test_shots(house, visit):
    found = in_each_stage(house)
    for stage in ("to_assign", "opening", "diagnosed"):
        for scheme in ("light", "dark"):
            for width in (1280, 320):
                if (scheme, width) == ("dark", 320): continue
                page = visit(found[stage])
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 900})
                page.screenshot(path=f"/tmp/shots/F_{stage}_{width}_{scheme}.png", full_page=True)
    for tab in ("costos", "bitacora", "tiempos"):
        page = visit(found["concluded"], f"?pestana={tab}")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.screenshot(path=f"/tmp/shots/F_{tab}.png", full_page=True)
    visit(found["opening"], "../nueva/").screenshot(path="/tmp/shots/F_new.png", full_page=True)
