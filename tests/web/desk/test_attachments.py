"""The files of a case: who may have them, what the browser is told, and how they are added and taken off."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from escucha.contexts.documents.models import Attachment, File
from escucha.contexts.documents.operations.attaching import attach
from escucha.contexts.documents.operations.copying import make_copies
from escucha.contexts.documents.operations.keeping import keep_file
from escucha.kernel.orgs.operations import take_in
from escucha.kernel.timeline.facts import CITIZEN
from tests.cast import PASSWORD
from tests.contexts.documents.conftest import kept
from tests.contexts.documents.conftest import store as store  # noqa: PLC0414
from tests.contexts.documents.made import AUTHOR, a_letter, a_pdf, a_photo, a_zip
from tests.make import a_case, a_house
from tests.web.desk.conftest import sign_in

NOSNIFF = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HTML, SVG = b"<html><script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
OCTETS = "application/octet-stream"


@pytest.fixture
def case(store, story):
    return story.assigned()


def attached(case, content=b"hola", *, name="recibo.txt", **said):
    file = keep_file(org=case.org, content=content, name=name, now=timezone.now(), **said)
    subject = case.subject
    return attach(org=case.org, file=file, subject=subject, kind="evidence", by=CITIZEN, now=timezone.now())


def place(case, one=None, act=""):
    return f"/mesa/casos/{case.filing_number}/anexos/" + (f"{one.pk}/{act}" if one else "")


def sent(client, case, *files, **more):
    return client.post(place(case), {"files": [SimpleUploadedFile(name, content) for name, content in files]}, **more)


class TestDownloading:
    def test_gives_the_bytes_as_they_came_to_be_saved(self, at_desk, case):
        content = a_pdf()
        one = attached(case, content, name="cédula de Ana.pdf")
        answer = at_desk("lucia").get(place(case, one))
        assert answer.getvalue() == content
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == "attachment; filename*=utf-8''c%C3%A9dula%20de%20Ana.pdf"
        assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
        assert int(answer["Content-Length"]) == one.file.size
        assert NOSNIFF.items() <= dict(answer.items()).items()

    @pytest.mark.parametrize(
        "name, content, claimed",
        [
            ("foto.png", HTML, "image/png"),
            ("foto.jpg", SVG, "image/jpeg"),
            ("pagina.html", HTML, "text/html"),
            ("dibujo.svg", SVG, "image/svg+xml"),
            ("datos.xml", b"<?xml version='1.0'?><a/>", "text/xml"),
            ("carta.docx", a_letter(), "text/html"),
            ("nota.txt", b"hola", "text/html"),
        ],
    )
    def test_never_runs_what_could_run(self, at_desk, case, name, content, claimed):
        """RT CVE-2022-25802, osTicket CVE-2020-24917, Chatwoot CVE-2021-3741 and -3742: the claimed type lies."""
        one = attached(case, content, name=name, claimed_kind=claimed)
        make_copies(now=timezone.now())
        client = at_desk("lucia")
        answer = client.get(place(case, one))
        assert answer["Content-Type"] == OCTETS
        assert answer["Content-Disposition"].startswith("attachment;")
        assert NOSNIFF.items() <= dict(answer.items()).items()
        assert client.get(place(case, one, "vista/")).status_code == 404

    @pytest.mark.parametrize("name", ["pagina.html", "dibujo.SVG", "otra.xhtml"])
    def test_on_the_disk_it_is_opened_as_text(self, at_desk, case, name):
        """OTRS CVE-2005-3895 and the same again in django-helpdesk: an attached page runs in the reader's browser."""
        one = attached(case, HTML, name=name)
        said = at_desk("lucia").get(place(case, one))["Content-Disposition"]
        assert said == f'attachment; filename="{name}.txt"'

    @pytest.mark.parametrize("name", ['a"; filename="b.exe.txt', "a\r\nSet-Cookie: x=1.txt", "a\u202etxt.exe.txt"])
    def test_a_name_adds_nothing_to_the_headers(self, at_desk, case, name):
        """RT CVE-2012-4730: headers through names."""
        answer = at_desk("lucia").get(place(case, attached(case, name=name)))
        assert answer["Content-Disposition"].count("filename") - answer["Content-Disposition"].count("filename b") == 1
        assert not set("\r\n\u202e") & set(answer["Content-Disposition"])
        assert "Set-Cookie" not in answer

    @pytest.mark.parametrize("state, status", [("waiting", 409), ("infected", 409), ("clean", 200), ("unscanned", 200)])
    def test_waits_for_the_scanner(self, at_desk, case, state, status):
        one = attached(case, a_photo(), name="foto.jpg")
        make_copies(now=timezone.now())
        look_at = timezone.now() if state == "waiting" else None
        shown = {} if state != "infected" else {"shown": "", "shown_kind": ""}
        File.objects.filter(pk=one.file_id).update(state=state, look_at=look_at, **shown)
        client = at_desk("lucia")
        assert client.get(place(case, one)).status_code == status
        assert client.get(place(case, one, "vista/")).status_code == (200 if status == 200 else 404)

    def test_says_so_where_the_store_lost_it(self, at_desk, case, store):
        one = attached(case)
        (store / one.file.key).unlink()
        assert at_desk("lucia").get(place(case, one)).status_code == 404


