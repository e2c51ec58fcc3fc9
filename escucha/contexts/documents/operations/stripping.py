"""Documents without what they say of who made them: authors, dates, programs, earlier versions, positions of photos.

What is read on the page stays as it was. A document whose insides cannot be followed has no copy.
"""

import re
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from escucha.contexts.documents.rules.copying import MOST_PARTS, MOST_UNPACKED, NoCopy
from escucha.contexts.documents.rules.unpacking import BROKEN, is_measured, opened_archive

CHUNK = 64 * 1024
HIDDEN_IN_PDF = (
    *("/Metadata", "/PieceInfo", "/LastModified", "/AA", "/OpenAction", "/JavaScript", "/EmbeddedFiles", "/EF", "/AF"),
    "/Thumb",
)
SAID_BY_NOTES = ("/T", "/NM", "/CreationDate", "/M", "/RC")
DROPPED = re.compile(r"docProps/thumbnail|Thumbnails/|.*vbaProject\.bin$")
DROPPED_LINE = re.compile(rb"<(?:Relationship|Override)\b[^>]*(?:docProps/thumbnail|vbaProject)[^>]*?/>")
QUOTED = rb"""(?:"[^"]*"|'[^']*')"""
WRITER = re.compile(
    rb"(\s(?:[\w.-]+:)?(?:author|initials|lastModifiedBy|userName|userId|creator)\s*=\s*)" + QUOTED, re.I
)
WRITER_LINE = re.compile(
    rb"<((?:dc:|meta:|loext:|cp:)?(?:author|creator|creator-initials|sender-initials|lastModifiedBy))(\s[^>]*)?>"
    rb"[^<]*</\1>",
    re.I,
)
PATH = re.compile(rb"(<(?:[\w.-]+:)?absPath\b[^>]*?\surl\s*=\s*)" + QUOTED)  # where the writer keeps the file
TARGET = re.compile(rb"""(\sTarget\s*=\s*)(["'])(?:file:|[A-Za-z]:[\\/]|\\\\)[^"']*\2""", re.I)  # or its template
SHARED_WITH = re.compile(rb"<((?:[\w.-]+:)?(?:DisplayName|AccountId))(\s[^>]*)?>[^<]*</\1>")
NAMED = re.compile(rb"(\s(?:name|displayName|userId|initials)\s*=\s*)" + QUOTED)  # in the lists of who comments
LISTS_OF_WRITERS = re.compile(r".*(?:/persons?/|commentAuthors|ppt/authors|revisions/userNames)")
EMPTY_PARTS = {  # kept, since others point at them, with nothing in them
    "docProps/core.xml": b"<cp:coreProperties"
    b' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b"<Properties"
    b' xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b"<Properties"
    b' xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
    "meta.xml": b'<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    b' office:version="1.3"/>',
}
PARTS_OF_TEXT = (".xml", ".rels", ".psmdcp")
WIDE = (b"\xff\xfe", b"\xfe\xff")  # how a text begins whose letters take two octets each


def stripped_pdf(original: IO[bytes], made: IO[bytes]) -> None:
    """Writes the pages anew, without anything that no page shows. Raises NoCopy."""
    try:
        reader = PdfReader(original)
        if reader.is_encrypted:
            raise NoCopy("encrypted")
        writer = PdfWriter()
        for page in reader.pages:
            writer.add_page(page)
        writer.metadata = None
        for thing in _all_of(writer):
            _bare(thing)
        _only_reached(writer).write(made)
    except NoCopy:
        raise
    except (PyPdfError, OSError, ValueError, TypeError, KeyError, AttributeError, IndexError) as broken:
        raise NoCopy("pdf") from broken
    except (RecursionError, MemoryError, NotImplementedError, AssertionError) as broken:
        raise NoCopy("pdf") from broken


def _all_of(writer: PdfWriter) -> Iterator[Any]:
    yield from [thing.get_object() for thing in writer._objects if thing is not None]


def _only_reached(writer: PdfWriter) -> PdfWriter:
    """The same pages, without the objects to which nothing points any more."""
    clean = PdfWriter()
    for page in writer.pages:
        clean.add_page(page)
    clean.metadata = None
    return clean


