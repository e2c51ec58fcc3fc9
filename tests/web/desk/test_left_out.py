"""What a letter brought and was not taken is said on its case and where it is reviewed, with its reason and its way."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from escucha.contexts.cases.models import Case
from escucha.contexts.cases.operations.reserving import reserve_case
from escucha.contexts.documents.models import Attachment, LeftOut
from escucha.contexts.documents.policy import MEGABYTE, DocumentsPolicy
from escucha.contexts.documents.rules.taking import MOST_OF_A_LETTER, why_left_out
from escucha.flows.arrived_message_becomes_case import settle_mail
from tests.contexts.messaging.arriving.letters import a_letter, received, settled
from tests.make import a_case

NOW = timezone.now() - timedelta(hours=2)
VIRUS = ("recibo‮fdp.exe", b"MZ" + b"\0" * 2000)
PAPER = ("recibo.txt", b"pagado")


def case_of(arrival):
    return Case.objects.get(pk=int(arrival.subject.removeprefix("case:")))


def of(case, what=""):
    return f"/mesa/casos/{case.filing_number}/{what}"


class TestOnTheCase:
    def test_says_how_many_which_why_and_where_they_are(self, at_desk, cafetal):
        case = case_of(settled(cafetal, a_letter(files=[PAPER, VIRUS]), now=NOW))
        page = at_desk("lucia").get(of(case)).text
        assert "El correo del anexo 1 traía un archivo más, que no se tomó" in page
        assert "recibofdp.exe" in page and "‮" not in page
        assert "2 KB" in page and "Es un programa, y no recibimos programas." in page
        letter = Attachment.objects.get(kind="message")
        assert f'href="{of(case, f"anexos/{letter.pk}/")}"' in page
        assert b"exe" in at_desk("lucia").get(of(case, f"anexos/{letter.pk}/")).getvalue()

    def test_of_more_than_are_taken_the_rest_are_said(self, at_desk, cafetal):
        files = [(f"foto-{n}.txt", str(n).encode()) for n in range(1, MOST_OF_A_LETTER + 3)]
        case = case_of(settled(cafetal, a_letter(files=files), now=NOW))
        assert Attachment.objects.filter(subject=case.subject, kind="evidence").count() == MOST_OF_A_LETTER
        page = at_desk("lucia").get(of(case)).text
        assert "traía 2 archivos más, que no se tomaron" in page
        assert "foto-51.txt" in page and "foto-52.txt" in page and "trae más de 50" in page

    def test_of_what_is_added_by_mail_too(self, at_desk, cafetal):
        case = a_case(cafetal, now=NOW)
        raw = a_letter(f"Sobre {case.filing_number}", sender="otra@example.org", files=[VIRUS])
        arrival = settled(cafetal, raw, now=NOW)
        lucia = at_desk("lucia")
        lucia.post(f"/mesa/entradas/{arrival.pk}/caso/", {"number": case.filing_number})
        assert "traía un archivo más" in lucia.get(of(case)).text

    def test_is_kept_once_and_of_a_letter_that_brings_nothing_there_is_none(self, at_desk, cafetal):
        arrival = settled(cafetal, a_letter(files=[VIRUS]), now=NOW)
        settle_mail(arrival, now=NOW)
        assert LeftOut.objects.count() == 1
        plain = case_of(settled(cafetal, a_letter(files=[PAPER]), now=NOW))
        assert LeftOut.objects.count() == 1 and "que no se tom" not in at_desk("lucia").get(of(plain)).text

    def test_in_the_reserve_its_name_says_nothing_and_its_letter_is_sealed(self, at_desk, cafetal):
        case = case_of(settled(cafetal, a_letter(files=[("ana-berrio.exe", b"MZ" + b"\0" * 2000)]), now=NOW))
        reserve_case(org=cafetal.org, case_id=case.pk, by=cafetal.actor("patricia"), now=NOW)
        page = at_desk("gabriel").get(of(case)).text
        assert "traía un archivo más" in page and "ana-berrio" not in page and "anexo-1 " in page
        assert "que es reservado: abra su original diciendo para qué" in page

    def test_costs_nothing_where_there_is_no_letter(self, at_desk, cafetal):
        lucia, with_letter = at_desk("lucia"), case_of(settled(cafetal, a_letter(files=[PAPER, VIRUS]), now=NOW))
        plain = a_case(cafetal, now=NOW)
        seen = {}
        for case in (plain, with_letter):
            lucia.get(of(case))
            with CaptureQueriesContext(connection) as queries:
                lucia.get(of(case))
            seen[case.pk] = [one["sql"] for one in queries if "documents_leftout" in one["sql"]]
        assert (len(seen[plain.pk]), len(seen[with_letter.pk])) == (0, 1)


class TestWhereItIsReviewed:
    def test_says_before_filing_what_would_not_be_taken(self, at_desk, cafetal):
        a_case(cafetal, now=NOW)
        raw = a_letter("Sobre PQR-2026-000001", sender="otra@example.org", files=[PAPER, VIRUS])
        page = at_desk("lucia").get(f"/mesa/entradas/{settled(cafetal, raw, now=NOW).pk}/").text
        assert "recibofdp.exe" in page and "‮" not in page
        assert page.count("No se toma:") == 1 and "Es un programa" in page and "Queda en el correo original." in page
        assert not LeftOut.objects.exists()

    def test_of_what_nobody_has_read_yet_too(self, at_desk, cafetal):
        arrival = received(cafetal, a_letter(files=[VIRUS]), now=NOW)
        assert "No se toma:" in at_desk("lucia").get(f"/mesa/entradas/{arrival.pk}/").text


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, ""),
        ({"place": MOST_OF_A_LETTER}, ""),
        ({"place": MOST_OF_A_LETTER + 1}, "many"),
        ({"size": MEGABYTE + 1}, "size"),
        ({"said": "nota.exe"}, "program"),
        ({"kind": "application/x-executable"}, "program"),
        ({"kind": "video/mp4"}, "kind"),
    ],
)
def test_why(said, why):
    policy = DocumentsPolicy(max_bytes=MEGABYTE, kinds=("text/*", "application/*"))
    known = {"kind": "text/plain", "said": "nota.txt", "size": 5, "place": 1}
    assert why_left_out(**known | said, policy=policy) == why
