"""Lists of cases: every case once by the links of the page, filters that say what they are, numbers as people type."""

import csv
import io
import re
from datetime import timedelta
from functools import partial
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from escucha.web.desk import case_export, cases
from escucha.web.desk.case_export import harmless
from tests.cast import ANA
from tests.make import a_case, a_routed_case

LIST = "/mesa/casos/"


@pytest.fixture
def short_pages(monkeypatch):
    monkeypatch.setattr(cases, "LIMIT", 5)


def numbers_in(page):
    return re.findall(r'<a href="/mesa/casos/([A-Z0-9-]+)/">', page)


def link(page, way):
    found = re.search(rf'rel="{way}" href="([^"]*)"', page)
    return LIST + unescape(found[1]) if found else ""


class TestPages:
    @pytest.mark.parametrize("view", ["", "?vista=cerrados", "?vista=abiertos&estado=assigned"])
    def test_forward_and_back_show_each_case_once(self, at_desk, cafetal, story, short_pages, view):
        make = story.withdrawn if "cerrados" in view else story.assigned
        expected = [make().filing_number for _each in range(12)]  # of one moment: only the id tells them apart
        late = a_routed_case(cafetal, now=timezone.now() - timedelta(days=3))
        expected += [] if "cerrados" in view else [late.filing_number]
        lucia = at_desk("lucia")

        forth, address = [], LIST + view
        while address:
            forth.append(page := lucia.get(address).text)
            address = link(page, "next")
        assert [len(numbers_in(page)) for page in forth] == [5, 5, len(expected) - 10]
        assert sorted(sum(map(numbers_in, forth), [])) == sorted(expected)

        back, address = [forth[-1]], link(forth[-1], "prev")
        while address:
            back.append(page := lucia.get(address).text)
            address = link(page, "prev")
        assert [numbers_in(page) for page in reversed(back)] == [numbers_in(page) for page in forth]
        assert link(back[-1], "next") and not link(forth[0], "prev")

    def test_a_page_that_is_exactly_full_has_no_next(self, at_desk, story, short_pages):
        for _each in range(5):
            story.filed()
        page = at_desk("lucia").get(LIST).text
        assert len(numbers_in(page)) == 5
        assert not link(page, "next") and not link(page, "prev")


class TestFilters:
    def test_are_chips_that_take_themselves_away(self, at_desk, story, cafetal, short_pages):
        mine = story.assigned()
        story.assigned(unit="vivienda")
        story.filed()
        lucia = at_desk("lucia")
        address = f"{LIST}?vista=abiertos&tipo=reclamo&dependencia=recreacion&estado=assigned"
        page = lucia.get(address).text
        assert numbers_in(page) == [mine.filing_number]
        chips = {unescape(href) for href in re.findall(r'<a class="chip" href="([^"]*)"', page)}
        assert len(chips) == 3
        for chip in chips:
            left = set(parse_qs(urlsplit(chip).query)) - {"vista"}
            assert len(left) == 2
        without_unit = next(chip for chip in chips if "dependencia" not in chip)
        assert len(numbers_in(lucia.get(LIST + without_unit).text)) == 2

    def test_a_chip_goes_back_to_the_first_page(self, at_desk, story, short_pages):
        for _each in range(12):
            story.assigned()
        lucia = at_desk("lucia")
        second = link(lucia.get(f"{LIST}?tipo=reclamo").text, "next")
        assert "tipo=reclamo" in second
        [chip] = re.findall(r'<a class="chip" href="([^"]*)"', lucia.get(second).text)
        assert chip == "?"

    def test_that_mean_nothing_are_as_if_they_were_not_there(self, at_desk, story):
        case = story.filed()
        page = at_desk("lucia").get(f"{LIST}?vista=x&tipo=x&dependencia=x&estado=x").text
        assert numbers_in(page) == [case.filing_number]
        assert 'class="chip"' not in page

    def test_views_count_and_show_what_they_say(self, at_desk, story, cafetal):
        for state in ("filed", "assigned", "answered", "approved", "sent", "closed"):
            getattr(story, state)()
        lucia = at_desk("lucia")
        shown = {slug: len(numbers_in(lucia.get(f"{LIST}?vista={slug}").text)) for slug, _label in cases.VIEWS.values()}
        assert shown == {
            "abiertos": 5,
            "mios": 0,
            "por-clasificar": 1,
            "por-revisar": 2,
            "por-notificar": 1,
            "con-mensajes": 0,
            "cerrados": 1,
        }
        tabs = lucia.get(LIST).text.split("</nav>")
        counts = re.findall(r'<span class="count">(\d+)</span>', next(nav for nav in tabs if "Vistas guardadas" in nav))
        assert counts == ["5", "0", "1", "2", "1", "0"]

    def test_what_was_notified_owes_nothing_and_is_not_late(self, story, cafetal):
        """It keeps the last moment at which it owed something: that orders the list and says nothing of lateness."""
        sent, notified = story.sent(), story.notified()
        assert notified.due_at is not None
        row = partial(cases.row_of, profile=cafetal.profile, now=timezone.now() + timedelta(days=90))
        assert row(sent).late and row(sent).due
        assert (row(notified).late, row(notified).due) == (False, "")

    def test_a_service_sees_its_own(self, at_desk, story):
        mine, _theirs = story.assigned(), story.assigned(unit="vivienda")
        assert numbers_in(at_desk("dario").get(LIST).text) == [mine.filing_number]
        assert numbers_in(at_desk("vera").get(LIST).text) == [_theirs.filing_number]


