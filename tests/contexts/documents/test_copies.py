"""What is served in the place of a file: the picture drawn anew, the document without what it hides."""

import io
import struct
import warnings
import zipfile
import zlib
from datetime import timedelta

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from escucha.contexts.documents.gateways import clamd as gateway
from escucha.contexts.documents.gateways import store as bytes_kept
from escucha.contexts.documents.models import File
from escucha.contexts.documents.operations import copying, stripping
from escucha.contexts.documents.operations.copying import LEASE, make_copies
from escucha.contexts.documents.operations.redrawing import redrawn, redrawn_as_it_is
from escucha.contexts.documents.operations.scanning import scan_waiting
from escucha.contexts.documents.operations.stripping import BARE_AS_THEY_ARE, stripped_office, stripped_pdf
from escucha.contexts.documents.queries import open_original, open_shown
from escucha.contexts.documents.rules.copying import SIDE, TRIES, NoCopy
from escucha.contexts.documents.rules.pictures import without_segments
from tests.cast import TUESDAY
from tests.contexts.documents.conftest import a_file, kept
from tests.contexts.documents.made import AUTHOR, a_letter, a_pdf, a_photo, a_swelling_letter, a_zip

ENCODED = [AUTHOR.encode(), AUTHOR.encode("utf-16-be"), AUTHOR.encode("utf-16-le"), AUTHOR.encode("latin-1")]


def copy_of(file):
    file.refresh_from_db()
    return b"".join(open_shown(file))


def a_huge_png(side: int) -> bytes:
    """An image of a few hundred octets that says it is enormous."""
    size = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", size), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )


