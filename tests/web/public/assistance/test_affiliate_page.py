"""The affiliate's page: who comes and when, and what is asked of it, behind the link of its message."""

from datetime import timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from escucha.contexts.assistance.models import Assistance, LogLine
from escucha.contexts.assistance.rules.stages import Conformity, Stage
from escucha.contexts.assistance.rules.subtypes import Subtype
from escucha.contexts.cases.models import Case
from escucha.contexts.messaging.models import Message
from tests.cast import TUESDAY
from tests.contexts.assistance.service.steps import assigned, brought_to, do
from tests.make import a_house

pytestmark = pytest.mark.django_db
LATER = TUESDAY + timedelta(hours=1)


@pytest.fixture
def house(time_machine):
    time_machine.move_to(LATER, tick=False)
    return a_house("quetzal")


def ask(client, assistance, act="", said=None, slug="quetzal"):
    path = f"/servicio/{assistance.page_code}/" + (f"{act}/" if act else "")
    call = client.post if act else client.get
    return call(path, said or {}, headers={"host": f"{slug}.localhost"})


def now(assistance):
    return Assistance.objects.get(pk=assistance.pk)


def test_who_called_is_told_who_goes_with_its_link(house):
    found = assigned(house)
    letter = Message.objects.get(template__startswith="somebody_goes")
    assert found.page_code in letter.body
    assert letter.channel == "sms"


@pytest.mark.requirement("ASIS-08.12")
def test_says_who_comes_and_when_and_takes_the_confirmation_once(client, house):
    found = assigned(house)
    page = ask(client, found).content.decode()
    assert "Ya hay quién vaya" in page
    assert "Reparaciones" in page
    assert ask(client, found, "confirmacion").status_code == 302
    assert ask(client, found, "confirmacion").status_code == 302
    assert now(found).stage == Stage.CONFIRMED
    assert LogLine.objects.filter(assistance=found, subtype=Subtype.CONFIRMED).count() == 1


class TestExcess:
    @pytest.fixture
    def dear(self, house):
        found = brought_to(house, "contact")
        return do(house, found, "diagnose", now=TUESDAY + timedelta(minutes=10), cost=Decimal(260_000))

    @pytest.mark.requirement("ASIS-10.3")
    def test_is_told_whole_and_accepted_with_name_and_way_to_pay(self, client, dear):
        page = ask(client, dear).content.decode()
        assert "60.000" in page or "60,000" in page
        read = {"amount": "60000"}
        assert ask(client, dear, "excedente", read | {"who": "", "payment": ""}).status_code == 422
        assert ask(client, dear, "excedente", read | {"who": "Rebeca", "payment": "Con conchas"}).status_code == 422
        assert ask(client, dear, "excedente", read | {"who": "Rebeca", "payment": "Transferencia"}).status_code == 302
        assert (now(dear).stage, now(dear).excess, now(dear).payment) == (Stage.AUTHORISED, 60_000, "Transferencia")
        line = LogLine.objects.get(assistance=dear, subtype=Subtype.EXCESS)
        assert (line.said["how"], "Rebeca" in line.comment, line.actor) == ("link", True, "affiliate")

    @pytest.mark.requirement("ASIS-10.4")
    def test_refused_it_ends(self, client, dear):
        assert ask(client, dear, "rechazo", {"amount": "60000.00"}).status_code == 302
        assert now(dear).stage == Stage.CANCELLED_LATER
        assert "se canceló" in ask(client, dear).content.decode()

    @pytest.mark.requirement("ASIS-10.3")
    @pytest.mark.parametrize("act", ["excedente", "rechazo"])
    def test_of_an_amount_that_was_corrected_meanwhile_nothing_is_decided(self, client, house, dear, act):
        opened = BeautifulSoup(ask(client, dear).content, "html.parser")
        read = opened.select_one(f"form[action$='/{act}/'] [name=amount]")["value"]
        do(house, dear, "diagnose", now=TUESDAY + timedelta(minutes=20), cost=Decimal(290_000))
        said = {"amount": read, "who": "Rebeca", "payment": "Transferencia"}
        answer = ask(client, dear, act, said)
        page = BeautifulSoup(answer.content, "html.parser")
        assert (answer.status_code, now(dear).stage, now(dear).excess) == (409, Stage.DIAGNOSED, None)
        assert "ahora le toca pagar COP 90.000" in page.text
        again = page.select_one(f"form[action$='/{act}/']")
        assert again.select_one("[name=amount]")["value"] == "90000.00"
        if act == "excedente":
            assert again.select_one("[name=who]")["value"] == "Rebeca"
        assert ask(client, dear, act, said | {"amount": ""}).status_code == 409
        assert ask(client, dear, act, said | {"amount": "90000"}).status_code == 302


class TestVerdict:
    @pytest.fixture
    def done(self, house):
        return brought_to(house, "finish")

    def test_yes(self, client, done):
        assert ask(client, done, "conformidad", {"outcome": "conforming"}).status_code == 302
        assert now(done).conformity == Conformity.CONFORMING

    @pytest.mark.requirement("ASIS-12.2")
    def test_no_is_a_complaint_and_says_why(self, client, done):
        assert ask(client, done, "conformidad", {"outcome": "nonconforming"}).status_code == 409
        said = {"outcome": "nonconforming", "comment": "Volvió a gotear"}
        assert ask(client, done, "conformidad", said).status_code == 302
        assert now(done).conformity == Conformity.NONCONFORMING
        assert Case.objects.get().body == "Volvió a gotear"
        assert Case.objects.get().filing_number in ask(client, done).content.decode()
        assert ask(client, done, "conformidad", said).status_code == 302
        assert Case.objects.count() == 1


def test_cancelling_calls_the_provider_off(client, house):
    found = assigned(house)
    assert ask(client, found, "cancelacion", {"comment": ""}).status_code == 422
    assert ask(client, found, "cancelacion", {"comment": "Ya la arreglé"}).status_code == 302
    assert now(found).stage == Stage.CANCELLED_LATER
    assert Message.objects.filter(template__startswith="work_called_off").exists()


def test_a_guess_and_another_organisation_find_nothing(client, house):
    found = assigned(house)
    a_house("cafetal")
    assert ask(client, found, slug="cafetal").status_code == 404
    assert ask(client, found, "confirmacion", slug="cafetal").status_code == 404
    assert client.get("/servicio/adivinado123/", headers={"host": "quetzal.localhost"}).status_code == 404


def test_what_is_not_asked_now_changes_nothing(client, house):
    found = assigned(house)
    assert ask(client, found, "conformidad", {"outcome": "conforming"}).status_code == 302
    assert now(found).conformity == ""
    assert ask(client, found, "otra").status_code == 404


def test_asks_few_questions_of_the_database(client, house, django_assert_max_num_queries):
    found = assigned(house)
    ask(client, found)
    with django_assert_max_num_queries(8):
        ask(client, found)
