"""The search and the joining of cases in a real browser: no fault of accessibility, and with the keyboard alone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.joining import merge_cases
from escucha.contexts.cases.operations.words import add_word
from escucha.kernel.timeline.facts import CITIZEN
from tests.browser import faults_at_both_widths
from tests.make import a_case

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def told(cafetal):
    """Some cases of an hour ago, in the order in which they came."""
    now = timezone.now() - timedelta(hours=1)
    texts = [
        ("Medicamento que no entregan", "Desde el quince no me entregan el medicamento ni la fórmula en la sucursal."),
        ("Cobro doble", "Me cobraron dos veces la entrada al parque y no aparece la reserva."),
        ("Reserva negada", "El domingo fuimos al parque, con la reserva pagada, y no nos dejaron entrar. " * 4),
    ]
    return [a_case(cafetal, now=now, matter=matter, body=body) for matter, body in texts]


class TestSearching:
    @pytest.mark.requirement("MORE-06.1", "MORE-06.2")
    def test_every_page_is_for_everybody(self, desk_page, told):
        found = {}
        for query in ("", "?q=medicamneto", "?q=berrio", "?q=1990000001", "?q=xyzzy", f"?persona={told[0].person_id}"):
            page = desk_page("lucia", f"buscar/{query}")
            found[query] = faults_at_both_widths(page)
        assert {where: faults for where, faults in found.items() if faults} == {}

    def test_from_the_slash_to_the_case_by_keyboard(self, desk_page, told):
        page = desk_page("lucia")
        page.keyboard.press("/")
        page.keyboard.type("medicamneto formula")
        page.keyboard.press("Enter")
        page.wait_for_url("**/buscar/?q=*")
        expect(page.locator("mark").first).to_have_text("Medicamento")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/casos/{told[0].filing_number}/")


class TestJoining:
    @pytest.mark.requirement("MORE-06.1", "MORE-06.2")
    def test_every_page_is_for_everybody(self, desk_page, told, cafetal):
        one, two, three = told
        now = timezone.now()
        merge_cases(org=one.org, case_id=three.pk, into_id=two.pk, by=cafetal.actor("lucia"), now=now)
        for body in ("Olvidé decir que fue el quince.", ""):
            add_word(org=one.org, case_id=three.pk, body=body, channel="email", arrival=len(body), by=CITIZEN, now=now)
        found = {}
        for path in (
            f"{one.filing_number}/union/",
            f"{one.filing_number}/union/?con=nada",
            f"{one.filing_number}/union/?con={two.filing_number}",
            f"{one.filing_number}/union/?con={three.filing_number}",
            f"{one.filing_number}/division/",
            f"{two.filing_number}/",
            f"{three.filing_number}/",
            "?vista=con-mensajes",
        ):
            page = desk_page("lucia", f"casos/{path}")
            found[path] = faults_at_both_widths(page)
        assert {where: faults for where, faults in found.items() if faults} == {}

    def test_from_the_case_to_one_case_and_back(self, desk_page, told):
        one, two, _three = told
        page = desk_page("lucia", f"casos/{two.filing_number}/")
        page.get_by_role("link", name=one.filing_number.replace("-", " ")).or_(
            page.locator(f'a[href$="?con={one.filing_number}"]')
        ).first.click()
        page.get_by_role("heading", name="¿Son el mismo caso?").wait_for()
        page.get_by_role("button", name="Sí, juntarlos").click()
        page.wait_for_url(f"**/casos/{one.filing_number}/")
        expect(page.get_by_text("Responde también por:")).to_be_visible()
        page.locator(f'a[href$="/{two.filing_number}/"]').first.click()
        page.get_by_role("button", name="Separarlos otra vez").click()
        page.get_by_text("se separó de").first.wait_for()
        assert not Case.objects.exclude(merged_into=None).exists()
