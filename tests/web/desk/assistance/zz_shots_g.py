from tests.web.desk.assistance.test_files_browser import *  # noqa
from tests.web.desk.assistance.test_files_browser import BOARD, ringing, go, house  # noqa
import pytest
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
for _n in [n for n in list(globals()) if n.startswith("test_")]:
    del globals()[_n]


def shoot(page, name):
    for w, theme in ((320, "light"), (1280, "light"), (1280, "dark")):
        page.set_viewport_size({"width": w, "height": 900})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.screenshot(path=f"/tmp/shots/g-{name}-{w}-{theme}.png", full_page=True)


def test_shots(go, house):
    who = an_affiliate(house)
    file = a_file(house, affiliate=who)
    an_assistance(house, file=file)
    now = timezone.now()
    set_reminder(org=house.org, file_id=file.pk, text="Llamar a la hermana", due_at=now + timedelta(hours=1), by=house.actor("luz"), now=now)
    ringing(house); ringing(house, key="a-2")
    shoot(go(BOARD), "board")
    page = go(BOARD)
    page.get_by_role("button", name="Tomar la llamada").first.click()
    page.wait_for_url("**/nuevo/?llamada=*")
    shoot(page, "new")
    page = go(f"{BOARD}{file.number}/")
    shoot(page, "file")
    for one in page.locator("details").all():
        one.evaluate("each => { each.open = true }")
    shoot(page, "file-open")
    shoot(go(f"{BOARD}{file.number}/?pestana=plan"), "plan")
    shoot(go("/mesa/"), "today")
