"""The copy of a reserved paper says nothing of who wrote it: each was shown here before it was mended."""

import io
import zipfile
import zlib

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, StreamObject, TextStringObject

from escucha.contexts.documents.operations.stripping import stripped_office, stripped_pdf
from escucha.contexts.documents.rules.copying import NoCopy
from tests.contexts.documents.made import AUTHOR, a_photo, a_zip

ENCODED = [AUTHOR.encode(), AUTHOR.encode("utf-16-be"), AUTHOR.encode("utf-16-le"), AUTHOR.encode("latin-1")]


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

    def test_nor_in_one_that_does_not_say_what_it_is(self):
        def page_of(writer, page):
            signed = a_signature(writer).get_object()
            del signed["/Type"]
            signed[NameObject("/ByteRange")] = ArrayObject([FloatObject(0)] * 4)
            page[NameObject("/Signed")] = writer._add_object(signed)

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
