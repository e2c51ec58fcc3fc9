"""Files that come with a form: kept with the case, held while the form comes back, and never more than goes freely."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from escucha.contexts.cases.models import Case
from escucha.contexts.documents.models import File
from escucha.contexts.documents.queries import files_about
from escucha.contexts.people.operations import note_try
from escucha.web.public import guard, papers
from escucha.web.public.guard import Freely
from tests.web.public.test_filing_limits import asked

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
HELD = re.compile(r'name="held_files" value="([^"]+)"')
KEY = "k" * 22


def a_file(name="recibo.pdf", content=PDF, kind="application/pdf"):
    return SimpleUploadedFile(name, content, kind)


def names_of(case):
    return [one.file.name for one in files_about(org=case.org, subject=case.subject)]


def bytes_of(case):
    return [one.file.size for one in files_about(org=case.org, subject=case.subject)]


@pytest.mark.requirement("EPS-04.3")
def test_files_are_attached_and_the_receipt_lists_them_without_serving_them(visitor):
    sent = visitor.post("/radicar/", {"body": "Miren", "files": [a_file(), a_file("foto dos.pdf", PDF + b"\n")]})
    case = Case.objects.get()
    assert names_of(case) == ["recibo.pdf", "foto dos.pdf"]
    assert case.filled_by == "person"
    receipt = visitor.get(sent.url).content.decode()
    assert "recibo.pdf" in receipt and "foto dos.pdf" in receipt and "download" not in receipt


def test_a_wrong_field_loses_no_file(visitor):
    back = visitor.post("/radicar/", {"body": "Miren", "email": "ana@", "files": [a_file()], "key": KEY})
    page = back.content.decode()
    assert back.status_code == 422 and "ya los tenemos" in page and "recibo.pdf" in page
    assert not File.objects.exists()  # nobody's yet
    visitor.post("/radicar/", {"body": "Miren", "key": KEY, "held_files": HELD.findall(page)})
    assert names_of(Case.objects.get()) == ["recibo.pdf"]
    assert bytes_of(Case.objects.get()) == [len(PDF)]


def test_a_file_that_is_refused_leaves_the_others_and_the_text(visitor):
    back = visitor.post("/radicar/", {"body": "Miren", "files": [a_file("x.exe"), a_file()], "key": KEY})
    page = back.content.decode()
    assert "No recibimos programas: «x.exe» lo es" in page and "Miren" in page
    assert len(HELD.findall(page)) == 1
    again = visitor.post("/radicar/", {"body": "Miren", "key": KEY, "held_files": HELD.findall(page)})
    assert again.status_code == 302 and names_of(Case.objects.get()) == ["recibo.pdf"]


def test_what_a_file_really_is_refuses_it_and_files_nothing(visitor):
    program = a_file("foto.jpg", b"MZ" + b"\x00" * 200, "image/jpeg")
    back = visitor.post("/radicar/", {"body": "Miren", "files": [program, a_file()], "key": KEY})
    page = back.content.decode()
    assert back.status_code == 422 and "«foto.jpg»" in page and not Case.objects.exists() and not File.objects.exists()
    assert len(HELD.findall(page)) == 1


def test_what_is_unticked_is_left_out_and_the_same_file_again_is_one(visitor):
    two = [a_file(), a_file("otra.pdf", PDF + b"\n")]
    page = visitor.post("/radicar/", {"email": "a@", "files": two, "key": KEY}).content.decode()
    first, second = HELD.findall(page)
    again = {"email": "a@", "files": [a_file()], "key": KEY, "held_files": [first, second]}
    assert len(HELD.findall(visitor.post("/radicar/", again).content.decode())) == 2
    visitor.post("/radicar/", {"key": KEY, "held_files": [second]})
    assert names_of(Case.objects.get()) == ["otra.pdf"]


@pytest.mark.parametrize("change", ["other key", "the box", "altered", "late", "made up"])
def test_a_reference_serves_only_its_form_and_only_for_two_hours(visitor, change, time_machine):
    now = timezone.now()
    time_machine.move_to(now)
    page = visitor.post("/radicar/", {"email": "a@", "files": [a_file()], "key": KEY}).content.decode()
    (reference,) = HELD.findall(page)
    said = {"key": KEY, "held_files": [reference]}
    if change == "other key":
        said["key"] = "z" * 22
    elif change == "altered":
        said["held_files"] = [reference[:-1] + ("A" if reference[-1] != "A" else "B")]
    elif change == "made up":
        said["held_files"] = ["x", "", "a:b", "ñ"]
    elif change == "late":
        time_machine.move_to(now + papers.HOLDS)
    path = "/buzon/" if change == "the box" else "/radicar/"
    answer = visitor.post(path, said)
    if change == "the box":  # it is the same form: the reference holds, and only for its key
        assert answer.status_code == 302
        return
    assert answer.status_code == 422 and "Elija otra vez sus archivos" in answer.content.decode()
    assert not File.objects.exists()


def test_the_bytes_held_are_let_go_once_filed_and_swept_if_never_filed(visitor):
    page = visitor.post("/radicar/", {"email": "a@", "files": [a_file()], "key": KEY}).content.decode()
    said = {"key": KEY, "held_files": HELD.findall(page)}
    visitor.post("/radicar/", said)
    visitor.post("/radicar/", said)  # again: the same case, though what was held is gone
    assert Case.objects.count() == 1 and File.objects.count() == 1


def test_too_many_bytes_in_an_hour_ask_a_question_and_the_text_stays(visitor, monkeypatch):
    monkeypatch.setattr(guard, "BYTES", Freely("bytes", 1, 3))  # kilobytes
    big = PDF + b"\n" * 2000
    assert visitor.post("/radicar/", {"body": "Uno", "files": [a_file()]}).status_code == 302
    answer = visitor.post("/radicar/", {"body": "Dos", "files": [a_file(content=big)], "key": KEY})
    assert answer.status_code == 422 and "Dos" in answer.content.decode() and not HELD.findall(answer.content.decode())
    result, token = asked(answer)
    said = {"body": "Dos", "files": [a_file(content=big)], "key": KEY, "token": token, "result": str(result)}
    assert visitor.post("/radicar/", said).status_code == 302
    assert visitor.post("/radicar/", {"body": "Sin archivos"}).status_code == 302


def test_a_heavy_try_counts_for_what_it_weighs(cafetal):
    now = timezone.now()
    assert note_try(org=cafetal.org, limits={"a": 10}, weight=6, now=now) is None
    assert note_try(org=cafetal.org, limits={"a": 10}, weight=5, now=now) is not None
    assert note_try(org=cafetal.org, limits={"a": 10}, weight=4, now=now) is None
    assert note_try(org=cafetal.org, limits={"b": 9, "a": 10}, weight=2, now=now) is not None
    assert (
        note_try(org=cafetal.org, limits={"b": 9}, weight=9, now=now) is None
    )  # what another limit refused is forgiven
