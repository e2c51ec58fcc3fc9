"""Channels and definitions in a real browser: usable by all at both widths, and a word opened by keyboard."""

import pytest
from playwright.sync_api import expect

from escucha.kernel.orgs.operations import put_in_force
from tests.browser import address, faults_at_both_widths
from tests.make import a_house
from tests.profiles.folders import spoiled
from tests.web.public.test_channels import START

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=["light", pytest.param("dark", marks=pytest.mark.long)])
def go(live_server, page, settings, request):
    settings.ADDRESS = "http://{host}:" + live_server.url.rpartition(":")[2]
    page.emulate_media(reduced_motion="reduce", color_scheme=request.param)
    return lambda path, host="cafetal": page.goto(address(live_server, host, path))


@pytest.mark.requirement("MORE-06.1", "MORE-06.2", "CAJA-13.3", "CORP-08.1")
@pytest.mark.parametrize("slug", ["cafetal", "corrioverde", "vidamar"])
def test_channels_and_definitions_are_usable_by_all(page, go, slug):
    a_house(slug)
    for path in ("/canales/", "/terminos/"):
        go(path, slug)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert faults_at_both_widths(page) == [], path


@pytest.mark.requirement("MORE-06.1", "MORE-06.2")
def test_the_page_in_place_of_the_form_is_usable_by_all(page, go):
    profile = spoiled("cafetal", lambda raw: raw["channels"]["web"].update(receives=False))
    put_in_force(profile=profile, host="cafetal.localhost", valid_from=START, now=START)
    go("/radicar/")
    expect(page.get_by_role("heading", name="Por esta página no recibimos solicitudes")).to_be_visible()
    assert faults_at_both_widths(page) == []


@pytest.mark.requirement("CORP-08.1")
def test_a_word_opens_by_keyboard_where_it_is_met(page, go):
    a_house("cafetal")
    go("/radicar/")
    page.get_by_label("En una frase").fill("Un cobro doble")
    page.get_by_role("button", name="Radicar").click()
    page.wait_for_url("**/recibo/**")
    definition = page.get_by_text("El que cuenta en un plazo.")
    expect(definition).to_be_hidden()
    page.get_by_text("¿Qué es «día hábil»?").focus()
    page.keyboard.press("Enter")
    expect(definition).to_be_visible()
    assert faults_at_both_widths(page) == []
    page.get_by_role("link", name="Todas las definiciones").press("Enter")
    page.wait_for_url("**/terminos/#business_day")
