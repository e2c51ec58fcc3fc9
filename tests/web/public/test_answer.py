"""The link of the answer, and the published notices."""

import pytest
from django.test import Client
from django.utils import timezone

from escucha.contexts.cases.models import Answer, Case
from escucha.contexts.cases.operations.reaching import publish_notice
from escucha.kernel.timeline.models import Entry
from tests.make import a_sent_case, an_answered_case

ANSWER = "Le devolvemos su dinero."


@pytest.fixture
def case(cafetal):
    return a_sent_case(cafetal)


@pytest.fixture
def link(case):
    return f"/respuesta/{Answer.objects.get(case=case).link_token}/"


@pytest.mark.parametrize("method", ["get", "head"])
def test_following_the_link_records_nothing_and_shows_nothing(visitor, case, link, method):
    before = Entry.objects.count()
    for _time in range(3):
        answer = getattr(visitor, method)(link)
        assert answer.status_code == 200
        assert ANSWER not in answer.content.decode()
    case.refresh_from_db()
    assert (case.state, Entry.objects.count()) == ("sent", before)


def test_pressing_shows_it_and_notifies_once(visitor, case, link):
    first, again = (visitor.post(link) for _time in range(2))
    assert ANSWER in first.content.decode() and ANSWER in again.content.decode()
    assert Entry.objects.filter(verb="cases.case_notified").count() == 1
    case.refresh_from_db()
    assert (case.state, case.notified_how) == ("notified", "link")


def test_it_belongs_to_who_holds_it(visitor, link):
    for answer in (visitor.get(link), visitor.post(link)):
        assert answer["Cache-Control"] == "private, no-store"
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert "Berrío" not in answer.content.decode()


def test_the_button_needs_the_token_of_its_own_page(cafetal, link):
    strict = Client(enforce_csrf_checks=True, headers={"host": "cafetal.localhost"})
    assert strict.post(link).status_code == 403
    assert Case.objects.get().state == "sent"


def test_another_house_and_an_answer_that_did_not_leave_are_not_found(visitor, link, vidamar, cafetal):
    assert visitor.get(link, headers={"host": "vidamar.localhost"}).status_code == 404
    assert visitor.post(link, headers={"host": "vidamar.localhost"}).status_code == 404
    kept = Answer.objects.get(case=an_answered_case(cafetal))
    assert visitor.post(f"/respuesta/{kept.link_token}/").status_code == 404
    assert visitor.post("/respuesta/adivinanza/").status_code == 404


def test_notices_name_the_number_and_nobody(visitor, cafetal):
    case = a_sent_case(cafetal, person=None)
    assert "No hay avisos publicados" in visitor.get("/avisos/").content.decode()
    publish_notice(org=cafetal.org, case_id=case.pk, by=cafetal.actor("lucia"), now=timezone.now())
    page = visitor.get("/avisos/").content.decode()
    assert "PQR 2026 000 001" in page and "Leer mi respuesta" in page
    main = page.partition("<main")[2].partition("</main>")[0]
    for word in (ANSWER, "reserva", "Recreación", case.contact_code):
        assert word not in main
