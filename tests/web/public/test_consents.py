"""Who follows its case reads what it agreed to, and withdraws it as easily as it was given."""

import pytest
from django.utils import timezone

from escucha.contexts.cases.models import Case
from escucha.contexts.people.models import Consent, PersonGroup
from escucha.contexts.people.operations.consenting import give_consent
from escucha.flows.person_files_with_papers_and_consents import TICKED
from escucha.flows.staff_files_for_who_goes_first import READ_ALOUD
from tests.cast import ANA
from tests.make import a_case
from tests.web.public.test_filing import SAID

PATH = "/seguir/solicitud/autorizaciones/"


@pytest.fixture
def case(visitor):
    """Filed on the page, by who agreed to two uses and is of a group attended first."""
    boxes = {"agree_survey": "on", "agree_preferential": "on", "groups": ["pregnant"]}
    visitor.post("/radicar/", SAID | boxes)
    return Case.objects.get()


def enter(visitor, case, factor=""):
    visitor.post("/seguir/", {"number": case.filing_number, "factor": factor or case.contact_code})


def test_each_use_is_shown_with_its_text_and_its_day(visitor, case):
    enter(visitor, case)
    assert f'href="{PATH}"' in visitor.get("/seguir/solicitud/").content.decode()
    page = visitor.get(PATH)
    text = page.content.decode()
    assert "preguntar cómo" in text and "casilla en la página" in text
    assert text.count("Retirar esta autorización") == 2
    assert "noticias de sus programas" not in text  # to which it did not agree
    assert "no-store" in page["Cache-Control"] and "noindex" in page["X-Robots-Tag"]


def test_the_proof_is_said_to_its_person_and_kept_as_it_was_written(visitor, cafetal, case):
    enter(visitor, case)
    text = visitor.get(PATH).content.decode()
    assert text.count("Usted marcó la casilla en la página.") == 2 and "La persona marcó" not in text
    assert {row.proof for row in Consent.objects.all()} == {TICKED}


@pytest.mark.parametrize(
    ("proof", "said"),
    [
        (READ_ALOUD, "y usted dijo que sí."),
        ("Lo dijo por teléfono, llamada 12", "Así lo anotamos: «Lo dijo por teléfono, llamada 12»"),
    ],
)
def test_what_staff_took_down_is_said_so_or_quoted(visitor, cafetal, case, proof, said):
    by = {"by": cafetal.actor("lucia"), "now": timezone.now(), "channel": "phone"}
    give_consent(org=cafetal.org, person_id=case.person_id, purpose="news", proof=proof, **by)
    enter(visitor, case)
    text = visitor.get(PATH).content.decode()
    assert said in text and "la persona dijo" not in text
    assert Consent.objects.latest("pk").proof == proof


def test_the_code_is_asked_with_one_piece_in_both_pages(visitor, case):
    enter(visitor, case, ANA["document_number"])
    for path, why in ((PATH, "Para ver lo que autorizó"), ("/seguir/solicitud/retiro/", "Para retirarla")):
        asked = visitor.get(path)
        assert "public/_code.html" in {one.name for one in asked.templates}
        assert why in asked.content.decode() and "Si lo perdió, llámenos" in asked.content.decode()


def test_what_is_withdrawn_holds_no_more_with_what_stood_on_it(visitor, case):
    enter(visitor, case)
    for _time in range(2):
        assert visitor.post(PATH, {"purpose": "preferential"}).url == PATH
    assert [row.given for row in Consent.objects.filter(purpose="preferential").order_by("pk")] == [True, False]
    last = Consent.objects.latest("pk")
    assert (last.channel, last.member, bool(last.proof)) == ("web", None, True)
    assert not PersonGroup.objects.filter(ended_at=None).exists()
    text = visitor.get(PATH).content.decode()
    assert text.count("Retirar esta autorización") == 1 and "La retiró el" in text
    assert visitor.post(PATH, {"purpose": "x\x00"}).url == PATH
    assert Consent.objects.count() == 3


def test_who_came_by_a_document_says_the_code_first(visitor, case):
    enter(visitor, case, ANA["document_number"])
    text = visitor.get(PATH).content.decode()
    assert "preguntar cómo" not in text and "código del recibo" in text
    wrong = visitor.post(PATH, {"purpose": "survey", "code": "AAAAAA"})
    assert wrong.status_code == 422 and "Ese no es el código" in wrong.content.decode()
    assert visitor.post(PATH, {"purpose": "survey"}).status_code == 422
    assert Consent.objects.count() == 2
    assert visitor.post(PATH, {"code": case.contact_code}).url == PATH
    assert "preguntar cómo" in visitor.get(PATH).content.decode()
    assert Consent.objects.count() == 2  # the code opens, and withdraws nothing


def test_of_nobody_there_is_nothing(visitor, cafetal):
    assert visitor.get(PATH).url == "/seguir/"
    assert visitor.post(PATH, {"purpose": "survey"}).url == "/seguir/"
    nameless = a_case(cafetal, person=None, anonymous=True)
    enter(visitor, nameless)
    assert PATH not in visitor.get("/seguir/solicitud/").content.decode()
    assert visitor.get(PATH).url == "/seguir/solicitud/"
    assert visitor.post(PATH, {"purpose": "survey"}).url == "/seguir/solicitud/"


def test_who_agreed_to_nothing_reads_so(visitor, cafetal):
    enter(visitor, a_case(cafetal))
    assert "No ha autorizado otros usos" in visitor.get(PATH).content.decode()


def test_its_queries_are_counted(visitor, case, django_assert_num_queries):
    enter(visitor, case)
    with django_assert_num_queries(4):
        visitor.get(PATH)
