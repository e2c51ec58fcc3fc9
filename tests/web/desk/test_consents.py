"""What a person agreed to and whether it goes first, as staff reads it, takes it down and withdraws it."""

import pytest
from django.test import Client
from django.utils import timezone

from escucha.contexts.people.models import Consent, PersonGroup
from escucha.contexts.people.operations.consenting import give_consent
from escucha.contexts.people.operations.marking import mark_group
from escucha.contexts.people.queries import has_consent
from tests.make import a_case, let_time_pass
from tests.web.desk.conftest import sign_in

READ = "Se le leyó en la llamada y dijo que sí."


def address(case, rest=""):
    return f"/mesa/casos/{case.filing_number}/autorizaciones/{rest}"


def agreed(house, case, purpose="survey"):
    said = {"channel": "phone", "proof": READ, "by": house.actor("lucia"), "now": timezone.now()}
    return give_consent(org=house.org, person_id=case.person_id, purpose=purpose, **said)


@pytest.fixture
def case(cafetal):
    return a_case(cafetal, now=timezone.now())


class TestThePage:
    def test_shows_each_use_with_its_text_and_the_proof_of_what_was_agreed(self, at_desk, cafetal, case):
        agreed(cafetal, case)
        lucia = at_desk("lucia")
        assert f'href="{address(case)}"' in lucia.get(f"/mesa/casos/{case.filing_number}/").text
        page = " ".join(lucia.get(address(case)).text.split())
        for text in ("preguntar cómo", READ, "Línea de atención", "Lucía Restrepo", "No está obligado a contestar"):
            assert text in page
        assert page.count("Retirar esta autorización") == 1

    def test_asks_as_often_however_much_was_said(self, at_desk, cafetal, case, django_assert_num_queries):
        lucia = at_desk("lucia")
        lucia.get(address(case))
        with django_assert_num_queries(8):
            lucia.get(address(case))
        for purpose in ("survey", "preferential", "news"):
            agreed(cafetal, case, purpose)
        with django_assert_num_queries(8):
            lucia.get(address(case))

    def test_is_not_there_without_a_person_nor_for_whom_it_is_kept_from(self, at_desk, cafetal):
        now = timezone.now()
        lucia = at_desk("lucia")
        for hidden in ({"person": None, "anonymous": True}, {"identity_reserved": True}, {"person": None}):
            case = a_case(cafetal, now=now, **hidden)
            assert lucia.get(address(case)).status_code == 404
            assert lucia.post(address(case), {}).status_code == 404
            assert "/autorizaciones/" not in lucia.get(f"/mesa/casos/{case.filing_number}/").text

    def test_is_for_who_sees_the_case_at_home(self, at_desk, cafetal, corrioverde, case):
        assert at_desk("bruno").get(address(case)).status_code == 403
        assert at_desk("dario").get(address(case)).status_code == 404  # it is not of its unit
        far = Client(headers={"host": corrioverde.org.host})
        sign_in(far, corrioverde.members["sofia"].account)
        assert far.get(address(case)).status_code == 404
        careful = at_desk("lucia", enforce_csrf_checks=True)
        for rest in ("", "retiro/", "grupos/", "grupos/retiro/"):
            assert careful.post(address(case, rest), {}).status_code == 403
            assert rest == "" or careful.get(address(case, rest)).status_code == 405

    def test_of_who_may_only_look_says_who_takes_it_down(self, at_desk, cafetal, case):
        agreed(cafetal, case)
        gabriel = at_desk("gabriel")
        page = gabriel.get(address(case)).text
        assert READ in page and "Pida a quien radica" in page
        refused = gabriel.post(address(case, "retiro/"), {"purpose": "survey", "channel": "phone"})
        assert refused.status_code == 409 and "Pida a quien radica" in refused.text
        assert Consent.objects.count() == 1


class TestAgreeing:
    def test_is_taken_down_with_its_proof_once(self, at_desk, cafetal, case):
        said = {"purpose": "survey", "channel": "counter", "proof": READ}
        for _time in range(2):
            assert at_desk("lucia").post(address(case), said).url == address(case)
        row = Consent.objects.get()
        assert (row.given, row.channel, row.member, row.proof) == (True, "counter", cafetal.members["lucia"], READ)

    def test_without_proof_is_refused_and_keeps_what_was_chosen(self, at_desk, case):
        answer = at_desk("lucia").post(address(case), {"purpose": "survey", "channel": "counter", "proof": " "})
        assert answer.status_code == 409 and "sin prueba, la autorización no vale" in answer.text
        assert '<option value="survey" selected' in answer.text and '<option value="counter" selected' in answer.text
        assert at_desk("lucia").post(address(case), {"purpose": "answer", "channel": "phone"}).status_code == 422
        assert not Consent.objects.exists()

    def test_is_withdrawn_with_what_stood_on_it(self, at_desk, cafetal, case):
        now = timezone.now()
        agreed(cafetal, case, "preferential")
        mark = {"org": cafetal.org, "person_id": case.person_id, "channel": "phone", "by": cafetal.actor("lucia")}
        mark_group(group="pregnant", now=now, **mark)
        mark_group(group="older_adult", now=now, **mark)
        said = {"purpose": "preferential", "channel": "phone", "proof": "Llamó y pidió retirarla."}
        answer = at_desk("lucia").post(address(case, "retiro/"), said)
        assert answer.url == address(case)
        page = at_desk("lucia").get(answer.url).text
        assert "Retirada" in page and "Llamó y pidió retirarla." in page
        assert list(PersonGroup.objects.filter(ended_at=None).values_list("group", flat=True)) == ["older_adult"]
        assert not has_consent(org=cafetal.org, person=case.person, purpose="preferential", at=timezone.now())
        again = at_desk("lucia").post(address(case, "retiro/"), said)
        assert again.status_code == 409 and "no hay nada que retirar" in again.text


class TestGoingFirst:
    @pytest.mark.requirement("CAJA-03.1", "CAJA-03.2")
    def test_is_marked_and_unmarked_after_filing(self, at_desk, cafetal, case):
        lucia = at_desk("lucia")
        assert lucia.post(address(case, "grupos/"), {"group": "older_adult", "channel": "phone"}).url == address(case)
        let_time_pass(timezone.now())
        case.refresh_from_db()
        assert case.turn == 0
        assert "Persona mayor" in lucia.get(address(case)).text
        assert lucia.post(address(case, "grupos/retiro/"), {"group": "older_adult"}).url == address(case)
        let_time_pass(timezone.now())
        case.refresh_from_db()
        assert case.turn == 1

    @pytest.mark.requirement("CAJA-03.1")
    def test_of_a_sensitive_group_waits_for_consent(self, at_desk, cafetal, case):
        said = {"group": "pregnant", "channel": "phone"}
        refused = at_desk("lucia").post(address(case, "grupos/"), said)
        assert refused.status_code == 409 and "solo se anota si ella lo autoriza" in refused.text
        agreed(cafetal, case, "preferential")
        assert at_desk("lucia").post(address(case, "grupos/"), said).status_code == 302
        assert PersonGroup.objects.get().group == "pregnant"

    @pytest.mark.parametrize("said", [{}, {"group": "x", "channel": "phone"}, {"group": "pregnant", "channel": "x"}])
    def test_odd_forms_change_nothing(self, at_desk, case, said):
        assert at_desk("lucia").post(address(case, "grupos/"), said).status_code == 422
        assert at_desk("lucia").post(address(case, "grupos/retiro/"), said).status_code in (409, 422)
        assert not PersonGroup.objects.exists()
