"""Entregar expedientes: from the console of who supervises, what somebody has passes to others at once."""

import re
from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from escucha.contexts.assistance.models import AssistanceFile, HandOver, LogLine
from escucha.contexts.assistance.operations.files import hand_over_file
from escucha.kernel.orgs.models import Member
from escucha.web.desk.assistance import sharing
from tests.assisting import a_file, accepted
from tests.cast import TUESDAY
from tests.make import a_house
from tests.web.desk.conftest import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ASIS-14.3", "ASIS-17.2")]
MINUTE = timedelta(minutes=1)
NOW = TUESDAY + 4 * MINUTE
HOME = "/mesa/asistencia/entregas/"


class AtDesk:
    def __init__(self, house, who="paula"):
        self.house, self.client = house, Client(headers={"host": house.org.host})
        sign_in(self.client, house.members[who].account)

    def id(self, name):
        return self.house.members[name].pk

    def get(self, path=HOME, *, now=NOW, **asked):
        with time_machine.travel(now, tick=False):
            return self.client.get(path, asked)

    def post(self, path=HOME, *, now=NOW, follow=False, **said):
        with time_machine.travel(now, tick=False):
            return self.client.post(path, said, follow=follow)

    def ask(self, files=(), *, to=("fabian",), who="luz", now=NOW, **said):
        """How it would be."""
        said = {
            "de": self.id(who) if who else 0,
            "to": [self.id(one) if one else 0 for one in to],
            "reason": "shift",
        } | said
        return self.post(expediente=[one.pk for one in files], now=now, **said)

    def carried(self, answer):
        """The form that does what was shown."""
        form = soup(answer).select_one("#reparto form")
        said = {}
        for one in form.select("input[name], button[name]"):
            said.setdefault(one["name"], []).append(one["value"])
        return said

    def do(self, files=(), *, now=NOW, follow=False, **said):
        return self.post(now=now, follow=follow, **self.carried(self.ask(files, **said)))


@pytest.fixture
def at(no_static_folder, quetzal):
    return AtDesk(quetzal)


def soup(answer):
    return BeautifulSoup(answer.text, "html.parser")


def text(node):
    return " ".join(node.get_text(" ", strip=True).split())


def holders(*files):
    found = dict(AssistanceFile.objects.values_list("pk", "coordinator__account__name"))
    return [found[one.pk] for one in files]


LUZ, FABIAN, ROCIO = "Luz Marina Daza", "Fabián Ocampo", "Rocío Tamayo"


class TestWhose:
    def test_the_console_leads_there_and_each_is_counted(self, at, quetzal):
        accepted(quetzal, priority="vital")
        queued = accepted(quetzal, who="fabian").file
        hand_over_file(org=quetzal.org, file_id=queued.pk, member_id=None, by=quetzal.actor("paula"), now=TUESDAY)
        board = soup(at.get("/mesa/asistencia/", vista="abiertos"))
        assert board.find("a", href=HOME).get_text(strip=True) == "Entregar varios"
        rows = [text(row) for row in soup(at.get()).select("tbody tr")]
        assert rows == ["La cola del turno 1 —", f"{LUZ} 1 1"]
        assert soup(at.get()).select_one("tbody a")["href"] == "?de=0"

    def test_who_left_and_still_has_files_is_marked(self, at, quetzal):
        a_file(quetzal)
        Member.objects.filter(pk=at.id("luz")).update(active=False)
        assert "Ya no trabaja aquí" in soup(at.get()).select_one("tbody").text

    def test_with_nothing_open_it_says_what_will_be_here(self, at):
        assert "No hay expedientes abiertos" in at.get().text
        for whose in (at.id("luz"), 0, 10**17):
            assert "No tiene expedientes abiertos" in at.get(de=whose).text
        for odd in ("x", "-1", "9" * 30, "²"):
            assert "No hay expedientes abiertos" in at.get(de=odd).text

    def test_others_do_not_enter(self, quetzal, no_static_folder):
        file = a_file(quetzal)
        for who in ("luz", "irma", "mateo", "wilson"):
            other = AtDesk(quetzal, who)
            said = {"de": other.id("luz"), "to": other.id("fabian"), "reason": "shift", "entregar": "1"}
            assert other.get().status_code == 403
            assert other.post(plan=f"{file.pk}:{other.id('fabian')}", **said).status_code == 403
            assert other.post(f"{HOME}1/devolucion/").status_code == 403
            assert "Entregar varios" not in other.get("/mesa/asistencia/", vista="abiertos").text
        assert holders(file) == [LUZ]


