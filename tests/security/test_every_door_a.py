"""Faults of the doors by which files and texts come, and of the counts: each was shown here before it was mended."""

import errno
import io
import struct
import threading
import tracemalloc
import zipfile
import zlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, StreamObject, TextStringObject

from escucha.contexts.cases.models import Tally
from escucha.contexts.cases.operations import tallying
from escucha.contexts.cases.operations.reserving import reserve_case
from escucha.contexts.cases.queries.doors import NoSuchCase
from escucha.contexts.cases.queries.tallies import view_counts
from escucha.contexts.documents.models import File
from escucha.contexts.documents.operations import stripping
from escucha.contexts.documents.operations.attaching import attach, keep_back
from escucha.contexts.documents.operations.copying import make_copies
from escucha.contexts.documents.operations.redrawing import redrawn
from escucha.contexts.documents.operations.stripping import stripped_office, stripped_pdf
from escucha.contexts.documents.queries import files_about
from escucha.contexts.documents.rules.copying import NoCopy
from escucha.contexts.documents.rules.naming import LONGEST, safe_name
from escucha.contexts.documents.rules.sniffing import OCTETS, kind_of
from escucha.contexts.messaging.gateways import sms
from escucha.contexts.messaging.operations.delivering import deliver
from escucha.flows.person_files_with_papers_and_consents import Paper, file_with_papers
from escucha.flows.staff_attach_files_to_case import Upload, attach_to_case
from escucha.kernel.timeline.facts import CITIZEN
from tests.cast import ANA, TUESDAY
from tests.contexts.documents.conftest import a_file, store  # noqa: F401
from tests.contexts.documents.made import AUTHOR, a_letter, a_photo, a_zip
from tests.contexts.messaging.arriving.letters import a_letter as a_mail
from tests.contexts.messaging.arriving.letters import answer_address, settled
from tests.contexts.messaging.sms.conftest import gateway, stand_in, texting  # noqa: F401
from tests.contexts.messaging.sms.houses import (
    a_receipt,
    a_text,
    a_texting_house,
    call_in,
    code_of,
    facts,
    failing_status,
    fresh,
    gateway_of,
)
from tests.make import a_case, a_routed_case

ENCODED = [AUTHOR.encode(), AUTHOR.encode("utf-16-be"), AUTHOR.encode("utf-16-le"), AUTHOR.encode("latin-1")]


def broken(archive: bytes) -> bytes:
    """The same archive, with what its first part holds spoilt."""
    start = 30 + int.from_bytes(archive[26:28], "little") + int.from_bytes(archive[28:30], "little")
    return archive[:start] + b"\xff" * 8 + archive[start + 8 :]


def a_crowd(many: int) -> bytes:
    """An archive that lists hundreds of thousands of parts, all of them the same one."""
    local = b"PK\3\4" + struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + b"a"
    one = b"PK\1\2" + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    said = struct.pack("<HHHHIIH", 0, 0, many & 0xFFFF, many & 0xFFFF, len(one) * many, len(local), 0)
    return local + one * many + b"PK\5\6" + said


def memory_of(act) -> int:
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


class TestHostileArchives:
    def test_one_whose_first_part_is_spoilt_is_still_received(self, cafetal, store):  # noqa: F811
        """It stopped the form, and the whole e-mail that brought it."""
        spoilt = broken(a_zip({"mimetype": b"application/vnd.oasis.opendocument.text" * 9}))
        assert a_file(cafetal, spoilt, name="carta.odt").kind == OCTETS

    def test_one_that_lists_too_many_parts_is_not_listed(self):
        """Twenty megabytes of list made two hundred of objects, in the process that attends pages."""
        crowd = io.BytesIO(a_crowd(200_000))
        assert kind_of(crowd) == OCTETS
        assert memory_of(lambda: kind_of(crowd)) < 5 * 1024 * 1024

    def test_one_with_many_parts_is_known_all_the_same(self):
        assert kind_of(io.BytesIO(a_zip({f"foto-{n}.jpg": b"" for n in range(5_000)}))) == "application/zip"

    def test_a_spoilt_document_has_no_copy_and_is_given_up(self, cafetal, store):  # noqa: F811
        spoilt = broken(a_letter())
        file = File.objects.get(pk=a_file(cafetal, spoilt, name="carta.docx", reserved=True).pk)
        assert make_copies(now=TUESDAY) == 1
        file.refresh_from_db()
        assert (file.shown, file.copy_at, file.error) == ("", None, "copy package")

    def test_a_part_that_swells_in_one_step_is_never_unpacked(self, monkeypatch):
        """bzip2 gives all it has at once: what was counted afterwards had already filled the memory."""
        monkeypatch.setattr(stripping, "MOST_UNPACKED", 1024 * 1024)
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_BZIP2) as archive:
            archive.writestr("word/document.xml", bytes(60 * 1024 * 1024))
        assert len(made.getvalue()) < 5_000

        def strip():
            with pytest.raises(NoCopy):
                stripped_office(io.BytesIO(made.getvalue()), io.BytesIO())

        assert memory_of(strip) < 10 * 1024 * 1024


