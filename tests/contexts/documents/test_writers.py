"""A document without its writers is still whole: what its lists say that it holds is there, for any program to open."""

import io
import time
import zipfile
from xml.etree import ElementTree

import pytest

from escucha.contexts.documents.operations.stripping import stripped_office
from escucha.contexts.documents.rules.writers import without_writers
from tests.contexts.documents.made import AUTHOR, a_photo, a_zip

TEXT = b"application/vnd.oasis.opendocument.text"
SPACE = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
LIST = (
    f'<manifest:manifest xmlns:manifest="{SPACE}" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{TEXT.decode()}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "<manifest:file-entry manifest:media-type='image/png' manifest:full-path='Thumbnails/thumbnail.png' />"
    '<manifest:file-entry manifest:full-path="Thumbnails/" manifest:media-type=""></manifest:file-entry>'
    '<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="Pictures/1.jpg" manifest:media-type="image/jpeg"/>'
    "</manifest:manifest>"
).encode()


def an_open_document() -> bytes:
    return a_zip(
        {
            "mimetype": TEXT,
            "content.xml": b"<a>Lo que se lee</a>",
            "meta.xml": f"<office:document-meta><dc:creator>{AUTHOR}</dc:creator></office:document-meta>".encode(),
            "Thumbnails/thumbnail.png": a_photo(kind="PNG"),
            "Pictures/1.jpg": a_photo(),
            "META-INF/manifest.xml": LIST,
        }
    )


def listed(package):
    said = ElementTree.fromstring(package.read("META-INF/manifest.xml"))
    return [one.get(f"{{{SPACE}}}full-path") for one in said]


def test_an_open_document_lists_what_it_still_holds_and_no_more():
    made = io.BytesIO()
    stripped_office(io.BytesIO(an_open_document()), made)
    with zipfile.ZipFile(made) as package:
        assert listed(package) == ["/", "content.xml", "meta.xml", "Pictures/1.jpg"]
        assert {*package.namelist(), "/"} >= {*listed(package)}
        assert "Thumbnails/thumbnail.png" not in package.namelist()


@pytest.mark.parametrize("hostile", [b"<manifest:file-entry ", b"<a:file-entry>", b"<a:file-entry> </b:"])
def test_a_hostile_list_is_read_once(hostile):
    content, began = hostile * (4_000_000 // len(hostile)), time.perf_counter()
    without_writers("META-INF/manifest.xml", content)
    assert time.perf_counter() - began < 10
