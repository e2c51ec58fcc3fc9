"""The board: «A cargo», «Abiertos» and «Todos», each row with what is owed next in the hour of its place."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from escucha.contexts.assistance.operations.files import close_file, hand_over_file
from tests.assisting import a_file, accepted
from tests.cast import TUESDAY
from tests.contexts.assistance.service.steps import assigned
from tests.make import a_house
from tests.web.desk.conftest import sign_in

pytestmark = pytest.mark.django_db
BOARD = "/mesa/asistencia/"


@pytest.fixture
def quetzal():
    return a_house("quetzal")


@pytest.fixture
def enter(no_static_folder, quetzal):
    def entered(who, house=quetzal):
        client = Client(headers={"host": house.org.host})
        sign_in(client, house.members[who].account)
        return client

    return entered


def see(client, path=BOARD, now=TUESDAY, **asked):
    with time_machine.travel(now, tick=False):
        return client.get(path, asked)


def numbers(page):
    return re.findall(r'data-live-row="([^"]+)"', page.text)


@pytest.mark.requirement("ASIS-14.2", "ASIS-14.3", "ASIS-14.4")
def test_each_view_has_its_files(enter, quetzal):
    mine, other = a_file(quetzal), a_file(quetzal, who="fabian")
    closed = a_file(quetzal)
    why = {"empty_reason": "Era otra empresa"}
    close_file(org=quetzal.org, file_id=closed.pk, by=quetzal.actor("luz"), now=TUESDAY, **why)
    luz = enter("luz")
    assert numbers(see(luz)) == [str(mine.number)]
    assert set(numbers(see(luz, vista="abiertos"))) == {str(mine.number), str(other.number)}
    assert set(numbers(see(luz, vista="todos"))) == {str(one.number) for one in (mine, other, closed)}


@pytest.mark.requirement("ASIS-14.1")
def test_mine_goes_by_what_is_due_first_and_says_what_is_owed(enter, quetzal):
    later = accepted(quetzal, priority="programmed")
    sooner = accepted(quetzal, priority="emergency")
    page = see(enter("luz"), now=TUESDAY + timedelta(minutes=7))
    assert numbers(page) == [f"{one.file.number}/1" for one in (sooner, later)]
    assert "Asignar proveedor" in page.text
    assert "−2 min" in page.text
    assert "13 min" in page.text


def test_hours_are_those_of_the_place(enter, quetzal):
    accepted(quetzal, account="hogar_del_sur", priority="emergency")
    page = see(enter("luz"))
    assert "12:05" in page.text  # 15:00 in Greenwich is noon in Buenos Aires, and ten in Bogotá
    assert "10:05" not in page.text


def test_a_row_is_as_it_is_now(enter, quetzal):
    found = assigned(quetzal)
    row = see(enter("luz"), f"{BOARD}{found.file.number}/1/fila/")
    assert row.text.count("<tr") == 1
    assert "Asignada" in row.text
    assert see(enter("luz"), f"{BOARD}999999/1/fila/").status_code == 404
    assert see(enter("luz"), f"{BOARD}{found.file.number}/9/fila/").status_code == 404


def test_filters_search_and_the_queue_of_the_shift(enter, quetzal):
    found, queued = accepted(quetzal, priority="vital"), a_file(quetzal)
    hand_over_file(org=quetzal.org, file_id=queued.pk, member_id=None, by=quetzal.actor("paula"), now=TUESDAY)
    luz = enter("luz")
    assert numbers(see(luz, vista="abiertos", prioridad="vital")) == [f"{found.file.number}/1"]
    assert numbers(see(luz, vista="abiertos", turno="1")) == [str(queued.number)]
    assert numbers(see(luz, vista="abiertos", q=str(queued.number))) == [str(queued.number)]
    assert "Nada con esos filtros" in see(luz, vista="abiertos", q="nadie de aquí").text
    for odd in ({"etapa": "x"}, {"antes": "x"}, {"antes": "9" * 30}, {"q": "\x00"}, {"vista": "x"}):
        assert see(luz, **odd).status_code == 200


def test_who_only_looks_sees_everyone_s_and_who_has_no_part_sees_none(enter, quetzal):
    file = a_file(quetzal)
    page = see(enter("irma"))
    assert numbers(page) == [str(file.number)]
    assert "Abrir un expediente" not in page.text
    assert see(enter("mateo")).status_code == 403
    assert see(enter("mateo"), f"{BOARD}{file.number}/fila/").status_code == 403


def test_another_organisation_sees_nothing(enter, quetzal):
    file = a_file(quetzal)
    cafetal = a_house("cafetal")
    assert see(enter("patricia", cafetal), f"{BOARD}{file.number}/fila/").status_code in {403, 404}


def test_a_page_asks_as_many_questions_with_one_file_as_with_many(enter, quetzal):
    luz = enter("luz")
    accepted(quetzal)
    see(luz, vista="abiertos")
    with CaptureQueriesContext(connection) as few:
        see(luz, vista="abiertos")
    for _n in range(4):
        accepted(quetzal)
    with CaptureQueriesContext(connection) as many:
        see(luz, vista="abiertos")
    assert len(many) == len(few) <= 20
