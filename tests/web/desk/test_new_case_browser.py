"""Receiving in a real browser: a call from the keyboard alone, and every page without faults of accessibility."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from escucha.contexts.cases.models import Attention, Case, Slip
from escucha.contexts.cases.operations.receiving import enter_slip, open_act, record_attention
from escucha.contexts.documents.queries import files_about
from escucha.contexts.people.operations.consenting import give_consent
from escucha.contexts.people.operations.marking import mark_group
from escucha.contexts.people.operations.placing import load_places
from tests.browser import address, faults_at_both_widths
from tests.cast import ANA
from tests.make import a_case
from tests.web.entering import let_in

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FOCUSED = "document.activeElement.name || document.activeElement.tagName"


@pytest.fixture
def desk_page(live_server, page, no_static_folder):
    """Opens addresses of a desk as somebody: `desk_page(house, "lucia", "casos/")` is the browser's page."""

    def visit(house, who, path=""):
        let_in(page.context, live_server, house, who)
        page.goto(address(live_server, house.org.slug, f"/mesa/{path}"))
        return page

    return visit


class Hands:
    """A keyboard that counts what is pressed. There is no mouse."""

    def __init__(self, page):
        self.page, self.tabs, self.pressed = page, 0, 0

    def press(self, key):
        self.pressed += 1
        self.tabs += key == "Tab"
        self.page.keyboard.press(key)

    def type(self, text):
        self.pressed += len(text)
        self.page.keyboard.type(text)

    def tab_to(self, name):
        for _step in range(20):
            if self.page.evaluate(FOCUSED) == name:
                return
            self.press("Tab")
        raise AssertionError(f"{name} is not on the way")


class TestACall:
    @pytest.mark.requirement("EPS-04.2", "CAJA-04.1")
    def test_is_taken_down_from_the_keyboard_in_the_order_of_the_talk(self, desk_page, cafetal):
        page = desk_page(cafetal, "lucia")
        hands = Hands(page)
        hands.press("n")
        page.wait_for_url("**/casos/nuevo/")
        expect(page.locator("[name=body]")).to_be_focused()  # the person is already talking
        for name, said in [
            ("body", "La señora dice que le cobraron dos veces."),
            ("matter", "Cobro doble"),
            ("document_number", ANA["document_number"]),
            ("phone", ANA["phone"]),
            ("name", ANA["name"]),
            ("email", ANA["email"]),
        ]:
            hands.tab_to(name)
            hands.type(said)
        hands.press("Control+Enter")
        page.wait_for_url("**/lectura/")
        case = Case.objects.get()
        assert (case.channel, case.matter, case.person.email) == ("phone", "Cobro doble", ANA["email"])
        typed = sum(
            map(len, [case.body, case.matter, *(ANA[key] for key in ("document_number", "phone", "name", "email"))])
        )
        assert hands.pressed - typed <= 14  # keys that are not words: at three a second, under five seconds
        assert hands.tabs <= 12
        expect(page.get_by_text("«P Q R, dos mil")).to_be_visible()

        hands.press("n")
        page.wait_for_url("**/casos/nuevo/")
        expect(page.get_by_label("En una frase")).to_have_value("")  # what one person said is never the next one's

    def test_that_was_not_taken_down_yet_is_not_filed_by_keys_that_slip(self, desk_page, cafetal):
        page = desk_page(cafetal, "lucia", "casos/nuevo/")
        for _time in range(2):
            page.get_by_label("Qué dijo la persona").press("Control+Enter")
            expect(page.get_by_role("alert").filter(has_text="Todavía no ha escrito nada")).to_be_focused()
        assert faults_at_both_widths(page) == []
        assert not Case.objects.exists()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/lectura/")
        assert Case.objects.count() == 1

    def test_of_who_is_known_brings_the_name(self, desk_page, cafetal):
        a_case(cafetal, now=timezone.now())
        page = desk_page(cafetal, "lucia", "casos/nuevo/")
        hands = Hands(page)
        hands.tab_to("document_number")
        hands.type("1990000001")
        hands.tab_to("phone")
        hands.type("3000000001")
        hands.press("Tab")
        page.get_by_text("Ya la conocemos: Ana Lucía Berrío, CC 1990000001").wait_for()
        expect(page.get_by_label("Nombre completo")).to_have_value(ANA["name"])

    def test_offers_municipalities_and_loses_nothing(self, desk_page, cafetal):
        load_places()  # which a test with real transactions empties with the rest
        page = desk_page(cafetal, "lucia", "casos/nuevo/")
        expect(page.locator("[name=body]")).to_be_focused()
        page.keyboard.type("Se cortó la llamada")
        hands = Hands(page)
        hands.tab_to("place")
        hands.type("maniz")
        expect(page.locator("#municipios option", has_text="Manizales, Caldas")).to_be_attached()
        page.reload()
        expect(page.get_by_label("Qué dijo la persona")).to_have_value("Se cortó la llamada")

    def test_of_a_letter_asks_for_what_a_letter_has(self, desk_page, cafetal):
        page = desk_page(cafetal, "lucia", "casos/nuevo/")
        expect(page.get_by_label("Folios")).to_be_hidden()
        page.get_by_label("Cómo llegó").select_option("letter")
        expect(page.get_by_label("Folios")).to_be_visible()
        assert faults_at_both_widths(page) == []


