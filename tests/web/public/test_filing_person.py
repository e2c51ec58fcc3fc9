"""Who files, for whom, and what its data may be used for: all optional, doubted aloud and never in the way."""

import re

import pytest

from escucha.contexts.cases.models import Case
from escucha.contexts.messaging.models import Message
from escucha.contexts.people.models import Consent, Person, PersonGroup
from escucha.contexts.people.operations.placing import load_places
from escucha.web.public.places import DOUBTS, SUGGESTIONS
from tests.make import a_house, let_time_pass
from tests.web.public.test_filing import SAID

CONSENT = "agree_preferential"


@pytest.fixture(autouse=True)
def fresh_allowances():
    SUGGESTIONS.forget()
    DOUBTS.forget()


@pytest.fixture
def places(db):
    load_places()


class TestForWhom:
    @pytest.mark.requirement("CORP-09.1")
    def test_an_organisation_with_its_nit_and_who_to_ask_for(self, visitor):
        said = SAID | {
            "requester_kind": "organisation",
            "name": "Telares S. A.",
            "contact_name": "Ana",
            "document_kind": "NIT",
        }
        visitor.post("/radicar/", said | {"document_number": "999.999.101-8"})
        case = Case.objects.select_related("person").get()
        assert (case.requester_kind, case.person.kind, case.person.contact_name) == (
            "organisation",
            "organisation",
            "Ana",
        )

    @pytest.mark.requirement("CORP-09.2")
    @pytest.mark.requirement("CORP-09.3")
    @pytest.mark.parametrize("kind", ["internal", "interested"])
    def test_an_area_of_the_house_and_any_interested_party(self, visitor, kind):
        visitor.post("/radicar/", SAID | {"requester_kind": kind})
        assert Case.objects.get().requester_kind == kind

    def test_what_is_not_on_the_list_is_nobody_and_files(self, visitor):
        assert visitor.post("/radicar/", SAID | {"requester_kind": "x", "who": "y"}).status_code == 302
        case = Case.objects.get()
        assert (case.requester_kind, case.anonymous, case.identity_reserved) == ("", False, False)


class TestWhoIsKnown:
    def test_both_choices_say_what_they_mean_for_the_answer(self, visitor):
        page = visitor.get("/radicar/").content.decode()
        assert "no podemos enviársela ni llamarlo" in page and "quien investiga no ve su nombre" in page

    def test_anonymous_keeps_nothing_of_what_was_typed(self, visitor):
        sent = visitor.post("/radicar/", SAID | {"who": "anonymous"})
        case = Case.objects.get()
        assert case.anonymous and case.person is None
        assert not Person.objects.exists() and not Message.objects.filter(to__contains="ana").exists()
        assert "ana@example.org" not in visitor.get(sent.url).content.decode()

    def test_a_reserved_identity_is_known_and_kept(self, visitor):
        sent = visitor.post("/radicar/", SAID | {"who": "reserved"})
        case = Case.objects.get()
        assert case.identity_reserved and not case.reserved and case.person.email == SAID["email"]
        page = visitor.get(sent.url).content.decode()
        assert "En reserva" in page and SAID["name"] not in page

    def test_the_page_says_by_which_contact_before_and_after(self, visitor):
        page = visitor.post("/radicar/", SAID | {"who": "anonymous", "website": "x"}).content.decode()
        assert "La respuesta llegará a la página de avisos, porque" in page


class TestWhoGoesFirst:
    @pytest.mark.requirement("CAJA-03.1")
    def test_a_group_is_marked_and_its_cases_go_first(self, visitor):
        visitor.post("/radicar/", SAID | {"groups": ["older_adult"]})
        case = Case.objects.get()
        let_time_pass(case.filed_at)
        case.refresh_from_db()
        assert PersonGroup.objects.get().group == "older_adult" and case.turn == 0
        assert not Consent.objects.exists()

    def test_a_sensitive_group_is_written_down_only_with_its_own_box(self, visitor):
        visitor.post("/radicar/", SAID | {"groups": ["disability"]})
        assert not PersonGroup.objects.exists() and not Consent.objects.exists()
        visitor.post("/radicar/", SAID | {"groups": ["disability"], CONSENT: "on", "phone": "300 000 0009"})
        mark, consent = PersonGroup.objects.get(), Consent.objects.get()
        assert (mark.group, mark.consent_id, consent.purpose) == ("disability", consent.pk, "preferential")
        assert consent.proof and consent.channel == "web"

    def test_consent_to_nothing_is_not_kept(self, visitor):
        visitor.post("/radicar/", SAID | {CONSENT: "on"})
        visitor.post("/radicar/", {"body": "Sin decir quién", CONSENT: "on", "groups": ["disability"]})
        assert Case.objects.count() == 2 and not Consent.objects.exists()

    def test_no_box_is_ticked_before_and_none_is_kept_by_the_browser(self, visitor):
        page = visitor.get("/radicar/").content.decode()
        boxes = re.findall(r'<input type="checkbox"[^>]*>', page)
        assert len(boxes) > 5
        assert all("checked" not in box and ('data-keep="off"' in box) for box in boxes)


