"""All or nothing: no case without its papers, none twice, and no row of a paper that nobody has."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from escucha.contexts.cases.models import Case
from escucha.contexts.documents.models import Attachment, File
from escucha.contexts.documents.operations.refusal import Refused
from escucha.contexts.people.models import Consent, Person
from escucha.flows.person_files_with_papers_and_consents import Paper, file_with_papers
from tests.cast import ANA, TUESDAY

PDF = b"%PDF-1.4\n%%EOF"


def a_paper(name="carta.pdf", content=PDF):
    return Paper(SimpleUploadedFile(name, io.BytesIO(content).getvalue()), name)


def filed(house, **said):
    usual = {"channel": "web", "letter_key": "", "filing_key": "k", "person": ANA, "body": "Hola", "now": TUESDAY}
    return file_with_papers(org=house.org, **usual | said)


def test_papers_and_consents_come_with_the_case(cafetal):
    case = filed(cafetal, papers=[a_paper()], agreed=["survey", "answer", "x"], groups=["older_adult", "x"])
    assert [one.subject for one in Attachment.objects.all()] == [case.subject]
    assert [one.purpose for one in Consent.objects.all()] == ["survey"]


def test_one_paper_that_may_not_be_taken_files_nothing(cafetal):
    with pytest.raises(Refused):
        filed(cafetal, papers=[a_paper(), a_paper("foto.jpg", b"MZ" + b"\x00" * 99)])
    assert not Case.objects.exists() and not File.objects.exists() and not Person.objects.exists()


def test_the_same_form_again_leaves_no_paper_of_nobody(cafetal):
    first = filed(cafetal, papers=[a_paper()])
    later = TUESDAY + timedelta(seconds=1)
    again = filed(cafetal, papers=[a_paper("otra.pdf")], agreed=["survey"], now=later)
    assert first == again
    assert File.objects.count() == Attachment.objects.count() == 1 and not Consent.objects.exists()


def test_papers_of_a_reserved_case_are_reserved(cafetal):
    filed(cafetal, papers=[a_paper()], reserved=True)
    assert File.objects.get().reserved and Case.objects.get().reserved
