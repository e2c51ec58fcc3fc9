"""The pages of affiliates in a real browser: for everybody, at both widths, and followed without reloading."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from escucha.contexts.assistance.operations.importing.running import run_imports
from escucha.contexts.assistance.operations.registering import register_affiliate
from tests.browser import address, faults_at_both_widths
from tests.contexts.assistance.affiliates.sent import HEADINGS, JULIO, MARTA, NIDIA, affiliate, as_csv, asked, imported
from tests.make import a_house
from tests.web.entering import let_in

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HOME = "/mesa/asistencia/afiliados/"
WRONG = ["1.990.000.019", "Tulio", "Gil", "POL-19", "Plan que no hay", "Activo", ""]
SON = [*NIDIA[:3], NIDIA[3], *NIDIA[4:], MARTA[0], "Hija"]
FILE = as_csv(
    [*MARTA, "", ""], [*JULIO, "", ""], SON, [*WRONG, "", ""],
    headings=[*HEADINGS, "Documento del titular", "Parentesco"],
)  # fmt: skip


@pytest.fixture
def house(transactional_db):
    return a_house("quetzal")


@pytest.fixture
def visit(live_server, page, house, no_static_folder):
    let_in(page.context, live_server, house, "paula")

    def go(path):
        page.goto(address(live_server, "quetzal", f"{HOME}{path}"))
        return page

    return go


def test_pages_are_for_everybody(house, visit):
    now = timezone.now() - timedelta(hours=1)
    done = imported(house, FILE, now=now)
    shown = asked(house, FILE, now=now)
    by_hand = register_affiliate(
        org=house.org, account="techo_amigo", first_name="Ciro", by=house.actor("luz"), now=now
    )
    found = {}
    for path in (
        "",
        "?cuenta=techo_amigo",
        "?q=nadie",
        f"{affiliate(house, MARTA[0]).pk}/",
        f"{by_hand.pk}/",
        "importaciones/",
        "importaciones/nueva/",
        f"importaciones/{done.pk}/",
        f"importaciones/{shown.pk}/",
    ):
        page = visit(path)
        page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        found[path] = faults_at_both_widths(page)
    assert {where: faults for where, faults in found.items() if faults} == {}


def test_a_file_is_imported_by_keyboard_and_followed_without_reloading(house, visit, tmp_path):
    sent = tmp_path / "afiliados.csv"
    sent.write_bytes(FILE)
    page = visit("importaciones/nueva/")
    page.get_by_label("Cuenta del cliente").focus()
    page.keyboard.type("Techo")
    page.get_by_label("Archivo de afiliados").set_input_files(sent)
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Ver qué trae").press("Enter")
    page.get_by_text("Trae 4 filas; con errores: 1.").wait_for()
    page.get_by_label("Importar las filas buenas y listar las demás").press("Tab")
    page.get_by_role("button", name="Importar").press("Enter")
    page.get_by_text("Empieza en un momento").wait_for()
    run_imports(now=timezone.now())
    page.get_by_text("Entró, menos las filas con errores").wait_for(timeout=8_000)
    page.wait_for_timeout(2_500)
    expect(page.get_by_role("link", name="Bajar todas")).to_be_visible()
