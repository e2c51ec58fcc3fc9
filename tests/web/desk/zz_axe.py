import time, pytest
from axe_playwright_python.sync_playwright import Axe
from tests.web.desk.test_pages_browser import desk_page
from tests.browser import PHONE, DESK
pytestmark = [pytest.mark.django_db(transaction=True)]
def test_axe(desk_page, story):
    case = story.assigned()
    page = desk_page("lucia", f"casos/{case.filing_number}/")
    axe = Axe()
    for n in range(4):
        for name, opts in (("all", None), ("violations", {"resultTypes": ["violations"]})):
            t=time.perf_counter(); r=axe.run(page, options=opts).response; print(name, round(time.perf_counter()-t,2), len(str(r)), len(r["violations"]))
        t=time.perf_counter(); page.evaluate(axe.axe_script); print("inject", round(time.perf_counter()-t,2))
        t=time.perf_counter(); r=page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"); print("light", round(time.perf_counter()-t,2), len(r))
    for name, path in (("today",""),("list","casos/")):
        t=time.perf_counter(); desk_page("lucia", path); print("visit", path, round(time.perf_counter()-t,2))
