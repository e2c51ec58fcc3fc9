"""Staff sees by which way a message left, how far it came and why not, and never its keys."""

from datetime import timedelta

import pytest
from django.test import Client

from escucha.contexts.messaging.models import Message
from escucha.contexts.messaging.operations.delivering import deliver
from tests.cast import ANA, TUESDAY
from tests.contexts.messaging.sms.conftest import stand_in  # noqa: F401
from tests.contexts.messaging.sms.houses import a_receipt, a_texting_house, call_in, fresh
from tests.make import a_case
from tests.web.desk.conftest import sign_in

MOBILE_ONLY = ANA | {"email": ""}


@pytest.fixture
def house(db, stand_in, settings):  # noqa: F811
    return a_texting_house(stand_in, settings, "twilio")


@pytest.fixture
def desk(house, no_static_folder):
    client = Client(headers={"host": house.org.host})
    sign_in(client, house.members["patricia"].account)
    return client


@pytest.fixture
def text(house):
    a_case(house, person=MOBILE_ONLY)
    deliver(now=TUESDAY)
    return Message.objects.get(channel="sms")


def a_second_text(house):
    a_case(house, person=MOBILE_ONLY | {"phone": "300 000 0002"})
    deliver(now=TUESDAY)
    return Message.objects.get(channel="sms", to="+573000000002")


def told(house, stand_in, text, status, **more):  # noqa: F811
    call_in(house, a_receipt(stand_in, house, text.gateway_ref, status, **more), now=TUESDAY + timedelta(minutes=2))
    return fresh(text)


def read(client, path):
    answer = client.get(f"/mesa/correos/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


class TestTheList:
    def test_says_the_way_and_how_far_each_came(self, house, desk, text, stand_in):  # noqa: F811
        assert "Lo recibió la empresa de mensajería" in read(desk, "")
        told(house, stand_in, text, "delivered")
        page = read(desk, "")
        assert "Llegó al teléfono" in page and ">Texto<" in page and "300 000 0001" in page

    def test_shows_apart_those_that_did_not_arrive(self, house, desk, text, stand_in):  # noqa: F811
        assert "Ninguno se quedó sin llegar" in read(desk, "?ver=fallidos")
        told(house, stand_in, text, "undelivered", code="30005")
        page = read(desk, "?ver=fallidos")
        assert page.count("data-row>") == 1 and "No se pudo entregar" in page
        assert 'aria-current="page"' in page

    def test_never_shows_what_opens_the_case(self, house, desk, text):
        page = read(desk, "") + read(desk, f"{text.pk}/")
        assert text.person is not None
        code = text.body.partition("Consulte con ")[2][:6]
        assert len(code) == 6 and code not in page


class TestOneText:
    def test_says_what_its_gateway_told_in_order(self, house, desk, text, stand_in):  # noqa: F811
        for status in ("sent", "delivered"):
            told(house, stand_in, text, status)
        page = read(desk, f"{text.pk}/")
        assert page.index("Entregado al operador") < page.rindex("Llegó al teléfono")

    @pytest.mark.parametrize(
        ("code", "said"),
        [("30005", "El número no recibe mensajes de texto"), ("30007", "El operador lo rechazó")],
    )
    def test_says_why_it_did_not_arrive_and_what_to_do(self, house, desk, text, stand_in, code, said):  # noqa: F811
        told(house, stand_in, text, "undelivered", code=code)
        page = read(desk, f"{text.pk}/")
        assert said in page and code not in page

    def test_of_a_status_nobody_knows_is_shown_too(self, house, desk, text, stand_in):  # noqa: F811
        told(house, stand_in, text, "dreamt")
        assert "Otra noticia de la empresa de mensajería" in read(desk, f"{text.pk}/")

    def test_to_who_asked_not_to_be_known_shows_neither_number_nor_words(self, house, desk):
        case = a_case(house, person=MOBILE_ONLY, identity_reserved=True)
        [text] = Message.objects.filter(channel="sms")
        page = read(desk, "") + read(desk, f"{text.pk}/")
        assert "300 000 0001" not in page and "3000000001" not in page and "Mensaje de texto" in page
        assert case.contact_code not in page


def test_the_pages_ask_the_same_of_few_and_of_many(house, desk, text, stand_in, django_assert_num_queries):  # noqa: F811
    for status in ("sent", "delivered"):
        told(house, stand_in, text, status)
    with django_assert_num_queries(8):
        read(desk, f"{text.pk}/")
    told(house, stand_in, a_second_text(house), "undelivered", code="30005")
    with django_assert_num_queries(7):
        read(desk, "?ver=fallidos")
