"""What stands inside a reserved document says nothing of who made it: each was shown here before it was mended."""

import io
import struct
import time
import zipfile
import zlib

import pytest
from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject

from escucha.contexts.documents.operations import stripping
from escucha.contexts.documents.operations.redrawing import redrawn_as_it_is
from escucha.contexts.documents.operations.stripping import stripped_office, stripped_pdf
from escucha.contexts.documents.rules.copying import NoCopy
from escucha.contexts.documents.rules.pictures import without_boxes, without_chunks, without_description
from escucha.contexts.documents.rules.pictures import without_segments as without_notes
from escucha.contexts.documents.rules.writers import without_writers
from tests.contexts.documents.made import AUTHOR, a_letter, a_photo, a_zip

WHO = b"Quien denuncia"
PARTS = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:t>Lunes</w:t>"}


def drawn(kind, **said):
    made = io.BytesIO()
    Image.effect_noise((60, 40), 50).convert("P" if kind == "GIF" else "RGB").save(made, kind, **said)
    return made.getvalue()


def noted():
    notes = Image.new("RGB", (1, 1)).getexif()
    notes[0x013B] = WHO.decode()  # Artist
    return notes


def a_png():
    said = PngImagePlugin.PngInfo()
    said.add_text("Author", WHO.decode())
    said.add_itxt("XML:com.adobe.xmp", f"<dc:creator>{WHO.decode()}</dc:creator>")
    return drawn("PNG", pnginfo=said, exif=noted(), icc_profile=b"colores") + WHO


def an_emf():
    said = WHO.decode().encode("utf-16-le")
    head = struct.pack("<II", 1, 108) + bytes(32) + b" EMF" + bytes(16)
    return head + struct.pack("<II", len(said) // 2, 108) + bytes(40) + said + b"lo que se dibuja"


def within(parts):
    """The parts of a document as they stand in its copy."""
    made = io.BytesIO()
    stripped_office(io.BytesIO(a_zip(PARTS | parts)), made)
    with zipfile.ZipFile(made) as package:
        return {name: package.read(name) for name in package.namelist()}


def tells(content):
    return WHO in content or WHO.decode().encode("utf-16-le") in content or AUTHOR.encode() in content


class TestPicturesInADocument:
    @pytest.mark.parametrize("name", ["foto.jpg", "foto.jfif", "foto.tmp", "1000000", "foto.png"])
    def test_are_known_by_their_bytes(self, name):
        photo = drawn("JPEG", exif=noted(), comment=WHO)
        left = within({f"word/media/{name}": photo})[f"word/media/{name}"]
        assert not tells(left)
        assert Image.open(io.BytesIO(left)).tobytes() == Image.open(io.BytesIO(photo)).tobytes()

    @pytest.mark.parametrize(
        ("name", "picture"),
        [
            ("a.png", a_png()),
            ("a.gif", drawn("GIF", comment=WHO)),
            ("a.webp", drawn("WEBP", exif=noted())),
            ("a.tiff", drawn("TIFF", tiffinfo=noted())),
        ],
    )
    def test_of_any_kind_lose_their_notes_and_are_seen(self, name, picture):
        assert tells(picture)
        left = within({f"ppt/media/{name}": picture})[f"ppt/media/{name}"]
        assert not tells(left)
        with Image.open(io.BytesIO(left)) as one, Image.open(io.BytesIO(picture)) as other:
            assert (one.format, one.size) == (other.format, other.size)

    def test_bring_no_second_photo_behind_their_end(self):
        """Telephones keep another size of the photo behind it, with notes of its own."""
        photo = drawn("JPEG", progressive=True)
        assert without_notes(photo + drawn("JPEG", exif=noted())) == without_notes(photo)

    def test_keep_their_colours_and_nothing_behind_a_png(self):
        picture = a_png()
        left = without_chunks(picture)
        assert not tells(left) and Image.open(io.BytesIO(left)).info["icc_profile"] == b"colores"
        assert Image.open(io.BytesIO(left)).tobytes() == Image.open(io.BytesIO(picture)).tobytes()

    def test_of_windows_do_not_say_who_drew_them(self):
        left = within({"word/media/a.emf": an_emf()})["word/media/a.emf"]
        assert not tells(left) and left.endswith(b"lo que se dibuja") and len(left) == len(an_emf())
        assert without_description(b"corto") == b"corto"

    def test_of_lines_lose_their_notes(self):
        svg = b"<svg><!-- %s --><metadata><a>%s</a></metadata><text>Lunes</text></svg>" % (WHO, WHO)
        assert without_writers("word/media/a.svg", svg) == b"<svg><text>Lunes</text></svg>"
        assert without_writers("a.svg", b"<svg/><!-- " + WHO) == b"<svg/>"

    @pytest.mark.parametrize("content", [b"\x00\x01\x02" + WHO, b"RIFF\x00\x00\x00\x00WEBPVP8 " + WHO, b"II*\x00"])
    def test_that_cannot_be_followed_are_left_empty(self, content):
        assert within({"word/media/a.bin": content})["word/media/a.bin"] == b""

    def test_that_swell_are_left_empty(self):
        """As a bitmap that says that it is enormous."""
        swollen = b"BM" + struct.pack("<IIIIiiHHIIiiII", 60, 0, 54, 40, 60_000, 60_000, 1, 24, 0, 0, 0, 0, 0, 0)
        assert redrawn_as_it_is(swollen) == b""


class TestDocumentsInADocument:
    def test_lose_their_writers_too(self):
        name = "word/embeddings/carta.docx"
        with zipfile.ZipFile(io.BytesIO(within({name: a_letter()})[name])) as inner:
            assert not [part for part in inner.namelist() if tells(inner.read(part))]
            assert "Pasó el lunes" in inner.read("word/document.xml").decode()

    def test_are_followed_only_so_deep(self):
        content = a_letter()
        for _level in range(6):
            content = a_zip(PARTS | {"word/embeddings/a.docx": content})
        found, level = within({"word/embeddings/a.docx": content})["word/embeddings/a.docx"], 0
        while found:
            with zipfile.ZipFile(io.BytesIO(found)) as inner:
                found, level = inner.read("word/embeddings/a.docx"), level + 1
        assert level == stripping.DEEPEST

    def test_count_with_what_holds_them(self, monkeypatch):
        monkeypatch.setattr(stripping, "MOST_UNPACKED", 1024 * 1024)
        swollen = a_zip(PARTS | {"word/document.xml": bytes(2 * 1024 * 1024)})
        with pytest.raises(NoCopy, match="unpacked size"):
            within({"word/embeddings/a.docx": swollen})

    @pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + WHO, b"PK\x03\x04" + WHO])
    def test_of_other_kinds_are_left_empty(self, content):
        assert within({"word/embeddings/oleObject1.bin": content})["word/embeddings/oleObject1.bin"] == b""


