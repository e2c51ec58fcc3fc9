"""A file is what its bytes are, whatever is claimed. What is two things at once is the worse one."""

import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escucha.contexts.documents.policy import DocumentsPolicy
from escucha.contexts.documents.rules.sniffing import INSTALLER, OLE, kind_of
from escucha.contexts.documents.rules.taking import blockers_to_download, blockers_to_keep, megabytes, wait_to_look
from tests.contexts.documents.made import a_letter, a_pdf, a_photo, a_zip

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "application/vnd.oasis.opendocument.text"
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(64)
MAIL = b"Received: by mx\r\nFrom: a@example.org\r\nSubject: <script>hola</script>\r\n\r\n<html><script>"


def an_ole(*, root: bytes = bytes(16), part: str = "") -> bytes:
    header = (
        OLE + bytes(22) + (9).to_bytes(2, "little") + (6).to_bytes(2, "little") + bytes(14) + (0).to_bytes(4, "little")
    )
    entry = "Root Entry".encode("utf-16-le").ljust(80, b"\x00") + root + bytes(32)
    return header.ljust(512, b"\x00") + entry + part.encode("utf-16-le").ljust(384, b"\x00")


@pytest.mark.parametrize(
    "content, kind",
    [
        (b"", "application/x-empty"),
        ("Pasó el lunes en la sede.".encode(), "text/plain"),
        ("Pasó el lunes".encode("latin-1"), "text/plain"),
        (b"MZ es una marca de dados", "text/plain"),
        (a_photo(), "image/jpeg"),
        (a_photo(kind="PNG"), "image/png"),
        (a_photo(kind="GIF"), "image/gif"),
        (a_photo(kind="WEBP"), "image/webp"),
        (a_photo(kind="TIFF"), "image/tiff"),
        (a_photo(kind="BMP"), "image/bmp"),
        (b"\x01" * 14 + (40).to_bytes(4, "little") + b"\x01" * 20, "application/octet-stream"),
        (b"BM" + b"\x01" * 40, "application/octet-stream"),
        (gzip.compress(b"hola", mtime=0), "application/octet-stream"),  # known by three octets: by so few, nothing is
        (a_pdf(), "application/pdf"),
        (b"\n\n  %PDF-1.7 torcido", "application/pdf"),
        (a_zip({"a.txt": b"a"}), "application/zip"),
        (a_zip({"[Content_Types].xml": b"", "nada.xml": b""}), "application/octet-stream"),
        (a_letter(), WORD),
        (a_zip({"mimetype": TEXT.encode(), "content.xml": b""}), TEXT),
        (a_zip({"mimetype": b"text/html", "content.xml": b""}), "application/zip"),
        (a_zip({"META-INF/MANIFEST.MF": b"", "A.class": b""}), "application/java-archive"),
        (a_zip({"AndroidManifest.xml": b"", "META-INF/MANIFEST.MF": b""}), "application/vnd.android.package-archive"),
        (b"PK\x03\x04 cortado", "application/octet-stream"),
        (an_ole(part="WordDocument"), "application/msword"),
        (an_ole(part="Workbook"), "application/vnd.ms-excel"),
        (an_ole(root=INSTALLER), "application/x-msi"),
        (an_ole(), "application/x-ole-storage"),
        (MAIL, "message/rfc822"),
        (b"{\\rtf1 hola}", "application/rtf"),
        (PROGRAM, "application/x-msdownload"),
        (b"\x7fELF\x02\x01\x01" + bytes(60), "application/x-executable"),
        (b"#!/bin/sh\nrm -rf /\n", "application/x-script"),
        (b"\x00\x00\x00\x20ftypheic\x00\x00\x00\x00heicmif1", "image/heif"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isommp42", "video/mp4"),
        (bytes(range(1, 32)) * 4, "application/octet-stream"),
    ],
)
def test_what_a_file_is(content, kind):
    assert kind_of(io.BytesIO(content)) == kind


@pytest.mark.parametrize(
    "content, kind",
    [
        (b"<!DOCTYPE html><p>hola", "text/html"),
        (b"\xef\xbb\xbf  <!-- nota --><HTML><body onload=alert(1)>", "text/html"),
        ("<html><script>1</script>".encode("utf-16"), "text/html"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "text/html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml"),
        (b"<?xml version='1.0'?><!-- x --><svg:svg xmlns:svg='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (b"hola <iframe src='x'></iframe>", "text/html"),
        (b"<?xml version='1.0'?><factura/>", "text/xml"),
    ],
)
def test_what_a_browser_could_run_is_never_plain_text(content, kind):
    assert kind_of(io.BytesIO(content)) == kind


@pytest.mark.parametrize(
    "content, kind",
    [
        (PROGRAM + a_pdf(), "application/x-msdownload"),
        (PROGRAM + a_zip({"foto.jpg": a_photo()}), "application/x-msdownload"),
        (b"#!/bin/sh\n" + a_pdf(), "application/x-script"),
        (a_photo(kind="GIF") + a_zip({"META-INF/MANIFEST.MF": b"", "A.class": b""}), "image/gif"),
        (b"GIF89a/*<script>alert(1)</script>*/=1;", "image/gif"),
        (a_photo() + b"<script>alert(1)</script>", "image/jpeg"),
    ],
)
def test_polyglots_are_known_by_their_most_dangerous_face(content, kind):
    """A GIF that is an archive of Java too (GIFAR, CVE-2008-5343) is an image: only its picture is ever shown."""
    assert kind_of(io.BytesIO(content)) == kind


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", OLE, b"%PDF-", b"<svg ", b"RIFF", b"GIF89a"]))
def test_no_bytes_break_the_reading(content, start):
    kind = kind_of(io.BytesIO(start + content))
    assert kind.count("/") == 1 and len(kind) <= 100


POLICY = DocumentsPolicy()


@pytest.mark.parametrize(
    "name, kind, taken",
    [
        ("foto.jpg", "image/jpeg", True),
        ("datos.zip", "application/zip", True),
        ("pagina.html", "text/html", True),  # evidence too: kept, never shown
        ("raro.bin", "application/octet-stream", True),
        ("factura.pdf", "application/x-msdownload", False),
        ("factura.pdf.exe", "application/pdf", False),
        ("factura.pdf.EXE ", "text/plain", False),
        ("guion.js", "text/plain", False),
        ("instala.msi", "application/x-msi", False),
    ],
)
def test_programs_are_refused_and_evidence_is_not(name, kind, taken):
    assert not blockers_to_keep(kind=kind, said=name, name=name, policy=POLICY) == taken


def test_a_policy_may_name_the_only_kinds_it_takes():
    policy = DocumentsPolicy.read({"kinds": ["image/*", "application/pdf"]})
    assert not blockers_to_keep(kind="image/png", said="a.png", name="a.png", policy=policy)
    (why,) = blockers_to_keep(kind="audio/mpeg", said="voz.mp3", name="voz.mp3", policy=policy)
    assert str(why) == "No recibimos archivos como «voz.mp3». Envíelo como PDF o como foto."


@pytest.mark.parametrize(
    "raw", [{"max_bytes": 0}, {"max_files": 0}, {"max_files": 1000}, {"max_total_bytes": 1}, {"max_bytes": -1}]
)
def test_a_policy_that_takes_nothing_is_none(raw):
    with pytest.raises(ValueError):
        DocumentsPolicy.read(raw)


@pytest.mark.parametrize(
    "state, more, blocked",
    [
        ("clean", {}, False),
        ("waiting", {}, True),
        ("infected", {}, True),
        ("unscanned", {}, False),
        ("unscanned", {"serve_unscanned": False}, True),
        ("clean", {"reserved": True}, True),
        ("clean", {"reserved": True, "has_copy": True}, False),
        ("infected", {"reserved": True, "has_copy": True}, True),
    ],
)
def test_what_may_be_downloaded(state, more, blocked):
    asked = {"serve_unscanned": True, "reserved": False, "has_copy": False} | more
    assert bool(blockers_to_download(state=state, **asked)) == blocked


@pytest.mark.parametrize(
    "size, said", [(0, "0 KB"), (10, "1 KB"), (350_000, "342 KB"), (25 << 20, "25 MB"), (1258291, "1,2 MB")]
)
def test_how_a_size_is_said(size, said):
    assert megabytes(size) == said


def test_the_scanner_is_asked_again_ever_later_and_always():
    waits = [wait_to_look(n).total_seconds() / 60 for n in (1, 2, 3, 6, 7, 50)]
    assert waits == [1, 2, 4, 32, 60, 60]