class TestScans:
    @pytest.mark.requirement("CORP-02.6", "CORP-01.5")
    @pytest.mark.parametrize(
        ("house", "who", "path"), [("cafetal", "lucia", "casos/nuevo/"), ("corrioverde", "tomas", "formatos/formato/")]
    )
    def test_are_listed_taken_out_kept_through_an_error_and_filed(self, request, desk_page, house, who, path):
        org = request.getfixturevalue(house)
        page, said = desk_page(org, who, path), []
        page.on("pageerror", lambda error: said.append(str(error)))
        scans = [
            {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-1.4 una carta"}
            for name in ("uno.pdf", "dos.pdf")
        ]
        page.locator("input[name=files]").set_input_files(scans)
        page.get_by_role("button", name="Quitar uno.pdf").click()
        page.get_by_label("Correo electrónico").fill("ana@ana")
        page.get_by_role("button", name="Radicar", exact=True).click()
        page.get_by_role("alert").filter(has_text="Correo electrónico").wait_for()
        expect(page.get_by_text("dos.pdf")).to_be_visible()
        assert faults_at_both_widths(page) == []
        page.get_by_label("Correo electrónico").fill("ana@example.org")
        page.get_by_role("button", name="Radicar", exact=True).click()
        page.wait_for_url("**/lectura/")
        [scan] = files_about(org=org.org, subject=Case.objects.get().subject)
        assert (scan.kind, scan.file.name) == ("scan", "dos.pdf")
        assert said == []


class TestABox:
    def test_is_copied_slip_after_slip_without_a_mouse(self, desk_page, cafetal):
        act = _a_box(cafetal)
        page = desk_page(cafetal, "lucia", f"actas/{act.number}/")
        for words in ("Falta papel.", "Que pongan sillas."):
            expect(page.locator("[name=body]")).to_be_focused()
            page.keyboard.type(words)
            page.keyboard.press("Control+Enter")
            page.get_by_text(f"La papeleta {7 if words.startswith('Falta') else 8} quedó radicada").wait_for()
        assert [slip.position for slip in Slip.objects.order_by("position")] == [7, 8]
        expect(page.get_by_label("Papeleta", exact=True)).to_have_value("9")
        expect(page.get_by_label("Qué dice")).to_have_value("")

    @pytest.mark.requirement("MORE-06.1")
    @pytest.mark.parametrize("scripts", [True, False])
    def test_what_is_refused_is_where_the_reader_goes_on(
        self, live_server, browser, no_static_folder, cafetal, scripts
    ):
        act = _a_box(cafetal)
        page = _reader(browser, live_server, cafetal, "lucia", scripts=scripts)
        page.goto(address(live_server, cafetal.org.slug, f"/mesa/actas/{act.number}/"))
        page.get_by_text("Si dejó sus datos").click()
        for number, email, why in [("7", "ana@ana", "Correo"), ("70", "ana@example.org", "no está entre las que")]:
            page.get_by_label("Papeleta", exact=True).fill(number)
            page.get_by_label("Qué dice").fill("Que pongan sillas.")
            page.get_by_label("Correo electrónico").fill(email)
            page.get_by_role("button", name="Radicar y seguir").click()
            expect(page.get_by_role("alert").filter(has_text=why)).to_be_focused()
            expect(page.get_by_label("Qué dice")).to_have_value("Que pongan sillas.")
        page.context.close()


@pytest.mark.requirement("MORE-06.1", "MORE-06.2")
class TestEveryPageIsForEverybody:
    def test_of_taking_down(self, desk_page, cafetal):
        found = {}
        for who in ("lucia", "bruno"):
            page = desk_page(cafetal, who, "casos/nuevo/")
            page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
            found["new", who] = faults_at_both_widths(page)
            page.get_by_label("Qué dijo la persona").fill("Vino a la ventanilla.")
            page.get_by_role("button", name="Radicar", exact=True).click()
            page.wait_for_url("**/lectura/")
            found["read back", who] = faults_at_both_widths(page)
        assert {where: faults for where, faults in found.items() if faults} == {}

    def test_of_attentions(self, desk_page, cafetal):
        found = {"none": faults_at_both_widths(desk_page(cafetal, "lucia", "atenciones/"))}
        contact = _a_contact(cafetal)
        for path in ("atenciones/", "atenciones/nueva/", f"atenciones/{contact.pk}/"):
            found[path] = faults_at_both_widths(desk_page(cafetal, "lucia", path))
        found["only looks"] = faults_at_both_widths(desk_page(cafetal, "gabriel", f"atenciones/{contact.pk}/"))
        assert {where: faults for where, faults in found.items() if faults} == {}
        assert Attention.objects.count() == 1

    def test_of_what_a_person_agreed_to(self, desk_page, cafetal):
        now = timezone.now()
        case = a_case(cafetal, now=now)
        said = {"org": cafetal.org, "person_id": case.person_id, "channel": "phone", "by": cafetal.actor("lucia")}
        give_consent(purpose="survey", proof="Se le leyó.", now=now, **said)
        mark_group(group="older_adult", now=now, **said)
        page = desk_page(cafetal, "lucia", f"casos/{case.filing_number}/autorizaciones/")
        page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        assert faults_at_both_widths(page) == []
        assert faults_at_both_widths(desk_page(cafetal, "gabriel", f"casos/{case.filing_number}/autorizaciones/")) == []

    def test_of_acts(self, desk_page, cafetal):
        found = {"none": faults_at_both_widths(desk_page(cafetal, "lucia", "actas/"))}
        act = _a_box(cafetal)
        now = timezone.now()
        enter_slip(org=cafetal.org, act_id=act.pk, body="Palabra" * 30, by=cafetal.actor("lucia"), now=now)
        paths = ("", "buzon/", "audiencia/", *(f"{act.number}/{rest}" for rest in ("", "papeletas/7/", "impresion/")))
        for path in paths:
            found[path] = faults_at_both_widths(desk_page(cafetal, "lucia", f"actas/{path}"))
        page = desk_page(cafetal, "lucia", f"actas/{act.number}/")
        page.get_by_label("Papeleta", exact=True).fill("70")
        page.get_by_role("button", name="Radicar y seguir").click()
        page.get_by_role("alert").wait_for()
        found["refused"] = faults_at_both_widths(page)
        assert {where: faults for where, faults in found.items() if faults} == {}

    def test_of_paper(self, desk_page, corrioverde):
        found = {}
        for path in ("formatos/", "formatos/formato/"):
            found[path] = faults_at_both_widths(desk_page(corrioverde, "tomas", path))
        assert {where: faults for where, faults in found.items() if faults} == {}

    def test_and_the_scripts_have_nothing_to_say(self, desk_page, cafetal, page):
        said = []
        page.on("console", lambda one: said.append(one.text) if one.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        act = _a_box(cafetal)
        for path in ("casos/nuevo/", "atenciones/", "atenciones/nueva/", "actas/", f"actas/{act.number}/", "formatos/"):
            desk_page(cafetal, "lucia", path)
        assert said == []


def _reader(browser, live_server, house, who, *, scripts):
    context = browser.new_context(locale="es-CO", java_script_enabled=scripts)
    let_in(context, live_server, house, who)
    return context.new_page()


def _a_box(house):
    now = timezone.now() - timedelta(minutes=30)
    said = {"kind": "box", "site": "sede", "held_at": now, "witnesses": ["Elsa Quiceno", "Dora Cano"]}
    return open_act(org=house.org, first_slip=7, last_slip=9, by=house.actor("lucia"), now=now, **said)


def _a_contact(house):
    said = {"channel": "phone", "stakeholder": "trabajador", "topic": "tarifas", "note": "Preguntó por el parque."}
    return record_attention(org=house.org, by=house.actor("lucia"), now=timezone.now() - timedelta(minutes=1), **said)
