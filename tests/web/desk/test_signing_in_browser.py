"""The pages of signing in as a real browser shows them: usable by all, at both widths, within the content policy."""

from datetime import UTC, datetime

import pytest

from escucha.kernel.orgs.second_factor import code_now
from tests.browser import address, browser_context_args, browser_type_launch_args, faults_at_both_widths  # noqa: F401
from tests.cast import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def no_collected_files(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path


def test_a_first_visit_from_password_to_desk(live_server, cafetal, page, shot):
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.goto(address(live_server, "cafetal", "/mesa/casos/"))
    assert faults_at_both_widths(page) == []
    shot(page, "entrar")

    page.get_by_label("Correo").fill(cafetal.members["lucia"].account.email)
    page.get_by_label("Clave").fill("otra-clave-larga")
    page.get_by_role("button", name="Entrar").click()
    assert page.get_by_role("alert").inner_text().startswith("No pudo entrar")
    assert faults_at_both_widths(page) == []
    shot(page, "entrar-mal")

    page.get_by_label("Clave").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    assert page.get_by_role("img", name="Código QR").is_visible()
    assert faults_at_both_widths(page) == []
    shot(page, "activacion")

    secret = page.locator("code").inner_text().replace(" ", "")
    page.get_by_label("Código").fill(code_now(secret, at=datetime.now(UTC)))
    page.get_by_role("button", name="Activar").click()
    assert page.locator("ol code").count() == 10
    assert faults_at_both_widths(page) == []
    shot(page, "respaldo")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Descargar").click()
    backup = saved.value.path().read_text().split()
    assert len(backup) == 10

    for path in ("", "reemplazo/", "respaldo/", "respaldo/nuevos/"):
        page.goto(address(live_server, "cafetal", f"/mesa/segundo-factor/{path}"))
        assert faults_at_both_widths(page) == [], path
        shot(page, f"segundo-{path.replace('/', '-')}")

    page.context.clear_cookies()
    page.goto(address(live_server, "cafetal", "/mesa/entrar/"))
    page.get_by_label("Correo").fill(cafetal.members["lucia"].account.email)
    page.get_by_label("Clave").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    assert faults_at_both_widths(page) == []
    shot(page, "codigo")
    page.get_by_label("Código").fill(backup[0])
    page.get_by_role("button", name="Entrar", exact=True).click()
    page.wait_for_url("**/mesa/")

    page.goto(address(live_server, "cafetal", "/mesa/clave/"))
    for path in ("", "enviada/", "nueva/1-nada/", "cambiada/"):
        page.goto(address(live_server, "cafetal", f"/mesa/clave/{path}"))
        assert faults_at_both_widths(page) == [], path
        shot(page, f"clave-{path.replace('/', '-')}")
    assert said == []