class TestPictures:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"])
    def test_are_drawn_anew_without_what_the_camera_wrote(self, cafetal, store, kind):
        original = a_photo(kind=kind)
        file = a_file(cafetal, original, name="foto")
        assert make_copies(now=TUESDAY) == 1
        assert make_copies(now=TUESDAY) == 0
        shown = copy_of(file)
        with Image.open(io.BytesIO(shown)) as image:
            assert not image.getexif()
            assert image.size == ((30, 40) if kind in ("JPEG", "PNG", "WEBP") else (40, 30))  # turned upright
        assert b"".join(open_original(file)) == original
        assert (file.shown_size, file.shown_kind) == (len(shown), "image/jpeg")

    def test_stay_transparent_where_they_were(self, cafetal, store):
        file = a_file(cafetal, a_photo(kind="PNG", mode="RGBA"))
        make_copies(now=TUESDAY)
        with Image.open(io.BytesIO(copy_of(file))) as image:
            assert (image.format, image.mode, file.shown_kind) == ("PNG", "RGBA", "image/png")

    def test_of_few_colours_stay_transparent_too(self):
        drawn, original, made = Image.new("P", (8, 8), 1), io.BytesIO(), io.BytesIO()
        drawn.putpalette([200, 30, 30, 10, 20, 30])
        drawn.putpixel((3, 3), 0)
        drawn.save(original, "GIF", transparency=0)
        assert redrawn(original, made) == "image/png"
        with Image.open(made) as image:
            assert image.convert("RGBA").getpixel((3, 3))[3] == 0

    @pytest.mark.parametrize(("kind", "mode"), [("WEBP", "RGBA"), ("TIFF", "RGBA"), ("TIFF", "RGB"), ("BMP", "RGB")])
    def test_inside_a_document_are_as_transparent_as_they_were(self, kind, mode):
        bare = redrawn_as_it_is(a_photo(kind=kind, mode=mode))
        assert AUTHOR.encode() not in bare
        with Image.open(io.BytesIO(bare)) as image:
            assert (image.format, image.mode, image.size) == (kind, mode, (40, 30))

    def test_have_nothing_under_what_is_wholly_transparent(self):
        """Who rubs out a name leaves its colours there, for whoever takes the transparency off."""
        rubbed, original, made = Image.new("RGBA", (8, 8), (200, 30, 30, 0)), io.BytesIO(), io.BytesIO()
        rubbed.putpixel((3, 3), (10, 20, 30, 128))
        rubbed.save(original, "PNG")
        redrawn(original, made)
        with Image.open(made) as image:
            assert set(image.get_flattened_data()) == {(0, 0, 0, 0), (10, 20, 30, 128)}

    def test_are_never_larger_than_a_screen(self):
        made = io.BytesIO()
        redrawn(io.BytesIO(a_photo(size=(6000, 40))), made)
        with Image.open(made) as image:
            assert max(image.size) == SIDE or max(image.size) < SIDE and image.format == "JPEG"

    @pytest.mark.parametrize(
        ("kind", "mode", "lightest"),
        [("PNG", "I;16", 65_535), ("TIFF", "I;16", 4_095), ("TIFF", "I", 2_000_000), ("TIFF", "F", 900.0)],
    )
    def test_of_more_shades_than_a_screen_has_are_seen(self, kind, mode, lightest):
        """A scan of sixteen bits was served all white."""
        scan, original, made = Image.new(mode, (256, 8)), io.BytesIO(), io.BytesIO()
        for place in range(256 * 8):
            scan.putpixel((place % 256, place // 256), type(lightest)(place % 256 * lightest / 255))
        scan.save(original, kind)
        assert redrawn(original, made) == "image/jpeg"
        with Image.open(made) as image:
            assert [round(image.convert("L").getpixel((at, 4)) / 51) for at in (0, 102, 204, 255)] == [0, 2, 4, 5]

    def test_of_shades_below_black_are_seen(self):
        scan, original, made = Image.new("F", (256, 8)), io.BytesIO(), io.BytesIO()
        for place in range(256 * 8):
            scan.putpixel((place % 256, place // 256), place % 256 * 1000.0 / 255 - 500)
        scan.save(original, "TIFF")
        redrawn(original, made)
        with Image.open(made) as image:
            assert [round(image.convert("L").getpixel((at, 4)) / 51) for at in (0, 102, 204, 255)] == [0, 2, 4, 5]

    @pytest.mark.parametrize("hidden", [b"<script>alert(1)</script>", a_zip({"A.class": b""}), a_pdf()])
    def test_bring_no_second_file_behind_them(self, cafetal, store, hidden):
        """Polyglots (CVE-2008-5343, GIFAR): what stands behind the picture does not pass."""
        file = a_file(cafetal, a_photo() + hidden, name="foto.jpg")
        make_copies(now=TUESDAY)
        assert hidden not in copy_of(file)

    @pytest.mark.parametrize("side", [8_000, 20_000, 60_000])
    def test_that_swell_have_no_copy(self, cafetal, store, side):
        """Decompression bomb: kept as evidence, and never unfolded."""
        file = a_file(cafetal, a_huge_png(side), name="foto.png")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert make_copies(now=TUESDAY) == 1
        file.refresh_from_db()
        assert (file.shown, file.copy_at, file.error) == ("", None, "copy pixels")
        assert make_copies(now=TUESDAY + timedelta(days=9)) == 0

    @pytest.mark.parametrize(
        "content", [a_photo()[:200], b"\xff\xd8\xff" + bytes(100), b"GIF89a/*<script>*/=1;", b"II*\x00"]
    )
    def test_that_are_none_have_no_copy(self, cafetal, store, content):
        file = a_file(cafetal, content, name="foto.jpg")
        make_copies(now=TUESDAY)
        file.refresh_from_db()
        assert (file.shown, file.error) == ("", "copy image")
        assert kept(store) == [file.key]

    @pytest.mark.parametrize(
        "content", [b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"<html><script>alert(1)</script>"]
    )
    def test_are_not_made_of_drawings_or_pages_that_could_run(self, cafetal, store, content):
        """RT CVE-2022-25802, osTicket CVE-2020-24917, Chatwoot CVE-2021-3741: the claimed type lies."""
        file = a_file(cafetal, content, name="foto.png", claimed_kind="image/png")
        assert (file.copy_at, make_copies(now=TUESDAY)) == (None, 0)


class TestReservedDocuments:
    def test_a_pdf_loses_author_scripts_and_positions_of_its_photos(self, cafetal, store):
        original = a_pdf(photo=a_photo())
        assert b"GPS" not in original and any(one in original for one in ENCODED)
        file = a_file(cafetal, original, name="denuncia.pdf", reserved=True)
        make_copies(now=TUESDAY)
        shown = copy_of(file)
        assert not [one for one in ENCODED if one in shown] and b"Exif" not in shown
        reader = PdfReader(io.BytesIO(shown))
        assert len(reader.pages) == 1
        assert not {"/Author", "/Title"} & set(reader.metadata or {})
        assert not {"/Metadata", "/OpenAction", "/AA"} & set(reader.trailer["/Root"])
        assert b"".join(open_original(file)) == original

    def test_a_letter_loses_its_author_and_keeps_its_words(self, cafetal, store):
        file = a_file(cafetal, a_letter(), name="denuncia.docx", reserved=True)
        make_copies(now=TUESDAY)
        shown = copy_of(file)
        with zipfile.ZipFile(io.BytesIO(shown)) as letter:
            parts = {one.filename: letter.read(one) for one in letter.infolist()}
            assert {one.date_time[0] for one in letter.infolist()} == {1980}
        assert not [name for name, part in parts.items() if AUTHOR.encode() in part or b"Exif" in part]
        assert "Pasó el lunes" in parts["word/document.xml"].decode()
        assert file.shown_kind == file.kind

    def test_the_kind_of_an_open_document_goes_first_and_unpacked(self):
        kind = b"application/vnd.oasis.opendocument.text"
        meta = f"<office:document-meta><dc:creator>{AUTHOR}</dc:creator></office:document-meta>".encode()
        made = io.BytesIO()
        stripped_office(io.BytesIO(a_zip({"mimetype": kind, "content.xml": b"<a/>", "meta.xml": meta})), made)
        with zipfile.ZipFile(made) as text:
            first = text.infolist()[0]
            assert (first.filename, first.compress_type, text.read("mimetype")) == (
                "mimetype",
                zipfile.ZIP_STORED,
                kind,
            )
            assert AUTHOR.encode() not in text.read("meta.xml")

    def test_that_swell_have_no_copy(self, monkeypatch):
        """Zip bomb: what a part really holds is counted while it is unpacked, whatever it says."""
        monkeypatch.setattr(stripping, "MOST_UNPACKED", 10 * 1024 * 1024)
        bomb = a_swelling_letter(megabytes=40)
        assert len(bomb) < 100_000
        with pytest.raises(NoCopy, match="unpacked size"):
            stripped_office(io.BytesIO(bomb), io.BytesIO())

    def test_with_thousands_of_parts_have_no_copy(self, monkeypatch):
        monkeypatch.setattr(stripping, "MOST_PARTS", 5)
        with pytest.raises(NoCopy, match="parts"):
            stripped_office(io.BytesIO(a_zip({f"{n}.xml": b"" for n in range(9)})), io.BytesIO())

    @pytest.mark.parametrize("content", [b"%PDF-1.7\nroto", b"%PDF-1.4\n%%EOF", a_pdf()[:300]])
    def test_that_are_broken_have_no_copy(self, content):
        with pytest.raises(NoCopy):
            stripped_pdf(io.BytesIO(content), io.BytesIO())

    def test_that_are_locked_have_no_copy(self):
        writer, locked = PdfWriter(io.BytesIO(a_pdf())), io.BytesIO()
        writer.encrypt("", "la de su dueño", algorithm="RC4-128")
        writer.write(locked)
        with pytest.raises(NoCopy, match="encrypted"):
            stripped_pdf(locked, io.BytesIO())

    def test_keep_their_letters_and_what_is_drawn_with_them(self):
        parts, made = {f"word/uno{ending}": b"\x01\x02" for ending in BARE_AS_THEY_ARE}, io.BytesIO()
        stripped_office(io.BytesIO(a_zip(parts)), made)
        with zipfile.ZipFile(made) as letter:
            assert {name: letter.read(name) for name in letter.namelist()} == parts

    def test_others_are_not_copied(self, cafetal, store):
        """What cannot lose its hidden data has no copy: only its sealed original."""
        a_file(cafetal, a_zip({"a.txt": b"a"}), name="a.zip", reserved=True)
        a_file(cafetal, a_pdf(), name="a.pdf")
        assert make_copies(now=TUESDAY) == 0


def test_the_picture_of_a_jpeg_is_untouched():
    photo = a_photo()
    bare = without_segments(photo)
    assert b"Exif" in photo and b"Exif" not in bare
    with Image.open(io.BytesIO(bare)) as one, Image.open(io.BytesIO(photo)) as other:
        assert one.tobytes() == other.tobytes()
    for odd in (b"", b"\xff\xd8", b"\xff\xd8\xff\xe1\x00\x00", b"no es"):
        assert without_segments(odd).startswith(odd[:2])


def test_a_jpeg_keeps_its_colours_and_no_picture_of_another_size():
    """In one kind of segment stand both: the colours of this picture, and where there is another with its own notes."""

    def segment(said):
        return b"\xff\xe2" + (len(said) + 2).to_bytes(2) + said

    photo, colours, others = a_photo(), segment(b"ICC_PROFILE\x00 de prueba"), segment(b"MPF\x00 dos fotos")
    assert (
        without_segments(photo[:2] + colours + others + photo[2:]) == photo[:2] + colours + without_segments(photo)[2:]
    )


class TestTrying:
    def test_waits_for_the_scanner(self, cafetal, store, settings, monkeypatch):
        settings.CLAMD = "unix:/nadie"
        file = a_file(cafetal, a_photo(), name="a.jpg")
        assert file.state == "waiting" and make_copies(now=TUESDAY) == 0
        monkeypatch.setattr(gateway, "scan", lambda chunks: [*chunks] and "")
        assert (scan_waiting(now=TUESDAY), make_copies(now=TUESDAY)) == (1, 1)

    def test_what_kills_its_worker_is_given_up(self, cafetal, store, monkeypatch):
        file, now = a_file(cafetal, a_photo(), name="a.jpg"), TUESDAY

        def die(*_said):
            raise KeyboardInterrupt

        monkeypatch.setattr(copying, "redrawn", die)
        for _each in range(TRIES):
            with pytest.raises(KeyboardInterrupt):
                make_copies(now=now)
            now += LEASE + timedelta(hours=1)
        assert make_copies(now=now) == 0
        file.refresh_from_db()
        assert (file.copies, file.copy_at) == (TRIES, None)
        assert kept(store) == [file.key]

    @pytest.mark.parametrize("meanwhile", [{"state": "infected"}, {"shown": "otra", "shown_kind": "image/jpeg"}])
    def test_what_was_found_or_done_meanwhile_stands(self, cafetal, store, monkeypatch, meanwhile):
        file = a_file(cafetal, a_photo(), name="a.jpg")

        def draw_late(original, made):
            File.objects.filter(pk=file.pk).update(**meanwhile)
            return redrawn(original, made)

        monkeypatch.setattr(copying, "redrawn", draw_late)
        assert make_copies(now=TUESDAY) == 1
        file.refresh_from_db()
        assert file.shown == meanwhile.get("shown", "")
        assert kept(store) == [file.key]

    def test_one_whose_bytes_are_lost_is_tried_again_and_stops_no_other(self, cafetal, store):
        lost, good = a_file(cafetal, a_photo()), a_file(cafetal, a_photo())
        bytes_kept.remove(lost.key)
        assert make_copies(now=TUESDAY) == 2
        lost.refresh_from_db(), good.refresh_from_db()
        assert (lost.error, lost.shown, lost.copy_at) == ("store FileNotFoundError", "", TUESDAY + LEASE)
        assert good.shown and not good.error

    def test_one_that_fails_does_not_stop_the_next(self, cafetal, store):
        bad, good = a_file(cafetal, b"\xff\xd8\xff" + bytes(99)), a_file(cafetal, a_photo())
        assert make_copies(now=TUESDAY) == 2
        assert [bool(File.objects.get(pk=one.pk).shown) for one in (bad, good)] == [False, True]
