"""Documents without what they say of who made them: authors, dates, programs, earlier versions, positions of photos.

What is read on the page stays as it was. A document whose insides cannot be followed has no copy.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from escucha.contexts.documents.operations.redrawing import redrawn_as_it_is
from escucha.contexts.documents.rules.copying import MOST_PARTS, MOST_UNPACKED, OFFICE, NoCopy
from escucha.contexts.documents.rules.pictures import (
    EMF,
    JP2,
    without_boxes,
    without_chunks,
    without_description,
    without_segments,
)
from escucha.contexts.documents.rules.sniffing import kind_of
from escucha.contexts.documents.rules.unpacking import BROKEN, is_measured, opened_archive
from escucha.contexts.documents.rules.writers import DROPPED, TEXTS, without_writers

CHUNK = 64 * 1024
HIDDEN_IN_PDF = (
    *("/Metadata", "/PieceInfo", "/LastModified", "/AA", "/OpenAction", "/JavaScript", "/EmbeddedFiles", "/EF", "/AF"),
    "/Thumb",
)
SAID_BY_NOTES = ("/T", "/NM", "/CreationDate", "/M", "/RC")
BARE_AS_THEY_ARE = (".odttf", ".fntdata", ".ttf", ".otf", ".wmf")  # letters and drawings that name nobody
DEEPEST = 3  # documents inside documents


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
    if isinstance(thing, StreamObject):
        _bare_photo(thing)


def _bare_photo(thing: StreamObject) -> None:
    """A photo stands in the document as the camera wrote it, with its notes. Raises NoCopy where it is packed twice."""
    filters = _filters(thing)
    if not {"/DCTDecode", "/JPXDecode"}.intersection(filters):
        return
    if len(filters) > 1:
        raise NoCopy("packed photo")
    data = thing._data
    thing._data = without_boxes(data) if data.startswith(JP2) else without_segments(data)


def _said(thing: DictionaryObject, key: str) -> Any:
    """What a key says, also where it only points at it."""
    return thing[key] if key in thing else None


def _filters(thing: StreamObject) -> list[str]:
    said = _said(thing, "/Filter")
    return [str(one.get_object()) for one in said] if isinstance(said, ArrayObject) else [str(said)]


def stripped_office(original: IO[bytes], made: IO[bytes]) -> None:
    """Writes a package of Office or LibreOffice anew, without its properties nor its writers. Raises NoCopy.

    Pictures lose their notes and documents inside it lose all of this too; what cannot be followed is left empty.
    """
    try:
        _Package(MOST_UNPACKED, MOST_PARTS).rewrite(original, made, depth=0)
    except BROKEN as broken:
        raise NoCopy("package") from broken


class _Package:
    """What is left to be unpacked of a package, with all that is packed inside it."""

    def __init__(self, octets: int, parts: int):
        self.octets, self.parts = octets, parts

    def rewrite(self, original: IO[bytes], made: IO[bytes], *, depth: int) -> None:
        with opened_archive(original) as package, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as copy:
            parts = package.infolist()
            self.parts -= len(parts)
            if self.parts < 0:
                raise NoCopy("parts")
            for part in parts:
                if not (part.is_dir() or DROPPED.match(part.filename)):
                    _write(copy, part.filename, self._bare(part.filename, self._unpacked(package, part), depth))

    def _unpacked(self, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
        """What a part really holds, whatever it says that it holds: never more than what is left."""
        if not is_measured(part):
            raise NoCopy("packing")
        content = bytearray()
        with package.open(part) as packed:
            while chunk := packed.read(CHUNK):
                content += chunk
                if len(content) > self.octets:
                    raise NoCopy("unpacked size")
        self.octets -= len(content)
        return bytes(content)

    def _bare(self, name: str, content: bytes, depth: int) -> bytes:
        """A part by what it is; of pictures their bytes say it, since Office gives them any name."""
        if name.lower().endswith(TEXTS):
            return without_writers(name, content)
        if name == "mimetype" or not content or name.lower().endswith(BARE_AS_THEY_ARE):
            return content
        kind = kind_of(io.BytesIO(content))
        if kind.startswith(OFFICE) and depth < DEEPEST:
            return self._inside(content, depth)
        return _bare_picture(kind, content)

    def _inside(self, content: bytes, depth: int) -> bytes:
        made = io.BytesIO()
        try:
            self.rewrite(io.BytesIO(content), made, depth=depth + 1)
        except BROKEN:
            return b""
        return made.getvalue()


def _bare_picture(kind: str, content: bytes) -> bytes:
    """A picture without what it says of who made it; nothing, where it is none that can be followed."""
    if kind == "image/jpeg":
        return without_segments(content)
    if kind == "image/png":
        return without_chunks(content)
    if content[40:44] == EMF:
        return without_description(content)
    return redrawn_as_it_is(content)


def _write(copy: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Dated at the beginning of time. What says the kind of an OpenDocument is first and not packed."""
    part = zipfile.ZipInfo(name)
    part.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
    copy.writestr(part, content)
