"""Who follows a case adds to it: only who opened it, never twice, never without saying something."""

import pytest

from escucha.contexts.cases.models import Word
from escucha.contexts.documents.queries import files_about
from tests.make import a_case
from tests.web.public.test_filing_limits import asked
from tests.web.public.test_filing_papers import HELD, a_file

PATH = "/seguir/solicitud/adiciones/"


@pytest.fixture
def case(cafetal):
    return a_case(cafetal)


@pytest.fixture
def follower(visitor, case):
    visitor.post("/seguir/", {"number": case.filing_number, "factor": case.contact_code})
    return visitor


def test_only_who_opened_the_case_adds_to_it(visitor, case):
    assert visitor.get(PATH).url == "/seguir/"
    assert visitor.post(PATH, {"body": "Hola"}).url == "/seguir/"
    assert not Word.objects.exists()


def test_text_and_files_are_added_once(follower, case):
    said = {"body": "Era el salón dos.", "key": "k" * 22}
    for _time in range(2):
        assert follower.post(PATH, said | {"files": a_file()}).url == "/seguir/solicitud/"
    assert [(word.case_id, word.body) for word in Word.objects.all()] == [(case.pk, "Era el salón dos.")]
    assert [one.file.name for one in files_about(org=case.org, subject=case.subject)] == ["recibo.pdf"]


def test_nothing_is_not_added_and_says_so(follower):
    answer = follower.post(PATH, {"body": " ", "key": "k" * 22})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Escriba lo que quiere agregar" in page
    assert 'id="id_body_error"' in page and 'id="id_files_error"' not in page
    assert follower.post(PATH, {"files": a_file(), "key": "k" * 22}).status_code == 302


def test_what_is_refused_brings_text_and_the_other_files_back(follower):
    page = follower.post(
        PATH, {"body": "Miren", "files": [a_file("x.exe"), a_file()], "key": "k" * 22}
    ).content.decode()
    assert "Miren" in page and len(HELD.findall(page)) == 1 and not Word.objects.exists()


def test_often_is_asked_a_question_first(follower):
    for n in range(20):
        assert follower.post(PATH, {"body": f"Texto {n}"}).status_code == 302
    answer = follower.post(PATH, {"body": "Otra", "key": "k" * 22})
    assert answer.status_code == 422
    result, token = asked(answer)
    said = {"body": "Otra", "key": "k" * 22, "token": token, "result": str(result)}
    assert follower.post(PATH, said).status_code == 302
    assert Word.objects.count() == 21


def test_its_queries_are_counted(follower, django_assert_num_queries):
    follower.get(PATH)
    with django_assert_num_queries(3):
        follower.get(PATH)
