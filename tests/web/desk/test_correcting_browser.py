"""Correcting a person's data in a real browser: with the keyboard alone, at the width of a telephone, for everybody."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from escucha.contexts.cases.operations.correcting import correct_petitioner
from escucha.contexts.messaging.models import Message
from tests.browser import DESK, PHONE, faults_at_both_widths
from tests.cast import ANA
from tests.make import a_case

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WRONG = ANA | {"email": "ama@example.org"}
LONG = "a" * 60 + "@" + "b" * 60 + ".example.org"


@pytest.fixture
def case(cafetal):
    return a_case(cafetal, person=WRONG, now=timezone.now())


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_with_the_keyboard_alone_an_address_is_put_right(request, case, size):
    page = request.getfixturevalue("desk_page")("lucia", f"casos/{case.filing_number}/")
    page.set_viewport_size(size)
    page.get_by_role("link", name="Corregir datos").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Corregir los datos de la persona")
    page.get_by_label("Correo electrónico").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("ana@example.org")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Escriba por qué se corrige")
    expect(page.get_by_label("Correo electrónico")).to_have_value("ana@example.org")
    page.get_by_label("Por qué se corrige").focus()
    page.keyboard.type("Llamó y lo deletreó.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Así quedan los datos")
    expect(page.get_by_label("Enviar otra vez el recibo")).to_be_checked()
    page.get_by_role("button", name="Guardar la corrección").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".timeline")).to_contain_text("ama@example.org → ana@example.org")
    expect(page.locator("dd", has_text="ana@example.org").first).to_be_visible()


@pytest.mark.requirement("MORE-06.1", "MORE-06.2")
def test_its_pages_are_for_everybody(request, cafetal, case):
    visit, found = request.getfixturevalue("desk_page"), {}
    correct_petitioner(
        org=cafetal.org,
        case_id=case.pk,
        said={"email": LONG, "document_number": "12"},
        reason="Palabra" * 30,
        by=cafetal.actor("lucia"),
        now=timezone.now(),
    )
    Message.objects.filter(subject=case.subject).update(to=LONG, state="sent", next_try_at=None)
    page = visit("lucia", f"casos/{case.filing_number}/persona/")
    found["form"] = faults_at_both_widths(page)
    page.get_by_role("button", name="Ver qué cambia").click()
    expect(page.get_by_role("alert")).to_contain_text("No se hizo ningún cambio")
    found["refused"] = faults_at_both_widths(page)
    page.get_by_label("Correo electrónico").fill("ana@x")
    page.get_by_role("button", name="Ver qué cambia").click()
    expect(page.get_by_role("alert")).to_contain_text("Correo electrónico")
    found["wrong"] = faults_at_both_widths(page)
    page.get_by_label("Correo electrónico").fill(f"c{LONG}")
    page.get_by_label("Teléfono", exact=True).fill("12345")
    page.get_by_label("Por qué se corrige").fill("Palabra" * 30)
    page.get_by_role("button", name="Ver qué cambia").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Así quedan los datos")
    expect(page.get_by_label("Cambiar el enlace y el código")).to_be_checked()
    found["preview"] = faults_at_both_widths(page)
    page.get_by_role("button", name="Guardar la corrección").click()
    expect(page.locator(".timeline")).to_contain_text("Se envió otra vez")
    found["case"] = faults_at_both_widths(page)
    assert {where: faults for where, faults in found.items() if faults} == {}