class TestUsesOfData:
    def test_each_use_has_its_box_and_the_answer_waits_for_none(self, visitor):
        visitor.post("/radicar/", SAID | {"agree_survey": "on"})
        assert [one.purpose for one in Consent.objects.all()] == ["survey"]
        assert "La respuesta no depende de esto" in visitor.get("/radicar/").content.decode()

    def test_what_the_law_allows_is_told_and_not_asked(self, visitor):
        page = visitor.get("/radicar/").content.decode()
        assert 'name="agree_answer"' not in page and "Ley 1755 de 2015" in page


class TestDoubts:
    WRONG = {"document_kind": "NIT", "document_number": "999.999.101-1"}

    @pytest.mark.requirement("CORP-09.1")
    def test_are_told_while_it_is_filled_with_the_right_digit(self, visitor):
        said = visitor.post("/dudas.json", self.WRONG | {"phone": "123"}).json()
        assert "es 8" in said["document_number"][0] and said["phone"]
        assert visitor.post("/dudas.json", {}).json() == {}

    def test_never_block_and_the_receipt_asks(self, visitor):
        sent = visitor.post("/radicar/", SAID | self.WRONG)
        assert sent.status_code == 302
        page = visitor.get(sent.url).content.decode()
        assert "¿Están bien sus datos?" in page and "es 8" in page

    def test_are_shown_beside_their_field_when_the_form_comes_back(self, visitor):
        page = visitor.post("/radicar/", SAID | self.WRONG | {"email": "x"}).content.decode()
        assert re.search(r'data-doubt="document_number"[^>]*><strong>¿Está bien\?</strong> Revise el NIT', page)

    def test_are_asked_only_so_often(self, visitor):
        assert {visitor.post("/dudas.json", {}).status_code for _time in range(60)} == {200}
        assert visitor.post("/dudas.json", {}).status_code == 429

    def test_by_nobody_elses_page(self, cafetal):
        from django.test import Client

        strict = Client(enforce_csrf_checks=True, headers={"host": "cafetal.localhost"})
        assert strict.post("/dudas.json", {}).status_code == 403
        assert strict.get("/dudas.json").status_code == 405


class TestPlace:
    def test_suggests_forgiving_and_so_often(self, visitor, places):
        assert "Medellín, Antioquia" in visitor.get("/municipios.json?q=medeyin").json()["places"]
        assert visitor.get("/municipios.json").json() == {"places": []}
        assert visitor.get("/municipios.json?q=%00").status_code == 200
        answers = {visitor.get("/municipios.json?q=a").status_code for _time in range(120)}
        assert answers == {200, 429}

    @pytest.mark.parametrize(
        ("said", "code", "kept"),
        [
            ("Manizales", "17001", {}),
            ("granada", "", {"place": "granada"}),
            ("Granada, Meta", "50313", {}),
            ("", "", {}),
        ],
    )
    def test_is_known_by_its_name_or_kept_as_it_was_said(self, visitor, places, said, code, kept):
        visitor.post("/radicar/", SAID | {"place": said})
        case = Case.objects.get()
        assert (case.place_code, case.details) == (code, kept)


class TestTheSameAgain:
    def test_the_receipt_tells_who_holds_both_and_nobody_else(self, visitor, client):
        first = visitor.post("/radicar/", SAID)
        visitor.get(first.url)
        second = visitor.post("/radicar/", SAID | {"matter": "Reserva perdida otra vez"})
        number = Case.objects.order_by("pk").first().filing_number
        assert f"Se parece mucho a su solicitud {number}" in visitor.get(second.url).content.decode()
        cookie = visitor.cookies["recibos"]
        assert cookie["httponly"] and cookie["path"] == "/recibo/" and cookie["max-age"] == ""
        visitor.cookies.clear()
        assert number not in visitor.get(second.url).content.decode()

    def test_a_made_up_cookie_is_worth_nothing(self, visitor):
        case = Case.objects.get(receipt_code=visitor.post("/radicar/", SAID).url.split("/")[2])
        second = visitor.post("/radicar/", SAID | {"matter": "Otra"})
        visitor.cookies["recibos"] = case.receipt_code
        assert "Se parece mucho" not in visitor.get(second.url).content.decode()


class TestTheVirtualBox:
    @pytest.mark.requirement("CAJA-08.2")
    def test_begins_as_a_suggestion_and_needs_no_act(self, visitor):
        page = visitor.get("/buzon/").content.decode()
        assert re.search(r'value="sugerencia"[^>]*checked', page)
        answer = visitor.post("/buzon/", {"body": "Pongan sillas.", "suggested_type": "sugerencia"})
        case = Case.objects.get()
        assert answer.url == f"/recibo/{case.receipt_code}/"
        assert (case.channel, case.suggested_type, case.case_type, case.site) == ("virtual_box", "sugerencia", "", "")

    def test_is_linked_where_it_is_open_and_is_not_there_where_it_is_not(self, visitor, client):
        assert 'href="/buzon/"' in visitor.get("/").content.decode()
        assert 'href="/buzon/"' in visitor.get("/canales/").content.decode()
        a_house("quetzal")
        assert client.get("/buzon/", headers={"host": "quetzal.localhost"}).status_code == 404


def test_the_acknowledgement_repeats_nothing_of_what_was_said(visitor):
    visitor.post("/radicar/", SAID)
    letter = Message.objects.get(template="acknowledged")
    for said in (SAID["body"], SAID["matter"], SAID["name"], "1990000001"):
        assert said not in letter.body and said not in letter.title