class TestSeeing:
    def test_an_image_is_a_picture_drawn_anew(self, at_desk, case):
        one = attached(case, a_photo(kind="PNG") + HTML, name="foto.png")
        client = at_desk("lucia")
        assert client.get(place(case, one, "vista/")).status_code == 404
        make_copies(now=timezone.now())
        answer = client.get(place(case, one, "vista/"))
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Content-Disposition"] == 'inline; filename="foto.jpg"'
        assert HTML not in answer.getvalue() and b"Exif" not in answer.getvalue()
        assert NOSNIFF.items() <= dict(answer.items()).items()

    def test_nothing_else_is_seen(self, at_desk, case):
        client = at_desk("lucia")
        for content in (a_pdf(), HTML, SVG, a_zip({"a": b""}), b"GIF89a/*<script>*/"):
            assert client.get(place(case, attached(case, content, name="a"), "vista/")).status_code == 404


class TestReserved:
    def test_only_the_copy_leaves_under_a_neutral_name(self, at_desk, case):
        attached(case)
        one = attached(case, a_pdf(), name="denuncia de Ana.pdf", reserved=True)
        client = at_desk("lucia")
        assert client.get(place(case, one)).status_code == 409
        make_copies(now=timezone.now())
        answer = client.get(place(case, one))
        assert answer["Content-Disposition"] == 'attachment; filename="anexo-2.pdf"'
        assert AUTHOR.encode("utf-16-be") not in answer.getvalue()
        page = client.get(f"/mesa/casos/{case.filing_number}/").text
        assert "anexo-2.pdf" in page and "denuncia de Ana" not in page

    def test_what_has_no_copy_does_not_leave(self, at_desk, case):
        one = attached(case, a_zip({"a.txt": b"a"}), name="a.zip", reserved=True)
        make_copies(now=timezone.now())
        refused = at_desk("lucia").get(place(case, one))
        assert refused.status_code == 409 and "reservado" in refused.text


