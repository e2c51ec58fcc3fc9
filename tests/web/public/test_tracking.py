"""Following a request: number and second factor, a few tries, and what its person may see and do."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.reaching import record_call
from escucha.contexts.people.models import AccessTry
from escucha.contexts.people.operations import note_try
from escucha.kernel.timeline.models import Entry
from escucha.web.public import doors
from tests.cast import TUESDAY
from tests.make import a_case, a_routed_case, a_sent_case, an_answered_case

ANSWER = "Le devolvemos su dinero."


def follow(visitor, number, factor, **extra):
    return visitor.post("/seguir/", {"number": number, "factor": factor}, **extra)


def told(answer) -> str:
    """The page without what the person typed and what changes each time."""
    return re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.content.decode())


@pytest.fixture
def case(cafetal):
    return a_sent_case(cafetal)


@pytest.mark.parametrize("number", ["PQR-2026-000001", "pqr 2026 000 001", "PQR2026000001", " pqr-2026-000001. "])
@pytest.mark.parametrize("factor", ["1990000001", "1.990.000.001", " 1 990 000 001 "])
def test_number_and_document_are_forgiven_their_spaces_points_and_case(visitor, case, number, factor):
    assert follow(visitor, number, factor).url == "/seguir/solicitud/"


def test_the_contact_code_is_enough_in_any_case_and_groups(visitor, case):
    code = case.contact_code
    for typed in (code, code.lower(), f"{code[:3]} {code[3:]}"):
        assert follow(visitor, case.filing_number, typed).status_code == 302


def test_a_wrong_number_and_a_wrong_factor_get_the_same_answer(visitor, case):
    wrong_factor = follow(visitor, case.filing_number, "1990000009")
    wrong_number = follow(visitor, "PQR-2026-999999", "1990000001")
    assert wrong_factor.status_code == wrong_number.status_code == 422
    assert told(wrong_factor) == told(wrong_number)
    assert "No encontramos una solicitud con ese número" in told(wrong_factor)
    assert ANSWER not in told(wrong_factor)


@pytest.mark.parametrize("factor", ["", " ", "no document", "no case", "0"])
def test_nothing_opens_an_anonymous_case_but_its_code(visitor, cafetal, factor):
    case = a_case(cafetal, person=None)
    assert follow(visitor, case.filing_number, factor).status_code == 422
    assert follow(visitor, "PQR-2026-000009", factor).status_code == 422
    assert follow(visitor, case.filing_number, case.contact_code).status_code == 302


def test_another_house_does_not_know_it(visitor, case, vidamar):
    abroad = {"host": "vidamar.localhost"}
    assert follow(visitor, case.filing_number, case.contact_code, headers=abroad).status_code == 422
    follow(visitor, case.filing_number, case.contact_code)
    assert visitor.get("/seguir/solicitud/", headers=abroad).url == "/seguir/"


def test_after_ten_tries_on_a_number_even_the_right_factor_waits(visitor, case):
    for _time in range(10):
        assert follow(visitor, case.filing_number, "wrong").status_code == 422
    refused = follow(visitor, case.filing_number, case.contact_code)
    again = timezone.localtime(
        AccessTry.objects.earliest("since").since + timedelta(hours=1), ZoneInfo("America/Bogota")
    )
    assert refused.status_code == 429
    assert f"vuelva a intentarlo a las {again.hour}:{again.minute:02}" in refused.content.decode()
    assert follow(visitor, "PQR-2026-000777", "x").status_code == 422  # other numbers still may
    AccessTry.objects.update(since=timezone.now() - timedelta(hours=1, seconds=1))
    assert follow(visitor, case.filing_number, case.contact_code).status_code == 302


def test_an_unknown_number_runs_out_of_tries_just_the_same(visitor, cafetal):
    statuses = [follow(visitor, "PQR-2026-000555", "x").status_code for _time in range(11)]
    assert statuses == [422] * 10 + [429]


def test_sixty_tries_from_one_address_are_too_many_whatever_the_numbers(visitor, cafetal):
    here = {"REMOTE_ADDR": "203.0.113.9"}
    statuses = [follow(visitor, f"PQR-2026-{n:06d}", f"{n}", **here).status_code for n in range(61)]
    assert statuses == [422] * 60 + [429]
    assert follow(visitor, "PQR-2026-000001", "x", REMOTE_ADDR="203.0.113.10").status_code == 422


def test_neighbours_of_an_ipv6_network_share_their_tries(visitor, cafetal):
    follow(visitor, "", "", REMOTE_ADDR="2001:db8::1")
    follow(visitor, "", "", REMOTE_ADDR="2001:db8::2")
    assert AccessTry.objects.count() == 4  # the number here and anywhere, the network and its site


def test_one_document_does_not_walk_the_numbers_from_many_places(visitor, cafetal):
    statuses = [
        follow(visitor, f"PQR-2026-{n:06d}", "1990000001", REMOTE_ADDR=f"203.0.113.{n}").status_code for n in range(21)
    ]
    assert statuses == [422] * 20 + [429]


def test_a_site_of_many_networks_is_one_visitor(visitor, cafetal, monkeypatch):
    monkeypatch.setattr(doors, "PER_SITE", 9)
    statuses = [
        follow(visitor, f"PQR-2026-{n:06d}", f"{n}", REMOTE_ADDR=f"2001:db8:1:{n:x}::1").status_code for n in range(10)
    ]
    assert statuses == [422] * 9 + [429]


def test_what_was_right_is_not_counted(visitor, case):
    for _time in range(25):
        assert follow(visitor, case.filing_number, case.contact_code).status_code == 302
    assert not AccessTry.objects.exclude(tries=0).exists()


def test_what_one_visitor_is_refused_keeps_nobody_else_out(visitor, case, monkeypatch):
    monkeypatch.setattr(doors, "PER_NUMBER", 15)
    for _time in range(20):
        follow(visitor, case.filing_number, "wrong", REMOTE_ADDR="203.0.113.9")
    assert follow(visitor, case.filing_number, case.contact_code, REMOTE_ADDR="203.0.113.10").status_code == 302


def test_failures_from_everywhere_close_a_number_for_everybody(visitor, case, monkeypatch):
    monkeypatch.setattr(doors, "PER_NUMBER", 15)
    for n in range(15):
        follow(visitor, case.filing_number, f"{n}", REMOTE_ADDR=f"203.0.113.{n}")
    assert follow(visitor, case.filing_number, case.contact_code, REMOTE_ADDR="198.51.100.1").status_code == 429


def test_what_is_kept_of_a_try_cannot_be_read(visitor, case):
    follow(visitor, case.filing_number, "1990000001", REMOTE_ADDR="203.0.113.9")
    for row in AccessTry.objects.all():
        assert re.fullmatch(r"[0-9a-f]{64}", row.key)


def test_windows_that_ended_are_swept(cafetal):
    note_try(org=cafetal.org, limits={"old": 5}, now=TUESDAY)
    note_try(org=cafetal.org, limits={"new": 5}, now=TUESDAY + timedelta(hours=1))
    assert [row.key for row in AccessTry.objects.all()] == ["new"]


def test_without_the_second_factor_there_is_nothing_to_see(visitor, case):
    for page in ("", "retiro/"):
        assert visitor.get(f"/seguir/solicitud/{page}").url == "/seguir/"
    assert visitor.post("/seguir/solicitud/respuesta/").url == "/seguir/"
    assert visitor.post("/seguir/solicitud/retiro/").url == "/seguir/"
    case.refresh_from_db()
    assert case.state == "sent"


def test_it_closes_after_half_an_hour_and_on_request(visitor, case):
    follow(visitor, case.filing_number, case.contact_code)
    session = visitor.session
    kept = session["followed"]
    session["followed"] = kept | {"until": (timezone.now() - timedelta(seconds=1)).isoformat()}
    session.save()
    assert visitor.get("/seguir/solicitud/").url == "/seguir/"
    follow(visitor, case.filing_number, case.contact_code)
    visitor.post("/seguir/solicitud/salida/")
    assert visitor.get("/seguir/solicitud/").url == "/seguir/"


def test_the_session_gets_a_new_key_when_it_opens_a_case(visitor, case):
    follow(visitor, case.filing_number, case.contact_code)
    before = visitor.session.session_key
    follow(visitor, case.filing_number, case.contact_code)
    assert visitor.session.session_key != before


def test_the_page_tells_the_story_without_staff_or_answer(visitor, case):
    follow(visitor, case.filing_number, case.contact_code)
    answer = visitor.get("/seguir/solicitud/")
    page = answer.content.decode()
    for said in (
        "Recibimos su solicitud",
        "La clasificamos como reclamo",
        "Pasó a Recreación y Turismo",
        "La respuesta salió",
    ):
        assert said in page
    for hidden in (ANSWER, "Lucía Restrepo", "Darío Pinzón", "características", "1990000001", "ana@"):
        assert hidden not in page
    assert "Se respondió el jueves 5 de marzo" in page
    assert answer["Cache-Control"] == "private, no-store" and "noindex" in answer["X-Robots-Tag"]
    assert not Entry.objects.filter(verb="cases.case_notified").exists()


def test_pressing_shows_the_answer_and_counts_as_notified_once(visitor, case):
    follow(visitor, case.filing_number, case.contact_code)
    for _time in range(2):
        page = visitor.post("/seguir/solicitud/respuesta/", follow=True).content.decode()
        assert ANSWER in page
    assert Entry.objects.filter(verb="cases.case_notified").count() == 1
    case.refresh_from_db()
    assert (case.state, case.notified_how) == ("notified", "link")


def test_who_was_told_by_telephone_reads_it_too(visitor, case, cafetal):
    record_call(
        org=cafetal.org,
        case_id=case.pk,
        number="300 000 0001",
        result="answered",
        by=cafetal.actor("lucia"),
        now=case.sent_at + timedelta(hours=1),
    )
    follow(visitor, case.filing_number, case.contact_code)
    page = visitor.get("/seguir/solicitud/").content.decode()
    assert ANSWER in page and "Se la dimos por teléfono" in page


def test_an_answer_that_was_not_sent_is_never_shown(visitor, cafetal):
    case = an_answered_case(cafetal)
    follow(visitor, case.filing_number, case.contact_code)
    page = visitor.post("/seguir/solicitud/respuesta/", follow=True).content.decode()
    assert ANSWER not in page and "Ver mi respuesta" not in page
    assert "Revisamos la respuesta" in page


def test_its_person_may_withdraw_it_after_being_asked_once_more(visitor, cafetal):
    case = a_routed_case(cafetal)
    follow(visitor, case.filing_number, case.contact_code)
    assert "Retirar la solicitud" in visitor.get("/seguir/solicitud/").content.decode()
    assert "no se puede deshacer" in visitor.get("/seguir/solicitud/retiro/").content.decode()
    assert Case.objects.get().state == "assigned"
    page = visitor.post("/seguir/solicitud/retiro/", follow=True).content.decode()
    assert "Usted retiró la solicitud" in page
    assert Case.objects.get().state == "withdrawn"


def test_who_came_by_a_document_withdraws_it_with_its_code_only(visitor, cafetal):
    case = a_routed_case(cafetal)
    follow(visitor, case.filing_number, "1990000001")
    asked = visitor.get("/seguir/solicitud/retiro/").content.decode()
    assert "Código del recibo" in asked and "Usted entró con su documento" in asked
    for wrong in ({}, {"code": "AAAAAA"}, {"code": "1990000001"}):
        answer = visitor.post("/seguir/solicitud/retiro/", wrong)
        assert answer.status_code == 422 and "Ese no es el código" in answer.content.decode()
    assert Case.objects.get().state == "assigned"
    assert visitor.post("/seguir/solicitud/retiro/", {"code": case.contact_code}).url == "/seguir/solicitud/"
    assert Case.objects.get().state == "withdrawn"


def test_the_code_of_a_withdrawal_is_not_guessed_without_end(visitor, cafetal):
    case = a_routed_case(cafetal)
    follow(visitor, case.filing_number, "1990000001")
    statuses = [visitor.post("/seguir/solicitud/retiro/", {"code": f"{n}"}).status_code for n in range(11)]
    assert statuses == [422] * 10 + [429]


def test_after_the_answer_left_it_can_not_be_withdrawn(visitor, case):
    follow(visitor, case.filing_number, case.contact_code)
    assert "Retirar la solicitud" not in visitor.get("/seguir/solicitud/").content.decode()
    answer = visitor.post("/seguir/solicitud/retiro/")
    assert answer.status_code == 409 and "ya no se puede retirar" in answer.content.decode()


def test_its_queries_are_counted(visitor, case, django_assert_num_queries):
    follow(visitor, case.filing_number, case.contact_code)
    visitor.get("/seguir/solicitud/")
    with django_assert_num_queries(11):
        visitor.get("/seguir/solicitud/")