class TestTheMachineOfItsWriter:
    def test_is_not_told_by_its_printer(self):
        name = "xl/printerSettings/printerSettings1.bin"
        left = within(
            {
                name: WHO,
                "xl/worksheets/sheet1.xml": b'<sheet><pageSetup orientation="portrait" r:id="rId1"/></sheet>',
                "xl/worksheets/_rels/sheet1.xml.rels": b'<R><Relationship Target="../printerSettings/p.bin"/></R>',
            }
        )
        assert name not in left
        assert left["xl/worksheets/sheet1.xml"] == b'<sheet><pageSetup orientation="portrait"/></sheet>'
        assert left["xl/worksheets/_rels/sheet1.xml.rels"] == b"<R></R>"

    @pytest.mark.parametrize(
        "name", ["_xmlsignatures/sig1.xml", "META-INF/documentsignatures.xml", "docMetadata/LabelInfo.xml"]
    )
    def test_is_not_told_by_its_signature_nor_by_a_label(self, name):
        pointer = b'<R><Relationship Target="%s"/><Relationship Target="word/document.xml"/></R>' % name.encode()
        left = within({name: b"<X509SubjectName>CN=" + WHO + b"</X509SubjectName>", "_rels/.rels": pointer})
        assert name not in left and b"word/document.xml" in left["_rels/.rels"]
        assert name.startswith("META") or name.encode() not in left["_rels/.rels"]

    @pytest.mark.parametrize(
        ("name", "said", "left"),
        [
            ("xl/connections.xml", '<c odcFile="C:\\Users\\{who}\\a.odc"/>', '<c odcFile=""/>'),
            ("a.xml", "<c x:src='file:///home/{who}/a'/>", '<c x:src=""/>'),
            (
                "word/settings.xml",
                '<w:connectString w:val="Data Source=C:\\Users\\{who}\\a.mdb"/>',
                '<w:connectString w:val=""/>',
            ),
            ("ppt/changesInfos/changesInfo1.xml", '<pc:chgInfo name="{who}"/>', '<pc:chgInfo name=""/>'),
            ("a.xml", '<c href="https://example.org/home/a"/>', '<c href="https://example.org/home/a"/>'),
            ("a.svg", '<svg inkscape:export-filename="/home/{who}/a.png"/>', '<svg inkscape:export-filename=""/>'),
            (
                "settings.xml",
                '<config:config-item config:name="PrinterName" config:type="string">{who}</config:config-item>',
                '<config:config-item config:name="PrinterName" config:type="string"></config:config-item>',
            ),
        ],
    )
    def test_nor_by_its_folders(self, name, said, left):
        assert without_writers(name, said.format(who=WHO.decode()).encode()).decode() == left

    @pytest.mark.parametrize(
        ("name", "root"),
        [
            (
                "docProps/app2.xml",
                "Properties xmlns='http://schemas.openxmlformats.org/officeDocument/2006/extended-properties'",
            ),
            ("props.xml", "Properties xmlns='http://purl.oclc.org/ooxml/officeDocument/customProperties'"),
            (
                "core.xml",
                'cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"',
            ),
            (
                "Object 1/meta.xml",
                "office:document-meta xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'",
            ),
        ],
    )
    def test_nor_by_its_properties_under_another_name(self, name, root):
        tag = root.partition(" ")[0]
        left = without_writers(name, b"<%s><Company>%s</Company></%s>" % (root.encode(), WHO, tag.encode()))
        assert not tells(left) and tag.encode() in left


