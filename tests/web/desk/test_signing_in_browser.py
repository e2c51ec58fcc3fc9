"""The pages of signing in as a real browser shows them: usable by all, at both widths."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from escucha.kernel.orgs.second_factor import code_now
from tests.browser import address, enter, faults_at_both_widths
from tests.cast import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_first_visit_from_password_to_backup_codes(live_server, cafetal, page):
    page.goto(address(live_server, "cafetal", "/mesa/casos/"))
    assert faults_at_both_widths(page) == []

    said(page, cafetal, "otra-clave-larga")
    expect(page.get_by_role("alert")).to_contain_text("No pudo entrar")
    assert faults_at_both_widths(page) == []

    said(page, cafetal, PASSWORD)
    expect(page.get_by_role("img", name="Código QR")).to_be_visible()
    assert faults_at_both_widths(page) == []

    secret = page.locator("code").inner_text().replace(" ", "")
    page.get_by_role("textbox", name="Código").fill(code_now(secret, at=datetime.now(UTC)))
    page.get_by_role("button", name="Activar").click()
    expect(page.locator("li code")).to_have_count(10)
    assert faults_at_both_widths(page) == []
    with page.expect_download() as saved:
        page.get_by_role("link", name="Descargar").click()
    backup = saved.value.path().read_text().split()
    assert len(backup) == 10

    page.context.clear_cookies()
    page.goto(address(live_server, "cafetal", "/mesa/entrar/"))
    said(page, cafetal, PASSWORD)
    assert faults_at_both_widths(page) == []
    page.get_by_label("Código").fill(backup[0])
    page.get_by_role("button", name="Entrar").click()
    page.wait_for_url("**/mesa/")


def test_the_pages_of_the_second_factor(live_server, cafetal, page):
    enter(page, live_server, cafetal, "lucia", at=lambda: datetime.now(UTC))
    page.wait_for_url("**/mesa/")
    for path in ("", "reemplazo/", "respaldo/nuevos/"):
        page.goto(address(live_server, "cafetal", f"/mesa/segundo-factor/{path}"))
        assert faults_at_both_widths(page) == [], path


def test_the_pages_of_the_password(live_server, cafetal, page):
    for path in ("", "enviada/", "nueva/1-nada/", "cambiada/"):
        page.goto(address(live_server, "cafetal", f"/mesa/clave/{path}"))
        assert faults_at_both_widths(page) == [], path


def said(page, house, password):
    page.get_by_label("Correo").fill(house.members["lucia"].account.email)
    page.get_by_label("Clave").fill(password)
    page.get_by_role("button", name="Entrar").click()