class TestNames:
    def test_a_name_of_millions_of_signs_is_cut_at_once(self):
        """It was shortened sign by sign, encoding all of it each time."""
        done = threading.Event()

        def cut():
            assert len(safe_name("ñ" * 3_000_000 + ".pdf")) <= LONGEST
            done.set()

        threading.Thread(target=cut, daemon=True).start()
        assert done.wait(10)

    def test_and_keeps_its_ending(self):
        assert safe_name("x" * 5_000 + ".pdf").endswith("x.pdf")
        assert safe_name("carpeta/" * 400 + "foto.jpg") == "foto.jpg"


def test_a_picture_whose_notes_cannot_be_written_has_no_copy(monkeypatch):
    """`struct.error` of a TIFF with spoilt notes went through to the worker."""

    def spoilt(*_said):
        raise struct.error("required argument is not an integer")

    monkeypatch.setattr(Image.Image, "thumbnail", spoilt)
    with pytest.raises(NoCopy, match="image"):
        redrawn(io.BytesIO(a_photo()), io.BytesIO())


class FullDisk(io.BytesIO):
    def write(self, _said):
        raise OSError(errno.ENOSPC, "No space left on device")


class LostDisk(io.BytesIO):
    def read(self, *_said):
        raise OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize(("original", "made"), [(io.BytesIO, FullDisk), (LostDisk, io.BytesIO)])
def test_a_disk_that_fails_says_nothing_of_the_picture(original, made):
    """It was taken for a broken image, and its copy given up for good."""
    with pytest.raises(OSError, match="No space|Input/output"):
        redrawn(original(a_photo()), made())


def a_note(writer, kind, **more):
    said = {"/Type": NameObject("/Annot"), "/Subtype": NameObject(kind), "/T": TextStringObject(AUTHOR)}
    said |= {"/Rect": ArrayObject([FloatObject(0)] * 4), "/Contents": TextStringObject("Aquí")} | more
    return DictionaryObject({NameObject(key): value for key, value in said.items()})


def a_hidden_file(writer):
    content = StreamObject()
    content.set_data(AUTHOR.encode())
    held = DictionaryObject({NameObject("/F"): writer._add_object(content)})
    said = {NameObject("/Type"): NameObject("/Filespec"), NameObject("/EF"): held}
    return writer._add_object(DictionaryObject(said))


def a_signature(writer):
    said = {"/Type": NameObject("/Sig"), "/Name": TextStringObject(AUTHOR), "/ContactInfo": TextStringObject(AUTHOR)}
    return writer._add_object(DictionaryObject({NameObject(key): value for key, value in said.items()}))


def stripped(page_of) -> bytes:
    """A page as `page_of` leaves it, without what it hides."""
    writer, original, made = PdfWriter(), io.BytesIO(), io.BytesIO()
    page_of(writer, writer.add_blank_page(100, 100))
    writer.write(original)
    stripped_pdf(original, made)
    return made.getvalue()


def says_author(pdf: bytes) -> bool:
    told = [thing.get_object() for thing in PdfWriter(clone_from=io.BytesIO(pdf))._objects if thing is not None]
    streams = b"".join(thing.get_data() for thing in told if isinstance(thing, StreamObject))
    return AUTHOR in str(told) or any(one in pdf + streams for one in ENCODED)


