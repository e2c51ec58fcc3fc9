"""Taking down a call or a visit: what is kept, what is read back, and what is told of people who are known."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.rules.numbers import check_digit
from escucha.contexts.documents.queries import files_about
from escucha.contexts.people.models import Consent, PersonGroup
from escucha.flows.switchboard import REACTIONS
from tests.cast import ANA
from tests.make import a_case, a_house, let_time_pass
from tests.web.desk.conftest import sign_in

NEW = "/mesa/casos/nuevo/"
TYPED = {"channel": "phone", "body": "Le cobraron dos veces la entrada."}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d4944415478da63fcffff3f0300050001a5f645400000000049454e44ae426082"
)


def filed(client, **more):
    answer = client.post(NEW, TYPED | more)
    assert answer.status_code == 302, answer.text
    return Case.objects.latest("pk"), answer


class TestTheForm:
    @pytest.mark.requirement("EPS-04.1", "EPS-04.2", "EPS-04.7", "CORP-01.1", "CORP-01.4")
    def test_offers_the_channels_that_the_policy_opens(self, at_desk, cafetal):
        page = at_desk("lucia").get(NEW).text
        for key in ("phone", "counter", "letter", "email", "box", "web"):
            assert f'<option value="{key}"' in page
        assert 'value="assistant"' not in page  # it orients and receives nothing
        refused = at_desk("lucia").post(NEW, TYPED | {"channel": "assistant"})
        assert refused.status_code == 422

    @pytest.mark.requirement("EPS-04.1", "EPS-04.2", "CORP-01.8", "CORP-01.9")
    @pytest.mark.parametrize(("channel", "by"), [("phone", "staff"), ("counter", "staff"), ("letter", "person")])
    def test_keeps_who_wrote_what_it_says(self, at_desk, cafetal, channel, by):
        case, _answer = filed(at_desk("bruno"), channel=channel)
        assert (case.channel, case.filled_by, case.filed_by) == (channel, by, cafetal.members["bruno"])
        assert case.received_unit.key == "credito"

    def test_comes_next_time_with_the_channel_of_this_member(self, at_desk):
        lucia = at_desk("lucia")
        assert 'value="phone" selected data-kind="phone"' in lucia.get(NEW).text
        filed(lucia, channel="counter")
        assert 'value="counter" selected data-kind="in_person"' in lucia.get(NEW).text
        assert 'value="phone" selected data-kind="phone"' in at_desk("patricia").get(NEW).text

    def test_pressed_twice_is_one_case_and_another_text_is_another(self, at_desk):
        lucia, key = at_desk("lucia"), "k" * 22
        first, _answer = filed(lucia, key=key)
        again, _answer = filed(lucia, key=key)
        other, _answer = filed(lucia, key=key, body="Otra cosa.")
        assert first == again != other

    @pytest.mark.requirement("CORP-01.5", "CORP-01.2")
    def test_of_a_letter_keeps_its_date_its_folios_who_brought_it_and_its_scan(self, at_desk, cafetal):
        letter = {
            "channel": "letter",
            "written_on": "2026-01-05",
            "folios": "3",
            "courier": "Guía 77, Correos de Prueba",
        }
        case, _answer = filed(at_desk("lucia"), **letter, files=SimpleUploadedFile("carta.png", PNG, "image/png"))
        assert case.details == {"written_on": "2026-01-05", "folios": 3, "courier": "Guía 77, Correos de Prueba"}
        [scan] = files_about(org=cafetal.org, subject=case.subject)
        assert (scan.kind, scan.file.purpose, scan.file.name) == ("scan", "scan", "carta.png")

    def test_says_what_is_wrong_with_a_file_and_files_nothing_yet(self, at_desk):
        answer = at_desk("lucia").post(NEW, TYPED | {"files": SimpleUploadedFile("vacio.pdf", b"")})
        assert answer.status_code == 422
        assert "está vacío" in answer.text and TYPED["body"] in answer.text
        assert not Case.objects.exists()

    def test_refuses_days_that_have_not_come(self, at_desk):
        tomorrow = timezone.localtime() + timedelta(days=3)
        for field, value in [("received_at", f"{tomorrow:%Y-%m-%dT%H:%M}"), ("written_on", f"{tomorrow:%Y-%m-%d}")]:
            answer = at_desk("lucia").post(NEW, TYPED | {field: value})
            assert answer.status_code == 422 and "todavía no llega" in answer.text

    def test_keeps_the_municipality_and_who_asks(self, at_desk):
        case, _answer = filed(at_desk("lucia"), place="manizales", name="Ana", requester_kind="organisation")
        assert (case.place_code, case.requester_kind) == ("17001", "organisation")
        assert case.person.place.code == "17001"
        case, _answer = filed(at_desk("lucia"), place="Villa Inventada")
        assert (case.place_code, case.details) == ("", {"place": "Villa Inventada"})

    @pytest.mark.requirement("CORP-09.1")
    @pytest.mark.parametrize(
        ("requester", "kind"), [("organisation", "organisation"), ("person", "natural"), ("", "natural")]
    )
    def test_of_an_organisation_keeps_what_it_is_and_whom_to_ask_for(self, at_desk, requester, kind):
        said = {"name": "Barcas del Cabo", "contact_name": "Rita Gómez", "address": "Calle 1 n.º 2-3"}
        case, _answer = filed(at_desk("lucia"), requester_kind=requester, **said)
        assert (case.person.kind, case.person.contact_name) == (kind, "Rita Gómez")
        page = at_desk("lucia").get(f"/mesa/casos/{case.filing_number}/").text
        assert "Rita Gómez" in page and "Calle 1 n.º 2-3" in page

    @pytest.mark.parametrize(
        ("who", "anonymous", "reserved", "known"),
        [("", False, False, True), ("reserved", False, True, True), ("anonymous", True, False, False)],
    )
    def test_tells_the_nameless_from_the_reserved(self, at_desk, who, anonymous, reserved, known):
        case, _answer = filed(at_desk("lucia"), who=who, name="Ana Lucía Berrío", phone="300 000 0001")
        assert (case.anonymous, case.identity_reserved, case.person is not None) == (anonymous, reserved, known)


class TestWithoutAWord:
    @pytest.mark.parametrize("said", [{}, {"body": " ", "received_at": "2026-01-05T10:00", "key": "k" * 22}])
    def test_is_asked_about_and_filed_with_the_button(self, at_desk, said):
        lucia, blank = at_desk("lucia"), {"channel": "counter"} | said
        for _time in range(2):
            asked = lucia.post(NEW, blank)
            assert asked.status_code == 422 and "Todavía no ha escrito nada" in asked.text
            assert '<option value="counter" selected' in asked.text
        assert not Case.objects.exists()
        assert lucia.post(NEW, blank | {"as_is": "1"}).status_code == 302
        assert Case.objects.count() == 1

    @pytest.mark.parametrize("said", [{"phone": "300 000 0001"}, {"matter": "Cobro"}, {"who": "anonymous"}])
    def test_anything_at_all_is_something(self, at_desk, said):
        assert at_desk("lucia").post(NEW, {"channel": "phone"} | said).status_code == 302


class TestWhoGoesFirst:
    @pytest.mark.requirement("CAJA-03.1")
    def test_is_marked_with_the_consent_that_was_read_aloud(self, at_desk, cafetal):
        said = {"name": "Ana", "groups": ["pregnant", "older_adult"], "agreed": "on"}
        case, answer = filed(at_desk("lucia"), **said)
        assert set(PersonGroup.objects.values_list("group", flat=True)) == {"pregnant", "older_adult"}
        [consent] = Consent.objects.all()
        assert (consent.given, consent.channel, consent.member) == (True, "phone", cafetal.members["lucia"])
        assert "en voz alta" in consent.proof
        assert "se le atiende primero" in at_desk("lucia").get(answer.url).text
        assert REACTIONS
        let_time_pass(case.filed_at)
        case.refresh_from_db()
        assert case.turn == 0

    def test_of_a_sensitive_group_is_not_marked_without_it(self, at_desk):
        case, answer = filed(at_desk("lucia"), name="Ana", groups=["pregnant", "older_adult"])
        assert list(PersonGroup.objects.values_list("group", flat=True)) == ["older_adult"]
        assert not Consent.objects.exists()
        case, _answer = filed(at_desk("lucia"), who="anonymous", groups=["older_adult"])
        assert PersonGroup.objects.count() == 1 and case.person is None


class TestReadingBack:
    def test_says_everything_in_order(self, at_desk):
        case, answer = filed(
            at_desk("lucia"), name="Ana", email="ana@example.org", document_kind="NIT", document_number="999"
        )
        assert answer.url == f"/mesa/casos/{case.filing_number}/lectura/"
        page = at_desk("lucia").get(answer.url).text
        spoken = "«P Q R, dos mil "
        parts = ["Su número de radicado", spoken, "dígito de control", case.contact_code[:3], TYPED["body"], "plazo"]
        places = [page.index(part) for part in parts]
        assert places == sorted(places)
        assert f"Dígito de control: <strong>{check_digit(case.filing_number)}</strong>" in page
        assert "ana@example.org" in page
        assert "Revise el NIT" in page
        assert f'href="/mesa/casos/{case.filing_number}/"' in page

    @pytest.mark.parametrize(
        ("channel", "there"), [("phone", True), ("counter", True), ("letter", False), ("email", False)]
    )
    def test_is_for_who_is_there_to_hear_it(self, at_desk, channel, there):
        _case, answer = filed(at_desk("lucia"), channel=channel)
        page = at_desk("lucia").get(answer.url).text
        assert ("léale esto a la persona" in page) is there
        assert ("Escriba el número en el papel" in page) is not there

    def test_says_that_a_name_is_kept(self, at_desk):
        for who, said in [("reserved", True), ("", False)]:
            _case, answer = filed(at_desk("lucia"), who=who, name="Ana", phone="300 000 0001")
            assert ("Su nombre queda en reserva" in at_desk("lucia").get(answer.url).text) is said

    def test_asks_again_for_a_telephone_that_looks_odd(self, at_desk):
        _case, answer = filed(at_desk("lucia"), name="Ana", phone="7314001")
        page = at_desk("lucia").get(answer.url).text
        assert "Antes de despedirse" in page and "Escriba el teléfono con sus 10 cifras" in page

    @pytest.mark.requirement("CAJA-04.1")
    def test_is_for_who_sees_no_cases_too_without_the_way_to_the_case(self, at_desk):
        case, answer = filed(at_desk("bruno"))
        page = at_desk("bruno").get(answer.url).text
        assert "Quedó radicada" in page
        assert f'href="/mesa/casos/{case.filing_number}/"' not in page

    def test_is_only_of_the_member_who_filed_it_and_of_that_day(self, at_desk, cafetal):
        case, answer = filed(at_desk("lucia"))
        for who in ("patricia", "bruno", "dario"):
            assert at_desk(who).get(answer.url).status_code == 404
        assert at_desk("gabriel").get(answer.url).status_code == 403
        old = a_case(cafetal, by=cafetal.actor("lucia"), now=timezone.now() - timedelta(hours=13))
        assert at_desk("lucia").get(f"/mesa/casos/{old.filing_number}/lectura/").status_code == 404
        assert at_desk("lucia").post(answer.url).status_code == 405
        other = a_house("corrioverde")
        theirs = a_case(other, by=other.actor("sofia"), now=timezone.now())
        assert at_desk("lucia").get(f"/mesa/casos/{theirs.filing_number}/lectura/").status_code == 404


class TestWhoIsKnown:
    def ask(self, client, **said):
        return client.post(f"{NEW}persona/", said)

    def test_is_told_by_name_and_document_when_both_are_right(self, at_desk, cafetal):
        a_case(cafetal, now=timezone.now())
        lucia = at_desk("lucia")
        found = self.ask(lucia, document_number="1.990.000.001", phone="57 300 000 0001").json()
        assert found == {"name": ANA["name"], "document": "CC 1990000001"}
        for wrong in (
            {"document_number": "1990000001"},
            {"phone": "3000000001"},
            {"document_number": "1990000001", "phone": "300 000 0002"},
            {"document_number": "1990000002", "phone": "300 000 0001"},
            {"document_number": "\x00", "phone": "%"},
            {},
        ):
            assert self.ask(lucia, **wrong).json() == {}

    def test_is_told_only_to_who_may_and_only_at_home(self, at_desk, cafetal):
        a_case(cafetal, now=timezone.now())
        right = {"document_number": "1990000001", "phone": "3000000001"}
        assert [self.ask(at_desk(who), **right).status_code for who in ("bruno", "dario", "gabriel")] == [403] * 3
        assert at_desk("lucia").get(f"{NEW}persona/", right).status_code == 405
        assert "data-known=" not in at_desk("bruno").get(NEW).text
        assert at_desk("bruno").post(NEW, TYPED | right | {"look": "1"}).text.count(ANA["name"]) == 0
        house = a_house("vidamar")
        client = Client(headers={"host": house.org.host})
        sign_in(client, house.members["alba"].account)
        assert self.ask(client, **right).json() == {}

    def test_is_found_without_a_script_and_nothing_is_filed_yet(self, at_desk, cafetal):
        a_case(cafetal, now=timezone.now())
        typed = TYPED | {"document_number": "1990000001", "phone": "3000000001", "look": "1"}
        page = at_desk("lucia").post(NEW, typed).text
        assert "Ya la conocemos: Ana Lucía Berrío" in " ".join(page.split())
        assert TYPED["body"] in page
        assert Case.objects.count() == 1

    def test_municipalities_are_offered_while_they_are_typed(self, at_desk):
        told = at_desk("bruno").get(f"{NEW}municipios/", {"q": "manisales"}).json()
        assert "Manizales, Caldas" in told["places"]
        assert at_desk("bruno").get(f"{NEW}municipios/", {"q": "\x00"}).json() == {"places": []}
        assert at_desk("gabriel").get(f"{NEW}municipios/").status_code == 403
