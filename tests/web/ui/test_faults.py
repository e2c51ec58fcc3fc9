"""What the check of every page in the browser finds: silent, it would prove nothing."""

import pytest

from tests.browser import DESK, PHONE, faults, faults_at_both_widths

GOOD = "<html lang=es><title>Bien</title><main><h1>Bien</h1><p>Se lee.</p></main></html>"


@pytest.fixture
def shown(page):
    def show(body):
        page.set_content(GOOD.replace("<p>Se lee.</p>", body))
        return page

    return show


@pytest.mark.slow
@pytest.mark.parametrize(
    "body, fault",
    [
        ('<img src="data:,">', "image-alt"),
        ('<p style="color: #bbb; background: #fff">Casi no se lee.</p>', "color-contrast"),
        ("<input>", "label"),
        ('<div style="width: 3000px">Ancho</div>', "scrolls sideways"),
    ],
)
def test_a_fault_is_found_and_shown(shown, body, fault):
    assert any(one.startswith(fault) for one in faults(shown(body)))


@pytest.mark.slow
def test_a_good_page_has_none_and_what_only_a_telephone_shows_is_found_there(shown):
    assert faults_at_both_widths(shown("<p>Se lee.</p>")) == []
    narrow = shown("<style>@media (min-width: 600px) { input { display: none } }</style><input>")
    found = faults_at_both_widths(narrow)
    assert found and all(one.startswith(f"{PHONE['width']}: label") for one in found)
    assert narrow.viewport_size == DESK