class TestHowItWouldBe:
    def test_the_files_are_by_life_and_then_by_what_is_due(self, at, quetzal):
        later, soon = accepted(quetzal, priority="programmed"), accepted(quetzal)
        vital = accepted(quetzal, priority="vital", now=TUESDAY + MINUTE)
        a_file(quetzal, who="fabian")
        page = soup(at.get(de=at.id("luz")))
        found = [one.get_text(strip=True) for one in page.select("tbody th a")]
        assert found == [f"{one.file.number}/1" for one in (vital, soon, later)]
        assert "Tiene 3 abiertos." in page.text
        told = [text(one) for one in page.select("#entrega-to label")]
        assert told == [
            f"{FABIAN}, tiene 1", "Paula Roncancio, tiene 0", f"{ROCIO}, tiene 0", "La cola del turno, tiene 0",
        ]  # fmt: skip

    def test_nothing_changes_until_it_is_done(self, at, quetzal):
        files = [a_file(quetzal) for _n in range(5)]
        accepted(quetzal, who="fabian")
        page = soup(at.ask(files[:3], to=("fabian", "rocio")))
        rows = [text(row) for row in page.select("#reparto tbody tr")]
        assert rows == [f"{FABIAN} 1 1 2", f"{ROCIO} 0 2 2"]
        assert page.select_one("#reparto h2").get_text(strip=True) == "Así quedarían 3 expedientes"
        ticked = {one["value"] for one in page.select("tbody input[checked]")}
        assert ticked == {str(one.pk) for one in files[:3]}, "what was chosen stays chosen"
        assert set(holders(*files)) == {LUZ} and HandOver.objects.filter(by=at.id("paula")).count() == 0

    def test_lives_at_risk_are_shared_too(self, at, quetzal):
        for _n in range(2):
            accepted(quetzal, priority="vital")
            accepted(quetzal)
        page = soup(at.ask(to=("fabian", "rocio"), todos="1"))
        assert [text(row) for row in page.select("#reparto tbody tr")] == [
            f"{FABIAN} 0 2 1 vital 2", f"{ROCIO} 0 2 1 vital 2",
        ]  # fmt: skip

    def test_what_is_missing_is_said_and_what_was_chosen_stays(self, at, quetzal):
        file = a_file(quetzal)
        for said, why in (
            ({"to": ()}, "Escoja quién los recibe."),
            ({"reason": ""}, "Diga por qué se entregan."),
            ({"reason": "other"}, "Escriba el motivo."),
        ):
            answer = at.ask([file], **said)
            assert answer.status_code == 422 and why in answer.text, why
            assert soup(answer).select_one(f"tbody input[value='{file.pk}']").has_attr("checked")
        answer = at.ask([])
        assert answer.status_code == 422 and "Elija al menos un expediente." in answer.text
        answer = at.ask([file], to=("irma",))
        assert answer.status_code == 422 and not soup(answer).select("#reparto")

    def test_of_very_many_the_most_urgent_are_shown(self, at, quetzal, monkeypatch):
        monkeypatch.setattr(sharing, "MOST", 2)
        files = [accepted(quetzal, now=TUESDAY + n * MINUTE).file for n in range(3)]
        page = soup(at.get(de=at.id("luz")))
        assert [one.get_text(strip=True) for one in page.select("tbody th a")] == [
            f"{one.number}/1" for one in files[:2]
        ]
        assert "Aquí están los 2 más urgentes" in text(page.select_one(".page-head"))

    def test_it_asks_as_many_questions_with_few_files_as_with_many(self, at, quetzal):
        accepted(quetzal)
        at.get(de=at.id("luz"))
        with CaptureQueriesContext(connection) as few:
            at.get(de=at.id("luz"))
        for _n in range(4):
            accepted(quetzal)
        with CaptureQueriesContext(connection) as many:
            at.get(de=at.id("luz"))
        with CaptureQueriesContext(connection) as asked:
            at.ask(todos="1")
        assert (len(few), len(many), len(asked)) == (16, 16, 16)