class TestWhatAReservedPdfSaysOfItsAuthor:
    @pytest.mark.parametrize("direct", [True, False])
    @pytest.mark.parametrize(
        "kind", ["/Text", "/Underline", "/StrikeOut", "/Squiggly", "/Circle", "/Caret", "/Polygon", "/Redact"]
    )
    def test_in_no_note_of_any_kind(self, kind, direct):
        """Of the notes, eight kinds lost their author, and only where each was an object of its own."""

        def page_of(writer, page):
            note = a_note(writer, kind)
            page[NameObject("/Annots")] = ArrayObject([note if direct else writer._add_object(note)])

        made = stripped(page_of)
        assert not says_author(made)
        [note] = PdfReader(io.BytesIO(made)).pages[0]["/Annots"]
        assert note.get_object()["/Contents"] == "Aquí"

    def test_in_no_file_pinned_to_a_page(self):
        def page_of(writer, page):
            note = a_note(writer, "/FileAttachment", **{"/FS": a_hidden_file(writer)})
            page[NameObject("/Annots")] = ArrayObject([writer._add_object(note)])

        assert not says_author(stripped(page_of))

    def test_in_no_signature(self):
        def page_of(writer, page):
            field = {"/FT": NameObject("/Sig"), "/T": TextStringObject("firma"), "/V": a_signature(writer)}
            page[NameObject("/Annots")] = ArrayObject([writer._add_object(a_note(writer, "/Widget", **field))])

        assert not says_author(stripped(page_of))

    def test_nor_in_an_object_to_which_nothing_points_any_more(self):
        def page_of(writer, page):
            notes = StreamObject()
            notes.set_data(f"<dc:creator>{AUTHOR}</dc:creator>".encode())
            page[NameObject("/Metadata")] = writer._add_object(notes)

        assert not says_author(stripped(page_of))

    def test_a_photo_packed_twice_has_no_copy(self):
        """Its notes were not looked for under the second packing."""

        def page_of(writer, page):
            photo = StreamObject()
            photo._data = zlib.compress(a_photo())
            photo[NameObject("/Subtype")] = NameObject("/Image")
            photo[NameObject("/Filter")] = ArrayObject([NameObject("/FlateDecode"), NameObject("/DCTDecode")])
            page[NameObject("/Resources")][NameObject("/Photo")] = writer._add_object(photo)

        with pytest.raises(NoCopy, match="packed photo"):
            stripped(page_of)


class TestWhatAReservedDocumentSaysOfItsAuthor:
    @pytest.mark.parametrize(
        ("part", "said"),
        [
            ("word/people.xml", '<w15:presenceInfo w15:providerId="AD" w15:userId="S::{who}::1"/>'),
            ("word/document.xml", "<w:ins w:author='{who}'/>"),
            ("xl/workbook.xml", '<x15ac:absPath xmlns:x15ac="http://x" url="C:\\Users\\{who}\\"/>'),
            ("xl/comments1.xml", '<author xml:space="preserve">{who}</author>'),
            ("xl/revisions/userNames.xml", '<userInfo guid="x" name="{who}"/>'),
            ("docProps/core2.xml", "<cp:lastModifiedBy>{who}</cp:lastModifiedBy>"),
            ("package/services/metadata/core-properties/ab.psmdcp", "<dc:creator>{who}</dc:creator>"),
            ("word/_rels/settings.xml.rels", '<Relationship Id="r" Target="file:///C:\\Users\\{who}\\n.dotm"/>'),
            ("customXml/item1.xml", "<UserInfo><DisplayName>{who}</DisplayName></UserInfo>"),
        ],
    )
    def test_in_none_of_its_parts(self, part, said):
        made = io.BytesIO()
        stripped_office(io.BytesIO(a_zip({part: f"<a>{said.format(who=AUTHOR)}<t>Lunes</t></a>".encode()})), made)
        with zipfile.ZipFile(made) as package:
            left = package.read(part).decode()
        assert AUTHOR not in left
        assert "<t>Lunes</t>" in left

    def test_what_is_written_in_wide_letters_has_no_copy(self):
        wide = f'<?xml version="1.0" encoding="UTF-16"?><w:ins w:author="{AUTHOR}"/>'.encode("utf-16")
        with pytest.raises(NoCopy, match="encoding"):
            stripped_office(io.BytesIO(a_zip({"word/document.xml": wide})), io.BytesIO())


