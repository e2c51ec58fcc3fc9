"""The data of a person are put right from the page of its case: looked at before, told after, and only to who may."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from escucha.contexts.cases.operations.correcting import correct_petitioner
from escucha.contexts.cases.operations.reserving import reveal_identity
from escucha.contexts.messaging.models import Message
from escucha.contexts.people.models import Correction
from escucha.contexts.people.queries import data_of
from tests.cast import ANA
from tests.contexts.cases.seen import told
from tests.make import a_case, a_sent_case
from tests.web.desk.conftest import sign_in

WHY = "Llamó y deletreó el correo."
WRONG = ANA | {"email": "ama@example.org"}


def address(case):
    return f"/mesa/casos/{case.filing_number}/persona/"


def page_of(case):
    return f"/mesa/casos/{case.filing_number}/"


def written(case, **changes):
    """The form as it would be sent, with some fields changed."""
    last = Correction.objects.filter(person=case.person).order_by("-pk").first()
    case.person.refresh_from_db()
    return data_of(case.person) | {"seen": last.pk if last else 0, "reason": WHY} | changes


def text_of(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


@pytest.fixture
def case(cafetal):
    return a_case(cafetal, person=WRONG, now=timezone.now())


class TestTheForm:
    def test_is_reached_from_the_card_and_has_what_is_known(self, at_desk, case):
        lucia = at_desk("lucia")
        assert f'href="{address(case)}"' in lucia.get(page_of(case)).text
        page = BeautifulSoup(lucia.get(address(case)).content, "html.parser")
        assert page.select_one("[name=email]")["value"] == "ama@example.org"
        assert page.select_one("[name=document_kind] [selected]")["value"] == "CC"
        assert page.select_one("[name=contact_name]") is None

    def test_keeps_a_kind_of_document_that_is_no_longer_offered(self, at_desk, cafetal):
        old = a_case(cafetal, person=ANA | {"document_kind": "PE"}, now=timezone.now())
        lucia = at_desk("lucia")
        seen = lucia.post(address(old), written(old, name="Ana Berrío"))
        assert "Tipo de documento" not in text_of(seen)
        assert lucia.post(address(old), written(old, name="Ana Berrío", save="1")).status_code == 302
        assert Correction.objects.get().after == {"name": "Ana Berrío"}

    def test_asks_as_often_however_much_was_corrected(self, at_desk, cafetal, case, django_assert_num_queries):
        lucia = at_desk("lucia")
        lucia.get(address(case))
        with django_assert_num_queries(7):
            lucia.get(address(case))
        for name in ("Ana Uno", "Ana Dos", "Ana Tres"):
            correct(cafetal, case, name=name)
        with django_assert_num_queries(7):
            lucia.get(address(case))
        with django_assert_num_queries(11):
            lucia.post(address(case), written(case, phone="300 000 0004"))

    @pytest.mark.parametrize(
        ("said", "complaint"),
        [
            ({"email": "ana@x"}, "Correo electrónico"),
            ({"name": "a" * 201}, "Nombre completo"),
            ({"seen": ""}, "página"),
        ],
    )
    def test_says_what_to_put_right_and_keeps_what_was_typed(self, at_desk, case, said, complaint):
        answer = at_desk("lucia").post(address(case), written(case, address="Calle 1 # 2-3") | said)
        assert answer.status_code == 422 and complaint in answer.text
        assert 'value="Calle 1 # 2-3"' in answer.text and WHY in answer.text

    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ({"reason": " "}, "Escriba por qué se corrige"),
            ({}, "No cambió ningún dato"),
            (dict.fromkeys(["name", "document_number", "email", "phone"], ""), "no quedaría ningún dato"),
        ],
    )
    @pytest.mark.parametrize("button", ["look", "save"])
    def test_is_refused_in_words_and_changes_nothing(self, at_desk, case, said, why, button):
        changed = written(case, **{"email": "ana@example.org"} if "reason" in said else {}) | said | {button: "1"}
        answer = at_desk("lucia").post(address(case), changed)
        assert answer.status_code == 409 and why in answer.text
        fields = BeautifulSoup(answer.content, "html.parser")
        for name in ("name", "email", "phone", "seen"):
            assert fields.select_one(f"[name={name}]").get("value", "") == str(changed[name])
        case.person.refresh_from_db()
        assert case.person.email == "ama@example.org" and not Correction.objects.exists()


class TestWhatWouldChange:
    def test_is_shown_before_and_nothing_is_done(self, at_desk, case):
        said = written(case, email="ana@example.org", phone="+57 300 0000002")
        seen = text_of(at_desk("lucia").post(address(case), said))
        assert "Correo electrónico Decía ama@example.org → y queda ana@example.org" in seen
        assert "Teléfono Decía 300 000 0001 → y queda 300 000 0002" in seen and "Nombre completo" not in seen
        assert "Todavía no se ha guardado nada" in seen and "ama@example.org" in seen
        assert "Enviar otra vez el recibo, ahora a ana@example.org" in seen
        assert not Correction.objects.exists()

    @pytest.mark.parametrize(
        ("said", "doubt"),
        [
            ({"document_number": "12"}, "la cédula de ciudadanía tiene"),
            ({"phone": "12345"}, "Revise el teléfono"),
            ({"document_kind": "NIT", "document_number": "999.999.101-1"}, "dígito de verificación"),
        ],
    )
    def test_is_doubted_as_at_the_counter_and_saved_all_the_same(self, at_desk, case, said, doubt):
        lucia = at_desk("lucia")
        seen = lucia.post(address(case), written(case, **said))
        assert seen.status_code == 200 and doubt in seen.text
        assert lucia.post(address(case), written(case, save="1", **said)).status_code == 302

    def test_can_be_written_again(self, at_desk, case):
        answer = at_desk("lucia").post(address(case), written(case, email="ana@example.org", edit="1"))
        assert answer.status_code == 200 and 'value="ana@example.org"' in answer.text and WHY in answer.text

    def test_says_that_somebody_is_known_only_by_document_and_telephone_together(self, at_desk, cafetal, case):
        eva = ANA | {"name": "Eva Ríos", "document_number": "1.990.000.002", "phone": "300 000 0009"}
        a_case(cafetal, person=eva, now=timezone.now())
        lucia = at_desk("lucia")
        alone = lucia.post(address(case), written(case, document_number="1.990.000.002")).text
        assert "Eva Ríos" not in alone and "Ya conocemos" not in alone
        both = written(case, document_number="1.990.000.002", phone="300 000 0009")
        assert "Eva Ríos" in lucia.post(address(case), both).text
        assert lucia.post(address(case), both | {"save": "1"}).status_code == 302  # told, and never made one

    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ({"email": "", "phone": "601 000 0001"}, "no queda a dónde escribirle"),
            ({"email": "", "phone": "300 000 0005"}, "ahora a 300 000 0005"),
            ({"name": "Ana Berrío"}, None),
        ],
    )
    def test_says_what_she_waits_for(self, at_desk, case, said, why):
        seen = text_of(at_desk("lucia").post(address(case), written(case, **said)))
        assert why in seen if why else "Lo que la persona espera" not in seen

    def test_of_a_case_that_is_over_says_what_to_do(self, at_desk, story):
        over = story.closed(person=WRONG)
        seen = text_of(at_desk("lucia").post(address(over), written(over, email="ana@example.org")))
        assert "ya no espera ningún envío" in seen and "Enviar otra vez" not in seen


@pytest.mark.requirement("EPS-05.1", "EPS-05.2")
class TestSaved:
    def test_the_case_tells_who_when_why_and_what(self, at_desk, case):
        lucia = at_desk("lucia")
        done = lucia.post(address(case), written(case, email="ana@example.org", save="1", send_again="on"))
        assert done.url == page_of(case)
        page = text_of(lucia.get(done.url))
        assert "Se corrigieron datos de la persona: el correo Lucía Restrepo" in page
        assert "Correo electrónico: ama@example.org → ana@example.org" in page and f"Por qué: {WHY}" in page
        assert "Se envió otra vez a la persona el recibo" in page and "sale otra vez" in page
        assert "se corrigió antes a dónde escribirle" in page and "address_corrected" not in page
        assert told(case)[-1] == ("acknowledged", "ana@example.org")

    def test_the_answer_goes_where_she_is_reached(self, at_desk, cafetal):
        sent = a_sent_case(cafetal, person=WRONG, now=timezone.now() - timedelta(days=4))
        lucia = at_desk("lucia")
        changed = written(sent, email="ana@example.org")
        assert "Enviar otra vez el aviso de su respuesta, ahora a ana@example.org" in text_of(
            lucia.post(address(sent), changed)
        )
        lucia.post(address(sent), changed | {"save": "1", "send_again": "on"})
        assert told(sent)[-1] == ("answer_ready", "ana@example.org")

    def test_what_somebody_else_was_sent_opens_nothing_any_more(self, at_desk, case):
        lucia, changed = at_desk("lucia"), written(case, email="ana@example.org")
        assert "renew_keys" not in lucia.post(address(case), changed).text  # nothing left yet
        Message.objects.filter(subject=case.subject).update(state="sent", next_try_at=None)
        seen = BeautifulSoup(lucia.post(address(case), changed).content, "html.parser")
        assert seen.select_one("[name=renew_keys][checked]") and len(seen.select("[name=renew_keys]")) == 1
        assert "renew_keys" not in lucia.post(address(case), written(case, phone="300 000 0004")).text
        code = case.contact_code
        lucia.post(address(case), changed | {"save": "1", "send_again": "on", "renew_keys": "on"})
        case.refresh_from_db()
        assert case.contact_code != code
        page = text_of(lucia.get(page_of(case)))
        assert "Se cambiaron el enlace y el código" in page and case.contact_code not in page

    def test_without_the_box_nothing_leaves(self, at_desk, case):
        many = len(told(case))
        at_desk("lucia").post(address(case), written(case, email="ana@example.org", save="1"))
        assert len(told(case)) == many

    def test_the_log_says_which_data_and_never_what_they_say(self, at_desk, case):
        lucia = at_desk("lucia")
        lucia.post(address(case), written(case, email="ana@example.org", save="1"))
        log = text_of(lucia.get(f"/mesa/bitacora/?caso={case.subject}"))
        assert "Se corrigieron datos de la persona: el correo" in log and "Lucía Restrepo" in log
        assert "ana@example.org" not in log and WHY not in log

    def test_is_put_back_as_it_was(self, at_desk, cafetal, case):
        wrong = correct(cafetal, case, name="Otra Persona", phone="300 000 0009")
        lucia = at_desk("lucia")
        page = lucia.get(address(case)).text
        assert f"?antes-de={wrong.pk}" in page and "Otra Persona" in page
        back = BeautifulSoup(lucia.get(f"{address(case)}?antes-de={wrong.pk}").content, "html.parser")
        sent = {one["name"]: one.get("value", "") for one in back.select("form.form-desk input")}
        said = written(case) | sent | {"reason": "Se corrigió el caso que no era.", "save": "1"}
        assert lucia.post(address(case), said).status_code == 302
        case.person.refresh_from_db()
        assert (case.person.name, case.person.phone) == (ANA["name"], ANA["phone"])
        assert lucia.get(f"{address(case)}?antes-de=x").status_code == 200

    def test_who_was_overtaken_sees_what_stands_now_beside_what_was_typed(self, at_desk, cafetal, case):
        mine = written(case, email="ana@example.org", save="1")
        correct(cafetal, case, email="ana.lucia@example.org")
        lucia = at_desk("lucia")
        answer = lucia.post(address(case), mine)
        assert answer.status_code == 409 and "Otra persona corrigió estos datos" in answer.text
        assert "Decía ana.lucia@example.org → y queda ana@example.org" in text_of(answer)
        again = BeautifulSoup(answer.content, "html.parser").select_one("[name=seen]")["value"]
        assert lucia.post(address(case), mine | {"seen": again}).status_code == 302
        case.person.refresh_from_db()
        assert case.person.email == "ana@example.org"

    def test_pressed_twice_is_done_once(self, at_desk, case):
        said = written(case, email="ana@example.org", save="1")
        lucia = at_desk("lucia")
        assert [lucia.post(address(case), said).status_code for _twice in range(2)] == [302, 409]
        assert Correction.objects.count() == 1

    def test_the_list_and_its_file_say_what_is_right(self, at_desk, cafetal, case):
        correct(cafetal, case, name="Ana Lucía Barreto")
        lucia = at_desk("lucia")
        for path in ("casos/", "casos/lista.csv"):
            page = lucia.get(f"/mesa/{path}")
            said = b"".join(page).decode() if page.streaming else page.text
            assert "Ana Lucía Barreto" in said and ANA["name"] not in said


class TestForWhom:
    def test_there_is_nothing_where_nobody_is_known_or_it_is_kept(self, at_desk, cafetal):
        lucia = at_desk("lucia")
        nobody = {"person": None, "identity_reserved": True}
        for hidden in ({"person": None, "anonymous": True}, {"identity_reserved": True}, nobody):
            case = a_case(cafetal, now=timezone.now(), **hidden)
            assert lucia.get(address(case)).status_code == 404
            assert lucia.post(address(case), {"save": "1"}).status_code == 404
            assert "/persona/" not in lucia.get(page_of(case)).text

    def test_who_left_nothing_may_say_it_later(self, at_desk, cafetal):
        case = a_case(cafetal, person=None, now=timezone.now())
        lucia = at_desk("lucia")
        assert "Anotar sus datos" in lucia.get(page_of(case)).text
        form = lucia.get(address(case)).text
        assert "Anotar los datos de la persona" in form and "todas las solicitudes" not in form
        said = {"seen": 0, "reason": WHY, "name": "Ana Berrío", "email": "ana@example.org"}
        seen = text_of(lucia.post(address(case), said))
        assert "Correo electrónico ana@example.org" in seen and "ahora a ana@example.org" in seen
        assert lucia.post(address(case), said | {"save": "1", "send_again": "on"}).status_code == 302
        page = text_of(lucia.get(page_of(case)))
        assert "Correo electrónico: (vacío) → ana@example.org" in page and "Corregir datos" in page
        again = lucia.post(address(case), said | {"name": "Eva", "save": "1"})
        assert again.status_code == 409 and "Decía Ana Berrío → y queda Eva" in text_of(again)

    def test_of_who_asked_not_to_be_known_only_who_said_what_for_reads_it(self, at_desk, cafetal):
        now = timezone.now()
        case = a_case(cafetal, person=WRONG, identity_reserved=True, now=now - timedelta(hours=1))
        shown = {"org": cafetal.org, "case_id": case.pk, "reason": "Devolvió el correo.", "now": now}
        reveal_identity(by=cafetal.actor("patricia"), **shown)
        patricia = at_desk("patricia")
        assert patricia.post(address(case), written(case, email="ana@example.org", save="1")).status_code == 302
        assert "ama@example.org → ana@example.org" in text_of(patricia.get(page_of(case)))
        other = text_of(at_desk("lucia").get(page_of(case)))
        assert "Se corrigieron datos de la persona: el correo" in other
        assert "example.org" not in other and WHY not in other

    def test_is_for_who_has_the_act_and_sees_the_case_at_home(self, at_desk, cafetal, corrioverde, case, story):
        assert at_desk("bruno").get(address(case)).status_code == 403
        assigned = story.assigned()
        dario = at_desk("dario")
        assert dario.get(page_of(assigned)).status_code == 200
        assert dario.get(address(assigned)).status_code == dario.post(address(assigned), {}).status_code == 403
        assert "/persona/" not in dario.get(page_of(assigned)).text
        far = Client(headers={"host": corrioverde.org.host})
        sign_in(far, corrioverde.members["sofia"].account)
        assert far.get(address(case)).status_code == far.post(address(case), {}).status_code == 404
        assert at_desk("lucia", enforce_csrf_checks=True).post(address(case), {}).status_code == 403

    def test_the_case_asks_one_query_more_for_all_its_corrections(self, at_desk, cafetal, case):
        lucia, asked = at_desk("lucia"), []
        for name in (None, "Ana Uno", "Ana Dos"):
            if name:
                correct(cafetal, case, name=name)
            lucia.get(page_of(case))
            with CaptureQueriesContext(connection) as made:
                lucia.get(page_of(case))
            asked.append(len(made))
        assert asked == [asked[0], asked[0] + 1, asked[0] + 1]


class TestReadBack:
    def test_leads_to_it(self, at_desk, cafetal):
        case = a_case(cafetal, person=WRONG, by=cafetal.actor("lucia"), channel="phone", now=timezone.now())
        assert f'href="{address(case)}"' in at_desk("lucia").get(f"{page_of(case)}lectura/").text

    def test_leads_there_too_where_something_is_doubted(self, at_desk, cafetal):
        odd = WRONG | {"phone": "12345"}
        case = a_case(cafetal, person=odd, by=cafetal.actor("lucia"), channel="phone", now=timezone.now())
        page = at_desk("lucia").get(f"{page_of(case)}lectura/").text
        assert "Revise el teléfono" in page and page.count(f'href="{address(case)}"') == 2

    def test_of_who_asked_not_to_be_known_leads_to_the_case_that_asks_what_for(self, at_desk, cafetal):
        case = a_case(
            cafetal,
            person=WRONG,
            identity_reserved=True,
            by=cafetal.actor("lucia"),
            channel="phone",
            now=timezone.now(),
        )
        page = at_desk("lucia").get(f"{page_of(case)}lectura/").text
        assert address(case) not in page and "Corregir los datos de la persona" in page

    def test_leads_nowhere_for_who_may_not(self, at_desk, cafetal):
        mine = {"person": WRONG, "channel": "phone", "now": timezone.now()}
        by_bruno = a_case(cafetal, by=cafetal.actor("bruno"), **mine)
        assert "/persona/" not in at_desk("bruno").get(f"{page_of(by_bruno)}lectura/").text
        anonymous = a_case(cafetal, by=cafetal.actor("lucia"), **mine | {"person": None, "anonymous": True})
        assert "/persona/" not in at_desk("lucia").get(f"{page_of(anonymous)}lectura/").text
        nobody = a_case(cafetal, by=cafetal.actor("lucia"), **mine | {"person": None})
        assert "Anotar los datos" in at_desk("lucia").get(f"{page_of(nobody)}lectura/").text


def correct(house, case, **said):
    return correct_petitioner(
        org=house.org, case_id=case.pk, said=said, reason=WHY, by=house.actor("lucia"), now=timezone.now()
    )
