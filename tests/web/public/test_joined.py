"""Who follows a request that was put together with another: its number and receipt stay, the rest is the other's."""

from datetime import timedelta

import pytest

from escucha.contexts.cases.models import Word
from escucha.contexts.cases.operations.answering import answer_case, check_answer, send_answer
from escucha.contexts.cases.operations.handling import withdraw_case
from escucha.contexts.cases.operations.joining import merge_cases, split_case, undo_merge
from escucha.kernel.timeline.facts import CITIZEN
from tests.cast import TUESDAY
from tests.make import ALL_MET, a_case, a_routed_case

FOLLOWED, ADDING = "/seguir/solicitud/", "/seguir/solicitud/adiciones/"
LATER = TUESDAY + timedelta(days=1)


@pytest.fixture
def pair(cafetal):
    """One that follows another."""
    case, main = a_case(cafetal), a_routed_case(cafetal)
    by = cafetal.actor("lucia")
    merge_cases(org=cafetal.org, case_id=case.pk, into_id=main.pk, by=by, now=LATER)
    case.refresh_from_db()
    return case, main


@pytest.fixture
def follower(visitor, pair):
    case, _main = pair
    visitor.post("/seguir/", {"number": case.filing_number, "factor": case.contact_code})
    return visitor


def answered(cafetal, main):
    there = {"org": cafetal.org, "case_id": main.pk, "now": LATER}
    answer_case(body="Le devolvemos su dinero.", by=cafetal.actor("dario"), **there)
    check_answer(verdicts=ALL_MET, by=cafetal.actor("lucia"), **there)
    return send_answer(by=cafetal.actor("lucia"), **there)


def test_sees_where_the_other_is(follower, pair):
    case, main = pair
    page = follower.get(FOLLOWED).text
    assert case.filing_number in page and f"La respondemos junto con {main.filing_number}" in page
    assert "El área responsable la estudia" in page
    assert f'href="/recibo/{case.receipt_code}/"' in page
    assert f"La juntamos con {case.filing_number}" in page
    assert "Retirar la solicitud" not in page


def test_reads_the_other_s_answer(follower, cafetal, pair):
    answered(cafetal, pair[1])
    assert "Ver mi respuesta" in follower.get(FOLLOWED).text
    follower.post(f"{FOLLOWED}respuesta/")
    assert "Le devolvemos su dinero." in follower.get(FOLLOWED).text
    pair[1].refresh_from_db()
    assert pair[1].state == "notified"


def test_sees_no_button_before_there_is_an_answer(follower, visitor, pair):
    assert "Ver mi respuesta" not in follower.get(FOLLOWED).text
    follower.post(f"{FOLLOWED}respuesta/")
    pair[1].refresh_from_db()
    assert pair[1].state == "assigned"


def test_does_not_read_it_by_a_telephone_that_anybody_can_type(visitor, cafetal):
    """Who types somebody else's telephone, and is taken for that person, sees no answer and cannot spend its notice."""
    main = a_routed_case(cafetal)
    case = a_case(cafetal, person={"name": "Otro", "phone": "+57 300 000 0001"})
    merge_cases(org=cafetal.org, case_id=case.pk, into_id=main.pk, by=cafetal.actor("lucia"), now=LATER)
    answered(cafetal, main)
    visitor.post("/seguir/", {"number": case.filing_number, "factor": case.contact_code})
    page = visitor.get(FOLLOWED).text
    assert f"La respuesta se lee con el número {main.filing_number}." in page and "en esta página" not in page
    assert "Ver mi respuesta" not in page and "la respuesta se lee con ese número" in page
    visitor.post(f"{FOLLOWED}respuesta/")
    assert "Le devolvemos su dinero." not in visitor.get(FOLLOWED).text
    main.refresh_from_db()
    assert main.state == "sent"


def test_reads_that_of_what_it_was_split_from(visitor, cafetal):
    """Though its person left nothing by which it could be known."""
    main = a_routed_case(cafetal, person=None)
    by = {"org": cafetal.org, "by": cafetal.actor("lucia"), "now": LATER}
    part = split_case(case_id=main.pk, body="Y también el casillero.", **by)
    merge_cases(case_id=part.pk, into_id=main.pk, **by)
    answered(cafetal, main)
    visitor.post("/seguir/", {"number": part.filing_number, "factor": part.contact_code})
    visitor.post(f"{FOLLOWED}respuesta/")
    assert "Le devolvemos su dinero." in visitor.get(FOLLOWED).text


def test_adds_to_the_other(follower, pair):
    case, main = pair
    assert follower.post(ADDING, {"body": "No tratan de lo mismo.", "key": "k" * 22}).url == FOLLOWED
    assert [(word.case, word.said_about) for word in Word.objects.all()] == [(main, case)]
    assert "Usted agregó algo" in follower.get(FOLLOWED).text


def test_adds_nothing_to_what_is_closed(follower, cafetal, pair):
    for case in reversed(pair):
        withdraw_case(org=cafetal.org, case_id=case.pk, by=CITIZEN, now=LATER)
    assert "Agregar algo" not in follower.get(FOLLOWED).text
    assert follower.get(ADDING).url == follower.post(ADDING, {"body": "Hola"}).url == FOLLOWED
    assert not Word.objects.exists()


def test_sees_its_own_again_once_they_are_apart(follower, cafetal, pair):
    case, main = pair
    undo_merge(org=cafetal.org, case_id=case.pk, by=cafetal.actor("lucia"), now=LATER)
    page = follower.get(FOLLOWED).text
    assert "La recibimos y falta clasificarla" in page and "La respondemos junto con" not in page
    assert f"La separamos de {main.filing_number}" in page
    assert "Retirar la solicitud" in page