class TestHandingOver:
    def test_what_was_done_asks_as_many_questions_for_few_as_for_many(self, at, quetzal):
        counted = []
        for number in (1, 4):
            for _n in range(number):
                a_file(quetzal)
            address = at.do(todos="1", to=("fabian", "rocio"), now=NOW + number * MINUTE)["Location"]
            with CaptureQueriesContext(connection) as asked:
                assert at.get(address, now=NOW + number * MINUTE).status_code == 200
            counted.append(len(asked))
        assert counted == [6, 6]

    def test_all_to_one_told_with_the_way_back(self, at, quetzal):
        files = [a_file(quetzal) for _n in range(3)]
        done = at.do(todos="1", follow=True)
        assert holders(*files) == [FABIAN] * 3
        [[address, _status]] = done.redirect_chain
        assert re.fullmatch(rf"{HOME}\d+/", address)
        page = soup(done)
        assert page.h1.get_text(strip=True) == "Se entregaron 3 expedientes"
        assert text(page.select_one("section h2")) == f"{FABIAN} 3"
        assert {one.comment for one in LogLine.objects.filter(subtype="note")} == {"Terminó su turno"}
        undo = page.select_one(".toast form")["action"]
        back = at.post(undo, now=NOW + MINUTE, follow=True)
        assert "3 expedientes volvieron a quien los tenía." in back.text
        assert holders(*files) == [LUZ] * 3

    def test_shared_among_several_with_another_reason(self, at, quetzal):
        files = [a_file(quetzal) for _n in range(4)]
        at.do(files[:3], to=("fabian", "rocio"), reason="other", other="Cambia de sede")
        assert sorted(holders(*files)) == sorted([FABIAN, FABIAN, ROCIO, LUZ])
        assert {one.comment for one in LogLine.objects.filter(subtype="note")} == {"Cambia de sede"}

    def test_from_the_queue_and_to_it(self, at, quetzal):
        file = a_file(quetzal)
        at.do([file], to=(None,))
        assert holders(file) == [None]
        at.do([file], who=None)
        assert holders(file) == [FABIAN]

    def test_one_that_moved_since_it_was_shown_is_told_and_the_rest_go_on(self, at, quetzal):
        moved, other = a_file(quetzal), a_file(quetzal)
        said = at.carried(at.ask(todos="1"))
        given = {"member_id": at.id("rocio"), "by": quetzal.actor("luz"), "now": NOW}
        hand_over_file(org=quetzal.org, file_id=moved.pk, **given)
        page = soup(at.post(follow=True, **said))
        assert page.h1.get_text(strip=True) == "Se entregó 1 expediente"
        toast = text(page.select_one(".toasts"))
        assert f"No se movió 1 expediente ({moved.number}). Otra persona lo entregó antes." in toast
        assert holders(moved, other) == [ROCIO, FABIAN]
        again = at.post(follow=True, **said)
        assert f"No se movieron 2 ({moved.number}, {other.number})" in again.text and "Se entreg" not in again.text

    def test_only_what_was_shown_is_done(self, at, quetzal):
        file = a_file(quetzal)
        said = at.carried(at.ask([file])) | {"plan": f"{file.pk}:{at.id('rocio')} x:1 5 {file.pk}"}
        answer = at.post(follow=True, **said)
        assert "Elija al menos un expediente." in answer.text, "who was not chosen gets nothing"
        assert holders(file) == [LUZ]

    def test_a_file_of_another_organisation_is_not_found(self, at, quetzal):
        file = a_file(quetzal)
        said = at.carried(at.ask([file]))
        plan = said["plan"][0]
        assert at.post(**said | {"plan": f"{plan} {2**40}:{at.id('fabian')}"}).status_code == 404
        assert holders(file) == [LUZ]
        at.post(**said)
        moment = (NOW - sharing.EPOCH) // sharing.MICROSECOND
        cafetal = AtDesk(a_house("cafetal"), "patricia")
        for path in (HOME, f"{HOME}{moment}/"):
            assert cafetal.get(path).status_code in {403, 404}
        assert AtDesk(quetzal, "rocio").get(f"{HOME}{moment}/").status_code == 404, "it is of who did it"
        assert AtDesk(quetzal, "rocio").post(f"{HOME}{moment}/devolucion/").status_code == 404
        for odd in (0, moment + 1, 10**17, 10**30):
            assert at.get(f"{HOME}{odd}/").status_code == 404, odd
        assert holders(file) == [FABIAN]

    def test_after_half_an_hour_it_is_not_undone_from_there(self, at, quetzal):
        file = a_file(quetzal)
        address = at.do([file])["Location"]
        late = NOW + 31 * MINUTE
        assert not soup(at.get(address, now=late)).select(".toast form")
        told = at.post(f"{address}devolucion/", now=late, follow=True)
        assert "Ya pasó media hora." in told.text
        assert holders(file) == [FABIAN]
