"""Files are attached and taken off in a real browser, with its script and without it."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from escucha.contexts.documents.models import Attachment
from escucha.contexts.documents.operations.copying import make_copies
from tests.browser import faults_at_both_widths
from tests.contexts.documents.conftest import store as store  # noqa: PLC0414
from tests.contexts.documents.made import a_photo

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PHOTO = {"name": "taquilla.jpg", "mimeType": "image/jpeg", "buffer": a_photo(size=(400, 300))}
NOTE = {"name": "nota.txt", "mimeType": "text/plain", "buffer": b"Fue el domingo"}
PROGRAM = {"name": "recibo.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x00\x01" + bytes(99)}


@pytest.fixture
def case_page(desk_page, store, story):
    case = story.assigned()
    return desk_page("lucia", f"casos/{case.filing_number}/")


def test_several_files_are_chosen_one_is_left_out_and_the_rest_are_sent(case_page):
    page = case_page
    page.get_by_label("Adjuntar archivos").set_input_files([PHOTO, NOTE, NOTE | {"name": "otra.txt"}])
    expect(page.locator("[data-upload-list] li")).to_have_count(3)
    page.get_by_role("button", name="Quitar otra.txt").click()
    expect(page.locator("[data-upload-list] li")).to_have_count(2)
    page.get_by_role("button", name="Adjuntar", exact=True).click()
    page.wait_for_url("**/#anexos")
    page.get_by_role("link", name="nota.txt").wait_for()
    make_copies(now=timezone.now())
    page.reload()
    picture = page.locator(".attachments img")
    picture.scroll_into_view_if_needed()
    page.locator(".attachments img").first.evaluate("img => img.decode()")  # which fails for what is no picture
    assert faults_at_both_widths(page) == []
    with page.expect_download() as saved:
        page.get_by_role("link", name="taquilla.jpg").click()
    assert saved.value.suggested_filename == "taquilla.jpg"
    page.get_by_role("button", name="Quitar nota.txt").click()
    page.get_by_text("Un anexo quitado").click()
    assert faults_at_both_widths(page) == []
    page.get_by_role("button", name="Reponer nota.txt").click()
    page.get_by_role("link", name="nota.txt").wait_for()


def test_what_is_refused_is_said_where_it_was_chosen(case_page):
    page = case_page
    page.get_by_label("Adjuntar archivos").set_input_files([PROGRAM, NOTE])
    page.get_by_role("button", name="Adjuntar", exact=True).click()
    page.get_by_role("heading", name="No recibimos estos archivos").wait_for()
    expect(page.get_by_text("No recibimos programas").first).to_be_visible()
    assert faults_at_both_widths(page) == []
    page.get_by_label("Adjuntar archivos").set_input_files([NOTE | {"name": "otra.txt", "buffer": b"otra"}])
    page.get_by_role("button", name="Adjuntar", exact=True).click()
    page.get_by_role("link", name="otra.txt").wait_for()


def test_too_many_are_said_before_they_are_sent(case_page):
    page = case_page
    page.get_by_label("Adjuntar archivos").set_input_files([NOTE | {"name": f"{n}.txt"} for n in range(11)])
    expect(page.get_by_text("Elija hasta 10 archivos a la vez.")).to_be_visible()
    page.get_by_role("button", name="Adjuntar", exact=True).click()
    assert not Attachment.objects.exists()


def test_without_scripts(browser, live_server, cafetal, store, story, desk_page):
    case = story.assigned()
    page = desk_page("lucia", f"casos/{case.filing_number}/")
    bare = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    try:
        plain = bare.new_page()
        plain.goto(page.url)
        plain.get_by_label("Adjuntar archivos").set_input_files([NOTE, PHOTO])
        plain.get_by_role("button", name="Adjuntar", exact=True).click()
        plain.get_by_role("link", name="taquilla.jpg").wait_for()
    finally:
        bare.close()
    assert Attachment.objects.count() == 2
