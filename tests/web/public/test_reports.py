"""The reserved channel: nothing personal is asked, nothing leaves and nothing stays in the browser."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from escucha.contexts.cases.models import Case, Word
from escucha.contexts.cases.operations.answering import answer_case, send_answer
from escucha.contexts.cases.operations.filing import classify_case
from escucha.contexts.documents.models import File
from escucha.contexts.messaging.models import Message
from escucha.contexts.people.models import Person
from tests.make import a_house
from tests.web.public.test_filing_limits import asked
from tests.web.public.test_filing_papers import a_file

REPORT = {"body": "Cobran por turnos que son gratis.", "accused": "El jefe de archivo", "happened": "Cada lunes"}


@pytest.fixture
def arrayanes(db):
    return a_house("arrayanes", sample=False)


@pytest.fixture
def visitor(client, arrayanes):
    client.defaults["HTTP_HOST"] = "arrayanes.localhost:8000"
    return client


def a_photo() -> bytes:
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Camara de Ana"
    Image.new("RGB", (8, 8)).save(made, "JPEG", exif=exif)
    return made.getvalue()


def reported(visitor, **said):
    visitor.post("/denuncias/", REPORT | said)
    return Case.objects.latest("pk")


def follow(visitor, case):
    return visitor.post("/seguir/", {"number": case.filing_number, "factor": case.contact_code})


class TestReporting:
    def test_files_a_reserved_case_of_nobody(self, visitor):
        case = reported(visitor)
        assert case.reserved and case.anonymous and case.person is None and not Person.objects.exists()
        assert (case.suggested_type, case.body) == ("denuncia", REPORT["body"])
        assert case.details == {"accused": REPORT["accused"], "happened": REPORT["happened"]}

    def test_who_says_who_it_is_is_kept_and_written_to_by_nobody(self, visitor):
        case = reported(visitor, name="Ana", email="ana@example.org", phone="300 000 0001")
        assert case.identity_reserved and not case.anonymous and case.person.email == "ana@example.org"
        assert not Message.objects.filter(to__in=["ana@example.org", "300 000 0001"]).exists()
        assert not Message.objects.filter(body__contains=case.filing_number).exists()

    def test_what_photos_hide_is_left_out_and_their_names_too(self, visitor):
        visitor.post("/denuncias/", REPORT | {"files": a_file("de Ana.jpg", a_photo(), "image/jpeg")})
        file = File.objects.get()
        assert file.reserved and "Ana" not in file.name

    def test_the_receipt_has_number_and_code_and_nothing_of_what_was_said(self, visitor):
        answer = visitor.post("/denuncias/", REPORT)
        case = Case.objects.get()
        assert answer.url == "/denuncias/recibo/"
        page = visitor.get(answer.url)
        text = page.content.decode()
        assert case.contact_code in text and "no hay correo" in text and REPORT["body"] not in text
        assert case.receipt_code not in text and case.verify_code not in text
        assert page["Referrer-Policy"] == "no-referrer" and "no-store" in page["Cache-Control"]

    def test_the_receipt_is_of_this_browser_and_of_half_an_hour(self, visitor, client, time_machine):
        case = reported(visitor)
        assert visitor.get(f"/recibo/{case.receipt_code}/").status_code == 404
        time_machine.move_to(timezone.now() + timedelta(minutes=31))
        assert visitor.get("/denuncias/recibo/").url == "/seguir/"
        visitor.cookies.clear()
        assert visitor.get("/denuncias/recibo/").url == "/seguir/"

    def test_no_word_stays_in_the_browser(self, visitor):
        page = visitor.get("/denuncias/")
        text = page.content.decode()
        form = text[text.index("<form") : text.index("</form>")]
        assert "data-keep=" not in form.replace('data-keep="off"', "") and 'autocomplete="off"' in form
        assert "no-store" in page["Cache-Control"] and page["Referrer-Policy"] == "same-origin"
        assert not re.findall(r'(?:src|href|action)="https?://', text)

    def test_filing_is_never_refused_for_what_is_missing(self, visitor):
        assert visitor.post("/denuncias/", {}).status_code == 302
        assert visitor.post("/denuncias/", {"email": "x"}).status_code == 422

    def test_often_is_asked_a_question_first(self, visitor):
        for n in range(20):
            visitor.post("/denuncias/", {"body": f"Texto {n}"})
        answer = visitor.post("/denuncias/", {"body": "Otra", "key": "k" * 22})
        assert answer.status_code == 422 and "Otra" in answer.content.decode()
        result, token = asked(answer)
        said = {"body": "Otra", "key": "k" * 22, "token": token, "result": str(result)}
        assert visitor.post("/denuncias/", said).status_code == 302

    def test_sent_twice_is_one_case(self, visitor):
        for _time in range(2):
            visitor.post("/denuncias/", REPORT | {"key": "k" * 22})
        assert Case.objects.count() == 1

    def test_a_held_file_of_a_report_serves_no_other_form(self, visitor):
        page = visitor.post("/denuncias/", {"email": "x", "files": a_file(), "key": "k" * 22}).content.decode()
        (held,) = re.findall(r'name="held_files" value="([^"]+)"', page)
        assert visitor.post("/radicar/", {"key": "k" * 22, "held_files": held}).status_code == 422

    def test_its_queries_are_counted(self, visitor, django_assert_num_queries):
        visitor.get("/denuncias/")
        with django_assert_num_queries(1):
            visitor.get("/denuncias/")


class TestFollowing:
    def test_by_number_and_code_and_never_by_a_document(self, visitor):
        case = reported(visitor, name="Ana", email="ana@example.org")
        assert follow(visitor, case).url == "/seguir/solicitud/"
        page = visitor.get("/seguir/solicitud/").content.decode()
        assert "/recibo/" not in page and 'href="/seguir/solicitud/adiciones/"' in page and REPORT["body"] not in page

    @pytest.mark.parametrize("state", ["filed", "classified", "answered", "sent"])
    def test_says_at_every_step_that_only_the_channel_has_it(self, visitor, arrayanes, state):
        """It named the office that attends everybody and the area that answers, which may be that of who is accused."""
        case = reported(visitor)
        moved = {"org": arrayanes.org, "case_id": case.pk, "by": arrayanes.actor("hernan"), "now": timezone.now()}
        steps = {
            "classified": lambda: classify_case(case_type="denuncia", **moved),
            "answered": lambda: answer_case(body="Lo investigamos.", **moved),
            "sent": lambda: send_answer(**moved),
        }
        for step, take in steps.items():
            if state == "filed":
                break
            take()
            if step == state:
                break
        follow(visitor, case)
        text = visitor.get("/seguir/solicitud/").content.decode()
        page = text[text.index("<main") : text.index("</main>")]
        for unit in arrayanes.profile.units.values():
            assert unit.label not in page
        assert "Área responsable" not in page and "rea responsable" not in page and "Le enviamos" not in page
        assert state == "sent" or ("Quien atiende el canal reservado" in page and "A más tardar el" in page)

    def test_what_is_added_goes_to_its_case_with_its_papers(self, visitor):
        case = reported(visitor)
        follow(visitor, case)
        sent = visitor.post("/seguir/solicitud/adiciones/", {"body": "También los martes.", "files": a_file("Ana.pdf")})
        assert sent.url == "/seguir/solicitud/"
        word = Word.objects.get()
        assert (word.case_id, word.body, word.channel) == (case.pk, "También los martes.", "web")
        assert File.objects.get().reserved


class TestWhereThereIsNone:
    def test_there_is_no_page_and_no_link(self, client, cafetal):
        host = {"host": "cafetal.localhost"}
        assert client.get("/denuncias/", headers=host).status_code == 404
        assert "/denuncias/" not in client.get("/", headers=host).content.decode()
        assert "/denuncias/" not in client.get("/radicar/", headers=host).content.decode()

    def test_the_other_form_does_not_offer_its_kind_and_says_where_it_is(self, visitor):
        page = visitor.get("/radicar/").content.decode()
        assert 'value="denuncia"' not in page and 'href="/denuncias/"' in page
        assert 'href="/denuncias/"' in visitor.get("/").content.decode()
        visitor.post("/radicar/", {"suggested_type": "denuncia", "body": "x"})
        assert not Case.objects.get().reserved