@pytest.mark.parametrize("by_staff", [False, True])
def test_papers_of_who_asked_not_to_be_known_do_not_say_who(cafetal, store, by_staff):  # noqa: F811
    """Its identity is shown by an act that is written down; any reader of the case had it from the paper."""
    paper = SimpleUploadedFile(f"queja de {AUTHOR}.docx", a_letter())
    here = {"org": cafetal.org, "now": TUESDAY}
    papers = [] if by_staff else [Paper(paper, paper.name)]
    said = {"person": ANA, "matter": "Piscina", "body": "El jefe de recreación cobra por reservar la piscina."}
    case = file_with_papers(
        channel="web", papers=papers, identity_reserved=True, letter_key="a", filing_key="a", **said | here
    )
    if by_staff:
        uploads = [Upload(paper, paper.name)]
        attach_to_case(case_id=case.pk, uploads=uploads, kind="evidence", by=cafetal.actor("lucia"), **here)
    [file] = File.objects.all()
    assert file.reserved and AUTHOR not in file.name


def test_what_comes_by_mail_for_who_asked_not_to_be_known_is_reserved(cafetal, store):  # noqa: F811
    """The letter itself too: it says from whom it comes."""
    case = a_case(cafetal, identity_reserved=True)
    answer = a_mail(to=answer_address(cafetal, case.subject), files=[(f"queja de {AUTHOR}.docx", a_letter())])
    settled(cafetal, answer, now=TUESDAY + timedelta(hours=1))
    files = {one.file.name: one.file.reserved for one in files_about(org=cafetal.org, subject=case.subject)}
    assert files == {"correo.eml": True, "archivo.docx": True}


@pytest.mark.parametrize("said", [{"identity_reserved": True}, {"reserved": True}])
def test_what_is_kept_already_is_reserved_with_its_case(cafetal, store, said):  # noqa: F811
    file = a_file(cafetal, a_letter(), name=f"queja de {AUTHOR}.docx")
    case = a_case(cafetal, attachments=[file], **said)
    file.refresh_from_db()
    assert file.reserved
    assert keep_back(org=cafetal.org, subject=case.subject, by=CITIZEN, now=TUESDAY) == 0


def test_what_a_case_had_before_it_was_reserved_is_reserved_too(cafetal, store):  # noqa: F811
    case = a_routed_case(cafetal)
    file = a_file(cafetal, a_letter(), name=f"queja de {AUTHOR}.docx")
    attach(org=cafetal.org, file=file, subject=case.subject, kind="evidence", by=CITIZEN, now=TUESDAY)
    reserve_case(org=cafetal.org, case_id=case.pk, by=cafetal.actor("gabriel"), now=TUESDAY)
    make_copies(now=TUESDAY)
    file.refresh_from_db()
    assert file.reserved and file.shown


@pytest.mark.slow
def test_a_case_is_not_held_while_its_files_are_written(real_cafetal, store):  # noqa: F811
    """Who reserved it meanwhile waited for a disk; and what was being written was then attached, open to anybody."""
    case, reserved = a_routed_case(real_cafetal), threading.Event()
    same = {"org": real_cafetal.org, "case_id": case.pk, "now": TUESDAY}

    def reserve():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
            reserve_case(by=real_cafetal.actor("gabriel"), **same)
            reserved.set()
        finally:
            connection.close()

    def written():
        yield a_letter()
        thread = threading.Thread(target=reserve)
        thread.start()
        thread.join(10)

    uploads = [Upload(written(), f"queja de {AUTHOR}.docx")]
    with pytest.raises(NoSuchCase):
        attach_to_case(uploads=uploads, kind="evidence", by=real_cafetal.actor("lucia"), **same)
    assert reserved.is_set()
    assert not File.objects.exists()


