"""What a file is, by its bytes. What its name or its sender say decides nothing."""

import re
import zipfile
from typing import IO

import puremagic

from escucha.contexts.documents.rules.unpacking import BROKEN, is_measured, opened_archive

HEAD = 8192
OCTETS = "application/octet-stream"
MANY = 20_000  # entries of an archive that are looked at
HTML = re.compile(
    rb"<!doctype\s+html|<(?:html|head|body|script|iframe|object|embed|frameset|form|style|meta|link)[\s/>]"
)
SVG = re.compile(rb"<(?:[\w-]+:)?svg[\s/>]|<!doctype\s+svg")
HEADER = re.compile(
    rb"^(?:return-path|received|from|to|subject|date|message-id|mime-version|delivered-to|content-type|reply-to"
    rb"|x-[\w-]+|dkim-signature|arc-[\w-]+|authentication-results|importance|thread-[\w-]+|in-reply-to)[ \t]*:",
    re.IGNORECASE,
)
STARTS = (  # the first that fits, programs before all: a file that is two things at once is the worse one
    (b"\x7fELF", "application/x-executable"),
    (b"\xfe\xed\xfa\xce", "application/x-mach-binary"),
    (b"\xfe\xed\xfa\xcf", "application/x-mach-binary"),
    (b"\xce\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xca\xfe\xba\xbe", "application/x-executable"),
    (b"\x4c\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"),
    (b"#!", "application/x-script"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
)
OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
OPEN_OFFICE = re.compile(r"application/(?:vnd\.oasis\.opendocument\.[a-z-]+|epub\+zip)")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
INSTALLER = bytes.fromhex("84100c0000000000c000000000000046")  # class of a Windows installer, in an OLE file


def kind_of(file: IO[bytes]) -> str:
    """The MIME type that the bytes themselves show; `application/octet-stream` where they show none."""
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        return "application/x-empty"
    if head.startswith(OLE):
        return _kind_of_ole(file, head)
    if head.startswith(b"PK"):
        return _kind_of_zip(file)
    return _kind_by_start(head) or _kind_of_text(head) or _by_table(head)


def _kind_by_start(head: bytes) -> str:
    if head.startswith(b"MZ") and _as_bytes_of_text(head) is None:
        return "application/x-msdownload"
    for start, kind in STARTS:
        if head.startswith(start):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in (12, 40, 52, 56, 64, 108, 124):
        return "image/bmp"
    return "application/pdf" if b"%PDF-" in head[:1024] else ""


def _kind_of_text(head: bytes) -> str:
    """What a text is; nothing if it is none. Text that a browser could run is never plain."""
    text = _as_bytes_of_text(head)
    if text is None:
        return ""
    low = text.lower()
    lines = text.lstrip().splitlines()
    if len([line for line in lines[:40] if HEADER.match(line)]) >= 2 and lines and HEADER.match(lines[0]):
        return "message/rfc822"
    if SVG.search(low):
        return "image/svg+xml"
    if HTML.search(low):
        return "text/html"
    return "text/xml" if low.lstrip().startswith(b"<?xml") else "text/plain"


def _as_bytes_of_text(head: bytes) -> bytes | None:
    """The text in one encoding, or None for what has signs that no text has."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if head.startswith(mark):
            return head.decode(encoding, "replace").encode()
    odd = [octet for octet in head if octet < 9 or 13 < octet < 32 and octet != 27]
    return None if odd else head


def _kind_of_zip(file: IO[bytes]) -> str:
    file.seek(0)
    try:
        with opened_archive(file) as archive:
            names, said = archive.namelist()[:MANY], _kind_it_says(archive)
    except BROKEN:
        return OCTETS
    if OPEN_OFFICE.fullmatch(said):
        return said
    if "AndroidManifest.xml" in names:
        return "application/vnd.android.package-archive"
    if "[Content_Types].xml" in names:
        return next((kind for folder, kind in OFFICE.items() if any(one.startswith(folder) for one in names)), OCTETS)
    is_program = "META-INF/MANIFEST.MF" in names or any(name.endswith(".class") for name in names)
    return "application/java-archive" if is_program else "application/zip"


def _kind_it_says(archive: zipfile.ZipFile) -> str:
    """An open document says its kind in its first part."""
    first = archive.infolist()[:1]
    if not (first and first[0].filename == "mimetype" and is_measured(first[0])):
        return ""
    return archive.open(first[0]).read(100).decode("ascii", "replace")


def _kind_of_ole(file: IO[bytes], head: bytes) -> str:
    """An old Office document, an Outlook message or an installer: the root's class and the names of its parts say."""
    shift = int.from_bytes(head[30:32], "little")
    sector = int.from_bytes(head[48:52], "little")
    if shift not in (9, 12):
        return OCTETS
    file.seek((sector + 1) << shift)
    parts = file.read(4096)
    if parts[80:96] == INSTALLER:
        return "application/x-msi"
    for name, kind in (
        ("WordDocument", "application/msword"),
        ("Workbook", "application/vnd.ms-excel"),
        ("PowerPoint Document", "application/vnd.ms-powerpoint"),
        ("__properties_version1", "application/vnd.ms-outlook"),
    ):
        if name.encode("utf-16-le") in parts:
            return kind
    return "application/x-ole-storage"


def _by_table(head: bytes) -> str:
    """What a table of known starts says. It guesses by one or two letters too: those guesses are left out."""
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return OCTETS
    sure = [one.mime_type for one in found if one.mime_type and len(one.byte_match or b"") >= 4]
    return next((kind for kind in sure if not kind.startswith("text/")), OCTETS)
