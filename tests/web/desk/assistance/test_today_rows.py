"""What a coordinator reads in Hoy: a life at risk is called so, and nothing leads nowhere."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from tests.assisting import accepted
from tests.cast import TUESDAY
from tests.make import a_house, a_routed_case
from tests.web.desk.conftest import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def quetzal():
    return a_house("quetzal")


@pytest.fixture
def today(no_static_folder, quetzal):
    def seen(who="luz"):
        client = Client(headers={"host": quetzal.org.host})
        sign_in(client, quetzal.members[who].account)
        with time_machine.travel(TUESDAY + timedelta(minutes=3), tick=False):
            return BeautifulSoup(client.get("/mesa/").text, "html.parser")

    return seen


def test_a_life_at_risk_is_called_so(quetzal, today):
    accepted(quetzal, priority="vital", consent=True)
    rows = today().select(".agenda-row")
    assert "Emergencia vital" in rows[0].text
    assert "Atención preferencial" not in rows[0].text


def test_what_is_elsewhere_says_its_hour_there_as_a_sentence(quetzal, today):
    accepted(quetzal, account="hogar_del_sur")
    assert today().select_one(".agenda-due").text.startswith("Mar 3 mar, 12:05, hora de Argentina")


def test_a_case_of_the_unit_that_a_coordinator_does_not_open_leads_nowhere(quetzal, today):
    a_routed_case(quetzal, unit="operaciones", by="irma", now=TUESDAY - timedelta(days=1))
    row = today().select_one(".agenda-row")
    assert "un caso de su dependencia" in row.text
    assert not row.select("a")