@pytest.mark.django_db
class TestKeptCounts:
    def spoilt(self, house):
        a_case(house)
        Tally.objects.filter(org=house.org).update(cases=7)

    def test_are_mended_by_the_worker_under_its_own_role(self, cafetal):
        """The nightly recount locked the table of cases, which the role may not: wrong counts stayed wrong."""
        self.spoilt(cafetal)
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE escucha_run")
        try:
            assert tallying.recount(org=cafetal.org) > 0
            assert tallying.recount(org=cafetal.org) == 0
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")
        assert view_counts(org=cafetal.org, viewer=cafetal.actor("lucia"))["open"] == 1

    @pytest.mark.slow
    def test_are_mended_while_others_fold_and_file(self, real_cafetal):
        """A fold at the same time left its row behind, and the recount failed; and nobody filed meanwhile."""
        self.spoilt(real_cafetal)
        counted = threading.Event()

        def recount():
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SET lock_timeout = '5s'")
                tallying.recount(org=real_cafetal.org)
                counted.set()
            finally:
                connection.close()

        with transaction.atomic():
            tallying.fold_tallies(now=TUESDAY)
            a_case(real_cafetal)
            thread = threading.Thread(target=recount)
            thread.start()
            thread.join(10)
        assert counted.is_set()
        assert tallying.recount(org=real_cafetal.org) == 0
        assert view_counts(org=real_cafetal.org, viewer=real_cafetal.actor("lucia"))["open"] == 2


class TestAReceiptThatComesBeforeTheAnswer:
    """The gateway tells that a text failed before it has answered that it took it: nobody sent it again."""

    def failed_at_once(self, house, stand_in, monkeypatch, *, passing):  # noqa: F811
        spoken = sms.TABLE[gateway_of(house)]
        send = spoken.send

        def told_first(text, *, account):
            ref = send(text, account=account)
            said = {"code": code_of(house, passing=passing), "reference": text.reference}
            call_in(house, a_receipt(stand_in, house, ref, failing_status(house), **said))
            return ref

        monkeypatch.setattr(spoken, "send", told_first)
        message = a_text(house)
        deliver(now=TUESDAY)
        monkeypatch.setattr(spoken, "send", send)
        return fresh(message)

    def test_sends_it_again_where_the_failure_may_pass(self, texting, stand_in, monkeypatch):  # noqa: F811
        message = self.failed_at_once(texting, stand_in, monkeypatch, passing=True)
        assert (message.state, message.next_try_at > TUESDAY) == ("queued", True)
        deliver(now=TUESDAY + timedelta(hours=2))
        assert (fresh(message).state, len(stand_in.texts)) == ("sent", 2)
        assert stand_in.texts[1].ref == message.gateway_ref

    def test_ends_it_where_it_does_not(self, texting, stand_in, monkeypatch):  # noqa: F811
        message = self.failed_at_once(texting, stand_in, monkeypatch, passing=False)
        assert (message.state, facts(texting)) == ("failed", ["message_failed"])


def test_a_text_dearer_than_a_whole_day_does_not_wait_for_ever(db, stand_in, settings):  # noqa: F811
    """It waited for a day that could pay it, and no day can: nobody was told that it never left."""
    house = a_texting_house(stand_in, settings, "twilio", policy={"segment_price": 50, "spend_a_day": 60})
    message = a_text(house, values={"name": "Ana " * 60})
    for days in range(3):
        deliver(now=TUESDAY + timedelta(days=days))
    assert (fresh(message).state, message.error, message.next_try_at) == ("failed", "day_spent", None)
    assert (facts(house), stand_in.asked) == (["message_failed"], [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM messaging_arrival",
        "UPDATE messaging_arrival SET digest = repeat('0', 64), file_id = NULL, arrived_at = now()",
        "DELETE FROM messaging_message",
        "UPDATE messaging_message SET body = 'otra', queued_at = now()",
        "DELETE FROM messaging_receipt",
        "UPDATE messaging_receipt SET status = 'delivered'",
        "DELETE FROM messaging_mailboxbalance",
        "DELETE FROM people_person",
    ],
)
def test_what_arrived_and_what_was_told_stays(cafetal, statement):
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE escucha_run")
    try:
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