def test_what_is_empty_says_what_will_be_there(at_desk):
    patricia = at_desk("patricia")
    for address, words in {
        "": "No debe nada",
        "casos/": "No hay casos aquí",
        "casos/?vista=cerrados": "No hay casos aquí",
        "bitacora/": "Todavía no ha pasado nada",
        "correos/": "Todavía no hay correos",
        "informes/entregas/": "Nadie entregó nada en estos días",
    }.items():
        assert words in patricia.get(f"/mesa/{address}").text, address


class TestExport:
    def read(self, client, query=""):
        answered = client.get(f"{LIST}lista.csv{query}")
        text = b"".join(answered.streaming_content).decode("utf-8-sig")
        return answered, list(csv.reader(io.StringIO(text)))

    def test_brings_exactly_the_list_with_every_page(self, at_desk, cafetal, story, monkeypatch, short_pages):
        monkeypatch.setattr(case_export, "BATCH", 4)
        made = [story.assigned().filing_number for _each in range(12)]
        story.assigned(unit="vivienda")
        lucia = at_desk("lucia")
        page = lucia.get(f"{LIST}?dependencia=recreacion").text
        [address] = re.findall(r'href="(/mesa/casos/lista.csv[^"]*)"', page)
        answered, rows = self.read(lucia, "?" + unescape(address).partition("?")[2])
        assert answered["content-type"] == "text/csv; charset=utf-8"
        assert re.search(r'filename="abiertos-\d{4}-\d\d-\d\d.csv"', answered["content-disposition"])
        assert rows[0] == ["Número", "Asunto", "Persona", "Tipo", "Dependencia", "Estado", "Vence"]
        assert [row[0] for row in rows[1:]] == made
        assert {row[4] for row in rows[1:]} == {"Recreación y Turismo"}
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", rows[1][6])

    def test_from_a_later_page_is_still_the_whole_list(self, at_desk, story, short_pages):
        for _each in range(7):
            story.filed()
        lucia = at_desk("lucia")
        second = lucia.get(link(lucia.get(LIST).text, "next")).text
        [address] = re.findall(r'href="(/mesa/casos/lista.csv[^"]*)"', second)
        assert len(self.read(lucia, "?" + unescape(address).partition("?")[2])[1]) == 8

    def test_of_closed_cases_is_newest_first(self, at_desk, story, monkeypatch):
        monkeypatch.setattr(case_export, "BATCH", 2)
        made = [story.withdrawn().filing_number for _each in range(5)]
        _answered, rows = self.read(at_desk("lucia"), "?vista=cerrados")
        assert [row[0] for row in rows[1:]] == made[::-1]

    def test_of_a_service_holds_only_its_own(self, at_desk, story):
        mine = story.assigned()
        story.assigned(unit="vivienda")
        assert [row[0] for row in self.read(at_desk("dario"))[1][1:]] == [mine.filing_number]

    def test_never_brings_a_formula(self, at_desk, cafetal):
        now = timezone.now() - timedelta(days=1)
        a_case(cafetal, now=now, matter='=HYPERLINK("http://example.org")', person=ANA | {"name": "+57 Ana"})
        a_case(cafetal, now=now, matter="", body="-2+3\ncmd|' /C calc'!A0")
        _answered, rows = self.read(at_desk("lucia"))
        assert rows[1][1:3] == ['\'=HYPERLINK("http://example.org")', "'+57 Ana"]
        assert rows[2][1].startswith("'-2+3")

    @pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "  =1", "\n=1", "＝1", "'=1", "a=1", ""])
    def test_of_a_cell_is_harmless(self, cell):
        kept = harmless(cell)
        assert kept.replace("'", "") == cell.replace("'", "")
        assert not kept.strip().startswith(("=", "+", "-", "@", "＝"))
