"""The page of a questionnaire, behind the link of its message."""

import pytest

from escucha.contexts.surveys.models import Answer
from escucha.contexts.surveys.operations import invite
from escucha.contexts.surveys.rules import CONFORMING
from tests.cast import TUESDAY
from tests.make import a_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(time_machine):
    time_machine.move_to(TUESDAY, tick=False)
    house = a_house("quetzal")
    invitation = invite(
        org=house.org,
        survey="asistencia",
        subject="assistance:1",
        sample=CONFORMING,
        email="ana@example.org",
        now=TUESDAY,
    )
    return f"/encuesta/{invitation.code}/"


def ask(client, page, said=None, slug="quetzal"):
    call = client.get if said is None else client.post
    return call(page, said or {}, headers={"host": f"{slug}.localhost"})


@pytest.mark.requirement("ASIS-12.3")
def test_asks_takes_the_answers_and_thanks(client, page):
    asked = ask(client, page)
    assert "¿El problema quedó resuelto?" in asked.content.decode()
    assert asked.headers["Cache-Control"] == "private, no-store"
    thanks = ask(client, page, {"arreglo": "5", "otra_cosa": "<b>Bien</b>"})
    assert "Recibimos sus respuestas" in thanks.content.decode()
    assert Answer.objects.count() == 2
    again = ask(client, page).content.decode()
    assert "ya se contestó" in again
    assert "Bien" not in again


@pytest.mark.parametrize(
    ("said", "told"), [({"otra_cosa": ""}, "al menos una"), ({"arreglo": "9", "otra_cosa": "Sí"}, "Escoja")]
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client, page, said, told):
    answer = ask(client, page, said)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert said["otra_cosa"] in answer.content.decode()
    assert not Answer.objects.exists()


def test_a_guess_and_another_organisation_find_nothing(client, page):
    assert ask(client, "/encuesta/adivinado123/").status_code == 404
    a_house("cafetal")
    assert ask(client, page, slug="cafetal").status_code == 404
    assert ask(client, page, {"arreglo": "5"}, slug="cafetal").status_code == 404


def test_the_link_of_its_message_is_masked_for_who_is_not_its_reader(page):
    from escucha.contexts.messaging.rules.writing import masked

    assert page.split("/")[2] not in masked(f"Entre a https://quetzal.example.org{page} y conteste")


def test_asks_few_questions_of_the_database(client, page, django_assert_max_num_queries):
    ask(client, page)
    with django_assert_max_num_queries(4):
        ask(client, page)