def _bare(thing: Any) -> None:
    """One object of the document, with those written inside it, without what is hidden in them."""
    if isinstance(thing, DictionaryObject):
        _bare_one(thing)
    for inside in _written_inside(thing):
        _bare(inside)


def _written_inside(thing: Any) -> list[Any]:
    if isinstance(thing, DictionaryObject):
        return list(thing.values())
    return list(thing) if isinstance(thing, ArrayObject) else []


def _bare_one(thing: DictionaryObject) -> None:
    for key in HIDDEN_IN_PDF:
        thing.pop(NameObject(key), None)
    if "/ByteRange" in thing or _said(thing, "/Type") == "/Sig":  # of who signed; it no longer holds
        thing.clear()
    if "/Rect" in thing and _said(thing, "/Subtype") != "/Widget":  # a note; of a form, `/T` is the field
        for key in SAID_BY_NOTES:
            thing.pop(NameObject(key), None)
    if isinstance(thing, StreamObject) and "/DCTDecode" in (filters := _filters(thing)):
        if len(filters) > 1:
            raise NoCopy("packed photo")
        thing._data = without_segments(thing._data)


def _said(thing: DictionaryObject, key: str) -> Any:
    """What a key says, also where it only points at it."""
    return thing[key] if key in thing else None


def _filters(thing: StreamObject) -> list[str]:
    said = _said(thing, "/Filter")
    return [str(one.get_object()) for one in said] if isinstance(said, ArrayObject) else [str(said)]


def without_segments(jpeg: bytes) -> bytes:
    """A JPEG without the segments that programs and cameras write their notes in; its picture is untouched."""
    if not jpeg.startswith(b"\xff\xd8"):
        return jpeg
    kept, place = [b"\xff\xd8"], 2
    while jpeg[place : place + 1] == b"\xff" and jpeg[place + 1 : place + 2] not in (b"\xda", b""):
        mark, size = jpeg[place + 1], int.from_bytes(jpeg[place + 2 : place + 4])
        if size < 2:
            break
        if not (mark in (0xE1, 0xED, 0xFE) or 0xE3 <= mark <= 0xEC):  # Exif, XMP, Photoshop, comments, makers' own
            kept.append(jpeg[place : place + 2 + size])
        place += 2 + size
    return b"".join([*kept, jpeg[place:]])


def stripped_office(original: IO[bytes], made: IO[bytes]) -> None:
    """Writes a package of Office or LibreOffice anew, without its properties nor its writers. Raises NoCopy."""
    try:
        with opened_archive(original) as package, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as copy:
            parts = package.infolist()
            if len(parts) > MOST_PARTS:
                raise NoCopy("parts")
            left = MOST_UNPACKED
            for part in parts:
                if part.is_dir() or DROPPED.match(part.filename):
                    continue
                content = _unpacked(package, part, left)
                left -= len(content)
                _write(copy, part.filename, _without_writers(part.filename, content))
    except BROKEN as broken:
        raise NoCopy("package") from broken


def _unpacked(package: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> bytes:
    """What a part really holds, whatever it says that it holds: never more than what is left."""
    if not is_measured(part):
        raise NoCopy("packing")
    content = bytearray()
    with package.open(part) as packed:
        while chunk := packed.read(CHUNK):
            content += chunk
            if len(content) > left:
                raise NoCopy("unpacked size")
    return bytes(content)


def _without_writers(name: str, content: bytes) -> bytes:
    if name.lower().endswith((".jpg", ".jpeg")):
        return without_segments(content)
    if not name.lower().endswith(PARTS_OF_TEXT):
        return content
    if name in EMPTY_PARTS:
        return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + EMPTY_PARTS[name]
    if content.startswith(WIDE):
        raise NoCopy("encoding")
    if LISTS_OF_WRITERS.match(name):
        content = NAMED.sub(rb'\1""', content)
    if name.startswith("customXml/"):
        content = SHARED_WITH.sub(rb"<\1></\1>", content)
    content = TARGET.sub(rb'\1"file:///"', PATH.sub(rb'\1""', content))
    return WRITER_LINE.sub(rb"<\1\2></\1>", WRITER.sub(rb'\1""', DROPPED_LINE.sub(b"", content)))


def _write(copy: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Dated at the beginning of time. What says the kind of an OpenDocument is first and not packed."""
    part = zipfile.ZipInfo(name)
    part.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
    copy.writestr(part, content)