class TestWho:
    def test_of_a_case_that_is_not_seen_there_are_no_files(self, at_desk, case):
        """Zammad CVE-2022-40816, GLPI CVE-2020-27662: a side door that forgets the rule."""
        one = attached(case, a_photo(), name="foto.jpg")
        make_copies(now=timezone.now())
        vera = at_desk("vera")
        assert [vera.get(place(case, one, act)).status_code for act in ("", "vista/")] == [404, 404]
        assert [vera.post(place(case, one, act)).status_code for act in ("retiro/", "regreso/")] == [404, 404]
        assert sent(vera, case, ("a.txt", b"a")).status_code == 404
        assert at_desk("dario").get(place(case, one)).status_code == 200

    def test_who_did_not_enter_gets_nothing(self, at_desk, case, client):
        one = attached(case)
        stranger = take_in(
            org=a_house("corrioverde").org,
            email="otra@example.org",
            name="Otra",
            password=PASSWORD,
            unit=None,
            roles=[],
        )
        other = Client(headers={"host": case.org.host})
        sign_in(other, stranger.account)
        client.defaults["HTTP_HOST"] = case.org.host
        for who, status in ((client, 302), (other, 403), (at_desk("bruno"), 403)):
            assert {who.get(place(case, one, act)).status_code for act in ("", "vista/")} == {status}
            assert {who.post(place(case, one, act)).status_code for act in ("retiro/", "regreso/")} == {status}
            assert sent(who, case, ("a.txt", b"a")).status_code == status

    def test_an_attachment_is_had_only_through_its_own_case(self, at_desk, case, story):
        """FreeScout CVE-2026-40496: an id that is guessed gives the file of another."""
        one, other = attached(case), story.assigned(unit="vivienda")
        vera, lucia = at_desk("vera"), at_desk("lucia")
        assert vera.get(f"/mesa/casos/{other.filing_number}/").status_code == 200
        for client in (vera, lucia):
            assert client.get(place(other, one)).status_code == 404
            assert client.post(place(other, one, "retiro/")).status_code == 404
        assert Attachment.objects.get(pk=one.pk).detached_at is None

    def test_of_another_organisation_there_is_nothing(self, at_desk, case):
        other = a_house("vidamar")
        theirs = a_case(other, now=timezone.now())
        one, lucia = attached(theirs), at_desk("lucia")
        assert lucia.get(place(theirs, one)).status_code == 404
        assert lucia.get(place(case, one)).status_code == 404
        assert lucia.post(place(case, one, "retiro/")).status_code == 404

    def test_who_may_not_write_on_it_only_reads(self, at_desk, case):
        one, gabriel = attached(case), at_desk("gabriel")
        assert gabriel.get(place(case, one)).status_code == 200
        assert "Quitar" not in (page := gabriel.get(f"/mesa/casos/{case.filing_number}/").text)
        assert "Adjuntar archivos" not in page and "recibo.txt" in page
        assert sent(gabriel, case, ("a.txt", b"a")).status_code == 409
        assert gabriel.post(place(case, one, "retiro/")).status_code == 409
        assert Attachment.objects.count() == 1 and Attachment.objects.get().detached_at is None

    def test_without_its_token_nothing_is_taken(self, at_desk, case):
        careful = at_desk("lucia", enforce_csrf_checks=True)
        assert sent(careful, case, ("a.txt", b"a")).status_code == 403
        assert careful.post(place(case, attached(case), "retiro/")).status_code == 403


