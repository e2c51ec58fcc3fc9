"""What the texts inside a document of Office or LibreOffice say of who wrote it, and from which machine.

Hostile texts are read once, whatever they hold: no pattern goes back further than the mark it began at.
"""

import re
from collections.abc import Callable

from escucha.contexts.documents.rules.copying import NoCopy

TEXTS = (".xml", ".rels", ".psmdcp", ".vml", ".svg", ".rdf")
WIDE = (b"\xff\xfe", b"\xfe\xff")  # how a text begins whose letters take two octets each
DROPPED = re.compile(  # pictures of it, programs, printers, signatures with their certificates, labels of a firm
    r"docProps/thumbnail|Thumbnails/|_xmlsignatures/|docMetadata/|META-INF/(?:document|macro)signatures\.xml$"
    r"|.*(?:vbaProject|printerSettings\d*)\.bin$"
)
HEAD_READ = 4096  # octets in which a part says what it is

Found = re.Match[bytes]
QUOTED, PREFIX, REST = rb"""(?:"[^"]*+"|'[^']*+')""", rb"(?:[\w.-]++:)?", rb"[^<>]*+"
POINTER = re.compile(rb"<(?:Relationship|Override)\b" + REST + rb">")
# What an OpenDocument says that it holds: a program that checks it does not open one that lacks anything.
ENTRY = re.compile(rb"<" + PREFIX + rb"file-entry\b" + REST + rb"(?:(?<=/)>|>\s*+</" + PREFIX + rb"file-entry\s*+>)")
ENTRY_PATH = re.compile(rb"\s" + PREFIX + rb"full-path\s*+=\s*+" + QUOTED)
TO_DROPPED = re.compile(rb"docProps/thumbnail|_xmlsignatures|docMetadata|vbaProject|printerSettings")
PAGE_SETUP = re.compile(rb"<" + PREFIX + rb"pageSetup\b" + REST + rb">")
PRINTER_ID = re.compile(rb"\s[\w.-]++:id\s*=\s*" + QUOTED)
SETTING = re.compile(rb"<config:config-item\b" + REST + rb">[^<]*+")
PRINTER_NAME = re.compile(rb"""config:name\s*=\s*["']Printer(?:Name|Setup)["']""")
FOLDER = re.compile(rb"<" + PREFIX + rb"absPath\b" + REST + rb">")  # where the writer keeps the file
ADDRESS = re.compile(rb"(\surl\s*=\s*)" + QUOTED)
TARGET = re.compile(rb"""(\sTarget\s*=\s*)(["'])(?:file:|[A-Za-z]:[\\/]|\\\\)[^"']*+\2""", re.I)  # or its template
PLACE = re.compile(  # or whatever else of its machine
    rb"""(\s(?!Target\b)[\w:.-]++\s*=\s*)(["'])(?:file:|\\\\|/Users/|/home/|[A-Za-z]:[\\/]"""
    rb"""|[^"']*?[A-Za-z]:[\\/]Users[\\/])[^"']*+\2""",
    re.I,
)
WRITER = re.compile(
    rb"(\s" + PREFIX + rb"(?:author|initials|lastModifiedBy|userName|userId|creator|docname|export-filename)\s*=\s*)"
    + QUOTED,
    re.I,
)  # fmt: skip
WRITER_LINE = re.compile(
    rb"<((?:dc:|meta:|loext:|cp:)?(?:author|creator|creator-initials|sender-initials|initial-creator|printed-by"
    rb"|lastModifiedBy))(\s" + REST + rb")?>[^<]*+</\1>",
    re.I,
)
SHARED_WITH = re.compile(rb"<(" + PREFIX + rb"(?:DisplayName|AccountId))(\s" + REST + rb")?>[^<]*+</\1>")
NAMED = re.compile(rb"(\s(?:name|displayName|userId|initials)\s*=\s*)" + QUOTED)  # in the lists of who comments
LISTS_OF_WRITERS = re.compile(
    r".*(?:/persons?/|commentAuthors|ppt/authors|revisions/userNames|changesInfos?/|revisionInfo)"
)
NOTES_OF_A_DRAWING = (
    (re.compile(rb"<!--"), re.compile(rb"-->")),
    (re.compile(rb"<" + PREFIX + rb"metadata\b"), re.compile(rb"</" + PREFIX + rb"metadata\s*+>|(?<=/)>")),
)

HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CORE = b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
MORE = b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
OWN = b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
META = b'<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"/>'
# Kept, since others point at them, with nothing in them; the same under any other name, by what they say they are.
PROPERTIES = {"docProps/core.xml": CORE, "docProps/app.xml": MORE, "docProps/custom.xml": OWN, "meta.xml": META}
PROPERTIES_ELSEWHERE = (
    (re.compile(rb"<cp:coreProperties\b[^>]*/2006/metadata/core-properties[\"']"), CORE),
    (re.compile(rb"<Properties\b[^>]*/(?:2006/extended-properties|extendedProperties)[\"']"), MORE),
    (re.compile(rb"<Properties\b[^>]*/(?:2006/custom-properties|customProperties)[\"']"), OWN),
    (re.compile(rb"<office:document-meta\b"), META),
)


def without_writers(name: str, content: bytes) -> bytes:
    """A part of a document that is text, without its properties nor its writers. Raises NoCopy."""
    if (bare := PROPERTIES.get(name) or _properties(content)) is not None:
        return HEAD + bare
    if content.startswith(WIDE):
        raise NoCopy("encoding")
    if LISTS_OF_WRITERS.match(name):
        content = NAMED.sub(rb'\1""', content)
    if name.startswith("customXml/"):
        content = SHARED_WITH.sub(rb"<\1></\1>", content)
    if name.lower().endswith(".svg"):
        for opening, closing in NOTES_OF_A_DRAWING:
            content = _without(content, opening, closing)
    for pattern, instead in ERASED:
        content = pattern.sub(instead, content)
    return content


def _properties(content: bytes) -> bytes | None:
    head = content[:HEAD_READ]
    return next((bare for pattern, bare in PROPERTIES_ELSEWHERE if pattern.search(head)), None)


def _without(content: bytes, opening: re.Pattern[bytes], closing: re.Pattern[bytes]) -> bytes:
    """A text without what stands between two marks; what is never closed goes whole."""
    kept, place = [], 0
    while found := opening.search(content, place):
        kept.append(content[place : found.start()])
        closed = closing.search(content, found.end())
        place = closed.end() if closed else len(content)
    return b"".join([*kept, content[place:]])


def _pointer(found: Found) -> bytes:
    return b"" if TO_DROPPED.search(found[0]) else found[0]


def _entry(found: Found) -> bytes:
    path = ENTRY_PATH.search(found[0])
    named = path[0].partition(b"=")[2].strip()[1:-1].decode("utf-8", "replace") if path else ""
    return b"" if DROPPED.match(named) else found[0]


def _page_setup(found: Found) -> bytes:
    return PRINTER_ID.sub(b"", found[0])


def _setting(found: Found) -> bytes:
    return found[0].partition(b">")[0] + b">" if PRINTER_NAME.search(found[0]) else found[0]


def _folder(found: Found) -> bytes:
    return ADDRESS.sub(rb'\1""', found[0])


ERASED: tuple[tuple[re.Pattern[bytes], bytes | Callable[[Found], bytes]], ...] = (
    (POINTER, _pointer),
    (ENTRY, _entry),
    (PAGE_SETUP, _page_setup),
    (SETTING, _setting),
    (WRITER, rb'\1""'),
    (WRITER_LINE, rb"<\1\2></\1>"),
    (FOLDER, _folder),
    (TARGET, rb'\1"file:///"'),
    (PLACE, rb'\1""'),
)