class TestPhotosInAPdf:
    def test_of_newer_kinds_lose_their_notes(self):
        def box(name, content):
            return struct.pack(">I", len(content) + 8) + name + content

        start = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
        photo = start + box(b"ftyp", b"jp2 ") + box(b"uuid", WHO) + box(b"xml ", WHO) + box(b"jp2c", b"lo que se ve")
        page_of, original, made = PdfWriter(), io.BytesIO(), io.BytesIO()
        page, seen = page_of.add_blank_page(100, 100), StreamObject()
        seen._data = photo
        seen[NameObject("/Subtype")], seen[NameObject("/Filter")] = NameObject("/Image"), NameObject("/JPXDecode")
        page[NameObject("/Resources")][NameObject("/Photo")] = page_of._add_object(seen)
        page_of.write(original)
        stripped_pdf(original, made)
        assert WHO in original.getvalue() and WHO not in made.getvalue() and b"lo que se ve" in made.getvalue()
        assert without_boxes(start + b"\x00\x00\x00\x00jp2cresto") == start + b"\x00\x00\x00\x00jp2cresto"

    def test_of_a_telephone_bring_nothing_behind(self):
        writer, original, made = PdfWriter(), io.BytesIO(), io.BytesIO()
        page, seen = writer.add_blank_page(100, 100), StreamObject()
        seen._data = drawn("JPEG") + a_photo()
        seen[NameObject("/Subtype")], seen[NameObject("/Filter")] = NameObject("/Image"), NameObject("/DCTDecode")
        page[NameObject("/Resources")][NameObject("/Photo")] = writer._add_object(seen)
        writer.write(original)
        stripped_pdf(original, made)
        assert b"Exif" in original.getvalue() and b"Exif" not in made.getvalue()


@pytest.mark.parametrize(
    "hostile",
    [
        b"<pageSetup ",
        b"<Override docProps/thumbnail ",
        b"<config:config-item config:name='PrinterName' ",
        b"<!--<metadata ",
        b"<author x",
        b" a:author='",
        b" author=",
        b' a="file:',
        b"<absPath url= ",
        b' a="x C:/Users ',
        b" a='C:",
        b"\n",
        b"<a:a:a:",
    ],
)
def test_a_text_that_never_ends_is_read_once(hostile):
    """No pattern starts over for each place at which it could begin."""
    began = time.perf_counter()
    without_writers("xl/a.svg", hostile * (2 * 1024 * 1024 // len(hostile)))
    assert time.perf_counter() - began < 5


def test_a_picture_that_never_ends_is_read_once():
    for hostile in (
        b"\xff\xd8" + b"\xff\xe1\x00\x02" * 200_000,
        b"\xff\xd8" + b"\xff" * 800_000,
        b"\x89PNG\r\n\x1a\n" + bytes(900_000),
    ):
        began = time.perf_counter()
        (without_chunks if hostile[:1] == b"\x89" else without_notes)(hostile)
        assert time.perf_counter() - began < 5
    assert without_chunks(b"\x89PNG\r\n\x1a\n" + zlib.compress(b"x")) == b"\x89PNG\r\n\x1a\n"
