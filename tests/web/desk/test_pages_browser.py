"""The desk as a real browser shows it: no fault of accessibility at both widths, and usable with the keyboard alone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from escucha.contexts.cases.models import Case
from tests.browser import DESK, PHONE, faults_at_both_widths
from tests.make import a_case

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
# Each part of the page of a case is in one of these, for who acts on it; what is in all of them is looked at for long.
SEEN = {"lucia": ("filed", "answered", "approved", "sent", "notified"), "dario": ("assigned",)}
LISTS = [("lucia", ""), ("lucia", "casos/"), ("lucia", "casos/?q=PQR+1999+1")]
MORE_LISTS = [
    ("patricia", "?ver=todo"),
    ("lucia", "casos/?vista=cerrados"),
    ("lucia", "casos/?tipo=reclamo&estado=assigned"),
    ("dario", ""),
]
STATES = ("filed", "assigned", "answered", "approved", "sent", "notified", "closed", "withdrawn")


@pytest.mark.requirement("MORE-06.1", "MORE-06.2")
class TestEveryPageIsForEverybody:
    @pytest.mark.parametrize("pages", [LISTS, pytest.param(MORE_LISTS, marks=pytest.mark.long)])
    def test_the_agenda_and_the_lists(self, desk_page, story, pages):
        for state in STATES:
            getattr(story, state)()
        found = {where: faults_at_both_widths(desk_page(*where)) for where in pages}
        assert {where: faults for where, faults in found.items() if faults} == {}

    @pytest.mark.parametrize(
        ("who", "states"), [*SEEN.items(), *(pytest.param(who, STATES, marks=pytest.mark.long) for who in SEEN)]
    )
    def test_a_case_in_each_state(self, desk_page, story, who, states):
        found = {}
        for state in states:
            case = getattr(story, state)()
            if who == "dario" and case.unit_id is None:
                continue
            page = desk_page(who, f"casos/{case.filing_number}/")
            expect(page.locator("h1")).to_have_text(case.matter)
            page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
            found[state] = faults_at_both_widths(page)
        assert {where: faults for where, faults in found.items() if faults} == {}

    def test_the_logs_the_messages_and_the_policy(self, desk_page, story, cafetal):
        case = story.sent(matter="Palabra" * 25)
        story.closed()
        found = {}
        for path in ("bitacora/", f"bitacora/?caso=case:{case.pk}", "correos/", "politica/", "piezas/"):
            found[path] = faults_at_both_widths(desk_page("patricia", path))
        page = desk_page("patricia", "correos/")
        page.locator("tbody a").first.click()
        found["correo"] = faults_at_both_widths(page)
        received = timezone.now() - timezone.timedelta(hours=5)
        by, unit = cafetal.actor("bruno"), cafetal.unit("credito")
        a_case(cafetal, now=timezone.now(), received_at=received, received_unit=unit, by=by)
        page = desk_page("patricia", "informes/entregas/")
        expect(page.get_by_role("row", name="Crédito Social")).to_be_visible()
        found["informes"] = faults_at_both_widths(page)
        assert {where: faults for where, faults in found.items() if faults} == {}

    def test_what_was_refused(self, desk_page, story, cafetal):
        found = {}
        page = desk_page("dario", f"casos/{story.assigned().filing_number}/")
        page.get_by_role("button", name="Entregar la respuesta").click()
        expect(page.get_by_role("alert")).to_contain_text("No se hizo ningún cambio")
        found["refused"] = faults_at_both_widths(page)
        for who, path in [("bruno", "casos/"), ("lucia", "casos/PQR-1999-000001/"), ("lucia", "casos/nuevo/")]:
            found[who, path] = faults_at_both_widths(desk_page(who, path))
        page.get_by_label("Correo electrónico").fill("ana@x")
        page.locator("form.form-desk").evaluate("form => { form.noValidate = true }")
        page.get_by_role("button", name="Radicar", exact=True).click()
        expect(page.get_by_role("alert")).to_be_visible()
        found["wrong"] = faults_at_both_widths(page)
        assert {where: faults for where, faults in found.items() if faults} == {}

    def test_the_content_policy_and_the_scripts_have_nothing_to_say(self, desk_page, story, page):
        said = []
        page.on("console", lambda one: said.append(one.text) if one.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        number = story.assigned().filing_number
        for path in ("", "casos/", f"casos/{number}/", "casos/nuevo/", "bitacora/", "correos/", "politica/", "piezas/"):
            desk_page("patricia", path)
        assert said == []

    def test_the_styles_were_there(self, desk_page):
        """Without its sheet any page would pass."""
        page = desk_page("lucia")
        page.set_viewport_size(DESK)
        assert page.locator(".shell").evaluate("one => getComputedStyle(one).display") == "grid"


class TestKeyboardAlone:
    def test_the_first_case_opens_with_j_and_enter(self, desk_page, story):
        first = story.assigned(matter="La primera")
        story.assigned(matter="La segunda")
        page = desk_page("lucia", "casos/")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/casos/{first.filing_number}/")
        page.goto(page.url.partition("casos/")[0])
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("Enter")
        page.wait_for_url("**/casos/PQR-*/")

    def test_a_slash_goes_to_the_search_and_a_number_opens_its_case(self, desk_page, story):
        case = story.assigned()
        page = desk_page("lucia")
        page.keyboard.press("/")
        expect(page.locator("[name=q]").first).to_be_focused()
        page.keyboard.type(case.filing_number.replace("-", " ").lower())
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/casos/{case.filing_number}/")

    def test_a_withdrawal_is_asked_twice(self, desk_page, story):
        case = story.assigned()
        page = desk_page("lucia", f"casos/{case.filing_number}/")
        page.get_by_role("button", name="Registrar el desistimiento…").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog").get_by_text("No se puede deshacer")).to_be_visible()
        assert faults_at_both_widths(page) == []
        page.keyboard.press("Escape")
        assert Case.objects.get().state == "assigned"
        page.get_by_role("button", name="Registrar el desistimiento…").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("Llamó ayer y dijo que ya le resolvieron.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text("Desistido").first.wait_for()
        assert Case.objects.get().state == "withdrawn"


class TestNothingIsLost:
    def test_two_people_answer_at_once(self, desk_page, story, at_desk):
        case = story.assigned()
        page = desk_page("dario", f"casos/{case.filing_number}/")
        page.get_by_label("Texto de la respuesta").fill("Lo que escribió Darío.")
        at_desk("elsa").post(
            f"/mesa/casos/{case.filing_number}/respuesta/", {"body": "La de Elsa.", "version": case.version}
        )
        page.get_by_role("button", name="Entregar la respuesta").click()
        expect(page.get_by_role("alert")).to_contain_text("Otra persona actuó sobre este caso")
        kept = page.get_by_role("textbox", name="Lo que usted escribió: Texto de la respuesta")
        expect(kept).to_have_value("Lo que escribió Darío.")
        expect(page.get_by_role("button", name="Copiar mi texto")).to_be_visible()
        assert faults_at_both_widths(page) == []

    def test_what_was_typed_comes_back_and_what_was_sent_does_not(self, desk_page, story):
        case = story.assigned()
        page = desk_page("dario", f"casos/{case.filing_number}/")
        page.set_viewport_size(PHONE)
        note = page.get_by_label("Nota para sus colegas")
        note.fill("Llamé al área y no contestan.")
        page.reload()
        expect(note).to_have_value("Llamé al área y no contestan.")
        page.get_by_role("button", name="Guardar nota").click()
        page.get_by_text("La nota quedó guardada.").wait_for()
        expect(note).to_have_value("")
        page.reload()
        expect(note).to_have_value("")