class TestAttaching:
    def test_several_at_once(self, at_desk, case):
        answer = sent(at_desk("lucia"), case, ("uno.txt", b"uno"), ("foto.jpg", a_photo()))
        assert answer.status_code == 302 and answer["Location"] == f"/mesa/casos/{case.filing_number}/#anexos"
        assert list(Attachment.objects.order_by("number").values_list("number", "file__name", "file__kind")) == [
            (1, "uno.txt", "text/plain"),
            (2, "foto.jpg", "image/jpeg"),
        ]

    def test_with_the_script_the_way_on_is_told(self, at_desk, case):
        answer = sent(at_desk("lucia"), case, ("a.txt", b"a"), headers={"X-Upload": "1"})
        assert answer.json() == {"url": f"/mesa/casos/{case.filing_number}/#anexos"}

    def test_sent_twice_is_as_sent_once(self, at_desk, case):
        lucia = at_desk("lucia")
        for _each in range(2):
            assert sent(lucia, case, ("uno.txt", b"uno"), ("dos.txt", b"dos")).status_code == 302
        assert Attachment.objects.count() == 2 and File.objects.count() == 2

    def test_one_that_is_refused_does_not_take_the_others_with_it(self, at_desk, case, store):
        answer = sent(at_desk("lucia"), case, ("uno.txt", b"uno"), ("recibo.pdf", b"MZ\x00\x01" + bytes(80)))
        assert answer.status_code == 422
        assert "No recibimos programas: «recibo.pdf» lo es." in answer.text
        assert [one.file.name for one in Attachment.objects.select_related("file")] == ["uno.txt"]
        assert len(kept(store)) == 1

    @pytest.mark.parametrize(
        "files, why",
        [
            ([], "Elija al menos un archivo."),
            ([("vacio.txt", b"")], "«vacio.txt» está vacío"),
            ([("x.exe", b"hola")], "No recibimos programas: «x.exe» lo es."),
            ([(f"{n}.txt", b"%d" % n) for n in range(11)], "Elija hasta 10 archivos a la vez."),
            ([("bien.txt", b"x"), ("largo.bin", b"x" * (25 * 1024 * 1024 + 1))], "«largo.bin» pesa más de 25 MB."),
        ],
    )
    def test_what_cannot_be_taken_is_said_and_nothing_is(self, at_desk, case, files, why):
        """Each of several files is looked at (CVE-2023-31047): only the last once was."""
        answer = sent(at_desk("lucia"), case, *files)
        assert answer.status_code == 422 and why in answer.text
        assert not Attachment.objects.exists()

    def test_more_than_fits_is_not_even_read(self, at_desk, case, settings):
        lucia = at_desk("lucia")
        body = b"--x\r\n" + b"x" * 100
        asked = {"content_type": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(200 * 1024 * 1024)}
        answer = lucia.generic("POST", place(case), body, **asked)
        assert answer.status_code == 400
        assert "Los archivos pesan más de 60 MB entre todos." in answer.text

    def test_anybody_is_stopped_at_the_same_door(self, client, cafetal):
        asked = {"content_type": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(200 * 1024 * 1024)}
        answer = client.generic("POST", "/radicar/", b"--x\r\n", HTTP_HOST=cafetal.org.host, **asked)
        assert answer.status_code == 400 and "60 MB" in answer.text


class TestTakingOff:
    def test_can_be_undone(self, at_desk, case):
        one, lucia = attached(case), at_desk("lucia")
        page = f"/mesa/casos/{case.filing_number}/"
        assert lucia.post(place(case, one, "retiro/")).status_code == 302
        assert lucia.get(place(case, one)).status_code == 404
        shown = lucia.get(page).text
        assert "Un anexo quitado" in shown and re.search(r'action="[^"]*/regreso/"', shown)
        assert lucia.post(place(case, one, "regreso/")).status_code == 302
        assert lucia.get(place(case, one)).status_code == 200
        assert "quitado" not in lucia.get(page).text.replace("El anexo", "")
        assert Attachment.objects.count() == 1

    def test_is_never_done_by_looking(self, at_desk, case):
        one, lucia = attached(case), at_desk("lucia")
        assert [lucia.get(place(case, one, act)).status_code for act in ("retiro/", "regreso/")] == [405, 405]
        assert lucia.post(place(case, one)).status_code == 405


def test_the_page_asks_one_statement_more_however_many_files(at_desk, case):
    lucia, page = at_desk("lucia"), f"/mesa/casos/{case.filing_number}/"

    def statements():
        with CaptureQueriesContext(connection) as seen:
            assert lucia.get(page).status_code == 200
        return sum("documents_attachment" in one["sql"] for one in seen), len(seen)

    attached(case)
    lucia.get(page)
    few = statements()
    for number in range(12):
        attached(case, b"%d" % number)
    assert statements() == few and few[0] == 1
